import { sql } from 'kysely';
import type { Migrate } from './index.ts';

/** What people did to one sync is found without going through all that was ever asked. */
export const verbsOfASync: Migrate = async (db) => {
  await sql.raw('create index rerun_item_sync on rerun_item (sync_id)').execute(db);
};
