import type { Clock } from '../../src/runtime/clock.ts';
import { settled } from './activity.ts';

export interface TestClock extends Clock {
  /** Lets `ms` pass: whoever sleeps until then wakes up, in order, and does what it does next. */
  advance(ms: number): Promise<void>;
  /** Puts the wall clock forward or back; durations are not touched. */
  jump(ms: number): void;
}

/** A clock that stands still until it is told to go on. */
export function createTestClock(start = Date.parse('2026-11-23T09:00:00Z')): TestClock {
  let elapsed = 0;
  let offset = start;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  return {
    now: () => Math.floor(offset + elapsed),
    monotonic: () => elapsed,
    jump: (ms) => void (offset += ms),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = { at: elapsed + Math.max(0, ms), wake: end };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', end, { once: true });
        function end(): void {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', end);
          resolve();
        }
      }),
    after(ms, then) {
      const sleeper = { at: elapsed + Math.max(0, ms), wake: fire };
      sleepers.add(sleeper);
      function fire(): void {
        sleepers.delete(sleeper);
        then();
      }
      return () => void sleepers.delete(sleeper);
    },
    async advance(ms) {
      const until = elapsed + ms;
      await settled();
      for (;;) {
        const next = [...sleepers].toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > until) break;
        elapsed = Math.max(elapsed, next.at);
        next.wake();
        await settled();
      }
      elapsed = until;
      await settled();
    },
  };
}
