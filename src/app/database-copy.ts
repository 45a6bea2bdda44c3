import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { Variables } from '../settings/environment.ts';
import type { Fault } from '../settings/fault.ts';
import { openSettings } from '../settings/settings.ts';
import { databaseAddress } from '../settings/values.ts';
import { copyDatabase } from '../store/copy-database.ts';
import type { CopyFault, Copied } from '../store/copy-database.ts';
import { openStore } from '../store/database.ts';
import { takeLock } from '../store/lock.ts';
import type { Holder } from '../store/lock.ts';
import { marketplaceFields } from './connections.ts';

export interface CopyAsked {
  readonly variables: Variables;
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  /** `file:…`, with its secret. */
  readonly from: string;
  /** `postgres://…` */
  readonly to: string;
  readonly author: string;
  readonly onStep: (done: number, all: number) => void;
}

/** What came of it, or why it was not done. Where it was stopped or failed it can be begun again, and goes on. */
export type CopyEnd =
  | ({ readonly file: string; readonly place: string } & Copied)
  | (CopyFault & { readonly place: string })
  | { readonly faults: readonly Fault[] }
  | { readonly running: Holder | null };

/**
 * Moves all that a SQLite file holds to an empty database of a PostgreSQL server, under the file's lock.
 * @throws StoreUnusable where one of them cannot be opened
 */
export async function copyToServer({ variables, directory, clock, random, from, to, author, onStep }: CopyAsked, stop: AbortSignal): Promise<CopyEnd> {
  const target = databaseAddress.safeParse(to);
  if (!target.success || target.data.kind !== 'postgres') return { faults: [{ name: '--to', found: 'something else', expected: 'the address of an empty database of a PostgreSQL server', example: 'postgres://suivi:secret@db.example:5432/suivi' }] };
  // The secret of the file is that of its audit: it is looked for beside it.
  const opened = openSettings({ ...variables, SUIVI_DATABASE_URL: from }, { directory, marketplaces: marketplaceFields, secret: 'read', random: (length) => random.bytes(length) });
  if ('faults' in opened) return { faults: opened.faults };
  const { database } = opened.settings;
  if (database.kind !== 'sqlite') return { faults: [{ name: '--from', found: 'an address of PostgreSQL', expected: 'the file of a SQLite database', example: 'file:var/suivi.db' }] };
  const taken = takeLock(database.file, process.pid, clock.now());
  if ('holder' in taken) return { running: taken.holder };
  try {
    const source = await openStore(database.file, 'use');
    try {
      const store = await openStore(target.data.url, 'upgrade');
      try {
        const end = await copyDatabase({ from: source, to: store, audit: { keyring: opened.secrets.keys.audit, random }, author, clock, onStep }, stop);
        return 'fault' in end ? { ...end, place: store.place } : { ...end, file: database.file, place: store.place };
      } finally {
        await store.close();
      }
    } finally {
      await source.close();
    }
  } finally {
    taken.lock.release();
  }
}
