import { disarm, writeRow } from '../../runtime/csv.ts';
import type { Instant } from '../../runtime/clock.ts';
import type { OpenVisit } from '../visit.ts';

/** What stands before the first line: a mark by which a French spreadsheet knows UTF-8. */
export function csvMark({ language }: OpenVisit): string {
  return language === 'fr' ? '\ufeff' : '';
}

/** One line with its end: semicolons in French, commas in English; no cell is taken for a formula. */
export function csvLine({ language }: OpenVisit, cells: readonly string[]): string {
  return `${writeRow(cells.map(disarm), language === 'fr' ? ';' : ',')}\r\n`;
}

/** `23/11/2026 14:31:52` in the merchant's zone, which a French spreadsheet takes for a moment; ISO 8601 in English. */
export function csvMoment({ language, ports }: OpenVisit, at: Instant | null): string {
  if (at === null) return '';
  if (language !== 'fr') return new Date(at).toISOString();
  const there = Temporal.Instant.fromEpochMilliseconds(Math.trunc(at)).toZonedDateTimeISO(ports.timeZone);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(there.day)}/${two(there.month)}/${there.year} ${two(there.hour)}:${two(there.minute)}:${two(there.second)}`;
}

/** A decimal string as the reader's spreadsheet takes it for a number: with a comma in French. */
export function amount({ language }: OpenVisit, decimal: string | null): string {
  if (decimal === null) return '';
  return language === 'fr' ? decimal.replace('.', ',') : decimal;
}
