import type { HttpAnswer, HttpRequest } from '../../runtime/http.ts';

/** A request as a marketplace reads it. */
export interface Asked {
  /** As the ledger counts requests. */
  readonly number: number;
  readonly requestId: string;
  /** The caller's way to us, `http://127.0.0.1:9101`: what links in answers begin with. */
  readonly origin: string;
  /** The path's parts, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** As it came, still encoded, without its `?`. */
  readonly rawQuery: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly call: string;
  readonly order: string | null;
}

/** What a request leads to: an answer, and a change of an order where it is granted one. */
export interface Served {
  readonly answer: HttpAnswer;
  readonly effect: (() => void) | null;
}

/** What one marketplace knows that the other does not. Everything here is judged by how things stand when it is called. */
export interface Desk {
  /** Which call this is and which order it names; `unknown` where there is none such. */
  route(method: string, path: readonly string[]): { readonly call: string; readonly order: string | null };
  /** Token, role and pace: the answer that turns the request away, or null. */
  admit(asked: Asked): HttpAnswer | null;
  serve(asked: Asked): Served;
  /** The answer with the headers that this marketplace adds to every answer of its own. */
  sealed(answer: HttpAnswer, asked: Asked): HttpAnswer;
  /** The seller withdrew the authorization: no access token given out so far is good any more. */
  revoke(): void;
  /** The access token of this request is over; the answer that says so, or null where the request needs none. */
  expire(asked: Asked): HttpAnswer | null;
  readonly says: {
    throttled(retryAfterS: number | null): HttpAnswer;
    failing(): HttpAnswer;
    roleMissing(): HttpAnswer;
  };
}

/** Reads a request and finds out which call it is. An address that cannot be read is no call of anybody's. */
export function routedBy(desk: Pick<Desk, 'route'>, request: HttpRequest): Omit<Asked, 'number' | 'requestId'> {
  const url = URL.canParse(request.url) ? new URL(request.url) : null;
  const path = decodedParts(url?.pathname ?? '');
  const { call, order } = path === null ? { call: 'unknown', order: null } : desk.route(request.method, path);
  return {
    origin: url?.origin ?? '',
    path: path ?? [],
    query: url?.searchParams ?? new URLSearchParams(),
    rawQuery: url?.search.slice(1) ?? '',
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body ?? new Uint8Array()),
    call,
    order,
  };
}

function decodedParts(pathname: string): readonly string[] | null {
  try {
    return pathname.split('/').slice(1).map((part) => decodeURIComponent(part));
  } catch {
    return null;
  }
}
