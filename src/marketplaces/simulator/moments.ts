import type { Instant } from '../../runtime/clock.ts';

/** `2026-11-23T09:12:00.000Z`, as both marketplaces print a moment. */
export function iso(instant: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(instant)).toString({ smallestUnit: 'millisecond' });
}

const fullDateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** The moment that a full ISO 8601 date and time with its offset names; null for anything else (a bare date, `02/21/2022`). */
export function readMoment(text: string): Instant | null {
  if (!fullDateTime.test(text)) return null;
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return null;
  }
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** The form of the `Date` header (RFC 9110): `Mon, 23 Nov 2026 09:12:00 GMT`. */
export function httpDate(instant: Instant): string {
  const at = Temporal.Instant.fromEpochMilliseconds(Math.trunc(instant)).toZonedDateTimeISO('UTC');
  const two = (n: number): string => String(n).padStart(2, '0');
  const date = `${weekdays[at.dayOfWeek - 1]}, ${two(at.day)} ${months[at.month - 1]} ${String(at.year).padStart(4, '0')}`;
  return `${date} ${two(at.hour)}:${two(at.minute)}:${two(at.second)} GMT`;
}
