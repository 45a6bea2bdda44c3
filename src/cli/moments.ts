import type { Duration, Instant } from '../runtime/clock.ts';
import { day, hour, minute } from '../runtime/clock.ts';

/** `j`: jours, `sem`: semaines. */
const units: Readonly<Record<string, Duration>> = { m: minute, min: minute, h: hour, d: day, j: day, w: 7 * day, sem: 7 * day };

/**
 * A moment as people type it: a length before now (`2d`, `2j`, `12h`, `30m`, `1w`), a day (`2026-11-23`, `23/11/2026`),
 * a day and a time (`2026-11-23T14:30`), each in the merchant's zone, or a moment with its own zone
 * (`2026-11-23T09:00:00Z`). Null for anything else.
 * @param end a day means its end (exclusive) and not its beginning
 */
export function readMoment(given: string, now: Instant, timeZone: string, end = false): Instant | null {
  const text = given.trim();
  const [, number, unit = ''] = /^(\d{1,5})\s*(m|min|h|d|j|w|sem)$/i.exec(text) ?? [];
  if (number !== undefined) return now - Number(number) * (units[unit.toLowerCase()] ?? 0);
  const french = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  const iso = french === null ? text : `${french[3]}-${(french[2] ?? '').padStart(2, '0')}-${(french[1] ?? '').padStart(2, '0')}`;
  return bounded(attempt(() => {
    if (/^\d{4}-\d{2}-\d{2}$/.test(iso)) return Temporal.PlainDate.from(iso).add({ days: end ? 1 : 0 }).toZonedDateTime(timeZone).epochMilliseconds;
    if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/.test(iso)) return Temporal.PlainDateTime.from(iso.replace(' ', 'T')).toZonedDateTime(timeZone).epochMilliseconds;
    return Temporal.Instant.from(iso).epochMilliseconds;
  }));
}

/** Moments that nothing here can have are slips of the finger. */
function bounded(at: Instant | null): Instant | null {
  return at !== null && at >= Date.UTC(1990, 0, 1) && at < Date.UTC(2200, 0, 1) ? at : null;
}

function attempt(read: () => Instant): Instant | null {
  try {
    return read();
  } catch {
    return null;
  }
}
