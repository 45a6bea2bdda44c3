import type { Kysely } from 'kysely';
import type { Clock } from '../runtime/clock.ts';
import type { Schema } from './schema.ts';
import { openSqlite } from './sqlite.ts';

/**
 * How a database is opened: `upgrade` brings the schema up to date, `use` refuses another schema, `read` does so and cannot
 * write, `look` cannot write, and takes the schema of an older version as it is: what it may ask for is little.
 */
export type Access = 'upgrade' | 'use' | 'read' | 'look';

/** An open database: a file of SQLite, with one connection and one writer, or PostgreSQL, with many. */
export interface Store {
  readonly kind: 'sqlite' | 'postgres';
  readonly db: Kysely<Schema>;
  /** Where it is, as it may be shown: a path, or an address without its password. */
  readonly place: string;
  /** SQLite's file, or `:memory:`; null on a server. */
  readonly file: string | null;
  /** Grows when another connection has written: microseconds, no lock. */
  version(): number;
  /** Hears what others tell of, until `stop`; an empty text: something may have been missed. Null where one process has the database to itself. */
  readonly listen: ((hear: (payload: string) => void, clock: Clock, stop: AbortSignal) => Promise<void>) | null;
  /** Copies the whole database to `file` while it is being used. A server has its own ways. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a database.
 * @param place a path, `:memory:`, or the address of a PostgreSQL server (`postgres://…`)
 * @param clock what times on a server are compared by, where that is not the server's own clock
 * @throws StoreUnusable where the schema is newer, missing or older than asked for, the file is damaged, or the server is away
 */
export async function openStore(place: string, access: Access = 'use', clock?: Pick<Clock, 'now'>): Promise<Store> {
  if (!/^postgres(ql)?:/i.test(place)) return openSqlite(place, access);
  // Its driver is loaded where there is a server.
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres(place, access, clock);
}
