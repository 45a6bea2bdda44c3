import type { Clock, Duration } from './clock.ts';

/** A signal that aborts after `ms` by the given clock (its reason is then a `TimeoutError`), or with `signal`. Call `done` when it is no longer needed. */
export function timeout(clock: Clock, ms: Duration, signal?: AbortSignal): { readonly signal: AbortSignal; readonly done: () => void; readonly expired: () => boolean } {
  const over = new AbortController();
  const ended = new AbortController();
  let expired = false;
  void clock.sleep(ms, ended.signal).then(() => {
    if (ended.signal.aborted) return;
    expired = true;
    over.abort(new DOMException('the time-out was reached', 'TimeoutError'));
  });
  return {
    signal: signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]),
    done: () => ended.abort(),
    expired: () => expired,
  };
}
