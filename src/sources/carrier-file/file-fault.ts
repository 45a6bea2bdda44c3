import type { Column } from './column-names.ts';

/**
 * What is wrong with a file or with one of its rows. The words for it are in words.ts, by `code`; the other members
 * are what those words name. `found` is text out of the file: it is shown to whoever gave the file, never logged.
 */
export interface FileFault {
  readonly code: FileFaultCode;
  readonly column?: Column;
  /** Row of the file as a spreadsheet counts it, or line of a file of JSON lines. */
  readonly row?: number;
  readonly found?: string;
  readonly expected?: string;
  readonly limit?: number;
}

/** The whole file is refused. */
export const wholeFileCodes = [
  'empty',
  'too-large',
  'too-many-rows',
  'too-wide',
  'row-too-long',
  'header-only',
  'header-missing',
  'quote-open',
  'workbook',
  'pdf',
  'html-page',
  'xml',
  'rich-text',
  'compressed',
  'not-text',
  'encoding-mixed',
  'encoding-unknown',
  'json-array',
  'json-not-lines',
  'column-missing',
  'carrier-not-named',
  'column-ambiguous',
  'column-not-found',
  'column-shared',
  'quantity-without-line',
  'month-first-dates',
] as const;

/** One row is refused, and whatever else would be told wrongly without it. */
export const rowCodes = [
  'cells-too-many',
  'cells-too-few',
  'order-missing',
  'account-missing',
  'too-long',
  'number-spoilt',
  'number-rounded',
  'spreadsheet-error',
  'tracking-missing',
  'tracking-malformed',
  'tracking-several',
  'date-malformed',
  'date-impossible',
  'date-two-digit-year',
  'date-month-first',
  'quantity-malformed',
  'quantity-ambiguous',
  'quantity-zero',
  'quantity-missing',
  'line-missing',
  'lines-unknown',
  'sku-unknown',
  'sku-ambiguous',
  'carriers-disagree',
  'lines-disagree',
  'with-refused-row',
  'json-malformed',
  'json-shape',
  'state-differs',
] as const;

export type FileFaultCode = (typeof wholeFileCodes)[number] | (typeof rowCodes)[number];

/** A row that does not go through, with everything that is wrong with it. */
export interface RefusedRow {
  readonly row: number;
  readonly account: string | null;
  /** The order it names. */
  readonly order: string | null;
  /** For a row that names none but tells of a parcel: the order above it, which it may be of. */
  readonly above?: string;
  readonly faults: readonly FileFault[];
}

const longestShown = 60;

/** A piece of the file as a fault shows it: one line, cut where it is long. */
export function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const letters = Array.from(line.slice(0, longestShown * 2));
  return letters.length > longestShown ? `${letters.slice(0, longestShown).join('')}…` : line;
}
