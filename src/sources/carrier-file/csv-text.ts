import { CsvError, parse } from 'csv-parse/sync';
import type { FileFault } from './file-fault.ts';
import { limits } from './limits.ts';

export const separators = [';', '\t', ','] as const;
export type Separator = (typeof separators)[number];

/** A row that holds anything, under the number that a spreadsheet shows beside it. */
export interface TableRow {
  readonly row: number;
  readonly cells: readonly string[];
}

/** Ends the reading from inside, where the parser offers no other way. */
class Enough extends Error {
  readonly fault: FileFault | null;
  constructor(fault: FileFault | null) {
    super('enough');
    this.fault = fault;
  }
}

/**
 * Reads rows one after the other. Quotes inside an unquoted cell are text; all three line ends end a row; blank rows
 * are left out and counted. `each` returns a fault to end the reading with it, or false to end it without one.
 */
function readRecords(text: string, separator: Separator, each: (record: TableRow) => FileFault | boolean): FileFault | null {
  let last = 0;
  try {
    parse(text, {
      delimiter: separator,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: limits.rowLength,
      on_record: (cells: string[], info) => {
        last = info.records + info.empty_lines;
        const verdict = each({ row: last, cells });
        if (verdict !== true) throw new Enough(verdict === false ? null : verdict);
        return null;
      },
    });
    return null;
  } catch (error) {
    if (error instanceof Enough) return error.fault;
    if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED') return { code: 'quote-open', row: last + 1 };
    if (error instanceof CsvError && error.code === 'CSV_MAX_RECORD_SIZE') return { code: 'row-too-long', row: last + 1, limit: limits.rowLength };
    throw error;
  }
}

/** All rows, or why they cannot be read as a table. */
export function readRows(text: string, separator: Separator): { readonly rows: readonly TableRow[] } | { readonly fault: FileFault } {
  // Counted beforehand: a row ends only where its last quote closes, and could hold all cells of the file.
  if (countOf(separator, text) > limits.cells) return { fault: { code: 'too-wide', limit: limits.columns } };
  const rows: TableRow[] = [];
  let read = 0;
  let columns = 0;
  const fault = readRecords(text, separator, (record) => {
    read += 1;
    // Rows of nothing but separators cost time all the same: as many again are allowed.
    if (rows.length > limits.rows || read > 2 * limits.rows) return { code: 'too-many-rows', limit: limits.rows };
    if (record.cells.every(isBlank)) return true;
    if (rows.length === 0) columns = record.cells.length;
    if (record.cells.length > limits.columns) return { code: 'too-wide', row: record.row, limit: limits.columns };
    if (hidesRows(record.cells, separator, columns)) return { code: 'quote-open', row: record.row };
    rows.push(record);
    return true;
  });
  return fault === null ? { rows } : { fault };
}

function countOf(separator: Separator, text: string): number {
  let count = 0;
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + 1)) count += 1;
  return count;
}

/**
 * A quote that opens by mistake takes the rows up to the next quote into its cell, and they would be lost without a
 * word. Such a cell holds a line break, and either its row has not as many cells as the header, or the cell has as
 * many separators as a whole row.
 */
function hidesRows(cells: readonly string[], separator: Separator, columns: number): boolean {
  return cells.some((cell) => /[\r\n]/.test(cell) && (cells.length !== columns || cell.split(separator).length >= columns));
}

const sample = { characters: 200_000, rows: 40 };

/**
 * The separator under which the first rows are most of a table: the most headers that `known` recognises, then the most
 * rows as long as the header, then the most columns. Excel's own `sep=;` line decides alone.
 */
export function findSeparator(text: string, known: (header: string) => boolean): { readonly separator: Separator; readonly text: string } {
  const hint = /^"?sep=([;,\t])"?(\r\n|\n|\r)/i.exec(text);
  if (hint !== null) return { separator: hint[1] as Separator, text: text.slice(hint[0].length) };
  const start = text.slice(0, sample.characters);
  const scores = separators.map((separator) => ({ separator, score: score(start, separator, known) }));
  const best = scores.reduce((a, b) => (compare(b.score, a.score) > 0 ? b : a));
  return { separator: best.separator, text };
}

function score(start: string, separator: Separator, known: (header: string) => boolean): readonly number[] {
  const rows: (readonly string[])[] = [];
  readRecords(start, separator, ({ cells }) => {
    if (!cells.every(isBlank)) rows.push(cells);
    return rows.length < sample.rows;
  });
  const [header, ...rest] = rows;
  if (header === undefined) return [0, 0, 0];
  const alike = header.length === 1 ? 0 : rest.filter((cells) => cells.length === header.length).length;
  return [header.filter(known).length, alike, header.length];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

export function isBlank(cell: string): boolean {
  return cell.trim() === '';
}
