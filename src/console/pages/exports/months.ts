import type { Instant } from '../../../runtime/clock.ts';
import type { OpenVisit } from '../../visit.ts';

/** A month of the merchant's calendar: `2026-11`, and the time that it is. */
export interface Month {
  readonly name: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** So far back an address may ask. */
const most = 120;

/** The month that an address names; without one, or with nonsense, the present one. */
export function monthOf({ ports, now }: OpenVisit, name: string | null): Month {
  const present = yearMonth(now, ports.timeZone);
  const asked = name !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(name) ? Temporal.PlainYearMonth.from(name) : present;
  return bounds(asked, ports.timeZone);
}

/** From the present back to the first in which anything was accepted. */
export function monthsSince({ ports, now }: OpenVisit, first: Instant | null): readonly Month[] {
  const last = yearMonth(now, ports.timeZone);
  const begin = first === null ? last : yearMonth(first, ports.timeZone);
  const months: Month[] = [];
  for (let month = last; months.length < most && Temporal.PlainYearMonth.compare(month, begin) >= 0; month = month.subtract({ months: 1 })) months.push(bounds(month, ports.timeZone));
  return months.length === 0 ? [bounds(last, ports.timeZone)] : months;
}

function yearMonth(at: Instant, timeZone: string): Temporal.PlainYearMonth {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(at)).toZonedDateTimeISO(timeZone).toPlainDate().toPlainYearMonth();
}

function bounds(month: Temporal.PlainYearMonth, timeZone: string): Month {
  const start = (one: Temporal.PlainYearMonth): Instant => one.toPlainDate({ day: 1 }).toZonedDateTime({ timeZone }).epochMilliseconds;
  return { name: month.toString(), from: start(month), to: start(month.add({ months: 1 })) };
}
