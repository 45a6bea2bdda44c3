import type { Operation } from '../../../planning/operation.ts';
import type { LogRow } from '../../../store/log.ts';
import { file } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { csvLine, csvMark, csvMoment } from '../../parts/csv.ts';
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
  yield `${csvMark(visit)}${csvLine(visit, columns.map((column) => say(`syncs.${column}`)))}`;
  for (let before: number | null = null; ; ) {
    const { rows, next }: { readonly rows: readonly LogRow[]; readonly next: number | null } = await ports.reader.view('syncList', { search, before, limit: atOnce });
    yield rows.map((row) => csvLine(visit, cellsOf(visit, row))).join('');
    if (next === null || ports.stop.aborted) return;
    before = next;
  }
}

function cellsOf(visit: Visit, row: LogRow): readonly string[] {
  const { speech } = visit;
  return [`S-${row.id}`, csvMoment(visit, row.created_at), row.account, row.order, row.own_reference ?? '', speech.operation(row.operation as Operation | 'nothing'), speech.exactStatus(row.status, row.cause), row.cause ?? '', row.reference ?? '', csvMoment(visit, row.ship_by), csvMoment(visit, row.accepted_at), String(row.attempts)];
}
