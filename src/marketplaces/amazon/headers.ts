import type { Duration, Instant } from '../../runtime/clock.ts';
import { second } from '../../runtime/clock.ts';

type Headers = Readonly<Record<string, string>>;

/** The other side's clock, where the answer tells it. */
export function answerDate(headers: Headers): Instant | null {
  return httpDate(headers['date']);
}

/** Calls per second now allowed. Amazon: best effort, on 20x, 400 and 404 only. */
export function answerRate(headers: Headers): number | null {
  const rate = Number(headers['x-amzn-ratelimit-limit']?.trim() || Number.NaN);
  return Number.isFinite(rate) && rate > 0 ? rate : null;
}

/** Amazon's own id of the request, which its support asks for. */
export function answerRequestId(headers: Headers): string | null {
  const id = headers['x-amzn-requestid'] ?? headers['x-amzn-request-id'] ?? '';
  return /^[\w.:=+/-]{1,128}$/.test(id) ? id : null;
}

/**
 * How long the answer asks us to wait: seconds or an HTTP date (RFC 9110, section 10.2.3), counted by the other
 * side's clock where it tells it. Null where it says nothing that can be read, or nothing still to come.
 */
export function retryAfter(headers: Headers, now: Instant): Duration | null {
  const value = headers['retry-after']?.trim() ?? '';
  const wait = /^\d+(\.\d+)?$/.test(value) ? Math.ceil(Number(value) * second) : moment(value) - (answerDate(headers) ?? now);
  return wait > 0 ? Math.min(wait, Number.MAX_SAFE_INTEGER) : null;
}

function moment(value: string): Instant {
  return httpDate(value) ?? Number.NaN;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon, 23 Nov 2026 09:12:00 GMT` (RFC 9110, IMF-fixdate; its two obsolete forms are not read). */
function httpDate(value: string | undefined): Instant | null {
  const parts = /^\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/.exec(value?.trim() ?? '');
  if (parts === null) return null;
  const [, day, name, year, time] = parts;
  const month = String(months.indexOf(name ?? '') + 1).padStart(2, '0');
  return instantOf(`${year}-${month}-${day}T${time}Z`);
}

/** An ISO 8601 moment with its zone or offset; null for anything else. */
export function instantOf(value: string | null | undefined): Instant | null {
  if (value === null || value === undefined) return null;
  try {
    return Temporal.Instant.from(value).epochMilliseconds;
  } catch {
    return null;
  }
}

/** As Amazon wants its moments: ISO 8601 in UTC with `Z`, to the second. */
export function isoSeconds(moment: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(moment)).toString({ smallestUnit: 'second' });
}
