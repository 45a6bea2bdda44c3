import { isAllShipped } from '../orders/applied-state.ts';
import { deadline, shop } from '../orders/order.ts';
import type { Instant } from '../runtime/clock.ts';
import { updateRows } from './rows.ts';
import type { Tx } from './rows.ts';
import type { Dossier } from './situations.ts';

/**
 * By when what is left of an order must be shipped; null where nothing is left, or it is not the merchant's to ship.
 * Stored with the order, so that whoever looks for what is late finds it without going through the history.
 */
export function openUntil({ order, parcels }: Pick<Dossier, 'order' | 'parcels'>): Instant | null {
  if (!order.imported || order.fulfilment !== 'merchant' || order.cancellation === 'cancelled' || order.lines.length === 0) return null;
  if (order.payment === 'refused' || order.payment === 'cancelled' || order.payment === 'refunded') return null;
  if (order.account === shop && order.shipBy === null) return null;
  return isAllShipped(order, parcels) ? null : deadline(order);
}

/** Writes it down for those orders of which it has changed. */
export async function keepOpen(tx: Tx, dossiers: Iterable<Dossier>): Promise<void> {
  const changed = [...dossiers].map((dossier) => ({ dossier, until: openUntil(dossier) })).filter(({ dossier, until }) => until !== dossier.row.open_until);
  await updateRows(tx, 'orders', changed.map(({ dossier, until }) => ({ id: dossier.id, open_until: until })));
  for (const { dossier, until } of changed) dossier.row.open_until = until;
}
