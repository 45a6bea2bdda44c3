import type { Clock, Duration } from './clock.ts';

/** A limit on how long something may take. */
export interface Limit {
  /** Aborts when the time is over (its reason is then a `TimeoutError`), or with the signal that it was made with. */
  readonly signal: AbortSignal;
  /** Call it when the limit is no longer needed: its timer goes. */
  done(): void;
  /** The time is over. */
  expired(): boolean;
}

/** A limit of `ms` by the given clock, that also ends with `signal`. */
export function timeout(clock: Clock, ms: Duration, signal?: AbortSignal): Limit {
  const over = new AbortController();
  const cancel = clock.after(ms, () => end(new DOMException('the time-out was reached', 'TimeoutError')));
  let expired = false;
  signal?.addEventListener('abort', follow, { once: true });
  if (signal?.aborted === true) follow();
  return { signal: over.signal, done, expired: () => expired };

  function end(reason: unknown): void {
    expired = true;
    done();
    over.abort(reason);
  }
  function follow(): void {
    done();
    over.abort(signal?.reason);
  }
  function done(): void {
    cancel();
    signal?.removeEventListener('abort', follow);
  }
}
