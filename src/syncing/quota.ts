import type { Duration, Instant } from '../runtime/clock.ts';
import { day, hour, second } from '../runtime/clock.ts';

/** A published limit: calls per second, and calls at once. */
export interface Limit {
  readonly rate: number;
  readonly burst: number;
}

/** Who says how quick a call may be made: the marketplace's documentation, accounts.json in its place, or the marketplace's own answers, which come before both. */
export type LimitSource = 'published' | 'configured' | 'told';

/** The budget of one scope and one API call: a token bucket that survives a restart. */
export interface Bucket extends Limit {
  readonly tokens: number;
  readonly refilledAt: Instant;
  /** Nothing is taken before this moment (after a 429). */
  readonly closedUntil: Instant;
  /** When it last answered 429, or when the bucket was first filled. */
  readonly calmSince: Instant;
  /** Answers of 429 in a row. */
  readonly throttles: number;
}

/** A marketplace's own figure is not used up to the last drop: another client or a clock's drift would cross it. */
const margin = 0.95;
const trustedMargin = 0.98;
/** eBay's budgets start afresh every day; nothing asks for a longer wait. */
export const longestPause = day;

/** So long a call may be on its way, its token fetched before it, and still find the place that was paid for. */
const onTheWay = second;

/**
 * The most that is ever in a bucket. The marketplace's own bucket fills up to its burst while a call that ours has
 * paid for already is still on its way: drained to the last call in the next moment, ours would be ahead of it by that
 * one. So what flows in during a second, and one call at the least, is kept back of the burst; never more than half of
 * it, and one call may always be made.
 */
export function capacity({ rate, burst }: Limit): number {
  return Math.max(1, burst - Math.min(Math.floor(burst / 2), Math.max(1, rate * (onTheWay / second))));
}

/** Full. */
export function freshBucket(limit: Limit, now: Instant): Bucket {
  const own = { rate: limit.rate * margin, burst: limit.burst };
  return { ...own, tokens: capacity(own), refilledAt: now, closedUntil: 0, calmSince: now, throttles: 0 };
}

/**
 * A bucket that was kept, under its limit as it is now. What was learned stays, unless the limit itself names another rate.
 * @param published the rate that the limit named when the bucket was kept
 */
export function kept(bucket: Bucket, published: number | null, limit: Limit): Bucket {
  const { burst } = limit;
  return { ...bucket, rate: published === limit.rate ? bucket.rate : limit.rate * margin, burst, tokens: Math.min(bucket.tokens, burst) };
}

/** Whose word a bucket's rate follows. @param isConfigured its limit is one of the settings' */
export function sourceOf(bucket: Bucket, limit: Limit, isConfigured: boolean): LimitSource {
  if (bucket.rate !== limit.rate * margin) return 'told';
  return isConfigured ? 'configured' : 'published';
}

/** The rate that is used where a marketplace's answer names one. */
export function rateBelow(named: number): number {
  return named * margin;
}

/** A rate for people: four digits of it. */
export function rounded(rate: number): number {
  return Number(rate.toPrecision(4));
}

/** The bucket as it stands at `now`. A clock that went back refills nothing, and does not stop refilling either. */
export function refill(bucket: Bucket, now: Instant): Bucket {
  const elapsed = Math.max(0, now - bucket.refilledAt);
  const tokens = Math.min(capacity(bucket), bucket.tokens + (elapsed / second) * bucket.rate);
  // No pause is ever longer; a later end can only come from a clock that was ahead.
  const closedUntil = Math.min(bucket.closedUntil, now + longestPause);
  return { ...bucket, tokens, refilledAt: now, closedUntil };
}

/** Whole calls that may be made at `now`. */
export function available(bucket: Bucket, now: Instant): number {
  const full = refill(bucket, now);
  return now < full.closedUntil ? 0 : Math.floor(full.tokens + 1e-9);
}

/** The bucket after `calls` were taken. */
export function take(bucket: Bucket, calls: number, now: Instant): Bucket {
  const full = refill(bucket, now);
  return { ...full, tokens: full.tokens - calls };
}

/** How long until one call may be made. */
export function wait(bucket: Bucket, now: Instant): Duration {
  const full = refill(bucket, now);
  const missing = Math.max(0, 1 - full.tokens);
  return Math.max(full.closedUntil - now, Math.ceil((missing / full.rate) * second), 0);
}

/** Takes over the rate that an answer named (`x-amzn-RateLimit-Limit`: of this seller and application, without its burst). */
export function learn(bucket: Bucket, rate: number, now: Instant): Bucket {
  if (!(rate > 0) || !Number.isFinite(rate)) return bucket;
  return { ...bucket, rate: rate * (now - bucket.calmSince >= hour ? trustedMargin : margin) };
}

/** The bucket after any answer but a 429. */
export function calmed(bucket: Bucket): Bucket {
  return bucket.throttles === 0 ? bucket : { ...bucket, throttles: 0 };
}

/**
 * A 429 empties the bucket and closes it: as long as told, else until two calls' worth has grown back, and twice as
 * long each time in a row (a daily budget that is used up says nothing of when it grows again). Calls that were under
 * way when it closed met the same end: they are one time. No Retry-After is undercut.
 */
export function throttled(bucket: Bucket, retryAfter: Duration | null, now: Instant): Bucket {
  const pause = retryAfter ?? Math.min(hour, Math.ceil((2 / bucket.rate) * second) * 2 ** Math.min(bucket.throttles, 12));
  const full = refill(bucket, now);
  const same = now < full.closedUntil;
  const closedUntil = now + Math.min(pause, longestPause);
  return { ...full, tokens: 0, closedUntil: same && retryAfter === null ? full.closedUntil : Math.max(closedUntil, full.closedUntil), calmSince: now, throttles: same ? bucket.throttles : bucket.throttles + 1 };
}
