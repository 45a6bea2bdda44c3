import type { FileFaultCode } from './file-fault.ts';

/** When a parcel left, as a wish takes it: a day `2026-11-23`, or an instant in UTC. */
export type ReadDate = { readonly shippedAt: string } | { readonly code: FileFaultCode };

const clockTime = String.raw`(?:(?:T|\s+à\s+|\s+)(?<hour>\d{1,2})[:h](?<minute>\d{2})(?::(?<second>\d{2})(?:[.,]\d{1,9})?)?\s*(?<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?`;
const dayFirst = new RegExp(String.raw`^(?<day>\d{1,2})(?<s>[/.-])(?<month>\d{1,2})\k<s>(?<year>\d{4}|\d{2})${clockTime}$`, 'i');
const yearFirst = new RegExp(String.raw`^(?<year>\d{4})(?<s>[/.-]?)(?<month>\d{2})\k<s>(?<day>\d{2})${clockTime}$`, 'i');

/**
 * Reads `dd/mm/yyyy` (also with `-` or `.`), ISO days and ISO instants, the first two with or without a time of day.
 * A time without a zone is the merchant's. A year of two digits is refused: `26/11/25` is a day of 2025 to one program
 * and of 2026 to the next. Midnight without a zone is how exports write that they know the day alone.
 * @param timeZone IANA name of the merchant's zone
 */
export function readDate(text: string, timeZone: string): ReadDate {
  const parts = (dayFirst.exec(text) ?? yearFirst.exec(text))?.groups;
  if (parts === undefined) return { code: 'date-malformed' };
  if (parts['year']?.length === 2) return { code: 'date-two-digit-year' };
  if (isMonthFirst(text)) return { code: 'date-month-first' };
  return momentOf(parts, timeZone) ?? { code: 'date-impossible' };
}

function momentOf(parts: Readonly<Record<string, string | undefined>>, timeZone: string): { readonly shippedAt: string } | null {
  const { year, month, day, hour, minute, second = '0', zone } = parts;
  if (Number(year) < 2000 || Number(year) > 2099) return null;
  try {
    const date = Temporal.PlainDate.from({ year: Number(year), month: Number(month), day: Number(day) }, { overflow: 'reject' });
    if (hour === undefined) return { shippedAt: date.toString() };
    const time = Temporal.PlainTime.from({ hour: Number(hour), minute: Number(minute), second: Number(second) }, { overflow: 'reject' });
    if (zone === undefined && Number(hour) + Number(minute) + Number(second) === 0) return { shippedAt: date.toString() };
    return { shippedAt: date.toZonedDateTime({ timeZone: zone === undefined ? timeZone : offsetOf(zone), plainTime: time }).toInstant().toString() };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function offsetOf(zone: string): string {
  return /^[+-]/.test(zone) ? zone.replace(/^(...):?(..)$/, '$1:$2') : 'UTC';
}

/** A date that makes sense with its month first and with its day first does not: `11/23/2026`. */
export function isMonthFirst(text: string): boolean {
  const { day: first = '', month: second = '' } = dayFirst.exec(text)?.groups ?? {};
  return Number(first) >= 1 && Number(first) <= 12 && Number(second) > 12 && Number(second) <= 31;
}

/** A date that makes sense only with its day first: `23/11/2026`. One of them shows how a file writes dates. */
export function isDayFirst(text: string): boolean {
  const { day: first = '', month: second = '' } = dayFirst.exec(text)?.groups ?? {};
  return Number(first) > 12 && Number(first) <= 31 && Number(second) >= 1 && Number(second) <= 12;
}
