import type { Instant } from '../runtime/clock.ts';
import { append, journalLane } from './audit.ts';
import type { Context } from './context.ts';
import { inParts } from './rows.ts';
import type { Db } from './rows.ts';
import { transact } from './transact.ts';

/** How often the links of these orders were made anew; an order that is not in the map has its first one. */
export async function linksOf(db: Db, orders: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const rows = await inParts([...new Set(orders)], (part) => db.selectFrom('customer_link').selectAll().where('order_id', 'in', part).execute());
  return new Map(rows.map(({ order_id, generation }) => [order_id, generation]));
}

/** Makes an order's link anew: whoever has the one before it finds nothing there any more. */
export async function renewLink(context: Context, order: number, author: string, now: Instant): Promise<void> {
  await transact(context.store.db, async (tx) => {
    await tx
      .insertInto('customer_link')
      .values({ order_id: order, generation: 1 })
      .onConflict((conflict) => conflict.column('order_id').doUpdateSet((eb) => ({ generation: eb('customer_link.generation', '+', 1) })))
      .execute();
    await append(tx, context.audit, journalLane, now, [{ kind: 'link-renewed', sync: null, attempt: null, what: null, cause: null, body: { by: author, order } }]);
  });
}
