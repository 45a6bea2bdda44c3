import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import { serverOf } from './postgres-dialect.ts';
import type { Db, Tx } from './rows.ts';

/**
 * Now, by the clock that everybody who shares the database goes by, to be selected in a statement: on a server its own,
 * at the moment of the statement; on SQLite the one process's.
 */
export function momentOf(db: Db | Tx, given: Instant): RawBuilder<number> {
  const server = serverOf(db);
  if (server === null) return sql<number>`${given}`;
  if (server.clock !== undefined) return sql<number>`cast(${server.clock.now()} as bigint)`;
  return sql<number>`cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint)`;
}

/** The same, where no statement is made anyway. */
export async function momentIn(db: Db | Tx, given: Instant): Promise<Instant> {
  if (serverOf(db) === null) return given;
  const { rows } = await sql<{ now: number }>`select ${momentOf(db, given)} as now`.execute(db);
  return rows[0]?.now ?? given;
}
