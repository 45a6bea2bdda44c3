import Database from 'better-sqlite3';
import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Duration, Instant } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import { StoreUnusable } from './unusable.ts';

/** The right to be the one process that works with a SQLite database. It ends with the process, however that ends. */
export interface Lock {
  /** False once somebody has removed or replaced the lock's file: another process could then take the lock as well. */
  intact(): boolean;
  release(): void;
}

/** Who has the lock. For a moment between two holders, and on a full disk, it may be the name of the one before. */
export interface Holder {
  readonly pid: number;
  readonly since: Instant;
}

/** `holder` is null where it has not written its name yet. */
export type Taken = { readonly lock: Lock } | { readonly holder: Holder | null };

/** How long somebody who reads the name may hold up whoever writes it. */
const nameTimeout: Duration = second;

/** Two that start at once may write their names in turn; one of them finds the other at work long before this. */
const rounds = 20;

/** A connection that nobody refers to is closed by the garbage collector, and the lock with it. */
const held = new Set<Database.Database>();

/**
 * Takes the lock of a database, `<database>.lock` beside it, or says at once who has it.
 *
 * The lock is a SQLite file whose one place for a writer (RESERVED) is kept taken. The system gives it back when the
 * process is gone, killed or not: nothing stale is ever to be cleared away. Readers are let in, for the holder's name.
 * In the process that holds it nothing but SQLite may open that file: by POSIX, closing it would drop the lock.
 *
 * @param file the database; for `:memory:` there is nothing to share, and the lock is always given
 * @throws StoreUnusable where the file of the lock cannot be made or is damaged
 */
export function takeLock(file: string, pid: number, now: Instant): Taken {
  if (file === ':memory:') return { lock: { intact: () => true, release: () => undefined } };
  const path = `${whereItReallyIs(file)}.lock`;
  const me = { pid, since: now };
  let raw: Database.Database | null = null;
  try {
    raw = new Database(path);
    if (holdNamed(raw, me)) return { lock: lockOf(raw, path) };
    raw.pragma(`busy_timeout = ${nameTimeout}`);
    const holder = readHolder(raw);
    raw.close();
    return { holder: holder !== null && same(holder, me) ? null : holder };
  } catch (error) {
    raw?.close();
    throw unusable(path, error);
  }
}

/** A database that is reached by two names has one lock. */
function whereItReallyIs(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // It is not made yet; its folder may be.
  }
  try {
    mkdirSync(dirname(file), { recursive: true });
    return join(realpathSync(dirname(file)), basename(file));
  } catch (error) {
    throw unusable(file, error);
  }
}

function lockOf(raw: Database.Database, path: string): Lock {
  const file = identity(path);
  held.add(raw);
  return {
    intact: () => raw.inTransaction && file !== null && identity(path) === file,
    release: () => {
      held.delete(raw);
      raw.close();
    },
  };
}

/**
 * Writing the name ends the transaction that is the lock, so it is begun again, until the name found under it is our own.
 * Whoever comes in between is refused or wins: at no moment do two hold it.
 */
function holdNamed(raw: Database.Database, me: Holder): boolean {
  for (let round = 0; round < rounds; round += 1) {
    if (!hold(raw)) return false;
    const named = readHolder(raw);
    if (named !== null && same(named, me)) return true;
    if (!writeHolder(raw, me)) break;
  }
  return raw.inTransaction || hold(raw);
}

function hold(raw: Database.Database): boolean {
  raw.pragma('busy_timeout = 0');
  try {
    raw.exec('begin immediate');
    return true;
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}

/** False where the name could not be written: on a full disk the lock is held without one. */
function writeHolder(raw: Database.Database, me: Holder): boolean {
  raw.pragma(`busy_timeout = ${nameTimeout}`);
  try {
    raw.exec('create table if not exists holder (one integer primary key check (one = 1), pid integer not null, since integer not null) strict');
    raw.prepare('insert or replace into holder (one, pid, since) values (1, ?, ?)').run(me.pid, Math.trunc(me.since));
    raw.exec('commit');
    return true;
  } catch (error) {
    if (!/^SQLITE_(BUSY|FULL|IOERR)/.test(codeOf(error))) throw error;
    if (raw.inTransaction) raw.exec('rollback');
    return false;
  }
}

function readHolder(raw: Database.Database): Holder | null {
  try {
    return (raw.prepare('select pid, since from holder').get() as Holder | undefined) ?? null;
  } catch (error) {
    // No such table yet, or just being written.
    if (/^SQLITE_(ERROR|BUSY)/.test(codeOf(error))) return null;
    throw error;
  }
}

function same(a: Holder, b: Holder): boolean {
  return a.pid === b.pid && a.since === Math.trunc(b.since);
}

/** Looked up without opening the file. */
function identity(path: string): string | null {
  const state = statSync(path, { throwIfNoEntry: false, bigint: true });
  return state === undefined ? null : `${state.dev}:${state.ino}`;
}

function unusable(file: string, error: unknown): StoreUnusable {
  const what = codeOf(error);
  const code = what === 'SQLITE_NOTADB' || what === 'SQLITE_CORRUPT' ? 'lock-damaged' : what === 'SQLITE_FULL' || what === 'ENOSPC' ? 'lock-full' : 'lock-refused';
  return new StoreUnusable({ code, file, what }, { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

/** The name that was last written into a database's lock: its holder's, or that of one who has gone. Takes nothing. */
export function lastHolder(file: string): Holder | null {
  const path = `${whereItReallyIs(file)}.lock`;
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return null;
  const raw = new Database(path, { readonly: true, timeout: nameTimeout });
  try {
    return readHolder(raw);
  } finally {
    raw.close();
  }
}
