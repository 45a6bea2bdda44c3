import { serverOf } from './postgres-dialect.ts';
import { inParts } from './rows.ts';
import type { Tx } from './rows.ts';

/*
 * Locks are taken in one order everywhere: lane, orders, syncs, budgets (quota, breaker, refusal), heads of chains, totals;
 * and of each of these in ascending order of their keys. On SQLite a transaction has the whole file to itself, and the
 * clauses are left out of its statements.
 */

/** These orders are this transaction's until it ends: whoever plans or settles anything of them waits. */
export async function lockOrders(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0 || serverOf(tx) === null) return;
  const ascending = [...new Set(ids)].toSorted((a, b) => a - b);
  await inParts(ascending, (part) => tx.selectFrom('orders').select('id').where('id', 'in', part).orderBy('id').forNoKeyUpdate().execute());
}
