import { sql } from 'kysely';
import { serverOf } from './postgres-dialect.ts';
import type { Db, Tx } from './rows.ts';

/** What is given a number of its own. */
type Identified = 'order' | 'state' | 'applied' | 'parcel' | 'sync' | 'token' | 'bulk' | 'rerun' | 'invitation';

/**
 * So many identifiers that are now ours, ascending, and higher than all that were given before. Two transactions that
 * work on one order have its lock: what the later one is given is higher there too.
 */
export async function allocate(tx: Tx, name: Identified, count: number): Promise<readonly number[]> {
  if (count === 0) return [];
  if (serverOf(tx) !== null) {
    // A counter that is part of the transaction would have everybody wait for everybody.
    const { rows } = await sql<{ id: number }>`select nextval(${`id_${name}`}) as id from generate_series(1, ${count}::int)`.execute(tx);
    return rows.map((row) => row.id);
  }
  const row = await tx
    .insertInto('sequence')
    .values({ name, next: count + 1 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet((eb) => ({ next: eb('sequence.next', '+', count) })))
    .returning('next')
    .executeTakeFirstOrThrow();
  return Array.from({ length: count }, (_, i) => row.next - count + i);
}

/** What was given last of each kind: it changes whenever something was made. */
export async function lastGiven(db: Db): Promise<readonly { readonly name: string; readonly next: number }[]> {
  if (serverOf(db) === null) return db.selectFrom('sequence').select(['name', 'next']).orderBy('name').execute();
  const { rows } = await sql<{ name: string; next: number }>`select sequencename as name, coalesce(last_value, 0) as next from pg_sequences where schemaname = current_schema() order by sequencename`.execute(db);
  return rows;
}

/** The one identifier of a single thing. */
export async function allocateOne(tx: Tx, name: Identified): Promise<number> {
  const [id] = await allocate(tx, name, 1);
  if (id === undefined) throw new Error(`no identifier was given for ${name}`);
  return id;
}
