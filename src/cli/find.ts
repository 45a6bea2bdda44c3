import { exits } from '../app/exits.ts';
import { shop } from '../orders/order.ts';
import type { OrderState } from '../orders/order-state.ts';
import { nearest } from '../settings/nearest.ts';
import { ordersCalled } from '../store/find-orders.ts';
import type { NamedOrder } from '../store/find-orders.ts';
import { findSync } from '../store/log.ts';
import type { LogRow } from '../store/log.ts';
import { listStates } from '../store/states.ts';
import type { Call } from './command.ts';
import { Refused } from './refused.ts';
import { plain } from './terminal.ts';

/** The state of this name, whatever the case. */
export async function stateNamed({ open, say }: Call, name: string): Promise<OrderState> {
  const { context } = await open();
  const states = await listStates(context.store.db);
  const found = states.find((state) => state.mnemonic.toUpperCase() === name.toUpperCase());
  if (found !== undefined) return found;
  const names = states.filter(({ archivedAt }) => archivedAt === null).map(({ mnemonic }) => mnemonic);
  throw new Refused(exits.usage, say('unknownState', { found: plain(name, 60), ...nearTo(name, names) }), names.length === 0 ? say('noStates') : say('statesAre', { states: names.join(', ') }));
}

/** The account of this id, among those of accounts.json; `orShop`: or the merchant's own shop. */
export async function accountNamed({ open, say }: Call, id: string, orShop: boolean): Promise<string> {
  const { context } = await open();
  const known = [...(orShop ? [shop] : []), ...context.profiles.keys()];
  if (known.includes(id)) return id;
  throw new Refused(exits.usage, say('unknownAccount', { found: plain(id, 60), ...nearTo(id, known) }), known.length === 0 ? say('noAccounts') : say('accountsAre', { accounts: known.join(', ') }));
}

/** The order of this number, there or in the shop; where several accounts have one, it must be said which. */
export async function orderNamed(call: Call, reference: string, account: string | undefined): Promise<NamedOrder> {
  const { open, say } = call;
  const { context } = await open();
  const called = await ordersCalled(context, [reference]);
  const found = account === undefined ? called : called.filter((one) => one.account === account);
  const [only, ...others] = found;
  if (only === undefined) throw new Refused(exits.someFailed, say('unknownOrder', { found: plain(reference, 60) }), say('unknownOrderRemedy'));
  if (others.length > 0) throw new Refused(exits.usage, say('severalOrders', { found: plain(reference, 60), accounts: found.map((one) => `${one.account} ${one.reference}`).join(', ') }), say('severalOrdersRemedy'));
  return only;
}

/** The sync of this number. */
export async function syncNumbered({ open, say }: Call, id: number): Promise<LogRow> {
  const { context } = await open();
  const row = await findSync(context.store.db, id);
  if (row === null) throw new Refused(exits.someFailed, say('unknownSync', { id }), say('unknownSyncRemedy'));
  return row;
}

/** For sentences that name the nearest. */
export function nearTo(name: string, known: Iterable<string>): { readonly isNear: 'yes' | 'no'; readonly near: string } {
  const near = nearest(name, known);
  return { isNear: near === null ? 'no' : 'yes', near: near ?? '' };
}
