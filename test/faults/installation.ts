import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, vi } from 'vitest';
import { openSuivi } from '../../src/app.ts';
import type { Suivi } from '../../src/app.ts';
import { simulatedCredentials } from '../../src/marketplaces/simulator/credentials.ts';
import { startSimulator } from '../../src/marketplaces/simulator/simulator.ts';
import type { Simulator, SimulatorOptions } from '../../src/marketplaces/simulator/simulator.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { addState } from '../../src/store/states.ts';
import { createToken } from '../../src/store/tokens.ts';
import { createRandom } from '../support/random.ts';
import { begin, endAll } from './process.ts';
import type { Ended, Running } from './process.ts';

// Processes start and stop here, many times over, beside other tests.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const bin = fileURLToPath(new URL('../../src/cli/bin.js', import.meta.url));

/** A daemon at work. */
export interface Daemon extends Running {
  /** Where its API listens. */
  readonly address: string;
}

export interface Start {
  /** A module of children/ that the process loads before anything else. */
  readonly preload?: string;
  /** Programs that make the surroundings and then replace themselves by the daemon. */
  readonly wrap?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Seconds, as an account's `patience` names them. */
export interface Waits {
  readonly timeoutS: number;
  readonly settleS: number;
  readonly sweepS: number;
}

/** A Suivi of its own in a folder of its own, and simulated marketplaces in this process: their ledgers outlive the daemon. */
export interface Installation {
  readonly folder: string;
  readonly simulator: Simulator;
  /** May write. */
  readonly token: string;
  /** The daemon, begun; it need not come to work. */
  begin(start?: Start): Running;
  /** The daemon, once it works. */
  start(start?: Start): Promise<Daemon>;
  /** Lets every daemon of it that still runs end gently: what is under way has its outcome then. */
  stop(): Promise<void>;
  /** A command, begun. */
  command(...args: readonly string[]): Running;
  run(...args: readonly string[]): Promise<Ended>;
  /** The store beside the daemon, as a command opens it; or another database of the same secret. */
  beside<T>(use: (suivi: Suivi) => Promise<T>, database?: string): Promise<T>;
}

export interface Plan {
  readonly waits?: Partial<Waits>;
  /** Where calls go, if not to the simulators directly. */
  readonly through?: (simulator: Simulator) => Promise<{ readonly amazon: string; readonly ebay: string }>;
  readonly simulator?: Partial<SimulatorOptions>;
  /** Calls per second and at once that the daemon may make of those that tell. */
  readonly pace?: { readonly rate: number; readonly burst: number };
  readonly alertUrl?: string;
  /** The address of a server's database, instead of a file; with a secret of the test's own. */
  readonly database?: string;
  /** Where folder and database are; a new folder of the system's temporary ones unless given. */
  readonly folder?: string;
}

const closing: (() => Promise<void> | void)[] = [];

/** Something to be closed once the test has ended, the latest first. */
export function closeLater(close: () => Promise<void> | void): void {
  closing.push(close);
}

afterEach(async () => {
  await endAll();
  for (const close of closing.splice(0).reverse()) await close();
});

/** Workers of one server have the same. */
const sharedSecret = 'a-secret-of-tests-0123456789-abcdefghijklmnop';

/** Settings, schema, the state EXPEDIEE and a token are there; the daemon is not started. */
export async function install(plan: Plan = {}): Promise<Installation> {
  const folder = plan.folder ?? mkdtempSync(join(tmpdir(), 'suivi-faults-'));
  if (plan.folder === undefined) closeLater(() => rmSync(folder, { recursive: true, force: true }));
  const simulator = await startSimulator({ clock: systemClock, random: createRandom(5), pace: 1_000, ...plan.simulator });
  closeLater(() => simulator.close());
  const endpoints = await (plan.through ?? direct)(simulator);
  writeAccounts(folder, endpoints, plan);
  const { amazon, ebay } = simulatedCredentials;
  const variables = {
    PATH: process.env['PATH'] ?? '',
    LANG: 'en_GB.UTF-8',
    SUIVI_LISTEN: '127.0.0.1:0',
    ...(plan.database === undefined ? {} : { SUIVI_DATABASE_URL: plan.database, SUIVI_SECRET: sharedSecret }),
    ...(plan.alertUrl === undefined ? {} : { SUIVI_ALERT_URL: plan.alertUrl }),
    A_ID: amazon.clientId,
    A_SECRET: amazon.clientSecret,
    A_TOKEN: amazon.refreshToken,
    E_ID: ebay.appId,
    E_CERT: ebay.certId,
    E_TOKEN: ebay.refreshToken,
  };
  const open = async (as: 'beside' | 'upgrade', database?: string): Promise<Suivi> => {
    const other = database === undefined ? {} : { SUIVI_DATABASE_URL: database, SUIVI_SECRET: readFileSync(join(folder, 'var', 'secret'), 'utf8').trim() };
    const opened = await openSuivi({ variables: { ...variables, ...other }, directory: folder, clock: systemClock, random: systemRandom, as, write: () => undefined });
    if (!('context' in opened)) throw new Error(`it did not open: ${JSON.stringify(opened)}`);
    return opened;
  };
  const token = await furnish(await open('upgrade'));

  const begun: Running[] = [];
  const installation: Installation = {
    folder,
    simulator,
    token,
    begin({ preload, wrap = [], env = {} } = {}) {
      const loaded = preload === undefined ? [] : ['--import', new URL(`children/${preload}`, import.meta.url).href];
      const running = begin([...wrap, process.execPath, ...loaded, bin, 'start'], { cwd: folder, env: { ...variables, ...env } });
      begun.push(running);
      return running;
    },
    async stop() {
      const alive = begun.filter((running) => running.alive());
      for (const running of alive) running.kill('SIGTERM');
      await Promise.all(alive.map((running) => running.ended));
    },
    async start(start) {
      const running = installation.begin(start);
      const said = await running.saw('Suivi is at work');
      return { ...running, address: /"address":"([^"]+)"/.exec(said)?.[1] ?? '' };
    },
    command: (...args) => begin([process.execPath, bin, ...args], { cwd: folder, env: variables }),
    run: (...args) => installation.command(...args).ended,
    async beside(use, database) {
      const suivi = await open('beside', database);
      try {
        return await use(suivi);
      } finally {
        await suivi.close();
      }
    },
  };
  return installation;
}

async function direct({ amazon, ebay }: Simulator): Promise<{ amazon: string; ebay: string }> {
  return { amazon: amazon.endpoint, ebay: ebay.endpoint };
}

const usualWaits: Waits = { timeoutS: 1, settleS: 1.5, sweepS: 1 };

function writeAccounts(folder: string, endpoints: { readonly amazon: string; readonly ebay: string }, { waits, pace = { rate: 100, burst: 100 } }: Plan): void {
  const { amazon, ebay } = simulatedCredentials;
  const common = { from: '2020-01-01T00:00:00Z', patience: { ...usualWaits, ...waits } };
  const reads = { rate: 50, burst: 200 };
  const accounts = [
    {
      id: 'amazon-fr',
      marketplace: 'amazon',
      region: amazon.region,
      marketplaceId: amazon.marketplaceId,
      sellerId: amazon.sellerId,
      endpoint: endpoints.amazon,
      limits: { confirmShipment: pace, searchOrders: reads, getOrder: reads },
      clientId: { env: 'A_ID' },
      clientSecret: { env: 'A_SECRET' },
      refreshToken: { env: 'A_TOKEN' },
      ...common,
    },
    {
      id: 'ebay-fr',
      marketplace: 'ebay',
      site: ebay.site,
      endpoint: endpoints.ebay,
      limits: { createShippingFulfillment: pace, getShippingFulfillments: reads, getOrders: reads, getOrder: reads },
      appId: { env: 'E_ID' },
      certId: { env: 'E_CERT' },
      refreshToken: { env: 'E_TOKEN' },
      ...common,
    },
  ];
  mkdirSync(join(folder, 'config'), { recursive: true });
  writeFileSync(join(folder, 'config', 'accounts.json'), JSON.stringify({ accounts }));
}

/** The state that tells of a dispatch, and a token that may write. */
async function furnish(suivi: Suivi): Promise<string> {
  const { context, tables, clock } = suivi;
  const model = tables.models.find((one) => one.mnemonic === 'EXPEDIEE');
  if (model === undefined) throw new Error('there is no model EXPEDIEE');
  await addState(context, model, 'test', clock.now());
  const made = await createToken(context, 'load', 'write', 'test', clock.now());
  await suivi.close();
  if ('taken' in made) throw new Error('the database is not fresh');
  return made.token;
}
