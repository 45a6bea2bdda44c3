import type { Clock } from '../../src/runtime/clock.ts';

/** A marketplace's own token bucket: it counts what it turns away. */
export interface Pace {
  rate: number;
  burst: number;
  throttled: number;
  admits(): boolean;
}

export function createPace(clock: Clock, rate: number, burst: number): Pace {
  let tokens = burst;
  let at = clock.monotonic();
  const pace: Pace = {
    rate,
    burst,
    throttled: 0,
    admits() {
      const now = clock.monotonic();
      tokens = Math.min(pace.burst, tokens + ((now - at) / 1000) * pace.rate);
      at = now;
      // A hair's breadth for arithmetic: both sides count in floating point.
      if (tokens < 1 - 1e-6) {
        pace.throttled += 1;
        return false;
      }
      tokens -= 1;
      return true;
    },
  };
  return pace;
}
