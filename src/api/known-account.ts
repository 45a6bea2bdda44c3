import type { Fault } from '../orders/fault.ts';
import { shop } from '../orders/order.ts';
import type { Context } from '../store/context.ts';

/** The fault of a filter by an account that there is not, and never was; null: there is. What a removed account told is still in the log. */
export async function accountFault(context: Context, account: string | undefined): Promise<Fault | null> {
  const connected = [shop, ...context.profiles.keys()];
  if (account === undefined || connected.includes(account)) return null;
  const former = await context.store.db.selectFrom('account').select('id').where('id', '=', account).executeTakeFirst();
  return former === undefined ? { code: 'unknown-account', field: 'account', found: account, expected: connected.join(', ') } : null;
}
