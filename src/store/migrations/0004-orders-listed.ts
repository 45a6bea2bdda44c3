import { sql } from 'kysely';
import type { Migrate } from './index.ts';

/** The list of all orders, latest first, filtered without a look at the orders themselves: all that it filters by is in the index. */
export const ordersListed: Migrate = async (db) => {
  await sql.raw('create index orders_listed on orders (placed_at, id, account, state_id, indicator)').execute(db);
};
