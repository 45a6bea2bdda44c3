import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** How SQLite's files begin. Source: SQLite's file format, section 1.3. */
const mark = 'SQLite format 3\0';

/** What lies where a database is, or is to be. `nothing`: an empty file too, which SQLite takes for a new database. */
export type AtPath = 'nothing' | 'database' | 'folder' | 'other' | 'unreadable';

/** Looks at the beginning of what is there, and at no more. */
export function lookAt(path: string): AtPath {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return 'nothing';
    if (stats.isDirectory()) return 'folder';
    if (!stats.isFile()) return 'other';
    if (stats.size === 0) return 'nothing';
    const beginning = Buffer.alloc(mark.length);
    const file = openSync(path, 'r');
    try {
      readSync(file, beginning);
    } finally {
      closeSync(file);
    }
    return beginning.toString('latin1') === mark ? 'database' : 'other';
  } catch {
    return 'unreadable';
  }
}
