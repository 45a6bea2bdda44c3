import type { Instant } from '../orders/order.ts';

const day = 24 * 60 * 60 * 1000;

/**
 * The moment from which telling is useless.
 * Amazon: it cancels by itself an order that is not confirmed 7 business days after its ship-by.
 * eBay publishes no such moment: 30 days, the time in which a seller may still act on an order.
 */
export function uselessAfter(shipBy: Instant, marketplace: string | null): Instant {
  return marketplace === 'amazon' ? addBusinessDays(shipBy, 7) : shipBy + 30 * day;
}

/** Mondays to Fridays, in UTC; holidays are not counted out, so that the moment is never too late. */
export function addBusinessDays(from: Instant, days: number): Instant {
  let at = from;
  for (let left = days; left > 0; ) {
    at += day;
    const weekday = (4 + Math.floor(at / day)) % 7; // 1970-01-01 was a Thursday; 0 is Sunday
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return at;
}

/** How soon the end of a grace must lie before the deadline. */
const graceMargin = 10 * 60 * 1000;

/**
 * Until when an application by hand or by file can be undone: the state's grace, never past ten minutes
 * before the deadline; null where that leaves nothing.
 */
export function graceUntil(appliedAt: Instant, graceS: number, shipBy: Instant): Instant | null {
  const until = clampGrace(appliedAt + graceS * 1000, shipBy);
  return until > appliedAt ? until : null;
}

/** The end of a grace, where the deadline turned out to be nearer than was known when it was given. */
export function clampGrace(until: Instant, shipBy: Instant): Instant {
  return Math.min(until, shipBy - graceMargin);
}
