import type { Duration } from '../../runtime/clock.ts';
import type { HttpAnswer } from '../../runtime/http.ts';

/** What a simulated marketplace does about one request. Whoever carries the bytes (a socket, a simulation) performs it. */
export type Reply = Answering | Cut | Never;

/** The whole answer; or half of its body, and then the socket closes. */
export interface Answering {
  readonly ending: 'whole' | 'half';
  /** From the arrival of the request to the first byte of the answer. */
  readonly after: Duration;
  /** To be called once `after` is over: an effect that was due in between has then taken place. */
  readonly answer: () => HttpAnswer;
}

/** The connection is reset without a byte of answer. */
export interface Cut {
  readonly ending: 'cut';
}

/** Nothing comes, and the connection stays open until the caller leaves. */
export interface Never {
  readonly ending: 'never';
}

const encoder = new TextEncoder();

/** An answer in JSON. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return text(status, JSON.stringify(body), 'application/json', headers);
}

/** An answer with no body, hence no content type. */
export function empty(status: number, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status, headers, body: new Uint8Array() };
}

/** What a gateway in front of a marketplace says when there is nobody behind it. */
export function gatewayPage(): HttpAnswer {
  const page =
    '<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n' +
    '<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n';
  return text(503, page, 'text/html', {});
}

/** The same answer, its JSON broken off in the middle although the answer itself is whole. */
export function garbled(answer: HttpAnswer): HttpAnswer {
  const whole = withSomeBody(answer);
  return { ...whole, body: whole.body.slice(0, Math.ceil(whole.body.length / 2)) };
}

/** An answer that has a body to lose half of: a bare "no content" becomes a small JSON. */
export function withSomeBody(answer: HttpAnswer): HttpAnswer {
  if (answer.body.length > 1) return answer;
  const status = answer.status === 204 ? 200 : answer.status;
  return { ...json(status, { success: true }), headers: { ...answer.headers, 'content-type': 'application/json' } };
}

function text(status: number, body: string, type: string, headers: Readonly<Record<string, string>>): HttpAnswer {
  return { status, headers: { 'content-type': type, ...headers }, body: encoder.encode(body) };
}
