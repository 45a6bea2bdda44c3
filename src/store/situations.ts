import type { Cancellation, Fulfilment, Order, OrderLine, Payment, Publication } from '../orders/order.ts';
import type { Parcel, ParcelLine } from '../orders/parcel.ts';
import type { Earlier, Phase } from '../planning/dependence.ts';
import { operations } from '../planning/operation.ts';
import type { Operation, Payload } from '../planning/operation.ts';
import type { PlanningAccount, Situation } from '../planning/situation.ts';
import type { Instant } from '../runtime/clock.ts';
import { isDone } from '../syncing/status.ts';
import type { Status } from '../syncing/status.ts';
import type { Context } from './context.ts';
import { inParts } from './rows.ts';
import type { Db, Tx } from './rows.ts';
import type { OrderTable, SyncTable } from './schema.ts';

/** An order with all that hangs on it, as one transaction sees it. Decisions about it are made in memory, then written. */
export interface Dossier {
  readonly id: number;
  order: Order;
  parcels: StoredParcel[];
  /** Parcels that were undone or given up: they carry nothing, and their references are never given again. */
  voided: StoredParcel[];
  syncs: StoredSync[];
  /** The states applied to it. */
  applied: { readonly id: number; readonly state_id: number }[];
  /** Values of the row that the pure order does not carry. */
  row: { state_id: number | null; state_at: number | null; indicator: string | null; indicator_at: number | null; open_until: number | null };
}

/** A parcel with what only the store needs to know of it. */
export interface StoredParcel extends Parcel {
  readonly appliedState: number | null;
}

export type StoredSync = Pick<SyncTable, 'id' | 'account' | 'order_id' | 'applied_state_id' | 'parcel_id' | 'operation' | 'step' | 'cause' | 'share' | 'reference' | 'unsettled' | 'told_at' | 'accepted_at' | 'grace_until' | 'due_at' | 'word' | 'look_first' | 'superseded_by' | 'ended_at' | 'attempts' | 'ship_by' | 'created_at'> & {
  readonly status: Status;
  readonly payload: Payload;
};

const syncColumns = ['id', 'account', 'order_id', 'applied_state_id', 'parcel_id', 'operation', 'status', 'step', 'cause', 'share', 'payload', 'reference', 'unsettled', 'told_at', 'accepted_at', 'grace_until', 'due_at', 'word', 'look_first', 'superseded_by', 'ended_at', 'attempts', 'ship_by', 'created_at'] as const;

/**
 * Loads orders with their lines, parcels and syncs. In a transaction the orders and their syncs are locked: nobody plans,
 * settles or claims anything of them before it ends.
 */
export async function loadDossiers(tx: Tx | Db, orderIds: readonly number[]): Promise<Map<number, Dossier>> {
  // Ascending, as everywhere: two that want the same ones never wait for each other.
  const ids = [...new Set(orderIds)].toSorted((a, b) => a - b);
  const change = tx.isTransaction;
  const orders = await inParts(ids, (part) => tx.selectFrom('orders').selectAll().where('id', 'in', part).orderBy('id').$if(change, (query) => query.forNoKeyUpdate()).execute());
  const lines = await inParts(ids, (part) => tx.selectFrom('order_line').selectAll().where('order_id', 'in', part).orderBy('order_id').orderBy('position').execute());
  const parcels = await inParts(ids, (part) => tx.selectFrom('parcel').selectAll().where('order_id', 'in', part).orderBy('id').execute());
  const syncs = await inParts(ids, (part) => tx.selectFrom('sync').select(syncColumns).where('order_id', 'in', part).orderBy('id').$if(change, (query) => query.forNoKeyUpdate()).execute());
  const applied = await inParts(ids, (part) => tx.selectFrom('applied_state').select(['id', 'order_id', 'state_id']).where('order_id', 'in', part).where('undone_at', 'is', null).execute());
  const dossiers = new Map<number, Dossier>();
  for (const row of orders) dossiers.set(row.id, { id: row.id, order: orderOf(row, []), parcels: [], voided: [], syncs: [], applied: [], row: { state_id: row.state_id, state_at: row.state_at, indicator: row.indicator, indicator_at: row.indicator_at, open_until: row.open_until } });
  const linesOf = new Map<number, OrderLine[]>();
  for (const line of lines) {
    const list = linesOf.get(line.order_id) ?? [];
    list.push({ lineId: line.line_id, sku: line.sku, title: line.title, quantity: line.quantity, cancelled: line.cancelled, shippedElsewhere: line.shipped_elsewhere, unitPrice: line.unit_price });
    linesOf.set(line.order_id, list);
  }
  for (const dossier of dossiers.values()) dossier.order = { ...dossier.order, lines: linesOf.get(dossier.id) ?? [] };
  for (const p of parcels) {
    const dossier = dossiers.get(p.order_id);
    (p.voided_at === null ? dossier?.parcels : dossier?.voided)?.push({
      id: p.id,
      reference: p.reference,
      carrier: p.carrier,
      trackingNumber: p.tracking_number,
      untracked: p.untracked === 1,
      shippedAt: p.shipped_at,
      shipFrom: p.ship_from,
      lines: p.lines === null ? null : (JSON.parse(p.lines) as ParcelLine[]),
      origin: p.origin as Parcel['origin'],
      appliedState: p.applied_state_id,
    });
  }
  for (const sync of syncs) dossiers.get(sync.order_id)?.syncs.push(storedSync(sync));
  for (const one of applied) dossiers.get(one.order_id)?.applied.push({ id: one.id, state_id: one.state_id });
  return dossiers;
}

/** Reads an order's syncs again, after some of them were changed: what ends lets others go. */
export async function refresh(tx: Tx, dossier: Dossier): Promise<void> {
  const rows = await tx.selectFrom('sync').select(syncColumns).where('order_id', '=', dossier.id).orderBy('id').execute();
  dossier.syncs = rows.map(storedSync);
}

function storedSync(row: Pick<SyncTable, (typeof syncColumns)[number]>): StoredSync {
  return { ...row, status: row.status as Status, payload: JSON.parse(row.payload) as Payload };
}

function orderOf(row: OrderTable, lines: readonly OrderLine[]): Order {
  return {
    account: row.account,
    reference: row.reference,
    ownReference: row.own_reference,
    placedAt: row.placed_at,
    shipBy: row.ship_by,
    payment: row.payment as Payment,
    publication: row.publication as Publication,
    fulfilment: row.fulfilment as Fulfilment,
    cancellation: row.cancellation as Cancellation,
    currency: row.currency,
    total: row.total,
    language: row.language,
    imported: row.imported === 1,
    lines,
  };
}

/**
 * What planning needs to decide about an order.
 * @param anew the sync that is planned anew: newer ones that have not left wait for it, not it for them
 */
export function situationOf(dossier: Dossier, account: PlanningAccount, now: Instant, anew?: number): Situation {
  return { account, order: dossier.order, parcels: dossier.parcels, earlier: earliersOf(dossier, anew), now };
}

/** An order's syncs as a newer one sees them, or as the one that is planned anew does. */
export function earliersOf(dossier: Dossier, anew?: number): readonly Earlier[] {
  const others = anew === undefined ? dossier.syncs : dossier.syncs.filter((sync) => sync.id < anew || (sync.id > anew && phaseOf(sync) !== 'never-left'));
  return others.flatMap(earlierOf);
}

function earlierOf(sync: StoredSync): Earlier[] {
  if (sync.operation === 'nothing') return [];
  return [
    {
      id: sync.id,
      operation: sync.operation as Operation,
      parcel: sync.parcel_id,
      lines: sync.payload.lines,
      phase: phaseOf(sync),
      dormant: sync.status === 'held' && sync.cause === 'operation/not-offered',
    },
  ];
}

/** How far a sync has come, as far as a newer one cares. */
function phaseOf(sync: Pick<StoredSync, 'status' | 'unsettled' | 'accepted_at'>): Phase {
  if (isDone(sync.status)) return 'done';
  switch (sync.status) {
    case 'ready':
    case 'delayed':
    case 'blocked':
    case 'held':
      // Accepted once, it is to be sent once more: something of it left.
      return sync.unsettled === 1 || sync.accepted_at !== null ? 'unsettled' : 'never-left';
    case 'sending':
    case 'submitted':
    case 'checking':
    case 'in-doubt':
      return 'unsettled';
    case 'rejected':
    case 'exhausted':
    case 'skipped':
    case 'superseded':
    case 'cancelled':
      return 'not-done';
    case 'accepted':
    case 'confirmed':
      return 'done';
  }
}

/** The account of an order, as planning sees it; the shop has no marketplace. */
export function planningAccount(context: Context, account: string, liveFrom: ReadonlyMap<string, Instant>): PlanningAccount {
  const profile = context.profiles.get(account);
  const offers = Object.fromEntries(operations.map((operation) => {
    const offer = profile?.offers[operation] ?? 'not-offered';
    return [operation, offer === 'not-offered' ? offer : { untracked: offer.untracked }];
  })) as PlanningAccount['offers'];
  return {
    id: account,
    marketplace: profile?.marketplace ?? null,
    from: liveFrom.get(account) ?? 0,
    acknowledge: profile?.acknowledge ?? false,
    trackingGraceMs: profile?.trackingGraceMs ?? 0,
    offers,
  };
}
