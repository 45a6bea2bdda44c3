import type { Database } from 'better-sqlite3';

/** A file up to this size (bytes) is looked through whole, in a second or two. */
const whole = 512 * 1024 * 1024;

/** They grow for years, and have a verification of their own (`suivi audit verify`). */
const audit = ['audit_entry', 'audit_body'];

/**
 * What is wrong with the pages of an open database, in SQLite's words, or null. Of a file that is larger than half a
 * gigabyte only what the engine works on is looked at: a start is not to take minutes.
 * @throws SqliteError where it is so damaged that it cannot even be looked at
 */
export function damageIn(raw: Database): string | null {
  const size = pragma(raw, 'page_count') * pragma(raw, 'page_size');
  if (size <= whole) return lookThrough(raw, 'quick_check(1)');
  const tables = raw.prepare<[], { name: string }>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'").all();
  for (const { name } of tables) {
    const found = audit.includes(name) ? null : lookThrough(raw, `quick_check(${name})`);
    if (found !== null) return found;
  }
  return null;
}

function lookThrough(raw: Database, check: string): string | null {
  const found = raw.pragma(check, { simple: true }) as string;
  return found === 'ok' ? null : found.replaceAll('\n', ' ').slice(0, 200);
}

function pragma(raw: Database, name: string): number {
  return raw.pragma(name, { simple: true }) as number;
}
