import Database from 'better-sqlite3';
import { Kysely, SqliteAdapter, SqliteDialect, SqliteQueryCompiler } from 'kysely';
import type { DialectAdapter, QueryCompiler, SelectQueryNode, SqliteDatabase, SqliteStatement } from 'kysely';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Duration } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import { damageIn } from './damage.ts';
import type { Access, Store } from './database.ts';
import { sqlite } from './migrations/index.ts';
import { matchSchema } from './schema-version.ts';
import type { Schema } from './schema.ts';
import { restoringBeside, StoreUnusable } from './unusable.ts';
import type { Unusable } from './unusable.ts';

const busyTimeout: Duration = 10 * second;

/**
 * Opens a file, or `:memory:`; see openStore. Exactly one connection: SQLite has one writer. `upgrade` looks through the
 * file's pages.
 */
export async function openSqlite(file: string, access: Access): Promise<Store> {
  if (file !== ':memory:' && existsSync(restoringBeside(file))) throw new StoreUnusable({ code: 'restore-unfinished', file, what: restoringBeside(file) });
  if (file !== ':memory:' && access === 'upgrade') mkdirSync(dirname(file), { recursive: true });
  const raw = openFile(file, access);
  const db = new Kysely<Schema>({ dialect: new ImmediateSqlite({ database: () => Promise.resolve(cached(raw)) }) });
  try {
    if (access === 'upgrade' && file !== ':memory:') assertSound(raw, file);
    await matchSchema(db, sqlite, { place: file, access, isNew: isNew(raw, file) });
    if (canWrite(access)) assertDurable(raw, file);
  } catch (error) {
    await db.destroy();
    throw error instanceof StoreUnusable ? error : unusable(file, error);
  }
  return {
    kind: 'sqlite',
    db,
    place: file,
    file,
    listen: null,
    version: () => raw.pragma('data_version', { simple: true }) as number,
    backup: async (to) => {
      await raw.backup(to);
    },
    close: () => db.destroy(),
  };
}

function openFile(file: string, access: Access): Database.Database {
  try {
    const raw = new Database(file, { timeout: busyTimeout, fileMustExist: access !== 'upgrade' && file !== ':memory:', readonly: !canWrite(access) });
    if (canWrite(access)) raw.pragma('journal_mode = wal');
    // Compiled with NORMAL in WAL mode: a lost intent would be a possible duplicate, so FULL is said on every opening.
    raw.pragma('synchronous = full');
    raw.pragma('foreign_keys = on');
    raw.pragma('cache_size = -65536');
    raw.pragma('temp_store = memory');
    // Carried over into the file every 32 MiB instead of every 4: under load that is a sixth of the work. What is committed
    // is on the disk either way, and reading the log again after a crash takes a fraction of a second.
    raw.pragma('wal_autocheckpoint = 8000');
    raw.pragma('journal_size_limit = 67108864');
    return raw;
  } catch (error) {
    throw unusable(file, error);
  }
}

function canWrite(access: Access): boolean {
  return access === 'upgrade' || access === 'use';
}

function unusable(file: string, error: unknown): StoreUnusable {
  return new StoreUnusable(whyUnusable(file, error), { cause: error });
}

function whyUnusable(file: string, error: unknown): Unusable {
  const what = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(what)) return { code: 'damaged', file, what };
  if (/^SQLITE_(READONLY|PERM|AUTH)/.test(what)) return { code: 'not-writable', file, what };
  if (what === 'SQLITE_CANTOPEN') return { code: 'not-there', file, what };
  return { code: 'not-opened', file, what: error instanceof Error ? error.message : String(error) };
}

/** Better not to begin than to find out after a call was made that it cannot be written down. */
function assertSound(raw: Database.Database, file: string): void {
  const found = damageIn(raw);
  if (found !== null) throw new StoreUnusable({ code: 'damaged', file, what: found });
}

/** The pragma alone lies before the first write (see style of SQLite builds): it is asked for after one. */
function assertDurable(raw: Database.Database, file: string): void {
  if (file === ':memory:') return;
  raw.exec('begin immediate; update sequence set next = next where 0; commit');
  if (raw.pragma('synchronous', { simple: true }) !== 2) throw new StoreUnusable({ code: 'not-durable', file, what: '' });
}

/** Nothing is in it yet. What another program made is left as it is. */
function isNew(raw: Database.Database, file: string): boolean {
  const tables = raw.prepare("select name from sqlite_schema where type = 'table'").pluck().all();
  if (tables.length > 0 && !tables.includes('kysely_migration')) throw new StoreUnusable({ code: 'no-suivi', file, what: '' });
  return tables.length === 0;
}

/**
 * Kysely prepares each statement anew and begins transactions without the write lock, which loses a quarter of
 * them to SQLITE_BUSY as soon as two processes write. A transaction that SQLite has ended by itself (a full disk) it
 * rolls back once more, and tells of that failure instead of the first. All three are put right here.
 */
function cached(raw: Database.Database): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => {
      statements.clear();
      raw.close();
    },
    prepare: (text) => {
      if (text === 'rollback' && !raw.inTransaction) return nothingToDo;
      const wanted = text === 'begin' ? 'begin immediate' : text;
      let statement = statements.get(wanted);
      if (statement === undefined) {
        statement = raw.prepare(wanted) as unknown as SqliteStatement;
        if (statements.size >= 512) statements.delete(statements.keys().next().value ?? '');
        statements.set(wanted, statement);
      }
      return statement;
    },
  };
}

const nothingToDo: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  *iterate() {
    // No rows.
  },
};

/**
 * SQLite does run definitions inside a transaction: a migration that is cut off leaves nothing behind. Its transactions
 * have the whole file to themselves: what they lock row by row on a server needs no lock here.
 */
class ImmediateSqlite extends SqliteDialect {
  override createQueryCompiler(): QueryCompiler {
    return new (class extends SqliteQueryCompiler {
      protected override visitSelectQuery({ endModifiers: _, ...node }: SelectQueryNode): void {
        super.visitSelectQuery(node);
      }
    })();
  }

  override createAdapter(): DialectAdapter {
    return new (class extends SqliteAdapter {
      override get supportsTransactionalDdl(): boolean {
        return true;
      }
    })();
  }
}
