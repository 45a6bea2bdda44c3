import type { AppliedState, RefundWish } from '../orders/applied-state.ts';
import type { Order } from '../orders/order.ts';
import type { Instant } from '../runtime/clock.ts';
import type { Db } from './rows.ts';
import { loadDossiers } from './situations.ts';
import type { StoredParcel } from './situations.ts';

/** An order as somebody who looks it up sees it: what it is, what was applied to it, what was packed. */
export interface OrderHistory {
  readonly id: number;
  /** How often its customer's link was made anew. */
  readonly link: number;
  readonly order: Order;
  /** When the marketplace said that it knows no such order. */
  readonly unknownAt: Instant | null;
  /** Mnemonic of the latest applied state. */
  readonly state: string | null;
  readonly indicator: string | null;
  /** Oldest first; undone ones are among them. */
  readonly applied: readonly AppliedEntry[];
  /** Voided ones are left out. */
  readonly parcels: readonly StoredParcel[];
}

/** A state that was applied, as it was stored then. */
export interface AppliedEntry extends AppliedState {
  readonly id: number;
  /** Its mnemonic. */
  readonly state: string;
  readonly receivedAt: Instant;
  readonly source: string;
  readonly author: string;
  readonly graceUntil: Instant | null;
  readonly undoneAt: Instant | null;
  readonly undoneBy: string | null;
}

/** One order with its history; `null`: no such order. */
export async function orderHistory(db: Db, id: number): Promise<OrderHistory | null> {
  const row = await db
    .selectFrom('orders')
    .leftJoin('order_state', 'order_state.id', 'orders.state_id')
    .leftJoin('customer_link', 'customer_link.order_id', 'orders.id')
    .select(['customer_link.generation', 'orders.unknown_at', 'orders.indicator', 'order_state.mnemonic'])
    .where('orders.id', '=', id)
    .executeTakeFirst();
  const dossier = (await loadDossiers(db, [id])).get(id);
  if (row === undefined || dossier === undefined) return null;
  const applied = await db
    .selectFrom('applied_state')
    .innerJoin('order_state', 'order_state.id', 'applied_state.state_id')
    .selectAll('applied_state')
    .select('order_state.mnemonic')
    .where('applied_state.order_id', '=', id)
    .orderBy('applied_state.applied_at')
    .orderBy('applied_state.id')
    .execute();
  return {
    id,
    link: row.generation ?? 0,
    order: dossier.order,
    unknownAt: row.unknown_at,
    state: row.mnemonic,
    indicator: row.indicator,
    parcels: dossier.parcels,
    applied: applied.map((one) => ({
      id: one.id,
      state: one.mnemonic,
      appliedAt: one.applied_at,
      receivedAt: one.received_at,
      source: one.source,
      author: one.author,
      comment: one.comment,
      sms: one.sms,
      publish: one.publish === 1,
      notifyByMail: one.notify_by_mail === 1,
      notifyBySms: one.notify_by_sms === 1,
      generateInvoice: one.generate_invoice === 1,
      cancelReason: one.cancel_reason,
      refund: one.refund === null ? null : (JSON.parse(one.refund) as RefundWish),
      graceUntil: one.grace_until,
      undoneAt: one.undone_at,
      undoneBy: one.undone_by,
    })),
  };
}
