import { sql } from 'kysely';
import type { Migrate } from './index.ts';

/** What lists of the console are read by: none of them goes through the history. */
export const lists: Migrate = async (db, { int }) => {
  const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
  await run(`alter table orders add column open_until ${int}`);
  await run('create index orders_open on orders (open_until, id) where open_until is not null');
  await run(`create index orders_cancel_requested on orders (id) where cancellation = 'requested'`);
  await run('create index sync_accepted on sync (accepted_at) where accepted_at is not null');
  // Orders from before. One of which a part was shipped is put right when it is next heard of; see open-orders.ts.
  await run(`update orders set open_until = coalesce(ship_by, placed_at + 172800000)
    where imported = 1 and fulfilment = 'merchant' and cancellation <> 'cancelled' and payment in ('confirmed', 'in-progress') and (account <> 'shop' or ship_by is not null)
    and exists (select 1 from order_line where order_line.order_id = orders.id and order_line.quantity > order_line.cancelled + order_line.shipped_elsewhere)
    and not exists (select 1 from parcel where parcel.order_id = orders.id and parcel.voided_at is null)`);
};
