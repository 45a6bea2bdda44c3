import type { Fault } from '../orders/fault.ts';
import { shop } from '../orders/order.ts';
import type { Context } from './context.ts';
import { inParts } from './rows.ts';
import type { Db, Tx } from './rows.ts';

/** How a caller names an order: its number there, or the shop's own. */
export interface OrderName {
  readonly account: string;
  readonly order: string;
}

/** An order that was found; one that is not known yet, of a marketplace that may know it; or what is wrong with its name. */
export type Found = { readonly id: number } | { readonly unknown: true } | { readonly fault: Fault };

/** Finds many orders in few statements, each by its number at its account or by the shop's own number. */
export async function findOrders(tx: Tx | Db, context: Context, names: readonly OrderName[]): Promise<readonly Found[]> {
  const byReference = new Map<string, number>();
  for (const account of new Set(names.map((name) => name.account))) {
    const references = [...new Set(names.filter((name) => name.account === account).map((name) => name.order))];
    const rows = await inParts(references, (part) => tx.selectFrom('orders').select(['id', 'reference']).where('account', '=', account).where('reference', 'in', part).execute());
    for (const row of rows) byReference.set(`${account}\n${row.reference}`, row.id);
  }
  const rest = names.filter((name) => !byReference.has(`${name.account}\n${name.order}`)).map((name) => name.order);
  const own = await inParts([...new Set(rest)], (part) => tx.selectFrom('orders').select(['id', 'account', 'own_reference']).where('own_reference', 'in', part).execute());
  return names.map((name): Found => {
    const accounts = [shop, ...context.profiles.keys()];
    if (!accounts.includes(name.account)) return { fault: { code: 'unknown-account', field: 'account', found: name.account, expected: accounts.join(', ') } };
    const id = byReference.get(`${name.account}\n${name.order}`);
    if (id !== undefined) return { id };
    const matches = own.filter((row) => row.own_reference === name.order && row.account === name.account);
    if (matches.length > 1) return { fault: { code: 'ambiguous-order', field: 'order', found: name.order } };
    const only = matches[0];
    if (only !== undefined) return { id: only.id };
    if (name.account === shop) return { fault: { code: 'unknown-order', field: 'order', found: name.order } };
    return { unknown: true };
  });
}

/** An order that goes by a name. */
export interface NamedOrder {
  readonly id: number;
  readonly account: string;
  readonly reference: string;
  readonly ownReference: string | null;
}

/** All orders, of whatever account, that go by one of these numbers, there or in the shop. */
export async function ordersCalled(context: Context, names: readonly string[]): Promise<readonly NamedOrder[]> {
  const { db } = context.store;
  const wanted = [...new Set(names)];
  // An account that was taken out of accounts.json still has its orders.
  const accounts = new Set([shop, ...context.profiles.keys(), ...(await db.selectFrom('account').select('id').execute()).map((row) => row.id)]);
  const rows = new Map<number, NamedOrder>();
  const keep = (found: readonly { readonly id: number; readonly account: string; readonly reference: string; readonly own_reference: string | null }[]): readonly never[] => {
    for (const { id, account, reference, own_reference } of found) rows.set(id, { id, account, reference, ownReference: own_reference });
    return [];
  };
  // Account by account: the index begins with it.
  for (const account of accounts) await inParts(wanted, async (part) => keep(await db.selectFrom('orders').select(['id', 'account', 'reference', 'own_reference']).where('account', '=', account).where('reference', 'in', part).execute()));
  await inParts(wanted, async (part) => keep(await db.selectFrom('orders').select(['id', 'account', 'reference', 'own_reference']).where('own_reference', 'in', part).execute()));
  return [...rows.values()].toSorted((a, b) => a.id - b.id);
}
