import { normalTracking } from '../../orders/parcel.ts';
import type { ParcelLine } from '../../orders/parcel.ts';
import type { FileFault, RefusedRow } from './file-fault.ts';
import { shown } from './file-fault.ts';
import type { FileRow } from './file-row.ts';

/** A row whose units stand on lines of its order. */
export interface ResolvedRow extends Omit<FileRow, 'item'> {
  /** Null where the row speaks of the whole order. */
  readonly lines: readonly ParcelLine[] | null;
}

/** What is known of an order that rows name. */
export interface KnownOrder {
  /** Its lines, in the order's own sequence, with the units that no parcel carries yet (`leftToShip`). */
  readonly lines: readonly { readonly lineId: string; readonly sku: string; readonly left: number }[];
  /** Tracking numbers of the parcels that it has already: their rows take nothing from what is left. */
  readonly trackingNumbers: readonly string[];
}

/** The key of {@link resolveSkus}: an order as the file names it. Rows without an account have one of their own. */
export function orderKey({ account, order }: Pick<FileRow, 'account' | 'order'>): string {
  return JSON.stringify([account, order]);
}

/** Whether a row can be told only by somebody who knows the lines of its order. */
export function needsLines({ item }: Pick<FileRow, 'item'>): boolean {
  return item !== null && (item.lineId === null || item.quantity === null);
}

/**
 * Puts what rows say of articles on lines of their orders. A SKU that several lines share fills them one after the
 * other. A row without a quantity means all that is left of its line, unless another row names that line too.
 * What is more than is left, and line ids that do not exist, are for the intake to judge.
 */
export function resolveSkus(rows: readonly FileRow[], linesByOrder: ReadonlyMap<string, KnownOrder>): { readonly rows: readonly ResolvedRow[]; readonly refused: readonly RefusedRow[] } {
  const shelves = new Map<string, Shelf>();
  for (const row of rows) {
    const key = orderKey(row);
    const known = linesByOrder.get(key);
    if (known !== undefined && !shelves.has(key)) shelves.set(key, new Shelf(known));
    if (!needsLines(row)) shelves.get(key)?.reserve(row);
    else if (row.item !== null) shelves.get(key)?.count(row.item.lineId ?? row.item.sku ?? '');
  }
  const resolved: ResolvedRow[] = [];
  const refused: RefusedRow[] = [];
  for (const row of rows) {
    const lines = linesOf(row, shelves.get(orderKey(row)));
    if (lines !== null && 'code' in lines) {
      refused.push({ row: row.row, account: row.account, order: row.order, faults: [lines] });
    } else {
      const { item: _, ...rest } = row;
      resolved.push({ ...rest, lines });
    }
  }
  return { rows: resolved, refused };
}

function linesOf(row: FileRow, shelf: Shelf | undefined): readonly ParcelLine[] | FileFault | null {
  const { item } = row;
  if (item === null) return null;
  const { lineId, sku, quantity } = item;
  if (lineId !== null && quantity !== null) return [{ lineId, quantity }];
  if (shelf === undefined) return lineId === null ? { code: 'lines-unknown', column: 'sku', found: shown(sku ?? '') } : { code: 'quantity-missing', column: 'quantity', found: shown(lineId) };
  return shelf.take(row, item);
}

/** What is left of one order's lines while its rows are read. */
class Shelf {
  private readonly known: KnownOrder;
  private readonly left: Map<string, number>;
  private readonly parcels: ReadonlySet<string>;
  private readonly named = new Map<string, number>();

  constructor(known: KnownOrder) {
    this.known = known;
    this.left = new Map(known.lines.map((line) => [line.lineId, line.left]));
    this.parcels = new Set(known.trackingNumbers.map(normalTracking));
  }

  /** Units of a line that a row names by its id. */
  reserve(row: FileRow): void {
    if (row.item === null || row.item.lineId === null || row.item.quantity === null) return;
    this.count(row.item.lineId);
    if (!this.isTold(row)) this.left.set(row.item.lineId, (this.left.get(row.item.lineId) ?? 0) - row.item.quantity);
  }

  /** How often a line or SKU is named. */
  count(name: string): void {
    this.named.set(name, (this.named.get(name) ?? 0) + 1);
  }

  take(row: FileRow, { lineId, sku, quantity }: NonNullable<FileRow['item']>): readonly ParcelLine[] | FileFault {
    const ids = lineId === null ? this.linesOfSku(sku ?? '') : [lineId];
    if (ids === null) return { code: 'sku-ambiguous', column: 'sku', found: shown(sku ?? '') };
    const [first] = ids;
    if (first === undefined) return { code: 'sku-unknown', column: 'sku', found: shown(sku ?? ''), expected: shown(this.known.lines.map((line) => line.sku).join(', ')) };
    // A parcel that is known already is told of again: its lines change nothing, and take nothing.
    if (this.isTold(row)) return [{ lineId: first, quantity: quantity ?? 1 }];
    if (quantity === null && (this.named.get(lineId ?? sku ?? '') ?? 0) > 1) return { code: 'quantity-missing', column: 'quantity', found: shown(lineId ?? sku ?? '') };
    return this.fill(ids, first, quantity);
  }

  /** Units line by line. What no line has left goes to the first, where the intake refuses it with its own words. */
  private fill(ids: readonly string[], first: string, quantity: number | null): readonly ParcelLine[] {
    const lines = new Map<string, number>();
    let wanted = quantity ?? ids.reduce((sum, id) => sum + Math.max(0, this.left.get(id) ?? 0), 0);
    for (const id of ids) {
      const units = Math.min(wanted, Math.max(0, this.left.get(id) ?? 0));
      if (units > 0) lines.set(id, units);
      wanted -= units;
    }
    const over = lines.size === 0 ? Math.max(1, wanted) : wanted;
    if (over > 0) lines.set(first, (lines.get(first) ?? 0) + over);
    for (const [id, units] of lines) this.left.set(id, (this.left.get(id) ?? 0) - units);
    return [...lines].map(([lineId, units]) => ({ lineId, quantity: units }));
  }

  /** Lines with this SKU, or else with the only one that differs in case and spaces alone; null where several do. */
  private linesOfSku(sku: string): readonly string[] | null {
    const exact = this.known.lines.filter((line) => line.sku === sku);
    const alike = exact.length > 0 ? exact : this.known.lines.filter((line) => loose(line.sku) === loose(sku));
    return new Set(alike.map((line) => line.sku)).size > 1 ? null : alike.map((line) => line.lineId);
  }

  private isTold({ trackingNumber }: FileRow): boolean {
    return trackingNumber !== null && this.parcels.has(normalTracking(trackingNumber));
  }
}

function loose(sku: string): string {
  return sku.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
}
