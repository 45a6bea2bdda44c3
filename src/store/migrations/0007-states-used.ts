import { sql } from 'kysely';
import type { Migrate } from './index.ts';

/** How often a state is in use is counted in an index, up to a bound, without a look at what was applied. */
export const statesUsed: Migrate = async (db) => {
  await sql.raw('create index applied_state_used on applied_state (state_id, undone_at) where undone_at is null').execute(db);
};
