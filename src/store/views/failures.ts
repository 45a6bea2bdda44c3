import { sql } from 'kysely';
import type { Db } from '../rows.ts';

/** Syncs of one status, by the index over status and number: it wants the status as it is, and the number asked for. */
export function ofStatus(db: Db, status: 'rejected' | 'exhausted' | 'in-doubt') {
  return db.selectFrom('sync').where('id', '>', sql.lit(0)).where('status', '=', sql.lit(status));
}
