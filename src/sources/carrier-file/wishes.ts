import type { Wish } from '../../orders/applied-state.ts';
import type { ParcelWish } from '../../orders/parcel-wish.ts';
import { normalTracking, units } from '../../orders/parcel.ts';
import { normalCarrier } from '../../planning/carriers.ts';
import { shown } from './file-fault.ts';
import type { FileFault, RefusedRow } from './file-fault.ts';
import type { CarrierFile } from './rows.ts';
import { resolveSkus } from './skus.ts';
import type { KnownOrder, ResolvedRow } from './skus.ts';

/**
 * A wish out of a file. Without an account, the caller finds it by the order's number. `rows` is no part of what is
 * wished for: the intake compares a `sourceRef` with all that it is given, so it is taken off before.
 */
export type FileWish = Omit<Wish, 'account'> & {
  readonly account?: string;
  /** The rows it was made of: where it is refused, they are. */
  readonly rows: readonly number[];
};

export interface FileWishes {
  /** In the order in which the file first names them. */
  readonly wishes: readonly FileWish[];
  readonly refused: readonly RefusedRow[];
}

/**
 * Turns what was read into wishes for one state: articles are put on lines, and the rows of one order are gathered.
 * @param state the mnemonic of the state to apply
 * @param linesByOrder by `orderKey`, at least the orders whose rows `needsLines`
 */
export function wishesOf(file: CarrierFile, state: string, linesByOrder: ReadonlyMap<string, KnownOrder> = new Map()): FileWishes {
  const resolved = resolveSkus(file.rows, linesByOrder);
  const gathered = gatherRows(resolved.rows, [...file.refused, ...resolved.refused], state, file.parcels);
  const lines = file.wishes.map(({ row, wish }): FileWish | RefusedRow => {
    if (wish.state !== undefined && wish.state.toUpperCase() !== state.toUpperCase()) {
      return { row, account: wish.account ?? null, order: wish.order, faults: [{ code: 'state-differs', found: shown(wish.state), expected: state }] };
    }
    return { ...wish, state, rows: [row] };
  });
  const wishes = [...gathered.wishes, ...lines.filter((one): one is FileWish => 'rows' in one)];
  const refused = [...gathered.refused, ...lines.filter((one): one is RefusedRow => 'faults' in one)];
  return { wishes: wishes.toSorted((a, b) => (a.rows[0] ?? 0) - (b.rows[0] ?? 0)), refused: refused.toSorted((a, b) => a.row - b.row) };
}

/**
 * Gathers the rows of one order into one wish: a parcel for each tracking number, with the lines of all its rows.
 * An order whose other rows were refused is refused with them, where the rest alone would say too much: a parcel
 * without lines means all that is left, and a parcel that was told of is not told of again.
 */
function gatherRows(rows: readonly ResolvedRow[], refused: readonly RefusedRow[], state: string, parcels: boolean): FileWishes {
  const groups = [...Map.groupBy(rows, ({ account, order }) => JSON.stringify([account, order])).values()];
  const out: RefusedRow[] = [...refused];
  const agreed = groups.filter((group) => {
    const fault = parcels ? disagreement(group) : null;
    if (fault !== null) out.push(...together(group, fault));
    return fault === null;
  });
  const lost = Map.groupBy(out, (row) => row.order ?? row.above ?? '');
  const wishes: FileWish[] = [];
  for (const group of agreed) {
    const [first] = group;
    if (first === undefined) continue;
    const { account, order } = first;
    const beside = (lost.get(order) ?? []).filter((row) => row.account === null || account === null || row.account === account);
    const fault = parcels ? besideFault(group, beside) : null;
    if (fault !== null) out.push(...together(group, fault));
    else wishes.push({ ...(account === null ? {} : { account }), order, state, ...(parcels ? { parcels: parcelsOf(group) } : {}), rows: group.map(({ row }) => row) });
  }
  return { wishes, refused: out.toSorted((a, b) => a.row - b.row) };
}

function together(group: readonly ResolvedRow[], fault: FileFault): readonly RefusedRow[] {
  return group.map(({ row, account, order }) => ({ row, account, order, faults: [fault] }));
}

/** Why the rows of an order cannot go without those that were refused beside them. */
function besideFault(group: readonly ResolvedRow[], beside: readonly RefusedRow[]): FileFault | null {
  const bound = group.every((row) => row.lines !== null) ? beside.find((row) => !row.faults.every(isNotYet)) : beside[0];
  return bound === undefined ? null : { code: 'with-refused-row', row: bound.row };
}

/** What has not left yet is told of when it has: it holds up nothing. */
function isNotYet({ code }: FileFault): boolean {
  return code === 'tracking-missing' || code === 'quantity-zero';
}

/** Rows that say different things of one parcel. */
function disagreement(group: readonly ResolvedRow[]): FileFault | null {
  for (const rows of parcelRows(group)) {
    const carriers = new Map(rows.flatMap(({ carrier }) => (carrier === null ? [] : [[normalCarrier(carrier), carrier]])));
    if (carriers.size > 1) return { code: 'carriers-disagree', column: 'carrier', found: shown([...carriers.values()].join(', ')) };
    if (rows.some((row) => row.lines === null) && rows.some((row) => row.lines !== null)) return { code: 'lines-disagree', found: shown(rows[0]?.trackingNumber ?? '') };
  }
  return null;
}

function parcelsOf(group: readonly ResolvedRow[]): readonly ParcelWish[] {
  return parcelRows(group).map((rows): ParcelWish => {
    const carrier = rows.find((row) => row.carrier !== null)?.carrier;
    const trackingNumber = rows[0]?.trackingNumber;
    // Tracking exports have a row for each event: the parcel left at the first of them.
    const [shippedAt] = rows.flatMap((row) => row.shippedAt ?? []).toSorted();
    const lines = rows.flatMap((row) => row.lines ?? []);
    return {
      ...(carrier == null ? {} : { carrier }),
      ...(trackingNumber == null ? {} : { trackingNumber }),
      ...(rows[0]?.untracked === true ? { untracked: true } : {}),
      ...(shippedAt === undefined ? {} : { shippedAt }),
      ...(lines.length === 0 ? {} : { lines: [...units(lines)].map(([lineId, quantity]) => ({ lineId, quantity })) }),
    };
  });
}

/** The rows of each parcel: those with one tracking number; among those without, those with one carrier. */
function parcelRows(group: readonly ResolvedRow[]): readonly (readonly ResolvedRow[])[] {
  const key = (row: ResolvedRow): string => (row.trackingNumber === null ? `${row.untracked ? 'untracked' : 'none'} ${normalCarrier(row.carrier ?? '')}` : `= ${normalTracking(row.trackingNumber)}`);
  return [...Map.groupBy(group, key).values()];
}
