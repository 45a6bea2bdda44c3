/**
 * An instant: milliseconds since 1970-01-01T00:00:00Z, as both databases store and compare it.
 * Temporal parses, prints and does calendar arithmetic at the edges; a plain number is what is
 * compared, added to, written to a row and checked by a test (matchers find all Temporal objects equal).
 */
export type Instant = number;

/** A length of time in milliseconds. */
export type Duration = number;

/** Where the time comes from. Handed in everywhere, so that a year can be simulated in seconds. */
export interface Clock {
  /** The wall clock. It may jump in either direction. */
  now(): Instant;
  /** Milliseconds from some fixed point, never going back. Durations inside a process are measured with it. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. It never rejects. */
  sleep(ms: Duration, signal?: AbortSignal): Promise<void>;
  /** Calls `then` after `ms`, unless it is cancelled before: for limits, of which there are many and few are reached. */
  after(ms: Duration, then: () => void): () => void;
}

const longestTimer = 2 ** 31 - 1;

/** So late comes a timer only where the whole process was held up: by a locked database, a suspended machine. */
const heldUp = 100;
/** Long enough to hear what has arrived meanwhile. */
const catchUp = 50;
/** It may be held up again while it catches up, but not for ever. */
const mostTimes = 5;

/** Node looks at its timers before its sockets: held up, it would call an answer late that has long been there. */
function after(ms: Duration, then: () => void): () => void {
  let timer: NodeJS.Timeout;
  let times = 0;
  begin(Math.min(Math.max(ms, 0), longestTimer));
  return () => clearTimeout(timer);

  function begin(wait: Duration): void {
    const due = performance.now() + wait;
    timer = setTimeout(() => {
      times += 1;
      if (performance.now() - due < heldUp || times > mostTimes) then();
      else begin(catchUp);
    }, wait);
  }
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const cancel = after(ms, end);
      signal?.addEventListener('abort', end, { once: true });
      function end(): void {
        cancel();
        signal?.removeEventListener('abort', end);
        resolve();
      }
    }),
};

export const second: Duration = 1_000;
export const minute: Duration = 60 * second;
export const hour: Duration = 60 * minute;
export const day: Duration = 24 * hour;
