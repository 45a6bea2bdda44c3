import { isPublished, visible } from '../../orders/publication.ts';
import type { Order } from '../../orders/order.ts';
import type { StateTexts } from '../../orders/order-state.ts';
import type { Instant } from '../../runtime/clock.ts';
import { findLetterhead } from '../letterhead.ts';
import type { Letterhead } from '../letterhead.ts';
import type { ViewContext } from './view.ts';

/** An order as its customer may see it: what is published, and nothing else. */
export interface CustomerOrder {
  readonly id: number;
  /** How often its link was made anew. */
  readonly link: number;
  readonly published: boolean;
  readonly reference: string;
  /** Null: the merchant's own shop. */
  readonly marketplace: string | null;
  readonly placedAt: Instant | null;
  /** The customer's, ISO 639-1. */
  readonly language: string;
  /** Oldest first. */
  readonly applied: readonly SeenState[];
  readonly letterhead: Letterhead;
}

/** A published state with the parcels that came with it. */
export interface SeenState {
  readonly id: number;
  readonly appliedAt: Instant;
  /** As it was applied to this order; its variables are not filled in. */
  readonly comment: string;
  /** The state's own, by language, as they are today. */
  readonly texts: Readonly<Record<string, StateTexts>>;
  readonly parcels: readonly { readonly carrier: string | null; readonly tracking: string | null }[];
}

/** Null: no such order. */
export async function customerOrder({ store: { db }, profiles }: ViewContext, { id, now }: { readonly id: number; readonly now: Instant }): Promise<CustomerOrder | null> {
  const row = await db
    .selectFrom('orders')
    .leftJoin('customer_link', 'customer_link.order_id', 'orders.id')
    .select(['orders.id', 'account', 'reference', 'placed_at', 'imported', 'payment', 'publication', 'language', 'customer_link.generation'])
    .where('orders.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  const order = { account: row.account, payment: row.payment as Order['payment'], publication: row.publication as Order['publication'] };
  const history = await db
    .selectFrom('applied_state')
    .innerJoin('order_state', 'order_state.id', 'applied_state.state_id')
    .select(['applied_state.id', 'applied_state.applied_at', 'applied_state.comment', 'applied_state.publish', 'applied_state.undone_at', 'applied_state.grace_until', 'order_state.texts'])
    .where('applied_state.order_id', '=', id)
    .orderBy('applied_state.applied_at')
    .orderBy('applied_state.id')
    .execute();
  const parcels = await db.selectFrom('parcel').select(['applied_state_id', 'carrier', 'tracking_number']).where('order_id', '=', id).where('voided_at', 'is', null).orderBy('id').execute();
  const seen = visible(order, history.map((one) => ({ ...one, publish: one.publish === 1, undoneAt: one.undone_at, appliedAt: one.applied_at, graceUntil: one.grace_until })), now);
  return {
    id: row.id,
    link: row.generation ?? 0,
    published: isPublished(order),
    reference: row.reference,
    marketplace: profiles.get(row.account)?.marketplace ?? null,
    placedAt: row.imported === 1 ? row.placed_at : null,
    language: row.language,
    applied: seen.map(({ id: applied, appliedAt, comment, texts }) => ({
      id: applied,
      appliedAt,
      comment,
      texts: JSON.parse(texts) as Record<string, StateTexts>,
      parcels: parcels.filter((parcel) => parcel.applied_state_id === applied).map(({ carrier, tracking_number }) => ({ carrier, tracking: tracking_number })),
    })),
    letterhead: await findLetterhead(db),
  };
}
