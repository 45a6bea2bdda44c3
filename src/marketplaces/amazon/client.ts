import type { SellingPartner } from 'amazon-sp-api';
import type { Instant } from '../../runtime/clock.ts';
import type { HttpRequest } from '../../runtime/http.ts';
import type { Tools } from '../marketplace.ts';
import { tokenAtFault } from './answers.ts';
import { errorsOf, isObject, readBody, scrubber } from './body.ts';
import { answerDate, answerRate } from './headers.ts';
import { guardedLibrary } from './library.ts';
import type { Reply } from './reply.ts';
import type { Call, CallName } from './requests.ts';
import type { AmazonSettings } from './settings.ts';
import { keepToken, lifetime, tokenCall } from './token.ts';
import type { Exchanged, Token } from './token.ts';
import { timedWire } from './wire.ts';
import type { Heard } from './wire.ts';

/** Amazon for one seller and application in one region. */
export interface Client {
  /**
   * Makes one call, once. Only where Amazon says that the token is at fault, which it says before doing anything,
   * the token is renewed and the call made a second time, if `more` can pay for it.
   */
  call(call: Call, signal: AbortSignal, more: () => Promise<boolean>): Promise<Reply>;
  /** The token in use, or a new one, or why there is none. */
  token(signal: AbortSignal): Promise<Token>;
  /** Calls per second that Amazon last named, by call. */
  readonly rates: ReadonlyMap<CallName, number>;
  now(): Instant;
  /** Amazon's own time, as its last answer told it (at most its travel time and a second too early); ours before the first. */
  there(): Instant;
}

export function connectClient(settings: AmazonSettings, tools: Tools): Client {
  const wire = timedWire(tools);
  const tokens = keepToken(exchange, tools.clock);
  const rates = new Map<CallName, number>();
  let told: { readonly date: Instant; readonly at: number } | null = null;

  function heed(headers: Readonly<Record<string, string>>): void {
    const date = answerDate(headers);
    if (date !== null) told = { date, at: tools.clock.monotonic() };
  }

  async function exchange(signal: AbortSignal): Promise<Exchanged> {
    const { heard } = await through(null, signal, (library) => library.refreshAccessToken());
    const request = { method: 'POST', path: '/auth/o2/token', body: null };
    const called = { call: tokenCall, request, unpaid: false } as const;
    if (heard.kind === 'silence') return { kind: 'none', reply: { ...called, ...heard, kind: 'unanswered' } };
    const { status, headers, body } = heard.answer;
    heed(headers);
    const granted = readBody(body, (text) => text);
    if (status === 200 && granted.kind === 'json' && isObject(granted.value)) {
      const { access_token: value, expires_in: expiresIn } = granted.value;
      // It goes into a header field: anything but visible ASCII would be refused there.
      if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return { kind: 'token', value, lasts: lifetime(expiresIn) };
    }
    const clean = status === 200 ? ({ kind: 'text', text: 'an answer without a token' } as const) : readBody(body, scrub(null));
    return { kind: 'none', reply: { ...called, kind: 'answered', status, headers, body: clean } };
  }

  async function attempt(call: Call, token: string, signal: AbortSignal): Promise<Reply> {
    const { request, heard } = await through(token, signal, (library) =>
      library.callAPI({
        operation: call.name,
        endpoint: call.endpoint,
        path: { ...call.path },
        query: { ...call.query },
        ...(call.body === undefined ? {} : { body: call.body }),
        // Nothing of the library's own reading: it loses the status and takes some refusals for success.
        options: { raw_result: true },
      }),
    );
    const called = { call: call.name, request: forAudit(request, call.body), unpaid: false } as const;
    if (heard.kind === 'silence') return { ...called, ...heard, kind: 'unanswered' };
    const { status, headers, body } = heard.answer;
    heed(headers);
    const rate = answerRate(headers);
    if (rate !== null) rates.set(call.name, rate);
    return { ...called, kind: 'answered', status, headers, body: readBody(body, scrub(token)) };
  }

  /** Lets the library build one request and believe that it sent it. What went and what came is judged by us alone. */
  async function through(token: string | null, signal: AbortSignal, use: (library: SellingPartner) => Promise<unknown>): Promise<{ request: HttpRequest; heard: Heard }> {
    const seen: { request?: HttpRequest; heard?: Heard } = {};
    const library = await guardedLibrary(settings, token, tools.clock, async (request) => {
      seen.request = request;
      seen.heard = await wire(request, signal);
      if (seen.heard.kind === 'silence') throw new Error('no answer');
      return seen.heard.answer;
    });
    try {
      await use(library);
    } catch (error) {
      // What it throws about an answer is its own reading of it; anything earlier is a fault of ours.
      if (seen.heard === undefined) throw error;
    }
    const { request, heard } = seen;
    if (request === undefined || heard === undefined) throw new Error('amazon-sp-api made no call');
    return { request, heard };
  }

  function scrub(token: string | null): (text: string) => string {
    return scrubber([settings.clientSecret, settings.refreshToken, ...(token === null ? [] : [token])]);
  }

  return {
    rates,
    now: () => tools.clock.now(),
    there: () => (told === null ? tools.clock.now() : told.date + (tools.clock.monotonic() - told.at)),
    token: (signal) => tokens.current(signal),
    async call(call, signal, more) {
      const first = await tokens.current(signal);
      if (first.kind === 'none') return first.reply;
      const reply = await attempt(call, first.value, signal);
      if (!tokenRefused(reply)) return reply;
      tokens.drop(first.value);
      if (!(await more())) return { ...reply, unpaid: true };
      const second = await tokens.current(signal);
      if (second.kind === 'none') return second.reply;
      const again = await attempt(call, second.value, signal);
      if (tokenRefused(again)) tokens.drop(second.value);
      return again;
    },
  };
}

/** Only Amazon's own JSON counts: a page in its place says nothing of the token. */
function tokenRefused(reply: Reply): boolean {
  if (reply.kind === 'unanswered' || reply.body.kind !== 'json' || !isObject(reply.body.value)) return false;
  return tokenAtFault(reply.status, errorsOf(reply.body));
}

function forAudit(request: HttpRequest, body: unknown): { method: string; path: string; body: unknown } {
  const url = new URL(request.url);
  // A page's token opens the seller's orders for a day.
  const query = url.search.replace(/(paginationToken=)[^&]+/, '$1…');
  return { method: request.method, path: url.pathname + query, body: body ?? null };
}
