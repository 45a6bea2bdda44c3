import { sql } from 'kysely';
import type { Duration } from '../runtime/clock.ts';
import type { Owed } from '../syncing/clock-guard.ts';
import type { Context } from './context.ts';
import { momentIn } from './moment.ts';
import { serverOf } from './postgres-dialect.ts';
import { moveRestore } from './restored.ts';
import type { Db, Tx } from './rows.ts';
import { transact } from './transact.ts';

/** The setting that knows how far due times were moved in all (ms). */
const key = 'clock-made-good';

/** Due times keep their distance when the wall clock is put forward or back, once for all who share the store; see Ledger.shift. */
export async function shiftDueTimes(context: Context, owed: Owed): Promise<Duration> {
  const { db } = context.store;
  const before = await madeGood(db);
  if (owed(before, await sharedNow(db)) === 0) return before;
  return transact(db, async (tx) => {
    // Who comes second waits for the first, and finds it made good.
    await tx.insertInto('setting').values({ key, value: String(before) }).onConflict((conflict) => conflict.doNothing()).execute();
    const made = await madeGood(tx);
    const jump = owed(made, await sharedNow(tx));
    if (jump === 0) return made;
    await tx.updateTable('setting').set({ value: String(made + jump) }).where('key', '=', key).execute();
    await move(tx, jump);
    return made + jump;
  });
}

async function madeGood(db: Db | Tx): Promise<Duration> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', key).$if(db.isTransaction, (query) => query.forUpdate()).executeTakeFirst();
  return Number(row?.value ?? 0);
}

async function sharedNow(db: Db | Tx): Promise<number | null> {
  return serverOf(db) === null ? null : momentIn(db, 0);
}

async function move(tx: Tx, jump: Duration): Promise<void> {
  await tx.updateTable('sync').set((eb) => ({ due_at: eb('due_at', '+', jump) })).where('due_at', 'is not', null).where('status', 'in', [sql.lit('delayed'), sql.lit('submitted')]).execute();
  await tx.updateTable('sync').set((eb) => ({ due_at: eb('due_at', '+', jump) })).where('status', '=', sql.lit('accepted')).where('due_at', 'is not', null).execute();
  await tx.updateTable('sync').set((eb) => ({ grace_until: eb('grace_until', '+', jump) })).where('ended_at', 'is', null).where('grace_until', 'is not', null).execute();
  await tx.updateTable('quota').set((eb) => ({ refilled_at: eb('refilled_at', '+', jump), closed_until: eb('closed_until', '+', jump), calm_since: eb('calm_since', '+', jump) })).execute();
  await tx.updateTable('breaker').set((eb) => ({ opened_at: eb('opened_at', '+', jump), probe_at: eb('probe_at', '+', jump) })).execute();
  await tx.updateTable('refusal').set((eb) => ({ since: eb('since', '+', jump), probe_at: eb('probe_at', '+', jump) })).execute();
  await tx.updateTable('lane').set((eb) => ({ lease_until: eb('lease_until', '+', jump), served_at: eb('served_at', '+', jump), sweep_after: eb('sweep_after', '+', jump) })).execute();
  await tx.updateTable('worker').set((eb) => ({ started_at: eb('started_at', '+', jump), lease_until: eb('lease_until', '+', jump) })).execute();
  await tx.updateTable('sweep').set((eb) => ({ started_at: eb('started_at', '+', jump) })).execute();
  await moveRestore(tx, jump);
}
