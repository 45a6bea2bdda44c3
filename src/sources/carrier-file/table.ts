import { cellText } from './cells.ts';
import { fingerprint, looksLikeValues } from './columns.ts';
import { knownColumn } from './column-names.ts';
import { findSeparator, isBlank, readRows } from './csv-text.ts';
import type { Separator, TableRow } from './csv-text.ts';
import { decode } from './encoding.ts';
import type { Encoding } from './encoding.ts';
import type { FileFault } from './file-fault.ts';
import { readJsonLines } from './json-lines.ts';
import type { JsonLine } from './json-lines.ts';

/** A file as a table, before anybody says what its columns mean. */
export type FileTable = CsvTable | JsonTable;

interface Table {
  readonly encoding: Encoding;
  readonly headers: readonly string[];
  /** The same for all files of one program: the key of a remembered choice of columns. */
  readonly fingerprint: string;
  /** Rows whose cells stand under the headers. */
  readonly rows: readonly TableRow[];
}

export interface CsvTable extends Table {
  readonly format: 'csv';
  readonly separator: Separator;
}

export interface JsonTable extends Table {
  readonly format: 'json-lines';
  /** All lines that hold anything, those of `rows` too. */
  readonly lines: readonly JsonLine[];
}

/** Turns bytes into rows: CSV with `;`, `,` or tabs, or JSON lines. At most 20 MB and 100,000 rows. Never throws for what is in the file. */
export function readTable(bytes: Uint8Array): FileTable | { readonly fault: FileFault } {
  const decoded = decode(bytes);
  if ('fault' in decoded) return decoded;
  const { text, encoding } = decoded;
  const first = text.trimStart()[0];
  if (first === '[') return { fault: { code: 'json-array' } };
  if (first === '{') {
    const read = readJsonLines(text);
    return 'fault' in read ? read : { format: 'json-lines', encoding, ...read, fingerprint: fingerprint(read.headers) };
  }
  return csvTable(text, encoding);
}

function csvTable(given: string, encoding: Encoding): CsvTable | { readonly fault: FileFault } {
  const { separator, text } = findSeparator(given, (header) => knownColumn(cellText(header)) !== undefined);
  const read = readRows(text, separator);
  if ('fault' in read) return read;
  const [header, ...rest] = read.rows;
  if (header === undefined) return { fault: { code: 'empty' } };
  const headers = withoutBlankEnd(header.cells.map(cellText));
  if (looksLikeValues(headers)) return { fault: { code: 'header-missing' } };
  // Exports that were put one under the other repeat their header.
  const rows = rest.map(({ row, cells }) => ({ row, cells: withoutBlankEnd(cells, headers.length) })).filter(({ cells }) => !cells.every((cell, index) => cellText(cell) === headers[index]));
  if (rows.length === 0) return { fault: { code: 'header-only' } };
  return { format: 'csv', encoding, separator, headers, fingerprint: fingerprint(headers), rows };
}

/** Cells up to `length`, and those beyond it only where they hold something. */
function withoutBlankEnd(cells: readonly string[], length = 0): readonly string[] {
  let end = cells.length;
  while (end > length && isBlank(cells[end - 1] ?? '')) end -= 1;
  return end === cells.length ? cells : cells.slice(0, end);
}
