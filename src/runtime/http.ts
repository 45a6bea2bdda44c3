/** One HTTP request, whole, as a marketplace's client library built it. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

/** One HTTP answer, whole. Header names are in lower case. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Makes one call, once: no retry, no redirect followed.
 * Throws {@link NoAnswer}, and nothing else, when no whole answer came.
 */
export type Transport = (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;

/** No whole answer came. `sent` is false only where nothing can have left this machine. */
export class NoAnswer extends Error {
  readonly code: string;
  readonly sent: boolean;
  constructor(code: string, sent: boolean, options?: ErrorOptions) {
    super(sent ? `no whole answer came (${code})` : `the call could not be made (${code})`, options);
    this.name = 'NoAnswer';
    this.code = code;
    this.sent = sent;
  }
}

/** An answer may be this long (bytes): what is longer is no answer of these marketplaces. */
const longestAnswer = 32 * 1024 * 1024;

/** Codes of Node's fetch after which not a byte of the request can have reached the other side. */
const neverLeft = /^(ENOTFOUND|EAI_\w+|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_TLS_\w+|ERR_SSL_\w+|ERR_INVALID_\w+)$/;

/**
 * The transport over Node's own fetch.
 * @param rewrite maps each address before the call (an account's `endpoint`, for tests and simulators)
 */
export function fetchTransport(rewrite: (url: URL) => URL = (url) => url): Transport {
  return async (request, signal) => {
    if (signal.aborted) throw new NoAnswer('ABORTED', false);
    try {
      const response = await fetch(rewrite(new URL(request.url)), {
        method: request.method,
        headers: withoutFramingHeaders(request.headers),
        body: request.body,
        redirect: 'manual',
        signal,
      });
      const body = await wholeBody(response);
      return { status: response.status, headers: Object.fromEntries(response.headers), body };
    } catch (error) {
      throw asNoAnswer(error, signal);
    }
  };
}

/** `https://api.example.com/a?b` becomes `http://127.0.0.1:9101/a?b`: paths stay unchanged. */
export function sendTo(endpoint: string): (url: URL) => URL {
  const base = new URL(endpoint);
  return (url) => {
    const there = new URL(url.pathname + url.search, base);
    return there;
  };
}

function asNoAnswer(error: unknown, signal: AbortSignal): NoAnswer {
  if (error instanceof NoAnswer) return error;
  if (signal.aborted) return new NoAnswer('ABORTED', true, { cause: error });
  const code = codeOf(error);
  return new NoAnswer(code, !neverLeft.test(code), { cause: error });
}

/** Node's fetch hides the socket's error in `cause`, and several addresses' errors in an AggregateError. */
function codeOf(error: unknown): string {
  for (let e = error; e instanceof Error; e = e.cause) {
    if ('code' in e && typeof e.code === 'string') return e.code;
    if (e instanceof AggregateError) return codeOf(e.errors[0]);
  }
  return error instanceof Error ? error.name : 'UNKNOWN';
}

async function wholeBody(response: Response): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  // One that names its length is not read at all.
  if (Number(response.headers.get('content-length')) > longestAnswer) {
    await response.body.cancel();
    throw new NoAnswer('ANSWER_TOO_LONG', true);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > longestAnswer) throw new NoAnswer('ANSWER_TOO_LONG', true);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** fetch computes these itself, and refuses some of them. */
function withoutFramingHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const dropped = new Set(['host', 'content-length', 'connection', 'transfer-encoding', 'accept-encoding']);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name.toLowerCase())));
}
