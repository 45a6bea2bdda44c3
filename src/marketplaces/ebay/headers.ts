import { second } from '../../runtime/clock.ts';
import type { Duration, Instant } from '../../runtime/clock.ts';

/**
 * How long an answer asks to wait: `Retry-After` in seconds, or as a date, read against the answer's own `Date`.
 * Null where it does not say, or names a moment that has passed. RFC 9110, section 10.2.3; eBay does not document whether it sends it.
 */
export function retryAfterOf(headers: Readonly<Record<string, string>>, now: Instant): Duration | null {
  const written = headers['retry-after']?.trim() ?? '';
  const wait = /^\d+$/.test(written) ? Number(written) * second : (httpDate(written) ?? 0) - (httpDate(headers['date'] ?? '') ?? now);
  return wait > 0 ? wait : null;
}

/** `Mon, 23 Nov 2026 09:00:00 GMT`; null for anything else. */
export function httpDate(written: string): Instant | null {
  const moment = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(written) ? Date.parse(written) : Number.NaN;
  return Number.isNaN(moment) ? null : moment;
}
