import { sql } from 'kysely';
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Instant } from '../runtime/clock.ts';
import { append, journalLane } from './audit.ts';
import type { Audit } from './audit.ts';
import { openStore } from './database.ts';
import type { Store } from './database.ts';
import { keepRestore } from './restored.ts';
import type { Db } from './rows.ts';
import { transact } from './transact.ts';
import { restoringBeside, StoreUnusable } from './unusable.ts';

/** Copies the database while it is used, and proves the copy: it opens, and SQLite finds it whole. */
export async function backupTo(store: Store, file: string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  rmSync(unfinished, { force: true });
  await store.backup(unfinished);
  await assertWhole(unfinished);
  renameSync(unfinished, file);
  for (const end of ['-wal', '-shm']) rmSync(unfinished + end, { force: true });
}

/** SQLite's own check of a whole file, whatever version made it. */
export async function assertWhole(file: string): Promise<void> {
  await lookAtBackup(file, async ({ db }) => {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check(1)`.execute(db);
    const found = rows[0]?.integrity_check;
    if (found !== 'ok') throw new StoreUnusable({ code: 'backup-damaged', file, what: found ?? '?' });
  });
}

/**
 * Opens a backup to look at it, and leaves nothing beside it that was not there.
 * @throws StoreUnusable that speaks of a backup, not of the database
 */
export async function lookAtBackup<T>(file: string, look: (store: Store) => Promise<T>): Promise<T> {
  const beside = ['-wal', '-shm'].map((end) => file + end).filter((path) => !existsSync(path));
  try {
    const store = await openStore(file, 'look');
    try {
      return await look(store);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof StoreUnusable && error.why.code === 'damaged') throw new StoreUnusable({ ...error.why, code: 'backup-damaged' }, { cause: error, lasting: error.lasting });
    throw error;
  } finally {
    for (const path of beside) rmSync(path, { force: true });
  }
}

/**
 * Puts a backup in the database's place. What was there is kept beside it.
 * Nothing leaves afterwards until a person says so: every account observes, and every open sync is looked for first,
 * because it may have been told after the backup was made; so is what is applied again to an order that is older than that.
 * A backup that an older version made is brought up to date.
 * @returns where the former database was kept, or `null` where there was none
 */
export async function restoreFrom(backup: string, file: string, audit: Audit, author: string, now: Instant): Promise<{ readonly kept: string | null; readonly openSyncs: number }> {
  const { prepared, openSyncs } = await prepareRestore(backup, file, audit, author, now);
  return { kept: putInPlace(prepared, file, now), openSyncs };
}

/**
 * Makes what will take the database's place, complete: nobody may find a backup there that does not observe. From its
 * last step on the database is refused until {@link putInPlace} has ended, or a restore is run again.
 */
export async function prepareRestore(backup: string, file: string, audit: Audit, author: string, now: Instant): Promise<{ readonly prepared: string; readonly openSyncs: number }> {
  await assertWhole(backup);
  const prepared = restoringBeside(file);
  const unfinished = `${prepared}.unfinished`;
  for (const end of ['', '-wal', '-shm']) rmSync(unfinished + end, { force: true });
  copyFileSync(backup, unfinished);
  const store = await openStore(unfinished, 'upgrade');
  let openSyncs: number;
  try {
    openSyncs = await distrust(store.db, audit, author, backup, now);
  } finally {
    // The last connection carries the write-ahead log over into the file.
    await store.close();
  }
  writeThrough(unfinished);
  renameSync(unfinished, prepared);
  writeThrough(dirname(file));
  return { prepared, openSyncs };
}

/** @returns where the former database was kept, or `null` where there was none */
export function putInPlace(prepared: string, file: string, now: Instant): string | null {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  const kept = existsSync(file) ? `${file}.before-restore-${stamp}` : null;
  if (kept !== null) {
    // It may be damaged, or of another version: it is not opened. What it has committed last lies in its write-ahead log.
    renameSync(file, kept);
    if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${kept}-wal`);
  }
  for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true });
  renameSync(prepared, file);
  writeThrough(dirname(file));
  return kept;
}

/** A file, or the names in a folder, are on the disk. */
function writeThrough(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

async function distrust(db: Db, audit: Audit, author: string, backup: string, now: Instant): Promise<number> {
  return transact(db, async (tx) => {
    await tx.updateTable('account').set({ observe_since: now, observe_why: 'restored' }).execute();
    await tx.updateTable('lane').set({ sweep_after: now }).execute();
    await tx.updateTable('sweep').set({ started_at: null }).execute();
    // Calls that were made since the backup took from budgets that it shows as they were before.
    // A pause that a clock which was ahead has written keeps its length.
    await tx.updateTable('quota').set({ closed_until: sql`closed_until - (refilled_at - ${now})` }).where('refilled_at', '>', now).execute();
    await tx.updateTable('quota').set({ tokens: 0, refilled_at: now }).execute();
    await keepRestore(tx, now);
    const open = await tx.updateTable('sync').set({ look_first: 1, step: 'check', call: null }).where('ended_at', 'is', null).where('status', 'in', ['ready', 'delayed', 'blocked', 'held']).executeTakeFirst();
    // What a person closed says nothing of the marketplace, and is not looked for.
    await tx.updateTable('sync').set({ due_at: now }).where('status', '=', 'accepted').where('cause', 'is distinct from', 'person/closed-by-hand').execute();
    await append(tx, audit, journalLane, now, [{ kind: 'restored', sync: null, attempt: null, what: null, cause: null, body: { by: author, backup: backup.split('/').at(-1) ?? '', openSyncs: Number(open.numUpdatedRows) } }]);
    return Number(open.numUpdatedRows);
  });
}
