import type { Instant } from '../runtime/clock.ts';
import { minute } from '../runtime/clock.ts';
import type { OutcomeKind } from './outcome.ts';

/** Guards one scope and one API call against an outage there: what cannot work is not tried, and not counted. */
export interface Breaker {
  /** `unavailable` or `unknown` in a row. */
  readonly failures: number;
  /** Set while it is open. */
  readonly openedAt: Instant | null;
  /** When the next probe may go. */
  readonly probeAt: Instant | null;
  /** Calls that may be under way at once after it closed, doubling with each success; null: no limit. */
  readonly ramp: number | null;
}

export const closed: Breaker = { failures: 0, openedAt: null, probeAt: null, ramp: null };

const enough = 5;
const probeEvery = minute;
const rampEnd = 64;

/** How many calls may be claimed now. One, while it is open and a probe is due. */
export function admits(breaker: Breaker, now: Instant): number {
  if (breaker.openedAt === null) return breaker.ramp ?? Infinity;
  return dueProbe(breaker, now) ? 1 : 0;
}

/** The breaker after calls were claimed. */
export function claimed(breaker: Breaker, now: Instant): Breaker {
  return breaker.openedAt === null ? breaker : { ...breaker, probeAt: now + probeEvery };
}

/** The breaker after one more answer, or none. */
export function heard(breaker: Breaker, outcome: OutcomeKind, now: Instant): Breaker {
  if (outcome === 'interrupted') return breaker;
  if (outcome === 'unavailable' || outcome === 'unknown') {
    if (breaker.openedAt !== null) return { ...breaker, probeAt: Math.max(breaker.probeAt ?? 0, now + probeEvery) };
    const failures = breaker.failures + 1;
    return failures >= enough ? { failures, openedAt: now, probeAt: now + probeEvery, ramp: null } : { ...breaker, failures };
  }
  if (breaker.openedAt !== null) return { ...closed, ramp: 1 };
  if (breaker.ramp === null) return breaker.failures === 0 ? breaker : { ...breaker, failures: 0 };
  return breaker.ramp * 2 >= rampEnd ? closed : { ...closed, ramp: breaker.ramp * 2 };
}

/** A clock that went back must not put the next probe hours off. */
function dueProbe(breaker: Breaker, now: Instant): boolean {
  return breaker.probeAt === null || now >= breaker.probeAt || breaker.probeAt - now > probeEvery;
}
