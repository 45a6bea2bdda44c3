import type { Db, Tx } from './rows.ts';

/** So often is a transaction begun that others stand in the way of. */
const tries = 5;

/**
 * Does `work` in one transaction.
 * Where many write at once, one may meet another that makes the same row in the same moment, or waits for it while it is
 * waited for. It is begun anew then: `work` changes nothing in memory that a second run would change twice.
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (n >= tries || !isInTheWay(error)) throw error;
    }
  }
}

/** PostgreSQL: deadlock, serialization failure, a row of the same key that was just made, a schema to which something was just added. */
function isInTheWay(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '40P01' || error.code === '40001' || error.code === '23505' || error.code === '0A000');
}
