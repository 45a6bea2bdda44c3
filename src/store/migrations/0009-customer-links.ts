import { sql } from 'kysely';
import type { Migrate } from './index.ts';

/** How often an order's link for its customer was made anew; an order whose link is the first one is not in it. */
export const customerLinks: Migrate = async (db, { int, withoutRowid }) => {
  await sql.raw(`create table customer_link (order_id ${int} primary key not null references orders (id), generation ${int} not null)${withoutRowid === '' ? '' : ` ${withoutRowid}`}`).execute(db);
};
