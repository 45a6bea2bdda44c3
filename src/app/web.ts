import { isOfTrial } from '../console/trial.ts';

/** Something that answers requests: the API, the console. */
interface Answers {
  fetch(request: Request, env?: unknown): Response | Promise<Response>;
}

/** Addresses that belong to the API; everything else is the console's. */
const ofApi = /^\/(?:api(?:\/|$)|healthz$|readyz$|metrics$)/;

/** API and console on one address; a browser that is in a trial is shown the trial's console. */
export function together(api: Answers, console: Answers, trial: { readonly console: () => Answers | null }): Answers {
  return {
    fetch(request, env) {
      if (ofApi.test(new URL(request.url).pathname)) return api.fetch(request, env);
      const tried = trial.console();
      return (tried !== null && isOfTrial(request) ? tried : console).fetch(request, env);
    },
  };
}
