import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import { keyInUse } from '../settings/secrets.ts';
import { hasEnded, statuses } from '../syncing/status.ts';
import type { Status } from '../syncing/status.ts';
import { breathe } from './breathe.ts';
import { anchorSignature } from './chain.ts';
import type { Context } from './context.ts';
import { newestIds } from './log-ids.ts';
import { unled } from './postgres-dialect.ts';
import type { Db } from './rows.ts';
import { transact } from './transact.ts';

const chunk = 500;

/**
 * Deletes entries older than the retention, below a signed anchor for each lane, never past an open sync.
 * Short transactions: the daemon goes on beside it.
 * @returns how many entries were deleted
 */
export async function retain(context: Context, olderThan: Instant, now: Instant, stop: AbortSignal): Promise<number> {
  const { db } = context.store;
  let deleted = 0;
  for (const { lane } of await db.selectFrom('audit_head').select('lane').execute()) {
    const last = await lastToGo(db, lane, olderThan);
    if (last === null) continue;
    await plant(context, lane, last, now);
    while (!stop.aborted) {
      const gone = await transact(context.store.db, async (tx) => {
        const rows = await tx.selectFrom('audit_entry').select('number').where('lane', '=', lane).where('number', '<=', last.number).orderBy('number').limit(chunk).execute();
        const highest = rows.at(-1)?.number;
        if (highest === undefined) return 0;
        await tx.deleteFrom('audit_body').where('lane', '=', lane).where('number', '<=', highest).execute();
        await tx.deleteFrom('audit_entry').where('lane', '=', lane).where('number', '<=', highest).execute();
        return rows.length;
      });
      deleted += gone;
      await breathe();
      if (gone < chunk) break;
    }
  }
  return deleted;
}

/** The last entry of a lane that may go: older than the retention, and before the first one of any open sync. */
async function lastToGo(db: Db, lane: string, olderThan: Instant): Promise<{ readonly number: number; readonly hash: string } | null> {
  const firstYoung = await db.selectFrom('audit_entry').select((eb) => eb.fn.min('number').as('number')).where('lane', '=', lane).where('at', '>=', olderThan).executeTakeFirst();
  const before = Math.min(firstYoung?.number ?? Infinity, await firstOfOpen(db, lane));
  const row = await db.selectFrom('audit_entry').select(['number', 'hash', 'at']).where('lane', '=', lane).$if(Number.isFinite(before), (query) => query.where('number', '<', before)).orderBy('number', 'desc').limit(1).executeTakeFirst();
  return row === undefined || row.at >= olderThan ? null : { number: row.number, hash: row.hash };
}

/** The first entry of any open sync, from the open syncs: there are few of them, and entries by the million. */
async function firstOfOpen(db: Db, lane: string): Promise<number> {
  let first = Infinity;
  for (let below: number | null = null; ; ) {
    const ids: readonly number[] = await newestIds(db, { status: open }, below, chunk);
    // A plus before the lane: the entries are found by their syncs.
    const row = await db.selectFrom('audit_entry').select((eb) => eb.fn.min('number').as('number')).where('sync_id', 'in', ids).where(sql`${unled(db)}lane`, '=', lane).executeTakeFirst();
    first = Math.min(first, row?.number ?? Infinity);
    if (ids.length < chunk) return first;
    below = ids.at(-1) ?? null;
    await breathe();
  }
}

const open: readonly Status[] = statuses.filter((status) => !hasEnded(status));

async function plant(context: Context, lane: string, { number, hash }: { readonly number: number; readonly hash: string }, at: Instant): Promise<void> {
  const key = keyInUse(context.audit.keyring);
  const values = { number, hash, at, signature: anchorSignature(key, lane, number, hash, at) };
  await context.store.db.insertInto('audit_anchor').values({ lane, ...values }).onConflict((conflict) => conflict.column('lane').doUpdateSet(values)).execute();
}

/** Erases bodies (raw requests and answers, tracking numbers, reasons) that are older; the chain stays whole. */
export async function eraseBodies(context: Context, olderThan: Instant): Promise<number> {
  let erased = 0;
  for (const { lane } of await context.store.db.selectFrom('audit_head').select('lane').execute()) {
    const last = await lastToGo(context.store.db, lane, olderThan);
    if (last === null) continue;
    const result = await context.store.db.deleteFrom('audit_body').where('lane', '=', lane).where('number', '<=', last.number).executeTakeFirst();
    erased += Number(result.numDeletedRows);
  }
  return erased;
}
