/** Something that answers requests: the API, the console. */
interface Answers {
  fetch(request: Request, env?: unknown): Response | Promise<Response>;
}

/** Addresses that belong to the API; everything else is the console's. */
const ofApi = /^\/(?:api(?:\/|$)|healthz$|readyz$|metrics$)/;

/** API and console on one address. */
export function together(api: Answers, console: Answers): Answers {
  return { fetch: (request, env) => (ofApi.test(new URL(request.url).pathname) ? api : console).fetch(request, env) };
}
