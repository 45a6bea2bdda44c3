import { sql } from 'kysely';
import type { Store } from '../../src/store/database.ts';
import type { Db } from '../../src/store/rows.ts';
import { isOnServer } from './databases.ts';

/**
 * Has the database refuse rows of a table, as a full disk would.
 * @param condition of SQL, over `new`
 * @returns what ends it
 */
export async function refuseInserts({ db, kind }: Store, table: string, condition: string): Promise<() => Promise<void>> {
  if (kind === 'sqlite') {
    await sql.raw(`create temp trigger disk_full before insert on main.${table} when ${condition} begin select raise(abort, 'disk full'); end`).execute(db);
    return async () => void (await sql`drop trigger temp.disk_full`.execute(db));
  }
  await sql.raw(`create function disk_full() returns trigger language plpgsql as $$ begin if ${condition} then raise exception 'disk full'; end if; return new; end $$; create trigger disk_full before insert on ${table} for each row execute function disk_full()`).execute(db);
  return async () => void (await sql.raw(`drop trigger disk_full on ${table}; drop function disk_full`).execute(db));
}

/** The audit's own triggers, as somebody with all the rights to a database can take them off; on a server for this transaction alone. */
export async function takeGuardsOff(db: Db): Promise<void> {
  if (isOnServer) await sql.raw('set local session_replication_role = replica').execute(db);
  else for (const trigger of ['audit_entry_never_changed', 'audit_entry_kept', 'audit_body_never_changed']) await sql.raw(`drop trigger if exists ${trigger}`).execute(db);
}
