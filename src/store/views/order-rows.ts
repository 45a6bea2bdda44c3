import { deadline, shop } from '../../orders/order.ts';
import type { Cancellation } from '../../orders/order.ts';
import type { StateTexts } from '../../orders/order-state.ts';
import type { Instant } from '../../runtime/clock.ts';
import { failed, isDone } from '../../syncing/status.ts';
import type { Status } from '../../syncing/status.ts';
import { inParts } from '../rows.ts';
import { loadDossiers } from '../situations.ts';
import type { Dossier, StoredSync } from '../situations.ts';
import type { ViewContext } from './view.ts';

/** One order as a list shows it. */
export interface OrderRow {
  readonly id: number;
  readonly account: string;
  readonly reference: string;
  readonly ownReference: string | null;
  /** Null while only its number is known. */
  readonly placedAt: Instant | null;
  readonly state: ShownState | null;
  readonly indicator: string | null;
  readonly cancellation: Cancellation;
  readonly due: Due;
  /** Of its syncs, the one that wants somebody most; else the latest. */
  readonly sync: RowSync | null;
}

export interface ShownState {
  readonly id: number;
  readonly mnemonic: string;
  readonly texts: Readonly<Record<string, StateTexts>>;
}

/**
 * How an order stands to its deadline. `open`: something is left to be shipped or told. `met`, `missed`: all is told, in
 * time or not. `none`: it has none.
 */
export interface Due {
  readonly kind: 'open' | 'met' | 'missed' | 'none';
  readonly at: Instant | null;
}

export interface RowSync {
  readonly id: number;
  readonly status: Status;
  readonly operation: string;
  readonly cause: string | null;
  /** When it was accepted or ended; for one that waits, when it is its turn. */
  readonly at: Instant | null;
}

/** The rows of a page, in the order of their numbers. */
export async function orderRows({ store: { db } }: ViewContext, ids: readonly number[], now: Instant): Promise<readonly OrderRow[]> {
  const dossiers = await loadDossiers(db, ids);
  const stateIds = [...new Set([...dossiers.values()].flatMap(({ row }) => row.state_id ?? []))];
  const states = new Map((await inParts(stateIds, (part) => db.selectFrom('order_state').select(['id', 'mnemonic', 'texts']).where('id', 'in', part).execute())).map(({ id, mnemonic, texts }): [number, ShownState] => [id, { id, mnemonic, texts: JSON.parse(texts) as Record<string, StateTexts> }]));
  return ids.flatMap((id): OrderRow[] => {
    const dossier = dossiers.get(id);
    if (dossier === undefined) return [];
    const { order, row } = dossier;
    return [{ id, account: order.account, reference: order.reference, ownReference: order.ownReference, placedAt: order.imported ? order.placedAt : null, state: row.state_id === null ? null : (states.get(row.state_id) ?? null), indicator: row.indicator, cancellation: order.cancellation, due: dueOf(dossier), sync: foremost(dossier, now) }];
  });
}

/** How an order stands to its deadline; see {@link Due}. */
export function dueOf({ order, row, syncs, parcels }: Dossier): Due {
  const at = deadline(order);
  const told = syncs.filter((sync) => sync.operation === 'confirm-shipment' && !['skipped', 'superseded', 'cancelled'].includes(sync.status) && !isSettled(syncs, sync));
  if (row.open_until !== null) return { kind: 'open', at: row.open_until };
  if (told.some(({ status }) => !isDone(status))) return { kind: 'open', at };
  if (!order.imported || order.cancellation === 'cancelled' || order.fulfilment === 'marketplace' || (order.account === shop && order.shipBy === null)) return { kind: 'none', at: order.account === shop ? order.shipBy : null };
  const moments = [...told.flatMap(({ accepted_at, told_at }) => accepted_at ?? told_at ?? []), ...(told.length > 0 ? [] : parcels.map(({ shippedAt }) => shippedAt))];
  return moments.length === 0 ? { kind: 'none', at: null } : { kind: Math.max(...moments) > at ? 'missed' : 'met', at };
}

/** A failure after which the same was told by another. */
function isSettled(syncs: readonly StoredSync[], { id, status }: StoredSync): boolean {
  return failed.includes(status) && syncs.some((later) => later.id > id && (later.operation === 'confirm-shipment' || later.operation === 'correct-shipment') && isDone(later.status));
}

const ranks: Readonly<Record<Status, number>> = { 'in-doubt': 0, rejected: 0, exhausted: 0, held: 1, sending: 2, submitted: 2, checking: 2, ready: 3, delayed: 3, blocked: 3, accepted: 4, confirmed: 5, skipped: 6, superseded: 7, cancelled: 7 };

/** The sync to speak of: what wants somebody, then what is under way or waits, then what was told last. */
function foremost({ syncs }: Dossier, now: Instant): RowSync | null {
  const one = syncs.filter((sync) => !isSettled(syncs, sync)).toSorted((a, b) => ranks[a.status] - ranks[b.status] || b.id - a.id)[0];
  if (one === undefined) return null;
  const waiting = ranks[one.status] === 3;
  const turn = Math.max(one.due_at ?? 0, one.status === 'delayed' ? (one.grace_until ?? 0) : 0);
  return { id: one.id, status: one.status, operation: one.operation, cause: one.cause, at: waiting ? (turn > now ? turn : null) : (one.accepted_at ?? one.ended_at) };
}
