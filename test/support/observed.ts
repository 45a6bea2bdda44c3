import { sql } from 'kysely';
import type { Store } from '../../src/store/database.ts';
import type { Db, Tx } from '../../src/store/rows.ts';

/** Every arrow that a database's syncs took, as `from>to`, and the statuses they were born with. */
export interface Observed {
  arrows(inside?: Db | Tx): Promise<ReadonlySet<string>>;
  births(): Promise<ReadonlySet<string>>;
}

/** Has the database itself note every change of a status, whoever makes it. */
export async function observe({ db, kind }: Store): Promise<Observed> {
  await (kind === 'sqlite' ? noteInMemory(db) : noteOnServer(db));
  const ways = async (inside: Db | Tx): Promise<string[]> => (await sql<{ way: string }>`select distinct way from seen_arrow`.execute(inside)).rows.map((row) => row.way);
  return {
    arrows: async (inside = db) => new Set((await ways(inside)).filter((way) => !way.startsWith('>'))),
    births: async () => new Set((await ways(db)).filter((way) => way.startsWith('>')).map((way) => way.slice(1))),
  };
}

async function noteInMemory(db: Db): Promise<void> {
  await sql.raw('create temp table seen_arrow (way text primary key) without rowid').execute(db);
  await sql
    .raw(
      `create temp trigger note_arrow after update of status, cause on main.sync
       when old.status <> new.status or (old.status = 'held' and old.cause is not new.cause)
       begin insert or ignore into seen_arrow values (old.status || '>' || new.status); end`,
    )
    .execute(db);
  await sql.raw(`create temp trigger note_birth after insert on main.sync begin insert or ignore into seen_arrow values ('>' || new.status); end`).execute(db);
}

/** Every change is a row: a key would have those who work at once wait for each other. */
async function noteOnServer(db: Db): Promise<void> {
  await sql
    .raw(
      `create table if not exists seen_arrow (way text);
       create or replace function note_arrow() returns trigger language plpgsql as $$ begin
         if tg_op = 'INSERT' then insert into seen_arrow values ('>' || new.status);
         elsif old.status <> new.status or (old.status = 'held' and old.cause is distinct from new.cause) then insert into seen_arrow values (old.status || '>' || new.status);
         end if;
         return null;
       end $$;
       create or replace trigger note_arrow after insert or update of status, cause on sync for each row execute function note_arrow();
       delete from seen_arrow`,
    )
    .execute(db);
}
