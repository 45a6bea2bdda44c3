import { sql } from 'kysely';
import type { Instant } from '../../runtime/clock.ts';
import { day } from '../../runtime/clock.ts';
import type { Db } from '../rows.ts';
import { ofStatus } from './failures.ts';

/** What was due longer ago than this is history, whatever became of it. */
export const longAgo = 30 * day;

/**
 * Orders whose deadline lies in [from, to), each with it: something is left to ship, or what was to be told of them has
 * not been accepted yet. A query to be joined, counted or ordered; three indexes answer it, none of which knows the past.
 */
export function dueOrders(db: Db, from: Instant, to: Instant) {
  const parts = db
    .selectFrom('orders')
    .select(['orders.id as order_id', sql<number>`orders.open_until`.as('until')])
    .where('open_until', '>=', from)
    .where('open_until', '<', to)
    .union(db.selectFrom('sync').select(['order_id', 'ship_by as until']).where('ended_at', 'is', null).where('ship_by', '>=', from).where('ship_by', '<', to).where('operation', '=', 'confirm-shipment'))
    .union(ofStatus(db, 'rejected').select(['order_id', 'ship_by as until']).where('ship_by', '>=', from).where('ship_by', '<', to).where('operation', '=', 'confirm-shipment'))
    .union(ofStatus(db, 'exhausted').select(['order_id', 'ship_by as until']).where('ship_by', '>=', from).where('ship_by', '<', to).where('operation', '=', 'confirm-shipment'));
  return db.selectFrom(parts.as('part')).select((eb) => ['order_id', eb.fn.min<number>('until').as('until')]).groupBy('order_id');
}
