import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSuivi } from '../../../src/app.ts';
import type { Suivi } from '../../../src/app.ts';
import { assembleEngine } from '../../../src/app/engine.ts';
import { createMetrics } from '../../../src/app/metrics.ts';
import { simulatedCredentials } from '../../../src/marketplaces/simulator/credentials.ts';
import { hour, systemClock } from '../../../src/runtime/clock.ts';
import { systemRandom } from '../../../src/runtime/random.ts';
import { renderRefusal } from '../../../src/settings/fault.ts';
import type { Variables } from '../../../src/settings/environment.ts';
import { meetAccounts } from '../../../src/store/accounts.ts';
import { applyStates } from '../../../src/store/intake.ts';
import type { Answer } from '../../../src/store/intake.ts';
import { createLedger } from '../../../src/store/ledger.ts';
import { addState } from '../../../src/store/states.ts';
import { run } from '../../../src/syncing/daemon.ts';
import type { Ledger } from '../../../src/syncing/ledger.ts';
import { orderOf, state, wishOf } from './made-up.ts';
import type { Marketplace } from './marketplace.ts';

/** The account that everything is told to. */
export const account = 'amazon-fr';

/**
 * Suivi as the daemon opens it (settings, tables, SQLite file, keys, log), with one account whose marketplace is in memory.
 * Nothing of the engine or of the store is another than in earnest.
 */
export interface Shop {
  readonly suivi: Suivi;
  readonly ledger: Ledger;
  readonly variables: Variables;
  /** Takes over orders `from` to `from + count - 1` as a sweep does. */
  sell(from: number, count: number): Promise<void>;
  /** Applies EXPEDIEE to as many orders in one go, as a caller of the API does. */
  apply(from: number, count: number): Promise<readonly Answer[]>;
  /** Starts the engine. */
  start(): Engine;
  close(): Promise<void>;
}

export interface Engine {
  /** As the API does after it has answered. */
  notify(): void;
  /** Resolves once so many attempts in all are recorded, with the moment (`performance.now()`) at which they were. */
  recorded(count: number): Promise<number>;
  stop(): Promise<void>;
}

export interface ShopOptions {
  readonly folder: string;
  readonly marketplace: Marketplace;
  /** Orders that may be under way at once. Amazon's room takes 8: a real call lasts; one in memory does not. */
  readonly width: number;
  /** `info` is the daemon's own: a line for each attempt. */
  readonly logLevel: 'info' | 'warn';
}

export async function openShop({ folder, marketplace, width, logLevel }: ShopOptions): Promise<Shop> {
  const variables = settle(folder, { amazon: 'http://127.0.0.1:9', ebay: null }, { SUIVI_LOG_LEVEL: logLevel });
  const opened = await openSuivi({ variables, directory: folder, clock: systemClock, random: systemRandom, as: 'serve' });
  if ('running' in opened) throw new Error('another Suivi works in the temporary folder');
  if ('faults' in opened) throw new Error(renderRefusal(opened.faults).join('\n'));
  const scopes = opened.scopes.map((scope): Suivi['scopes'][number] => {
    const [first] = scope.accounts;
    return { ...scope, accounts: [{ ...first, destination: marketplace.destination(first.destination, width) }], connection: { ...scope.connection, orders: marketplace.orders } };
  });
  const suivi: Suivi = { ...opened, scopes };
  const { context } = suivi;
  const now = Date.now();
  await meetAccounts(context, [{ id: account, marketplace: 'amazon', mode: 'live', from: 0 }], now);
  const model = suivi.tables.models.find(({ mnemonic }) => mnemonic === state);
  if (model === undefined) throw new Error(`there is no model ${state}`);
  await addState(context, { ...model, graceS: 0 }, 'bench', now);
  const ledger = createLedger(context);
  const profiles = [...context.profiles.values()];
  // The lane need not wait for a first sweep: what is measured begins with its first claim.
  for (const profile of profiles) await ledger.swept(profile.scope.sweep, { until: now, startedAt: now + hour });
  return {
    suivi,
    ledger,
    variables,
    async sell(from, count) {
      for (let first = from; first < from + count; first += 1_000) {
        const page = Array.from({ length: Math.min(1_000, from + count - first) }, (_, i) => orderOf(first + i, account, now));
        await ledger.takeOver(profiles, 'ours', page, Date.now());
      }
    },
    async apply(from, count) {
      const answers = await applyStates(context, Array.from({ length: count }, (_, i) => wishOf(from + i, account)), { source: 'api/bench', author: 'api/bench', byHand: false }, Date.now());
      const refused = answers.find((answer) => 'faults' in answer);
      if (refused !== undefined) throw new Error(JSON.stringify(refused));
      return answers;
    },
    start: () => startEngine(suivi),
    close: () => suivi.close(),
  };
}

function startEngine(suivi: Suivi): Engine {
  const { context, scopes, clock, random, log } = suivi;
  const figures = () => Promise.reject(new Error('nobody asks for figures here'));
  const engine = assembleEngine({ context, scopes, clock, random, log, metrics: createMetrics(figures), worker: 'bench', mayImport: () => true });
  let recorded = 0;
  let waiting: { readonly count: number; readonly wake: (at: number) => void } | null = null;
  const lanes = engine.daemon.lanes.map((lane) => {
    const record: Ledger['record'] = async (tenure, profile, results, now) => {
      const told = await lane.ledger.record(tenure, profile, results, now);
      recorded += results.length;
      if (waiting !== null && recorded >= waiting.count) waiting.wake(performance.now());
      return told;
    };
    return { ...lane, ledger: { ...lane.ledger, record } };
  });
  const stop = new AbortController();
  const ended = run({ ...engine.daemon, lanes }, stop.signal, stop.signal);
  return {
    notify: () => engine.notify([account]),
    recorded: (count) => (recorded >= count ? Promise.resolve(performance.now()) : new Promise((wake) => (waiting = { count, wake }))),
    async stop() {
      stop.abort();
      await ended;
    },
  };
}

/**
 * Makes a folder in which Suivi can be opened: accounts.json, a database's place, and an address on loopback.
 * @param endpoints where calls go; without one the marketplace has no account
 * @param limits `none`: what is measured is not Amazon's pace
 */
export function settle(folder: string, endpoints: { readonly amazon: string | null; readonly ebay: string | null }, more: Variables = {}, limits: 'published' | 'none' = 'none'): Variables {
  const { amazon, ebay } = simulatedCredentials;
  const unlimited = { rate: 1e9, burst: 1_000_000_000 };
  const accounts = [
    ...(endpoints.amazon === null ? [] : [{ id: account, marketplace: 'amazon', region: amazon.region, marketplaceId: amazon.marketplaceId, sellerId: amazon.sellerId, from: '2020-01-01T00:00:00Z', endpoint: endpoints.amazon, limits: limits === 'published' ? {} : { confirmShipment: unlimited, getOrder: unlimited, searchOrders: unlimited }, clientId: { env: 'A_ID' }, clientSecret: { env: 'A_SECRET' }, refreshToken: { env: 'A_TOKEN' } }]),
    ...(endpoints.ebay === null ? [] : [{ id: 'ebay-fr', marketplace: 'ebay', site: ebay.site, endpoint: endpoints.ebay, appId: { env: 'E_ID' }, certId: { env: 'E_CERT' }, refreshToken: { env: 'E_TOKEN' } }]),
  ];
  mkdirSync(join(folder, 'config'), { recursive: true });
  writeFileSync(join(folder, 'config', 'accounts.json'), JSON.stringify({ accounts }));
  return {
    SUIVI_DATABASE_URL: 'file:suivi.db',
    SUIVI_CONFIG_DIR: 'config',
    SUIVI_LISTEN: '127.0.0.1:0',
    ...more,
    A_ID: amazon.clientId,
    A_SECRET: amazon.clientSecret,
    A_TOKEN: amazon.refreshToken,
    E_ID: ebay.appId,
    E_CERT: ebay.certId,
    E_TOKEN: ebay.refreshToken,
  };
}
