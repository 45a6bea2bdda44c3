import type { Wish } from '../orders/applied-state.ts';
import type { Fault } from '../orders/fault.ts';
import { leftToShip } from '../orders/order.ts';
import { columns } from '../sources/carrier-file/column-names.ts';
import type { ColumnChoice } from '../sources/carrier-file/columns.ts';
import type { FileFault, RefusedRow as RefusedFileRow } from '../sources/carrier-file/file-fault.ts';
import { refusedFile } from '../sources/carrier-file/refused-file.ts';
import { readFileRows } from '../sources/carrier-file/rows.ts';
import type { CarrierFile } from '../sources/carrier-file/rows.ts';
import { needsLines, orderKey } from '../sources/carrier-file/skus.ts';
import type { KnownOrder } from '../sources/carrier-file/skus.ts';
import { readTable } from '../sources/carrier-file/table.ts';
import { wishesOf } from '../sources/carrier-file/wishes.ts';
import type { FileWish } from '../sources/carrier-file/wishes.ts';
import { columnWords, fileFaultWords } from '../sources/carrier-file/words.ts';
import { findColumns, keepColumns } from '../store/column-choices.ts';
import type { Context } from '../store/context.ts';
import { ordersCalled } from '../store/find-orders.ts';
import type { NamedOrder } from '../store/find-orders.ts';
import { loadDossiers } from '../store/situations.ts';
import type { Language } from '../syncing/diagnosis.ts';

/** What somebody asks of a file: the state to apply, and what the file may leave out. */
export interface FileAsked {
  readonly state: string;
  /** Whether the state's Type tells of parcels. */
  readonly parcels: boolean;
  readonly carrier?: string;
  readonly account?: string;
  /** Which header is which column, where somebody chose; it wins over what was remembered. */
  readonly columns?: ColumnChoice;
}

/** A wish out of a file, with the rows it was made of. */
export type RowWish = Wish & { readonly rows: readonly number[] };

/** A row that does not go through, and why: the file's own faults, or what the orders say. */
export interface RefusedRow {
  readonly row: number;
  readonly order: string | null;
  readonly faults: readonly (FileFault | Fault)[];
}

export interface FileToApply {
  /** Which header was taken for which column. */
  readonly columns: Readonly<Partial<Record<string, string>>>;
  /** The choice of columns was remembered from an earlier file. */
  readonly remembered: boolean;
  /** Rows that hold anything. */
  readonly rows: number;
  readonly wishes: readonly RowWish[];
  readonly refused: readonly RefusedRow[];
  /** The rows that were refused, with the reasons, as a file of the same kind; `json` tells which. */
  refusedFile(refused: readonly { readonly row: number; readonly reasons: readonly string[] }[], language: Language): { readonly bytes: Uint8Array; readonly json: boolean };
  /** Remembers a choice of columns for all files with these headers. */
  remember(): Promise<void>;
}

/** What a column may be called in a choice. */
export const columnNames: readonly string[] = columns;

/** Reads a file of a carrier or a logistician, against the orders that it names. Nothing is stored. */
export async function readCarrierFile(context: Context, bytes: Uint8Array, asked: FileAsked): Promise<FileToApply | { readonly faults: readonly FileFault[] }> {
  const table = readTable(bytes);
  if ('fault' in table) return { faults: [table.fault] };
  const remembered = await findColumns(context.store.db, table.fingerprint);
  const choice = { ...remembered, ...asked.columns };
  const read = readFileRows(table, {
    timeZone: context.timeZone,
    parcels: asked.parcels,
    columns: choice,
    ...(asked.carrier === undefined ? {} : { carrier: asked.carrier }),
    ...(asked.account === undefined ? {} : { account: asked.account }),
  });
  if ('faults' in read) return read;
  const named = await namedOrders(context, read);
  const file = { ...read, rows: read.rows.map((row) => underOneName(row, named)), refused: read.refused.map((row) => aboveUnderOneName(underOneName(row, named), named)) };
  const { wishes, refused } = wishesOf(file, asked.state, await linesOf(context, file, named));
  const found = wishes.map((wish) => withAccount(wish, named));
  return {
    columns: file.columns,
    remembered: remembered !== null && asked.columns === undefined,
    rows: table.format === 'csv' ? table.rows.length : table.lines.length,
    wishes: found.flatMap((one) => ('faults' in one ? [] : [one])),
    refused: [...refused, ...found.flatMap((one) => ('faults' in one ? one.rows.map((row) => ({ row, order: one.order, faults: one.faults })) : []))].toSorted((a, b) => a.row - b.row),
    refusedFile: (rows, language) => ({ bytes: refusedFile(table, rows, language), json: table.format !== 'csv' }),
    remember: () => keepColumns(context.store.db, table.fingerprint, choice),
  };
}

/** A fault of a file in words. */
export function sayFileFault(fault: FileFault, language: Language): string {
  return fileFaultWords(fault, language);
}

/** What a column is called where it is shown. */
export function sayColumn(column: string, language: Language): string {
  const words: Readonly<Record<string, string>> = columnWords[language];
  return words[column] ?? column;
}

/** Every order that the file names, by the number as the file writes it. */
async function namedOrders(context: Context, file: CarrierFile): Promise<ReadonlyMap<string, readonly NamedOrder[]>> {
  const numbers = [...new Set([...file.rows.map(({ order }) => order), ...file.wishes.map(({ wish }) => wish.order)])];
  const orders = await ordersCalled(context, numbers);
  const named = new Map<string, NamedOrder[]>();
  const put = (number: string | null, order: NamedOrder): void => void (number !== null && named.set(number, [...(named.get(number) ?? []), order]));
  for (const order of orders) {
    put(order.reference, order);
    if (order.ownReference !== order.reference) put(order.ownReference, order);
  }
  return named;
}

/** The only order of this number, at the account where one is named. */
function only(named: ReadonlyMap<string, readonly NamedOrder[]>, number: string, account: string | null): NamedOrder | null {
  const found = (named.get(number) ?? []).filter((order) => account === null || order.account === account);
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** Rows may name one order by its number there and by the shop's own: they are gathered under the first. */
function underOneName<R extends { readonly order: string | null; readonly account: string | null }>(row: R, named: ReadonlyMap<string, readonly NamedOrder[]>): R {
  const order = row.order === null ? null : only(named, row.order, row.account);
  return order === null ? row : { ...row, order: order.reference, account: order.account };
}

/** The same for a row that may be of the order above it. */
function aboveUnderOneName(row: RefusedFileRow, named: ReadonlyMap<string, readonly NamedOrder[]>): RefusedFileRow {
  const order = row.above === undefined ? null : only(named, row.above, row.account);
  return order === null ? row : { ...row, above: order.reference };
}

/** The lines of those orders whose rows name an article or leave its quantity out. */
async function linesOf(context: Context, file: CarrierFile, named: ReadonlyMap<string, readonly NamedOrder[]>): Promise<ReadonlyMap<string, KnownOrder>> {
  const wanted = new Map<string, number>();
  for (const row of file.rows) {
    const order = needsLines(row) ? (named.get(row.order) ?? []).find(({ account, reference }) => account === row.account && reference === row.order) : undefined;
    if (order !== undefined) wanted.set(orderKey(row), order.id);
  }
  const dossiers = await loadDossiers(context.store.db, [...wanted.values()]);
  const known = new Map<string, KnownOrder>();
  for (const [key, id] of wanted) {
    const dossier = dossiers.get(id);
    if (dossier === undefined) continue;
    const left = leftToShip(dossier.order.lines, dossier.parcels);
    known.set(key, {
      lines: dossier.order.lines.map(({ lineId, sku }) => ({ lineId, sku, left: left.get(lineId) ?? 0 })),
      trackingNumbers: dossier.parcels.flatMap(({ trackingNumber }) => trackingNumber ?? []),
    });
  }
  return known;
}

/** Without an account, the order is found by its number: it must be known here, and one alone. */
function withAccount({ account, ...wish }: FileWish, named: ReadonlyMap<string, readonly NamedOrder[]>): RowWish | { readonly faults: readonly Fault[]; readonly order: string; readonly rows: readonly number[] } {
  if (account !== undefined) return { ...wish, account };
  const found = named.get(wish.order) ?? [];
  const [first, ...others] = found;
  if (first === undefined) return { order: wish.order, rows: wish.rows, faults: [{ code: 'unknown-order', field: 'order', found: wish.order }] };
  if (others.length > 0) return { order: wish.order, rows: wish.rows, faults: [{ code: 'ambiguous-order', field: 'order', found: wish.order }] };
  return { ...wish, account: first.account };
}
