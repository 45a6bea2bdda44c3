import { operations } from '../../../planning/operation.ts';
import type { Operation } from '../../../planning/operation.ts';
import type { ExportPlace, ExportRow } from '../../../store/views/exports.ts';
import { file } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { amount, csvLine, csvMark, csvMoment } from '../../parts/csv.ts';
import type { Visit } from '../../visit.ts';
import { monthOf } from './months.ts';

/** Rows that are read at once: memory does not grow with the month. */
const atOnce = 500;

const columns = ['csvSync', 'csvAccount', 'csvOrder', 'csvOwn', 'csvOperation', 'csvAccepted', 'csvStatus', 'csvShipBy', 'csvInTime', 'csvCarrier', 'csvTracking', 'csvReference', 'csvTotal', 'csvRefunded', 'csvCurrency', 'csvReason'] as const;

/** GET /exports.csv: a month, whole or of one account or operation, as a spreadsheet opens it. */
export function exportsCsv(visit: Visit): Answer {
  const { query } = visit;
  const month = monthOf(visit, query.get('month'));
  const account = query.get('account') ?? '';
  const operation = operations.find((one) => one === query.get('operation')) ?? null;
  const name = ['exports', month.name, ...(account === '' ? [] : [account.slice(0, 64)]), ...(operation === null ? [] : [operation])].join('-');
  return file('text/csv; charset=utf-8', `${name}.csv`, lines(visit, { from: month.from, to: month.to, account: account === '' ? null : account, operation }));
}

async function* lines(visit: Visit, search: { readonly from: number; readonly to: number; readonly account: string | null; readonly operation: Operation | null }): AsyncGenerator<string> {
  const { ports, say } = visit;
  yield `${csvMark(visit)}${csvLine(visit, columns.map((column) => say(`exports.${column}`)))}`;
  for (let after: ExportPlace | null = null; !ports.stop.aborted; ) {
    const { rows, next }: { readonly rows: readonly ExportRow[]; readonly next: ExportPlace | null } = await ports.reader.view('exportRows', { search, after, limit: atOnce });
    yield rows.map((row) => csvLine(visit, cellsOf(visit, row))).join('');
    if (next === null) return;
    after = next;
  }
}

function cellsOf(visit: Visit, row: ExportRow): readonly string[] {
  const { speech, say } = visit;
  return [`S-${row.id}`, row.account, row.order, row.ownReference ?? '', speech.operation(row.operation as Operation), csvMoment(visit, row.acceptedAt), speech.exactStatus(row.status), csvMoment(visit, row.shipBy), say(row.acceptedAt <= row.shipBy ? 'exports.yes' : 'exports.no'), row.carrier ?? '', row.trackingNumber ?? '', row.reference ?? '', amount(visit, row.total), amount(visit, row.refunded), row.currency ?? '', row.reason ?? ''];
}
