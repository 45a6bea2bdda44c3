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

/**
 * By how much due times are to be moved now; 0: not at all.
 * @param made by how much they have been moved in all, by whoever shares the store
 * @param now by the clock that all who share the store go by; null: by the process's own
 */
export type Owed = (made: Duration, now: Instant | null) => Duration;

/** What is less than this is drift, not a jump. */
const drift = 5 * second;
const mostSkew = 2 * minute;
/** So often it is asked what others have made good: a jump that one of them saw is not taken for one of later. */
const often = minute;

/**
 * Of those who share a store and a clock each sees a jump by itself, some later than others, and one may have ended before
 * it looked: whoever comes first makes it good, and the store knows by how much it was.
 * @param shift moves all due times by what is owed, and resolves to how far they have been moved in all
 */
export function createClockGuard(clock: Clock, shift: (owed: Owed) => Promise<Duration>): ClockGuard {
  let anchor = clock.now() - clock.monotonic();
  let skew: Duration | null = null;
  /** How far due times had been moved in all, as far as the anchor knows. */
  let known: Duration | null = null;
  let askedAt = -Infinity;
  let asking: Promise<void> | null = null;

  function off(now: Instant = clock.now()): Duration {
    // Instants are whole milliseconds, and the monotonic clock knows parts of them.
    return Math.round(now - clock.monotonic() - anchor);
  }

  async function makeGood(): Promise<void> {
    let [jump, owed] = [0, 0];
    const made = await shift((before, now) => {
      const seen = off(now ?? undefined);
      const others = known === null ? 0 : before - known;
      const heeded = Math.abs(seen - others) < Math.abs(seen);
      const left = heeded ? seen - others : seen;
      owed = Math.abs(left) >= drift ? left : 0;
      // What others have made good was a jump of later than the anchor, or one that the anchor has in it.
      jump = owed === 0 ? (heeded ? others : 0) : seen;
      return owed;
    });
    known = made;
    anchor += jump;
    if (skew !== null) skew += jump;
    askedAt = clock.monotonic();
  }

  return {
    async moment() {
      if (Math.abs(off()) >= drift || clock.monotonic() - askedAt >= often) {
        asking ??= makeGood().finally(() => (asking = null));
        await asking;
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
