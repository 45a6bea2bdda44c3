import type { Operation } from '../../../planning/operation.ts';
import { disarm, writeRow } from '../../../runtime/csv.ts';
import type { LogRow } from '../../../store/log.ts';
import { file } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import type { Visit } from '../../visit.ts';
import { readQuery, searchOf } from './filter.ts';

const atOnce = 500;

/** GET /syncs.csv: all that the filters find, newest first. Read a part at a time: nobody waits for it, and memory does not grow. */
export function syncsCsv(visit: Visit): Answer {
  const day = new Date(visit.now).toISOString().slice(0, 10);
  return file('text/csv; charset=utf-8', `syncs-${day}.csv`, lines(visit));
}

const columns = ['csvNumber', 'csvAt', 'csvAccount', 'csvOrder', 'csvOwn', 'csvOperation', 'csvStatus', 'csvCause', 'csvReference', 'csvShipBy', 'csvAccepted', 'csvAttempts'] as const;

async function* lines(visit: Visit): AsyncGenerator<string> {
  const { say, ports } = visit;
  const search = searchOf(visit, readQuery(visit.query));
  // A mark and semicolons: a French spreadsheet opens it by itself. English ones take commas.
  yield `${visit.language === 'fr' ? '\ufeff' : ''}${line(visit, columns.map((column) => say(`syncs.${column}`)))}`;
  for (let before: number | null = null; ; ) {
    const { rows, next }: { readonly rows: readonly LogRow[]; readonly next: number | null } = await ports.reader.view('syncList', { search, before, limit: atOnce });
    yield rows.map((row) => line(visit, cellsOf(visit, row))).join('');
    if (next === null || ports.stop.aborted) return;
    before = next;
  }
}

function cellsOf({ speech, ports, language }: Visit, row: LogRow): readonly string[] {
  const moment = (at: number | null): string => (at === null ? '' : language === 'fr' ? local(at, ports.timeZone) : new Date(at).toISOString());
  return [`S-${row.id}`, moment(row.created_at), row.account, row.order, row.own_reference ?? '', speech.operation(row.operation as Operation | 'nothing'), speech.exactStatus(row.status), row.cause ?? '', row.reference ?? '', moment(row.ship_by), moment(row.accepted_at), String(row.attempts)];
}

function line({ language }: Visit, cells: readonly string[]): string {
  return `${writeRow(cells.map(disarm), language === 'fr' ? ';' : ',')}\r\n`;
}

/** `23/11/2026 14:31:52`, which a French spreadsheet takes for a moment. */
function local(at: number, timeZone: string): string {
  const there = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(there.day)}/${two(there.month)}/${there.year} ${two(there.hour)}:${two(there.minute)}:${two(there.second)}`;
}
