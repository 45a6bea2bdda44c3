import { sql } from 'kysely';
import type { Migrate } from './index.ts';

/** The rate that a bucket's limit named when it was written: one that is edited in the settings takes effect, one that was learned stays. */
export const publishedRates: Migrate = async (db, { real }) => {
  await sql.raw(`alter table quota add column published ${real}`).execute(db);
};
