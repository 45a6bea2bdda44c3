import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { Variables } from '../settings/environment.ts';
import type { Fault } from '../settings/fault.ts';
import { openSettings } from '../settings/settings.ts';
import { lookAtBackup, restoreFrom } from '../store/backup.ts';
import { takeLock } from '../store/lock.ts';
import type { Holder } from '../store/lock.ts';
import { isUnder } from '../store/secret-mark.ts';
import { marketplaceFields } from './connections.ts';

export interface RestoreAsked {
  readonly variables: Variables;
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly backup: string;
  readonly author: string;
  /** Asked once nothing stands in the way, under the lock. */
  readonly agreed: () => Promise<boolean>;
}

/** What came of it, or why nothing was done. */
export type Restored =
  | { readonly database: string; readonly kept: string | null; readonly openSyncs: number }
  | { readonly faults: readonly Fault[] }
  | { readonly running: Holder | null }
  /** It is the database itself. */
  | { readonly same: true }
  /** It was made under another secret: its audit could not be verified, its tokens and links would be dead. */
  | { readonly otherSecret: true }
  | { readonly declined: true };

/**
 * Puts a backup in the database's place, under the lock: never beneath a daemon. The database that is there need not be
 * in a state to be opened.
 * @throws StoreUnusable where the backup cannot be read, is damaged, or was made by a newer version
 */
export async function restore({ variables, directory, clock, random, backup, author, agreed }: RestoreAsked): Promise<Restored> {
  const opened = openSettings(variables, { directory, marketplaces: marketplaceFields, secret: 'read', random: (length) => random.bytes(length) });
  if ('faults' in opened) return { faults: opened.faults };
  const { settings, secrets } = opened;
  if (settings.database.kind === 'postgres') return { faults: [{ name: 'SUIVI_DATABASE_URL', found: 'an address of PostgreSQL', expected: 'a file: this version works on SQLite alone', example: 'SUIVI_DATABASE_URL=file:var/suivi.db' }] };
  const { file } = settings.database;
  const from = resolve(directory, backup);
  if (isSame(from, file)) return { same: true };
  const taken = takeLock(file, process.pid, clock.now());
  if ('holder' in taken) return { running: taken.holder };
  try {
    if (!(await lookAtBackup(from, ({ db }) => isUnder(db, secrets.keys.audit)))) return { otherSecret: true };
    if (!(await agreed())) return { declined: true };
    const { kept, openSyncs } = await restoreFrom(from, file, { keyring: secrets.keys.audit, random }, author, clock.now());
    return { database: file, kept, openSyncs };
  } finally {
    taken.lock.release();
  }
}

function isSame(a: string, b: string): boolean {
  return existsSync(a) && existsSync(b) && realpathSync(a) === realpathSync(b);
}
