import { sql } from 'kysely';
import type { RefundWish } from '../../orders/applied-state.ts';
import { operations } from '../../planning/operation.ts';
import type { Instant } from '../../runtime/clock.ts';
import type { Status } from '../../syncing/status.ts';
import { inParts } from '../rows.ts';
import type { Db } from '../rows.ts';
import { accountsCounted } from './day.ts';
import { sum } from './money.ts';
import type { ViewContext } from './view.ts';

/** What marketplaces accepted in a time, by account and operation. */
export interface ExportCount {
  readonly account: string;
  readonly operation: string;
  readonly n: number;
}

export interface ExportMonth {
  readonly counts: readonly ExportCount[];
  /** When anything was accepted first; null: nothing ever was. */
  readonly first: Instant | null;
}

/** Counted by the index over acceptances alone: no sync is read. @param asked `from`, and before `to` */
export async function exportMonth({ store: { db } }: ViewContext, { from, to }: { readonly from: Instant; readonly to: Instant }): Promise<ExportMonth> {
  const counts: ExportCount[] = [];
  let first: Instant | null = null;
  for (const account of await accountsCounted(db)) {
    for (const operation of operations) {
      const accepted = db.selectFrom('sync').where('operation', '=', operation).where('account', '=', account).where('accepted_at', 'is not', null);
      const { at } = await accepted.select((eb) => eb.fn.min<number | null>('accepted_at').as('at')).executeTakeFirstOrThrow();
      if (at === null) continue;
      first = first === null ? at : Math.min(first, at);
      const { n } = await accepted.select((eb) => eb.fn.countAll<number>().as('n')).where('accepted_at', '>=', from).where('accepted_at', '<', to).executeTakeFirstOrThrow();
      if (n > 0) counts.push({ account, operation, n });
    }
  }
  return { counts, first };
}

/** Which acceptances are listed. */
export interface ExportSearch {
  readonly from: Instant;
  readonly to: Instant;
  /** Null: all. */
  readonly account: string | null;
  readonly operation: string | null;
}

/** Behind this one a page begins. */
export interface ExportPlace {
  readonly operation: string;
  readonly account: string;
  readonly at: Instant;
  readonly id: number;
}

/** One acceptance, with what it was of. */
export interface ExportRow {
  readonly id: number;
  readonly account: string;
  readonly order: string;
  readonly ownReference: string | null;
  readonly operation: string;
  readonly status: Status;
  readonly acceptedAt: Instant;
  readonly shipBy: Instant;
  readonly reference: string | null;
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
  /** Decimal strings. */
  readonly total: string | null;
  readonly currency: string | null;
  readonly refunded: string | null;
  readonly reason: string | null;
}

/** A page of acceptances: by operation, by account, then the earliest first, as the index has them. */
export async function exportRows({ store: { db } }: ViewContext, { search, after, limit }: { readonly search: ExportSearch; readonly after: ExportPlace | null; readonly limit: number }): Promise<{ readonly rows: readonly ExportRow[]; readonly next: ExportPlace | null }> {
  const { from, to } = search;
  const found: ExportPlace[] = [];
  for (const operation of operations.filter((one) => search.operation === null || one === search.operation)) {
    if (after !== null && operations.findIndex((one) => one === after.operation) > operations.indexOf(operation)) continue;
    for (const account of search.account === null ? await accountsCounted(db) : [search.account]) {
      const here = after !== null && operation === after.operation;
      if (here && account < after.account) continue;
      const behind = here && account === after.account ? after : null;
      const places = await db
        .selectFrom('sync')
        .select(['id', 'accepted_at as at'])
        .where('operation', '=', operation)
        .where('account', '=', account)
        .where('accepted_at', '>=', behind?.at ?? from)
        .where('accepted_at', '<', to)
        .$if(behind !== null, (query) => query.where(sql<boolean>`(accepted_at, id) > (${behind?.at ?? 0}, ${behind?.id ?? 0})`))
        .orderBy('accepted_at')
        .orderBy('id')
        .limit(limit - found.length)
        .execute();
      found.push(...places.map(({ id, at }) => ({ operation, account, id, at: at ?? 0 })));
      if (found.length >= limit) return pageOf(db, found, found.at(-1) ?? null);
    }
  }
  return pageOf(db, found, null);
}

async function pageOf(db: Db, found: readonly ExportPlace[], next: ExportPlace | null): Promise<{ readonly rows: readonly ExportRow[]; readonly next: ExportPlace | null }> {
  const rows = await inParts(found.map(({ id }) => id), (part) =>
    db
      .selectFrom('sync')
      .innerJoin('orders', 'orders.id', 'sync.order_id')
      .leftJoin('parcel', 'parcel.id', 'sync.parcel_id')
      .leftJoin('applied_state', 'applied_state.id', 'sync.applied_state_id')
      .select(['sync.id', 'sync.account', 'orders.reference as order', 'own_reference', 'operation', 'sync.status', 'sync.accepted_at', 'sync.ship_by', 'sync.reference', 'carrier', 'tracking_number', 'total', 'currency', 'refund', 'cancel_reason'])
      .where('sync.id', 'in', part)
      .execute(),
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  return {
    rows: found.flatMap(({ id }): ExportRow[] => {
      const row = known.get(id);
      if (row === undefined) return [];
      const refund = row.operation === 'refund-order' && row.refund !== null ? (JSON.parse(row.refund) as RefundWish) : null;
      return [{ id, account: row.account, order: row.order, ownReference: row.own_reference, operation: row.operation, status: row.status as Status, acceptedAt: row.accepted_at ?? 0, shipBy: row.ship_by, reference: row.reference, carrier: row.carrier, trackingNumber: row.tracking_number, total: row.total, currency: row.currency, refunded: refund === null ? null : amountOf(refund), reason: refund?.reason ?? (row.operation === 'cancel-order' ? row.cancel_reason : null) }];
    }),
    next,
  };
}

/** What was to be given back: as a whole, else line by line with the shipping; null where no amount was named. */
function amountOf({ amount, lines = [], shipping }: RefundWish): string | null {
  if (amount !== undefined) return amount;
  const parts = [...lines.flatMap((line) => line.amount ?? []), ...(shipping === undefined ? [] : [shipping])];
  return parts.length === 0 ? null : sum(parts);
}
