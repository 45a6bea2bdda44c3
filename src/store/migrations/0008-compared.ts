import { sql } from 'kysely';
import type { Migrate } from './index.ts';

/** What was shipped at a marketplace by others, and what was accepted in a month: both are found, and counted, by an index alone. */
export const compared: Migrate = async (db) => {
  const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
  await run(`create index parcel_there on parcel (order_id) where origin = 'marketplace' and voided_at is null`);
  await run('create index order_line_there on order_line (order_id) where shipped_elsewhere > 0');
  await run('drop index sync_accepted');
  await run('create index sync_accepted on sync (accepted_at, account, operation) where accepted_at is not null');
};
