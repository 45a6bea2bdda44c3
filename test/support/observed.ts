import { sql } from 'kysely';
import type { Store } from '../../src/store/database.ts';
import type { Db, Tx } from '../../src/store/rows.ts';

/** Every arrow that a database's syncs took, as `from>to`, and the statuses they were born with. */
export interface Observed {
  arrows(inside?: Db | Tx): Promise<ReadonlySet<string>>;
  births(): Promise<ReadonlySet<string>>;
}

/** Has the database itself note every change of a status, whoever makes it. */
export async function observe({ db }: Store): Promise<Observed> {
  await sql.raw('create temp table seen_arrow (way text primary key) without rowid').execute(db);
  await sql
    .raw(
      `create temp trigger note_arrow after update of status, cause on main.sync
       when old.status <> new.status or (old.status = 'held' and old.cause is not new.cause)
       begin insert or ignore into seen_arrow values (old.status || '>' || new.status); end`,
    )
    .execute(db);
  await sql.raw(`create temp trigger note_birth after insert on main.sync begin insert or ignore into seen_arrow values ('>' || new.status); end`).execute(db);
  const ways = async (inside: Db | Tx): Promise<string[]> => (await sql<{ way: string }>`select way from temp.seen_arrow`.execute(inside)).rows.map((row) => row.way);
  return {
    arrows: async (inside = db) => new Set((await ways(inside)).filter((way) => !way.startsWith('>'))),
    births: async () => new Set((await ways(db)).filter((way) => way.startsWith('>')).map((way) => way.slice(1))),
  };
}
