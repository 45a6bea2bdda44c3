import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSuivi } from '../../../src/app.ts';
import type { Suivi } from '../../../src/app.ts';
import { simulatedCredentials } from '../../../src/marketplaces/simulator/credentials.ts';
import { hour, systemClock } from '../../../src/runtime/clock.ts';
import { systemRandom } from '../../../src/runtime/random.ts';
import { renderRefusal } from '../../../src/settings/fault.ts';
import type { Variables } from '../../../src/settings/environment.ts';
import { meetAccounts } from '../../../src/store/accounts.ts';
import { applyStates } from '../../../src/store/intake.ts';
import { createLedger } from '../../../src/store/ledger.ts';
import { addState } from '../../../src/store/states.ts';
import { orderOf, state, wishOf } from '../shop/made-up.ts';
import type { Marketplace } from '../shop/marketplace.ts';

/** Many accounts of many sellers on one server, as its hosts have them; their marketplace is in memory. */
export interface House {
  /** Everybody's number is of one account; neighbours are of the same one. */
  readonly accountOf: (n: number) => string;
  sell(from: number, count: number): Promise<void>;
  apply(from: number, count: number): Promise<void>;
  close(): Promise<void>;
}

/** @param each numbers that follow one another of one account */
export function placing(accounts: number, each: number): (n: number) => string {
  return (n) => nameOf(Math.floor(n / each) % accounts);
}

function nameOf(n: number): string {
  return `amazon-${String(n + 1).padStart(4, '0')}`;
}

/** Settings of a folder in which as many workers as there are to be are opened. */
export function settleHouse(folder: string, url: string, accounts: number): Variables {
  const { amazon } = simulatedCredentials;
  const unlimited = { rate: 1e9, burst: 1_000_000_000 };
  const one = { marketplace: 'amazon', region: amazon.region, marketplaceId: amazon.marketplaceId, from: '2020-01-01T00:00:00Z', endpoint: 'http://127.0.0.1:9', limits: { confirmShipment: unlimited, getOrder: unlimited, searchOrders: unlimited }, clientId: { env: 'A_ID' }, clientSecret: { env: 'A_SECRET' }, refreshToken: { env: 'A_TOKEN' } };
  mkdirSync(join(folder, 'config'), { recursive: true });
  writeFileSync(join(folder, 'config', 'accounts.json'), JSON.stringify({ accounts: Array.from({ length: accounts }, (_, n) => ({ ...one, id: nameOf(n), sellerId: `${amazon.sellerId}${n}` })) }));
  return {
    SUIVI_DATABASE_URL: url,
    SUIVI_SECRET: 'a-secret-of-the-bench-0123456789-abcdefghijk',
    SUIVI_CONFIG_DIR: 'config',
    SUIVI_LISTEN: '127.0.0.1:0',
    SUIVI_LOG_LEVEL: 'info',
    A_ID: amazon.clientId,
    A_SECRET: amazon.clientSecret,
    A_TOKEN: amazon.refreshToken,
  };
}

/** Suivi as a worker opens it, with the marketplace in memory in place of Amazon. */
export async function openWorker(folder: string, variables: Variables, marketplace: Marketplace, width: number): Promise<Suivi> {
  const opened = await openSuivi({ variables, directory: folder, clock: systemClock, random: systemRandom, as: 'serve' });
  if ('running' in opened) throw new Error('another Suivi works in the temporary folder');
  if ('faults' in opened) throw new Error(renderRefusal(opened.faults).join('\n'));
  const scopes = opened.scopes.map((scope): Suivi['scopes'][number] => {
    const [first, ...others] = scope.accounts;
    const told = (one: typeof first): typeof first => ({ ...one, destination: marketplace.destination(one.destination, width) });
    return { ...scope, accounts: [told(first), ...others.map(told)], connection: { ...scope.connection, orders: marketplace.orders } };
  });
  return { ...opened, scopes };
}

/** Opens it for whoever hands jobs over; the accounts are met, and need no first sweep. */
export async function openHouse(suivi: Suivi, accountOf: (n: number) => string): Promise<House> {
  const { context, tables } = suivi;
  const now = Date.now();
  const profiles = [...context.profiles.values()];
  await meetAccounts(context, profiles.map(({ account }) => ({ id: account, marketplace: 'amazon', mode: 'live', from: 0 })), now);
  const model = tables.models.find(({ mnemonic }) => mnemonic === state);
  if (model === undefined) throw new Error(`there is no model ${state}`);
  await addState(context, { ...model, graceS: 0 }, 'bench', now);
  const ledger = createLedger(context);
  for (const profile of profiles) await ledger.swept(profile.scope.sweep, { until: now, startedAt: now + hour });
  const parts = async (from: number, count: number, work: (numbers: readonly number[]) => Promise<unknown>): Promise<void> => {
    for (let first = from; first < from + count; first += 1_000) await work(Array.from({ length: Math.min(1_000, from + count - first) }, (_, i) => first + i));
  };
  return {
    accountOf,
    sell: (from, count) => parts(from, count, (numbers) => ledger.takeOver(profiles, 'ours', numbers.map((n) => orderOf(n, accountOf(n), now)), Date.now())),
    apply: (from, count) =>
      parts(from, count, async (numbers) => {
        const answers = await applyStates(context, numbers.map((n) => wishOf(n, accountOf(n))), { source: 'api/bench', author: 'api/bench', byHand: false }, Date.now());
        const refused = answers.find((answer) => 'faults' in answer);
        if (refused !== undefined) throw new Error(JSON.stringify(refused));
      }),
    close: () => suivi.close(),
  };
}
