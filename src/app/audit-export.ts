import type { Instant } from '../runtime/clock.ts';
import { disarm, writeRow } from '../runtime/csv.ts';
import type { Context } from '../store/context.ts';
import { exportEntries, headText, listHeads } from '../store/verify.ts';
import type { ExportRow, Head } from '../store/verify.ts';

export const exportFormats = ['csv', 'csv-fr', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const columns = ['lane', 'number', 'at', 'kind', 'sync', 'attempt', 'order', 'operation', 'what', 'cause', 'hash', 'body'] as const;
const frenchColumns = ['file', 'numéro', 'date (UTC)', 'date', 'nature', 'synchronisation', 'tentative', 'commande', 'opération', 'quoi', 'cause', 'empreinte', 'contenu'] as const;

/**
 * The audit between two instants, in pieces of text: entries lane by lane, then the head of every lane, to be compared
 * later (`suivi audit verify --head`). Memory does not grow with the length.
 *
 * `csv`: commas, UTF-8 without a mark, moments in UTC. `csv-fr`: what a French spreadsheet opens by itself: semicolons, a
 * mark, French headings, and beside UTC the merchant's own time with a decimal comma. In both a cell that a spreadsheet
 * would run as a formula is disarmed; whoever needs every byte takes `jsonl`.
 */
export async function* exportAudit(context: Context, from: Instant, to: Instant, format: ExportFormat): AsyncGenerator<string> {
  const { db } = context.store;
  const write = writers[format](context.timeZone);
  if (write.headings !== null) yield write.headings;
  for await (const rows of exportEntries(db, from, to)) yield rows.map(write.entry).join('');
  yield (await listHeads(db)).map(write.head).join('');
}

interface Writer {
  readonly headings: string | null;
  readonly entry: (row: ExportRow) => string;
  readonly head: (head: Head) => string;
}

const writers: Readonly<Record<ExportFormat, (timeZone: string) => Writer>> = {
  jsonl: () => ({ headings: null, entry: (row) => `${JSON.stringify({ ...row, at: iso(row.at) })}\n`, head: (head) => `${JSON.stringify({ kind: 'head', ...head, text: headText(head) })}\n` }),
  csv: () => ({
    headings: line([...columns], ','),
    entry: (row) => line([row.lane, row.number, iso(row.at), row.kind, row.sync, row.attempt, row.order, row.operation, row.what, row.cause, row.hash, bodyOf(row)], ','),
    head: ({ lane, number, hash }) => line([lane, number, null, 'head', null, null, null, null, null, null, hash, null], ','),
  }),
  'csv-fr': (timeZone) => ({
    headings: `\ufeff${line([...frenchColumns], ';')}`,
    entry: (row) => line([row.lane, row.number, iso(row.at), local(row.at, timeZone), row.kind, row.sync, row.attempt, row.order, row.operation, row.what, row.cause, row.hash, bodyOf(row)], ';'),
    head: ({ lane, number, hash }) => line([lane, number, null, null, 'tête', null, null, null, null, null, null, hash, null], ';'),
  }),
};

function line(cells: readonly (string | number | null)[], separator: ',' | ';'): string {
  return `${writeRow(cells.map((cell) => (cell === null ? '' : disarm(String(cell)))), separator)}\r\n`;
}

/** Empty where it was erased. */
function bodyOf({ body }: ExportRow): string {
  return body === null ? '' : JSON.stringify(body);
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}

/** `23/11/2026 14:31:52,123` */
function local(at: Instant, timeZone: string): string {
  const there = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(there.day)}/${two(there.month)}/${there.year} ${two(there.hour)}:${two(there.minute)}:${two(there.second)},${String(there.millisecond).padStart(3, '0')}`;
}
