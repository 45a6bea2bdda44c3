import { z } from 'zod';
import { minute, second } from '../../runtime/clock.ts';
import type { Clock, Duration, Instant } from '../../runtime/clock.ts';
import type { HttpAnswer } from '../../runtime/http.ts';
import type { Evidence } from '../../syncing/outcome.ts';
import type { Body } from './body.ts';
import { field, parseBody } from './body.ts';
import type { EbayCause } from './causes.ts';
import { text } from './fields.ts';

/** An access token, or why there is none. Without one nothing was asked of the Fulfillment API. */
export type Token = { readonly kind: 'token'; readonly value: string } | NoToken;

export type NoToken = {
  readonly kind: 'no-token';
  readonly why: 'throttled' | 'unavailable' | 'unauthorized';
  readonly cause: EbayCause;
  readonly retryAfter: Duration | null;
  readonly evidence: Evidence | null;
};

/** One exchange of the refresh token, made; it never rejects for what goes wrong outside. */
export type Exchange = (signal: AbortSignal) => Promise<Exchanged>;

export type Exchanged = { readonly kind: 'exchanged'; readonly value: string; readonly lifetime: Duration; readonly consentLasts: Duration | null } | NoToken;

export interface Tokens {
  /**
   * The token to use now. However many ask at once, one exchange is made; it ends early only when all of them have gone.
   * @param refused the token that eBay has just refused
   */
  get(signal: AbortSignal, refused?: string): Promise<Token>;
  /** When the seller's consent ends, where eBay has said so. */
  consentEnds(): Instant | null;
}

/** A token is renewed this long before its end, so that none ends on the way. */
const renewBefore = 5 * minute;
/** eBay: an access token lasts 7,200 s. */
const usualLifetime = 7_200 * second;
/** eBay names no wait when its token endpoint is asked too often (50,000 a day); asking again at once would only add to it. */
const tokenPause = minute;

export function tokens(clock: Clock, exchange: Exchange): Tokens {
  let held: { readonly value: string; readonly until: number } | null = null;
  let consentEnds: Instant | null = null;
  let underway: { readonly result: Promise<Token>; readonly cut: AbortController; waiting: number } | null = null;

  async function renew(cut: AbortSignal): Promise<Token> {
    const exchanged = await exchange(cut);
    if (exchanged.kind === 'no-token') return exchanged;
    // Never a refresh per call, however short a token lasts.
    const useful = Math.max(exchanged.lifetime - renewBefore, exchanged.lifetime / 2);
    held = { value: exchanged.value, until: clock.monotonic() + useful };
    if (exchanged.consentLasts !== null) consentEnds = clock.now() + exchanged.consentLasts;
    return { kind: 'token', value: exchanged.value };
  }

  function begin(): NonNullable<typeof underway> {
    const cut = new AbortController();
    const flight = { cut, waiting: 0, result: renew(cut.signal).finally(() => leave(flight)) };
    return flight;
  }

  function leave(flight: typeof underway): void {
    if (underway === flight) underway = null;
  }

  function join(signal: AbortSignal): Promise<Token> {
    const flight = (underway ??= begin());
    flight.waiting += 1;
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', gone, { once: true });
      void flight.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', gone));
      function gone(): void {
        flight.waiting -= 1;
        if (flight.waiting === 0) {
          leave(flight);
          flight.cut.abort();
        }
        resolve(interrupted);
      }
    });
  }

  return {
    get: async (signal, refused) => {
      if (signal.aborted) return interrupted;
      if (held !== null && held.value !== refused && clock.monotonic() < held.until) return { kind: 'token', value: held.value };
      return join(signal);
    },
    consentEnds: () => consentEnds,
  };
}

const interrupted: NoToken = { kind: 'no-token', why: 'unavailable', cause: 'ebay/interrupted', retryAfter: null, evidence: null };

const granted = z.object({
  // It goes into a header field, which takes visible ASCII only.
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().positive().catch(usualLifetime / second),
  refresh_token_expires_in: z.coerce.number().positive().nullable().catch(null),
});

/** What the token endpoint answered. Pure. A failure here is never `unknown`: the call it was for has not been made. */
export function exchanged(answer: HttpAnswer, retryAfter: Duration | null, evidence: Evidence): Exchanged {
  const body = parseBody(answer.body);
  const failed = (why: NoToken['why'], cause: EbayCause): NoToken => ({ kind: 'no-token', why, cause, retryAfter: why === 'throttled' ? (retryAfter ?? tokenPause) : null, evidence });
  const found = body.kind === 'json' && answer.status === 200 ? granted.safeParse(body.value) : null;
  if (found?.success === true) {
    const { access_token: value, expires_in: lifetime, refresh_token_expires_in: lasts } = found.data;
    return { kind: 'exchanged', value, lifetime: lifetime * second, consentLasts: lasts === null ? null : lasts * second };
  }
  if (answer.status === 429) return failed('throttled', 'ebay/throttled');
  const refusal = answer.status >= 400 && answer.status < 500 ? refusalOf(answer.status, body) : null;
  return refusal === null ? failed('unavailable', 'ebay/token-unavailable') : failed('unauthorized', refusal);
}

/** RFC 6749, section 5.2: the reasons for which a token is refused. */
function refusalOf(status: number, body: Body): EbayCause | null {
  switch (text(body.kind === 'json' ? field(body.value, 'error') : undefined)) {
    case 'invalid_grant':
      return 'ebay/consent-ended';
    case 'invalid_client':
    case 'unauthorized_client':
      return 'ebay/application-refused';
    case 'invalid_scope':
      return 'ebay/scope-missing';
    case 'temporarily_unavailable':
    case 'server_error':
      return null;
    case null:
      return status === 401 ? 'ebay/application-refused' : null;
    default:
      return 'ebay/token-refused';
  }
}
