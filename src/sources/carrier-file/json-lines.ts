import type { TableRow } from './csv-text.ts';
import type { FileFault } from './file-fault.ts';
import { isApiShaped, readWish, reasonMembers } from './json-wish.ts';
import type { LineWish } from './json-wish.ts';
import { limits } from './limits.ts';

/** One line of a file of JSON lines: its text, and what it is where it is not a row of columns. */
export interface JsonLine {
  readonly row: number;
  readonly text: string;
  readonly wish?: LineWish;
  readonly fault?: FileFault;
}

export interface JsonLines {
  /** The names of all lines that are rows of columns, in order of first appearance. */
  readonly headers: readonly string[];
  readonly rows: readonly TableRow[];
  readonly lines: readonly JsonLine[];
}

/**
 * Reads JSON lines: one object a line, either a row of columns under the same names as in CSV, or one applied state in
 * the API's shape. A line that is neither is refused by itself.
 */
export function readJsonLines(text: string): JsonLines | { readonly fault: FileFault } {
  const headers = new Map<string, number>();
  const flat: { row: number; object: Readonly<Record<string, unknown>> }[] = [];
  const lines: JsonLine[] = [];
  for (const { row, line } of linesOf(text)) {
    if (line.length > limits.rowLength) return { fault: { code: 'row-too-long', row, limit: limits.rowLength } };
    if (lines.length === limits.rows) return { fault: { code: 'too-many-rows', limit: limits.rows } };
    const object = objectOf(line);
    if (object === null && lines.length === 0) return { fault: { code: 'json-not-lines', row } };
    if (object === null) lines.push({ row, text: line, fault: { code: 'json-malformed', row } });
    else if (isApiShaped(object)) lines.push({ row, text: line, ...readWish(object) });
    else {
      const names = columnsOf(object);
      for (const name of names) if (!headers.has(name)) headers.set(name, headers.size);
      if (headers.size > limits.columns) return { fault: { code: 'too-wide', row, limit: limits.columns } };
      const nested = names.find((name) => typeof object[name] === 'object' && object[name] !== null);
      lines.push({ row, text: line, ...(nested === undefined ? {} : { fault: { code: 'json-shape', found: nested } }) });
      if (nested === undefined) flat.push({ row, object });
    }
    if (flat.length * headers.size > limits.cells) return { fault: { code: 'too-wide', row, limit: limits.columns } };
  }
  const names = [...headers.keys()];
  return { headers: names, lines, rows: flat.map(({ row, object }) => ({ row, cells: names.map((name) => cellOf(Object.hasOwn(object, name) ? object[name] : null)) })) };
}

/** Lines that hold anything, one at a time: a text of nothing but line ends costs no memory. */
function* linesOf(text: string): Generator<{ readonly row: number; readonly line: string }> {
  let row = 0;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end).trim();
    row += 1;
    if (line !== '') yield { row, line };
    start = end < 0 ? text.length : end + 1;
  }
}

function objectOf(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function columnsOf(object: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(object).filter((name) => !(reasonMembers as readonly string[]).includes(name));
}

/** A number beyond 2^53 has lost its last digits on the way: it is written as what it has become, which is refused. */
function cellOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
  return typeof value === 'boolean' ? String(value) : '';
}
