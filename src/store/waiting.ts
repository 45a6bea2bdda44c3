import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import { liveFrom, planningTables } from './accounts.ts';
import { breathe } from './breathe.ts';
import type { Context } from './context.ts';
import { totals } from './counters.ts';
import { replan } from './replan.ts';
import { loadDossiers, planningAccount } from './situations.ts';
import { inParts } from './rows.ts';
import type { Tx } from './rows.ts';
import { transact } from './transact.ts';
import { move } from './transitions.ts';
import type { Status } from '../syncing/status.ts';

/** Plans anew what has not left of these orders, whatever it was that came. */
export async function replanOrders(tx: Tx, context: Context, orderIds: readonly number[], now: Instant): Promise<number> {
  if (orderIds.length === 0) return 0;
  const dossiers = [...(await loadDossiers(tx, orderIds)).values()];
  const accounts = dossiers.map((dossier) => dossier.order.account);
  const from = await liveFrom(tx, accounts);
  const tables = await planningTables(tx, context, accounts);
  const changed = totals();
  let moved = 0;
  for (const dossier of dossiers) {
    const { account } = dossier.order;
    moved += await replan(tx, dossier, { account: planningAccount(context, account, from), offers: context.profiles.get(account)?.offers, tables, totals: changed, now });
  }
  await changed.write(tx);
  return moved;
}

/** Held syncs whose wait has reached its last moment; see Ledger.ripen. */
export async function ripen(context: Context, profile: LaneProfile, now: Instant): Promise<number> {
  const { db } = context.store;
  const ask = (from: typeof db | Tx) =>
    from.selectFrom('sync').select('order_id').where('status', '=', sql.lit('held')).where('account', '=', profile.account).where('cause', '=', 'order/tracking-missing').where('due_at', '<=', now).limit(50).execute();
  let ripe = 0;
  // Looked for without the write lock: nearly always there is nothing.
  while ((await ask(db)).length > 0) {
    const moved = await transact(db, async (tx) => replanOrders(tx, context, (await ask(tx)).map((row) => row.order_id), now));
    if (moved === 0) break;
    ripe += moved;
    await breathe();
  }
  return ripe;
}

/** Orders of an account that were named by an applied state, and never imported. */
export async function missing(context: Context, account: string, limit: number): Promise<readonly string[]> {
  const rows = await context.store.db.selectFrom('orders').select('reference').where('account', '=', account).where('imported', '=', sql.lit(0)).where('unknown_at', 'is', null).orderBy('id').limit(limit).execute();
  return rows.map((row) => row.reference);
}

/** The same of many accounts: one statement says of which there are any. */
export async function missingAmong(context: Context, asked: readonly { readonly account: string; readonly limit: number }[]): Promise<readonly (readonly string[])[]> {
  const { db } = context.store;
  if (asked.length === 1) return Promise.all(asked.map(({ account, limit }) => missing(context, account, limit)));
  const rows = await inParts(asked.map(({ account }) => account), (part) => db.selectFrom('orders').select('account').distinct().where('account', 'in', part).where('imported', '=', sql.lit(0)).where('unknown_at', 'is', null).execute());
  const some = new Set(rows.map((row) => row.account));
  return Promise.all(asked.map(async ({ account, limit }) => (some.has(account) ? missing(context, account, limit) : [])));
}

/** The marketplace knows no such order: what waited for it is rejected, and it is not asked for again. */
export async function unknownThere(context: Context, account: string, reference: string, now: Instant): Promise<void> {
  await transact(context.store.db, async (tx) => {
    const order = await tx.selectFrom('orders').select('id').where('account', '=', account).where('reference', '=', reference).where('imported', '=', 0).forNoKeyUpdate().executeTakeFirst();
    if (order === undefined) return;
    await tx.updateTable('orders').set({ unknown_at: now, updated_at: now }).where('id', '=', order.id).execute();
    const syncs = await tx.selectFrom('sync').selectAll().where('order_id', '=', order.id).where('status', '=', 'held').where('cause', '=', 'order/not-imported').orderBy('id').forNoKeyUpdate().execute();
    const changed = totals();
    await move(tx, syncs.map((sync) => ({ sync: { ...sync, status: sync.status as Status }, to: 'rejected', cause: 'order/unknown-there', step: 'send', dueAt: null })), context.profiles.get(account)?.offers, changed, now);
    await changed.write(tx);
  });
}
