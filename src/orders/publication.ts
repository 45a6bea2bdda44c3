import { shop } from './order.ts';
import type { Order } from './order.ts';

/** An order with what makes its customer's link its own. */
export interface LinkedOrder {
  readonly id: number;
  /** How often the link was made anew; those before are dead. */
  readonly link: number;
}

/**
 * May the customer see this order? By default only one placed on the merchant's own shop whose payment is
 * confirmed or in progress (a cheque, say); per order it can be forced either way.
 */
export function isPublished(order: Pick<Order, 'account' | 'payment' | 'publication'>): boolean {
  switch (order.publication) {
    case 'yes':
      return true;
    case 'no':
      return false;
    case 'default':
      return order.account === shop && (order.payment === 'confirmed' || order.payment === 'in-progress');
  }
}

/** The applied states that the customer sees, in the order in which they were applied. One that can still be undone waits. */
export function visible<T extends { readonly publish: boolean; readonly undoneAt: number | null; readonly appliedAt: number; readonly graceUntil: number | null }>(
  order: Pick<Order, 'account' | 'payment' | 'publication'>,
  history: readonly T[],
  now: number,
): T[] {
  if (!isPublished(order)) return [];
  return history.filter((applied) => applied.publish && applied.undoneAt === null && applied.appliedAt <= now && (applied.graceUntil ?? 0) <= now).toSorted((a, b) => a.appliedAt - b.appliedAt);
}
