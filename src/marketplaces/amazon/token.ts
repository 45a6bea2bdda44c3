import pRetry from 'p-retry';
import type { Clock, Duration } from '../../runtime/clock.ts';
import { hour, minute, second } from '../../runtime/clock.ts';
import type { Reply } from './reply.ts';
import { cutOff } from './wire.ts';

/** An access token, or the exchange that did not give one. */
export type Token = { readonly kind: 'token'; readonly value: string } | { readonly kind: 'none'; readonly reply: Reply };

/** One exchange at Login with Amazon. */
export type Exchanged = { readonly kind: 'token'; readonly value: string; readonly lasts: Duration } | { readonly kind: 'none'; readonly reply: Reply };

interface Tokens {
  /** The token in use, or a new one. Callers who come at the same time wait for the same exchange. */
  current(signal: AbortSignal): Promise<Token>;
  /** Amazon no longer takes `value`. A newer one that somebody fetched meanwhile stays. */
  drop(value: string): void;
}

/** Login with Amazon: a token lasts 3600 s. It is renewed this long before, so that none ends on the way. */
const early = 5 * minute;
const longest = hour;

/**
 * Keeps one access token for all accounts of a scope. The exchange belongs to nobody: a caller that is aborted
 * leaves it to the others, and the last to leave cuts it.
 */
export function keepToken(exchange: (signal: AbortSignal) => Promise<Exchanged>, clock: Clock): Tokens {
  let held: { readonly value: string; readonly until: number } | null = null;
  let underway: Flight | null = null;

  function start(): Flight {
    const cut = new AbortController();
    const flight: Flight = { cut, waiting: 0, result: renew(exchange, cut.signal).then((exchanged) => land(flight, exchanged)) };
    // Who waits hears of a fault through the race; without anybody waiting it must not end the process.
    flight.result.catch(() => {});
    return flight;
  }

  function land(flight: Flight, exchanged: Exchanged): Token {
    if (underway === flight) underway = null;
    if (exchanged.kind === 'none') return exchanged;
    const life = Math.min(exchanged.lasts, longest);
    held = { value: exchanged.value, until: clock.monotonic() + life - Math.min(early, life / 2) };
    return { kind: 'token', value: exchanged.value };
  }

  return {
    async current(signal) {
      if (held !== null && clock.monotonic() < held.until) return { kind: 'token', value: held.value };
      if (signal.aborted) return left(signal);
      const flight = (underway ??= start());
      flight.waiting += 1;
      try {
        return await unlessAborted(flight.result, signal);
      } finally {
        flight.waiting -= 1;
        if (flight.waiting === 0) {
          if (underway === flight) underway = null;
          flight.cut.abort();
        }
      }
    },
    drop(value) {
      if (held?.value === value) held = null;
    },
  };
}

interface Flight {
  readonly cut: AbortController;
  readonly result: Promise<Token>;
  waiting: number;
}

/** Asks a second time, at once, where the first got no answer or a 5xx: an exchange changes nothing there. */
async function renew(exchange: (signal: AbortSignal) => Promise<Exchanged>, signal: AbortSignal): Promise<Exchanged> {
  try {
    return await pRetry(
      async () => {
        const exchanged = await exchange(signal);
        if (exchanged.kind === 'none' && mayPass(exchanged.reply)) throw new NoToken(exchanged.reply);
        return exchanged;
      },
      { retries: 1, minTimeout: 0, shouldRetry: ({ error }) => error instanceof NoToken && !signal.aborted },
    );
  } catch (error) {
    if (error instanceof NoToken) return { kind: 'none', reply: error.reply };
    throw error;
  }
}

class NoToken extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super('no token came');
    this.reply = reply;
  }
}

function mayPass(reply: Reply): boolean {
  return reply.kind === 'answered' ? reply.status >= 500 : reply.fault !== 'TIMEOUT' && !reply.interrupted;
}

async function unlessAborted(result: Promise<Token>, signal: AbortSignal): Promise<Token> {
  const gone = Promise.withResolvers<Token>();
  const leave = (): void => gone.resolve(left(signal));
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([gone.promise, result]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** The caller was cut off before it had a token: its call was never made. */
function left(signal: AbortSignal): Token {
  return { kind: 'none', reply: { call: tokenCall, request: null, unpaid: false, ...cutOff(signal), kind: 'unanswered' } };
}

/** The exchange's name in the audit. */
export const tokenCall = 'token';

/** `expires_in` of an exchange: seconds. What cannot be read counts as the documented hour. */
export function lifetime(expiresIn: unknown): Duration {
  const seconds = typeof expiresIn === 'number' || typeof expiresIn === 'string' ? Number(expiresIn) : Number.NaN;
  return Number.isFinite(seconds) && seconds > 0 ? seconds * second : longest;
}
