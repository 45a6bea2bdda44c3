import type { Instant } from '../runtime/clock.ts';
import type { OrderTable } from './schema.ts';

/** What is known of an order when it is first stored. */
export type FirstKnown = Pick<OrderTable, 'id' | 'account' | 'reference' | 'own_reference' | 'placed_at' | 'ship_by' | 'payment' | 'publication' | 'fulfilment' | 'cancellation' | 'currency' | 'total' | 'language' | 'imported'>;

/** The row of an order to which nothing has happened yet. */
export function orderRow(known: FirstKnown, now: Instant): OrderTable {
  return { ...known, unknown_at: null, state_id: null, state_at: null, indicator: null, indicator_at: null, open_until: null, created_at: now, updated_at: now };
}
