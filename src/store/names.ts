import { inParts } from './rows.ts';
import type { Db } from './rows.ts';

/** How people name the orders of these identifiers. One that is not stored is left out. */
export async function orderNames(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, { readonly account: string; readonly reference: string }>> {
  const rows = await inParts([...new Set(ids)], (part) => db.selectFrom('orders').select(['id', 'account', 'reference']).where('id', 'in', part).execute());
  return new Map(rows.map(({ id, account, reference }) => [id, { account, reference }]));
}

/** The accounts that these syncs belong to, each once. */
export async function accountsOf(db: Db, syncs: readonly number[]): Promise<readonly string[]> {
  const rows = await inParts(syncs, (part) => db.selectFrom('sync').select('account').distinct().where('id', 'in', part).execute());
  return [...new Set(rows.map((row) => row.account))];
}

/** The account whose order a state was applied to; `null`: no such application. */
export async function accountOfApplied(db: Db, applied: number): Promise<string | null> {
  const row = await db.selectFrom('applied_state').innerJoin('orders', 'orders.id', 'applied_state.order_id').select('orders.account').where('applied_state.id', '=', applied).executeTakeFirst();
  return row?.account ?? null;
}
