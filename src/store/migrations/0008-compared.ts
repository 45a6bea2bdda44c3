import { sql } from 'kysely';
import type { Migrate } from './index.ts';

/** What was shipped at a marketplace by others, what was accepted in a month or a day, and what is open: found, counted and measured by indexes alone. */
export const compared: Migrate = async (db) => {
  const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
  await run(`create index parcel_there on parcel (order_id) where origin = 'marketplace' and voided_at is null`);
  await run('create index order_line_there on order_line (order_id) where shipped_elsewhere > 0');
  await run('drop index sync_accepted');
  await run('create index sync_told on sync (operation, account, accepted_at, ship_by, created_at) where accepted_at is not null');
  // With what an order list, money that waits and lateness want to know of each open sync, they need not look at the sync.
  await run('drop index sync_deadline');
  await run('create index sync_deadline on sync (ship_by, account, operation, order_id) where ended_at is null');
};
