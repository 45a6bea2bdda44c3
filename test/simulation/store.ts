import type { Context } from '../../src/store/context.ts';
import { meetAccounts } from '../../src/store/accounts.ts';
import { openStore } from '../../src/store/database.ts';
import type { Store } from '../../src/store/database.ts';
import { addState } from '../../src/store/states.ts';
import { connectAccounts } from '../../src/app/connections.ts';
import { simulatedTables } from './accounts.ts';
import type { World } from './world.ts';

/** The key that every run's audit is chained with. */
export const auditKey = new Uint8Array(32).fill(7);

/** States that the merchant uses, out of the library of models. */
const states = ['EXPEDIEE', 'EXPEDIEE_PART', 'ANNULEE', 'PREPARATION', 'LIVREE'];

/** A fresh database in memory, with the accounts met and the merchant's states added. */
export async function openSimulatedStore(world: World): Promise<Context> {
  const context = contextOf(world, await openStore(':memory:', 'upgrade'));
  const now = world.ours().now();
  await meetAccounts(context, world.accounts.map(({ id, marketplace, mode, from }) => ({ id, marketplace, mode, from })), now);
  for (const model of simulatedTables().models) if (states.includes(model.mnemonic)) await addState(context, model, 'merchant', now);
  return context;
}

/** What the store's own rooms need beside a database. Connecting makes no call; only the accounts' profiles are taken. */
function contextOf(world: World, store: Store): Context {
  const scopes = connectAccounts(world.accounts, world.truth, () => () => Promise.reject(new Error('nobody calls from here')));
  return {
    store,
    audit: { keyring: { current: 'simulated', keys: new Map([['simulated', auditKey]]) }, random: world.chance('audit') },
    clock: world.ours(),
    tables: simulatedTables(),
    profiles: new Map(scopes.flatMap((scope) => scope.accounts.map(({ profile }) => [profile.account, profile] as const))),
    timeZone: 'Europe/Paris',
  };
}
