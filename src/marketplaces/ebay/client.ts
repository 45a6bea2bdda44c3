import type { Duration, Instant } from '../../runtime/clock.ts';
import type { HttpAnswer, HttpRequest } from '../../runtime/http.ts';
import { NoAnswer } from '../../runtime/http.ts';
import { timeout } from '../../runtime/timeout.ts';
import type { Evidence } from '../../syncing/outcome.ts';
import type { Tools } from '../marketplace.ts';
import type { Body } from './body.ts';
import { parseBody, tokenRefused } from './body.ts';
import type { Call, CallName } from './calls.ts';
import { evidenceOf } from './evidence.ts';
import { httpDate, retryAfterOf } from './headers.ts';
import { throughLibrary, withKeys, withToken } from './library.ts';
import type { Build } from './library.ts';
import type { EbaySettings } from './settings.ts';
import type { NoToken, Token } from './token.ts';
import { exchanged, tokens } from './token.ts';

/** What came of one call, before it is judged. */
export type Reply =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Body; readonly evidence: Evidence }
  | { readonly kind: 'no-answer'; readonly end: 'late' | 'interrupted' | 'broken'; readonly sent: boolean; readonly evidence: Evidence }
  /** eBay refused the token, there is a new one, and no call is left to use it. */
  | { readonly kind: 'no-call-left'; readonly evidence: Evidence }
  | NoToken;

/** The calls of one seller's accounts: one token for all of them, each byte through one transport. */
export interface Client {
  /**
   * Makes one call, once. Only a refused token makes it go out again, renewed: eBay has not executed it.
   * @param more asks for that one call more
   */
  call(call: Call, signal: AbortSignal, more: (call: CallName) => Promise<boolean>): Promise<Reply>;
  /** Sees to a token; its exchange is also the first word of eBay's clock. */
  ready(signal: AbortSignal): Promise<Token>;
  /** eBay's clock minus ours, as its last answer told, at most its travel time too low; null before the first. */
  skew(): Duration | null;
  /** eBay's own time, as its last answer told it (at most its travel time and a second too early); ours before the first. */
  there(): Instant;
  consentEnds(): Instant | null;
}

export function connectClient(settings: EbaySettings, { transport, clock, timeout: longest }: Tools): Client {
  let skew: Duration | null = null;
  let told: { readonly date: Instant; readonly at: number } | null = null;

  /** One request: built by the library, completed with its secret, bounded in time, written down. */
  async function once({ call, body, build, complete, secrets }: Request, signal: AbortSignal): Promise<Made> {
    let request: HttpRequest | null = null;
    const written = (answer: HttpAnswer | null, fault: string | null): Evidence => evidenceOf({ call, request, body, answer, fault }, secrets);
    const limit = timeout(clock, longest, signal);
    try {
      const answer = await throughLibrary(settings.sandbox, build, (built) => {
        request = built;
        return transport(complete(built), limit.signal);
      });
      const date = httpDate(answer.headers['date'] ?? '');
      if (date !== null) {
        skew = date - clock.now();
        told = { date, at: clock.monotonic() };
      }
      return { answer, evidence: written(answer, null) };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      const end = error.code === 'ABORTED' ? (limit.expired() || timedOut(signal) ? 'late' : 'interrupted') : 'broken';
      return { answer: null, end, sent: error.sent, evidence: written(null, end === 'late' ? 'TIMEOUT' : error.code) };
    } finally {
      limit.done();
    }
  }

  const keys = [settings.certId, settings.refreshToken, Buffer.from(`${settings.appId}:${settings.certId}`).toString('base64')];

  const held = tokens(clock, async (signal) => {
    const made = await once(
      { call: 'oauth2/token', body: { grant_type: 'refresh_token' }, build: (ebay) => ebay.OAuth2.refreshToken(), complete: (request) => withKeys(request, settings), secrets: keys },
      signal,
    );
    if (made.answer !== null) return exchanged(made.answer, retryAfterOf(made.answer.headers, clock.now()), made.evidence);
    return { kind: 'no-token', why: 'unavailable', cause: made.sent ? 'ebay/token-unavailable' : 'ebay/unreachable', retryAfter: null, evidence: made.evidence };
  });

  async function attempt({ name, body, build }: Call, token: string, signal: AbortSignal): Promise<Exclude<Reply, NoToken>> {
    const made = await once({ call: name, body, build, complete: (request) => withToken(request, token), secrets: [token, ...keys] }, signal);
    if (made.answer === null) return { kind: 'no-answer', end: made.end, sent: made.sent, evidence: made.evidence };
    const { status, headers } = made.answer;
    return { kind: 'answer', status, headers, body: parseBody(made.answer.body), evidence: made.evidence };
  }

  return {
    call: async (call, signal, more) => {
      const token = await held.get(signal);
      if (token.kind === 'no-token') return token;
      const first = await attempt(call, token.value, signal);
      if (first.kind !== 'answer' || !tokenRefused(first.status, first.body)) return first;
      const renewed = await held.get(signal, token.value);
      if (renewed.kind === 'no-token') return renewed;
      if (!(await more(call.name))) return { kind: 'no-call-left', evidence: first.evidence };
      return attempt(call, renewed.value, signal);
    },
    ready: (signal) => held.get(signal),
    skew: () => skew,
    there: () => (told === null ? clock.now() : told.date + (clock.monotonic() - told.at)),
    consentEnds: () => held.consentEnds(),
  };
}

interface Request {
  readonly call: string;
  /** What is sent, for the audit. */
  readonly body: unknown;
  readonly build: Build;
  /** Puts the secret in that the library never holds. */
  readonly complete: (request: HttpRequest) => HttpRequest;
  /** What must not be written down. */
  readonly secrets: readonly string[];
}

type Made = { readonly answer: HttpAnswer; readonly evidence: Evidence } | { readonly answer: null; readonly end: 'late' | 'interrupted' | 'broken'; readonly sent: boolean; readonly evidence: Evidence };

/** Was it a time-out of the caller's, rather than the end of everything? */
function timedOut(caller: AbortSignal): boolean {
  return caller.reason instanceof Error && caller.reason.name === 'TimeoutError';
}
