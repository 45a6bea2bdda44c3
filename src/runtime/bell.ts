import type { Clock, Duration } from './clock.ts';

/** Wakes whoever waits. A ring that nobody waited for is not lost: the next wait ends at once. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, after `ms`, or when `signal` aborts. */
  wait(ms: Duration, signal: AbortSignal): Promise<void>;
}

export function createBell(clock: Clock): Bell {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(ms, signal) {
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(ms, end);
          signal.addEventListener('abort', end, { once: true });
          wake = end;
          function end(): void {
            cancel();
            signal.removeEventListener('abort', end);
            wake = null;
            resolve();
          }
        });
      }
      rung = false;
    },
  };
}
