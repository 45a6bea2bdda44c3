import { withAccounts } from './accounts.ts';
import type { Column } from './column-names.ts';
import { cellText, identifierText, lengthFault, roundedBySpreadsheet, spoiltFault } from './cells.ts';
import { placeColumns } from './columns.ts';
import type { ColumnChoice, ColumnPlaces } from './columns.ts';
import type { TableRow } from './csv-text.ts';
import { isDayFirst, isMonthFirst, readDate } from './dates.ts';
import type { ReadDate } from './dates.ts';
import { shown } from './file-fault.ts';
import type { FileFault, RefusedRow } from './file-fault.ts';
import type { FileRow, RowItem } from './file-row.ts';
import type { LineWish } from './json-wish.ts';
import { readQuantity, readTracking } from './parcel-cells.ts';
import type { FileTable } from './table.ts';

export interface CarrierFileOptions {
  /** IANA name of the merchant's time zone: times of day without a zone are in it. */
  readonly timeZone: string;
  /** Whether the state to be applied tells of parcels (`parcelsWanted` of its Type). */
  readonly parcels: boolean;
  /** The carrier of rows that name none. */
  readonly carrier?: string;
  /** The account of orders that no row names one for. */
  readonly account?: string;
  /** Which header is which column, where somebody chose; it wins over what the headers say. */
  readonly columns?: ColumnChoice;
}

/** What was read of a file, before its articles are matched with the lines of orders and its rows are gathered into wishes. */
export interface CarrierFile {
  readonly table: FileTable;
  /** Which header was taken for which column, to be shown and remembered. */
  readonly columns: Readonly<Partial<Record<Column, string>>>;
  readonly parcels: boolean;
  readonly rows: readonly FileRow[];
  /** Lines that were applied states of the API, each whole by itself. */
  readonly wishes: readonly { readonly row: number; readonly wish: LineWish }[];
  readonly refused: readonly RefusedRow[];
}

/** Reads the rows of a table. Faults: columns that are missing or ambiguous, or dates that make the whole file doubtful. */
export function readFileRows(table: FileTable, options: CarrierFileOptions): CarrierFile | { readonly faults: readonly FileFault[] } {
  const wishes = table.format === 'csv' ? [] : table.lines.flatMap(({ row, wish }) => (wish === undefined ? [] : [{ row, wish: options.account === undefined ? wish : { account: options.account, ...wish } }]));
  const refused: RefusedRow[] = table.format === 'csv' ? [] : table.lines.flatMap(({ row, fault }) => (fault === undefined ? [] : [{ row, account: null, order: null, faults: [fault] }]));
  if (table.rows.length === 0) return { table, columns: {}, parcels: options.parcels, rows: [], wishes, refused };

  const placed = placeColumns(table.headers, options.columns ?? {}, { parcels: options.parcels, carrier: options.carrier !== undefined });
  if ('faults' in placed) return placed;
  const { places } = placed;
  const monthFirst = monthFirstFault(table.rows, places);
  if (monthFirst !== null) return { faults: [monthFirst] };

  const reader: Reader = { table, places, options, rounded: roundedIn(table.rows, places), dates: new Map() };
  const rows: FileRow[] = [];
  let above: Above | null = null;
  for (const row of table.rows) {
    const read = readRow(row, reader, above);
    if ('faults' in read) refused.push(read);
    else rows.push(read);
    above = below(read, above);
  }
  const columns = Object.fromEntries(Object.entries(places).map(([column, index]) => [column, table.headers[index] ?? '']));
  return { table, columns, parcels: options.parcels, wishes, ...withAccounts(rows, refused, options.account ?? null) };
}

interface Reader {
  readonly table: FileTable;
  readonly places: ColumnPlaces;
  readonly options: CarrierFileOptions;
  readonly rounded: Readonly<Partial<Record<Column, ReadonlySet<string>>>>;
  /** Dates read so far: most rows repeat one. */
  readonly dates: Map<string, ReadDate>;
}

/** The order that the row above is of. */
type Above = Pick<FileRow, 'order' | 'account'>;

function below({ order, account }: FileRow | RefusedRow, above: Above | null): Above | null {
  return order === null || (account === null && order === above?.order) ? above : { order, account };
}

function readRow({ row, cells }: TableRow, reader: Reader, above: Above | null): FileRow | RefusedRow {
  const { places, options } = reader;
  const faults: FileFault[] = [];
  const text = (column: Column): string => cellText(cells[places[column] ?? -1] ?? '');
  const identifier = (column: Column): string => {
    const value = identifierText(cells[places[column] ?? -1] ?? '');
    const fault = spoiltFault(column, value) ?? (reader.rounded[column]?.has(value) === true ? { code: 'number-rounded' as const, column, found: shown(value) } : null);
    if (fault !== null) faults.push(fault);
    return value;
  };

  const order = identifier('order');
  if (order === '') faults.push({ code: 'order-missing', column: 'order' });
  const account = text('account') || null;
  const parcel = options.parcels ? readParcel(text, reader, faults) : { carrier: null, trackingNumber: null, untracked: false, shippedAt: null };
  const item = readItem(identifier, text, faults);
  const shape = shapeFault(cells, reader);
  if (faults.length === 0 && shape === null) return { row, account, order, ...parcel, item };

  const tells = (['tracking', 'lineId', 'sku'] as const).some((column) => text(column) !== '');
  const fits = above !== null && (account === null || above.account === null || account === above.account);
  // Cells that stand under the wrong headers say nothing about what else is wrong.
  // It may be of the order above: that goes no further without it, but nobody is told that it is.
  return { row, account, order: order || null, ...(order === '' && tells && fits ? { above: above.order } : {}), faults: shape === null ? faults : [shape] };
}

/**
 * A separator or a line break inside an unquoted cell moves what follows under other headers. Extra cells give that
 * away; so do missing ones, unless they belong to columns that nobody reads.
 */
function shapeFault(cells: readonly string[], { table, places }: Reader): FileFault | null {
  const expected = String(table.headers.length);
  if (cells.length > table.headers.length) return { code: 'cells-too-many', found: String(cells.length), expected };
  const last = Math.max(...Object.values(places));
  return cells.length <= last ? { code: 'cells-too-few', found: String(cells.length), expected } : null;
}

function readParcel(text: (column: Column) => string, { places, options, rounded, dates }: Reader, faults: FileFault[]): Pick<FileRow, 'carrier' | 'trackingNumber' | 'untracked' | 'shippedAt'> {
  const carrier = carrierOf(text) || options.carrier || null;
  const long = lengthFault('carrier', carrier ?? '');
  if (long !== null) faults.push(long);

  let shippedAt: string | null = null;
  const date = text('shippedAt');
  if (date !== '') {
    const read = dates.get(date) ?? readDate(date, options.timeZone);
    dates.set(date, read);
    if ('code' in read) faults.push({ code: read.code, column: 'shippedAt', found: shown(date) });
    else shippedAt = read.shippedAt;
  }
  if (places.tracking === undefined) return { carrier, trackingNumber: null, untracked: false, shippedAt };
  const tracking = readTracking(text('tracking'));
  if ('untracked' in tracking) return { carrier, trackingNumber: null, untracked: true, shippedAt };
  if ('fault' in tracking) faults.push(tracking.fault);
  else if (rounded.tracking?.has(tracking.trackingNumber) === true) faults.push({ code: 'number-rounded', column: 'tracking', found: shown(tracking.trackingNumber) });
  return { carrier, trackingNumber: 'trackingNumber' in tracking ? tracking.trackingNumber : null, untracked: false, shippedAt };
}

/** Amazon's shipping confirmation template: "If you are using an unlisted carrier, select Other and then enter the carrier name". */
function carrierOf(text: (column: Column) => string): string {
  const carrier = text('carrier');
  return carrier === '' || /^(other|autre)$/i.test(carrier) ? text('carrierName') || carrier : carrier;
}

function readItem(identifier: (column: Column) => string, text: (column: Column) => string, faults: FileFault[]): RowItem | null {
  const lineId = identifier('lineId') || null;
  const sku = identifier('sku') || null;
  const read = readQuantity(text('quantity'));
  if ('fault' in read) {
    faults.push(read.fault);
    return null;
  }
  const { quantity } = read;
  if (lineId !== null || sku !== null) return { lineId, sku, quantity };
  if (quantity !== null) faults.push({ code: 'line-missing', column: 'quantity', found: String(quantity) });
  return null;
}

/** The whole file is doubtful where its dates make sense with the month first only: the others of it cannot be told. */
function monthFirstFault(rows: readonly TableRow[], { shippedAt }: ColumnPlaces): FileFault | null {
  if (shippedAt === undefined) return null;
  let first: FileFault | null = null;
  for (const { row, cells } of rows) {
    const text = cellText(cells[shippedAt] ?? '');
    if (isDayFirst(text)) return null;
    if (first === null && isMonthFirst(text)) first = { code: 'month-first-dates', column: 'shippedAt', row, found: shown(text) };
  }
  return first;
}

function roundedIn(rows: readonly TableRow[], places: ColumnPlaces): Reader['rounded'] {
  const of = (index: number | undefined): ReadonlySet<string> => (index === undefined ? new Set() : roundedBySpreadsheet(rows.map(({ cells }) => identifierText(cells[index] ?? ''))));
  return { order: of(places.order), tracking: of(places.tracking), lineId: of(places.lineId) };
}
