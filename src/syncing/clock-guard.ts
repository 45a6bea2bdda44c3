import type { Clock, Duration, Instant } from '../runtime/clock.ts';
import { minute, second } from '../runtime/clock.ts';

/**
 * Watches the wall clock. Durations inside a process are monotonic: when the wall clock is put forward or back,
 * due times are moved with it, so that a settling time is neither cut short nor made an hour longer.
 */
export interface ClockGuard {
  /** Now, once due times have been made good for any jump of the wall clock. Every decision about a due time asks here. */
  moment(): Promise<Instant>;
  /** Takes note of the marketplace's own clock, from an answer's `Date`. */
  heard(date: Instant): void;
  /** How far our clock is ahead of the marketplaces' (ms); null before the first answer. */
  skew(): Duration | null;
  /** False when it is more than two minutes off: what we would write and send could not be trusted. */
  trusted(): boolean;
}

/** What is less than this is drift, not a jump. */
const drift = 5 * second;
const mostSkew = 2 * minute;

/** @param shift moves all due times by the given distance */
export function createClockGuard(clock: Clock, shift: (jump: Duration) => Promise<void>): ClockGuard {
  let anchor = clock.now() - clock.monotonic();
  let skew: Duration | null = null;
  let shifting: Promise<void> | null = null;

  async function makeGood(): Promise<void> {
    // Instants are whole milliseconds, and the monotonic clock knows parts of them.
    const jump = Math.round(clock.now() - clock.monotonic() - anchor);
    await shift(jump);
    anchor += jump;
    if (skew !== null) skew += jump;
  }

  return {
    async moment() {
      if (Math.abs(clock.now() - clock.monotonic() - anchor) >= drift) {
        shifting ??= makeGood().finally(() => (shifting = null));
        await shifting;
      }
      return clock.now();
    },
    heard(date) {
      skew = clock.now() - date;
    },
    skew: () => skew,
    trusted: () => skew === null || Math.abs(skew) <= mostSkew,
  };
}
