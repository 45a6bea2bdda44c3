import { Kysely, sql } from 'kysely';
import { DatabaseError } from 'pg';
import type { Clock } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import { withoutPassword } from '../settings/values.ts';
import type { Access, Store } from './database.ts';
import { postgres } from './migrations/index.ts';
import { ServerDialect } from './postgres-dialect.ts';
import { listenOn } from './postgres-listen.ts';
import type { ServerAdapter } from './postgres-dialect.ts';
import { Connections } from './postgres-pool.ts';
import type { ConnectionLimits } from './postgres-pool.ts';
import type { Schema } from './schema.ts';
import { matchSchema } from './schema-version.ts';
import { isStorageTrouble } from './trouble.ts';
import { StoreUnusable } from './unusable.ts';
import type { Unusable } from './unusable.ts';

/** What one process takes of a server: ten connections carry a thousand transactions a second. */
const limits: ConnectionLimits = { connections: 10, statement: 20 * second };

/** A change of the schema may have to wait, and may take its time. */
const unlimited: ConnectionLimits = { connections: 1, statement: null };

/** Older servers lack nothing that is used here; they are not tried. */
const oldest = 14;

/** Opens a database of a PostgreSQL server; see {@link openStore}. */
export async function openPostgres(url: string, access: Access, clock?: Pick<Clock, 'now'>): Promise<Store> {
  const place = shown(url);
  const pool = new Connections(url, limits);
  const dialect = new ServerDialect(pool, clock);
  const db = new Kysely<Schema>({ dialect });
  try {
    await matchVersion(db, place);
    const isNew = !(await isThere(db, 'kysely_migration'));
    if (access === 'upgrade') await upgrade(url, place);
    else await matchSchema(db, postgres, { place, access, isNew });
    await readTypes(db, dialect.adapter);
  } catch (error) {
    await db.destroy();
    throw error instanceof StoreUnusable ? error : new StoreUnusable(whyUnusable(place, error), { cause: error, lasting: !isStorageTrouble(error) });
  }
  return {
    kind: 'postgres',
    db,
    place,
    file: null,
    version: () => 0,
    listen: (hear, with_, stop) => listenOn(url, hear, with_, stop),
    backup: () => Promise.reject(new Error(`${place} is a server: it has backups of its own`)),
    close: () => db.destroy(),
  };
}

function shown(url: string): string {
  const parsed = URL.parse(url.replace(/,[^/]*/, ''));
  return parsed === null ? 'the PostgreSQL server' : withoutPassword(parsed);
}

async function matchVersion(db: Kysely<Schema>, place: string): Promise<void> {
  const { rows } = await sql<{ version: string }>`select current_setting('server_version_num') as version`.execute(db);
  const major = Math.floor(Number(rows[0]?.version) / 10_000);
  if (major < oldest) throw new StoreUnusable({ code: 'server-old', file: place, what: String(major) });
}

async function isThere(db: Kysely<Schema>, table: string): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`select to_regclass(${table}) is not null as known`.execute(db);
  return rows[0]?.known === true;
}

/** On a connection of its own, on which nothing is cut short. */
async function upgrade(url: string, place: string): Promise<void> {
  const db = new Kysely<Schema>({ dialect: new ServerDialect(new Connections(url, unlimited), undefined) });
  try {
    await matchSchema(db, postgres, { place, access: 'upgrade', isNew: !(await isThere(db, 'kysely_migration')) });
  } finally {
    await db.destroy();
  }
}

async function readTypes(db: Kysely<Schema>, adapter: ServerAdapter): Promise<void> {
  const { rows } = await sql<{ name: string; type: string }>`
    select c.relname || '.' || a.attname as name, format_type(a.atttypid, null) as type
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`.execute(db);
  for (const { name, type } of rows) adapter.types.set(name, type);
}

function whyUnusable(file: string, error: unknown): Unusable {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof DatabaseError) {
    if (error.code === '28P01' || error.code === '28000') return { code: 'server-refuses', file, what: error.code };
    if (error.code === '3D000') return { code: 'server-no-database', file, what: error.code };
    if (error.code === '42501') return { code: 'server-no-rights', file, what: message };
  }
  return { code: 'server-unusable', file, what: message };
}
