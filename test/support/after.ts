import type { Clock } from '../../src/runtime/clock.ts';

/** `Clock.after` of a test clock, by its own sleep. */
export function afterBySleep(sleep: Clock['sleep']): Clock['after'] {
  return (ms, then) => {
    const cancelled = new AbortController();
    void sleep(ms, cancelled.signal).then(() => {
      if (!cancelled.signal.aborted) then();
    });
    return () => cancelled.abort();
  };
}
