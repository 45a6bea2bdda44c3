import type { Clock, Duration } from './clock.ts';

/** Wakes whoever waits. A ring that nobody waited for is not lost: the next wait ends at once. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, after `ms`, or when `signal` aborts. */
  wait(ms: Duration, signal: AbortSignal): Promise<void>;
}

export function createBell(clock: Clock): Bell {
  let rung = false;
  let waiting: AbortController | null = null;
  return {
    ring() {
      rung = true;
      waiting?.abort();
    },
    async wait(ms, signal) {
      if (!rung && !signal.aborted) {
        waiting = new AbortController();
        await clock.sleep(ms, AbortSignal.any([waiting.signal, signal]));
        waiting = null;
      }
      rung = false;
    },
  };
}
