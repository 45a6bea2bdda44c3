import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { serve } from '../../../src/app/serve.ts';
import { minute } from '../../../src/runtime/clock.ts';
import { createToken } from '../../../src/store/tokens.ts';
import { oneByOne, openLoop } from '../frame/arrivals.ts';
import { noteCalls } from '../frame/calls.ts';
import { spreadOf } from '../frame/figures.ts';
import type { Spread } from '../frame/figures.ts';
import type { Measurement, Place, Size } from '../frame/measurement.ts';
import { aim } from '../frame/table.ts';
import type { Table } from '../frame/table.ts';
import { sharedNow } from '../frame/wait.ts';
import { reference, state, tracking } from '../shop/made-up.ts';
import { createMarketplace } from '../shop/marketplace.ts';
import { account, openShop } from '../shop/shop.ts';
import type { Shop } from '../shop/shop.ts';

/** Who applies the states, and how. */
export type Way = 'in the process' | 'HTTP API' | 'another process' | 'whole command';

export interface LatencyCase {
  readonly way: Way;
  /** So many a second, whatever becomes of those before; null: one after the other. */
  readonly rate: number | null;
  readonly count: number;
  readonly logLevel: 'info' | 'warn';
}

export interface Latency {
  readonly one: LatencyCase;
  /** From just before it is applied to the moment at which the call begins, ms. */
  readonly spread: Spread;
}

const aimed = 50;

const says: Readonly<Record<Way, string>> = {
  'in the process': 'within the daemon',
  'HTTP API': 'POST to the API, from another process',
  'another process': 'another process, on the database (as the command line)',
  'whole command': '`suivi apply`, from its start',
};

export function latency(size: Size): Measurement<LatencyCase, Latency> {
  const times = size === 'whole' ? 1 : 0.1;
  const usual = { logLevel: 'info' } as const;
  return {
    name: 'latency',
    about: 'from applied to the moment at which the call begins, on an idle daemon and at 100 a second',
    cases: [
      { ...usual, way: 'in the process', rate: null, count: 300 * times },
      { ...usual, way: 'in the process', rate: 100, count: 500 * times },
      { ...usual, way: 'HTTP API', rate: null, count: 300 * times },
      { ...usual, way: 'HTTP API', rate: 100, count: 500 * times },
      { ...usual, way: 'another process', rate: null, count: 200 * times },
      { ...usual, way: 'whole command', rate: null, count: 10 * times },
    ],
    limit: 2 * minute,
    titleOf: ({ way, rate, count }) => `${says[way]}, ${rate === null ? 'one by one' : `${rate} a second`}, ${count} times`,
    measure: measureLatency,
    tables: (found) => [table(found)],
  };
}

async function measureLatency(one: LatencyCase, { folder }: Pick<Place, 'folder'>): Promise<Latency> {
  const calls = noteCalls();
  const shop = await openShop({ folder, width: 8, logLevel: one.logLevel, marketplace: createMarketplace(({ payload }) => calls.begin(payload.parcel?.trackingNumber ?? '', sharedNow())) });
  const stop = new AbortController();
  const made = await createToken(shop.suivi.context, 'bench', 'write', 'bench', Date.now());
  const running = await serve(shop.suivi, stop.signal, stop.signal);
  const warm = Math.min(50, one.count);
  await shop.sell(0, warm + one.count);
  const applier = one.way === 'in the process' ? inProcess(shop, () => running.notify([account])) : one.way === 'whole command' ? byCommand(shop, folder) : await beside(one.way, shop, folder, running.address, 'token' in made ? made.token : '');
  // What is applied by another process is noticed at a beat: they must not fall in step.
  const pause = (): number => (one.way === 'another process' || one.way === 'whole command' ? Math.random() * 100 : 5 + Math.random() * 10);
  const measure = async (n: number, due?: number): Promise<number> => {
    const [before, began] = await Promise.all([applier.ship(n), calls.began(tracking(n))]);
    return began - (due ?? before);
  };
  try {
    if (one.way !== 'whole command') await oneByOne(warm, pause, measure);
    // Both clocks count milliseconds of one machine, from different beginnings.
    const apart = sharedNow() - performance.now();
    const times = one.rate === null ? await oneByOne(one.count, pause, (n) => measure(warm + n)) : await openLoop(one.count, one.rate, (n, due) => measure(warm + n, due + apart));
    return { one, spread: spreadOf(times) };
  } finally {
    applier.close();
    stop.abort();
    await running.ended;
    await shop.close();
  }
}

interface Applier {
  /** Applies the state to order `n`; resolves with the moment just before, by the machine's own clock. */
  ship(n: number): Promise<number>;
  close(): void;
}

function inProcess(shop: Shop, notify: () => void): Applier {
  return {
    async ship(n) {
      const before = sharedNow();
      await shop.apply(n, 1);
      notify();
      return before;
    },
    close: () => undefined,
  };
}

async function beside(way: Way, shop: Shop, folder: string, address: string, token: string): Promise<Applier> {
  const args = way === 'HTTP API' ? ['http', address, token] : ['database', folder];
  const caller = fork(fileURLToPath(new URL('../caller.ts', import.meta.url)), args, { env: { PATH: process.env['PATH'], ...shop.variables } });
  const answers = new Map<number, (before: number) => void>();
  const ready = new Promise<number>((resolve) => answers.set(-1, resolve));
  caller.on('message', (message) => {
    const { n, before } = message as { readonly n: number; readonly before: number };
    answers.get(n)?.(before);
    answers.delete(n);
  });
  await Promise.race([ready, once(caller, 'exit').then(() => Promise.reject(new Error('the caller ended')))]);
  return {
    ship: (n) =>
      new Promise((resolve) => {
        answers.set(n, resolve);
        caller.send(n);
      }),
    close: () => caller.disconnect(),
  };
}

function byCommand(shop: Shop, folder: string): Applier {
  const bin = fileURLToPath(new URL('../../../src/cli/bin.js', import.meta.url));
  const running = new Set<ChildProcess>();
  return {
    async ship(n) {
      const before = sharedNow();
      const child = spawn(process.execPath, [bin, 'apply', state, '--account', account, '--order', reference(n), '--carrier', 'Chronopost', '--tracking', tracking(n)], { cwd: folder, env: { PATH: process.env['PATH'], ...shop.variables }, stdio: 'ignore' });
      running.add(child);
      const [status] = (await once(child, 'exit')) as [number | null];
      running.delete(child);
      if (status !== 0) throw new Error(`suivi apply ended with ${status}`);
      return before;
    },
    close() {
      for (const child of running) child.kill('SIGKILL');
    },
  };
}

function table(found: readonly Latency[]): Table {
  return {
    name: 'latency',
    title: 'From applied to the moment at which the call begins',
    notes: [
      'The daemon with everything that belongs to it (API, alerts, chores, log to a file) on a SQLite file; the destination is in memory. Its intent is on the disk when a call begins.',
      'One by one: the next once the one before has ended and the daemon has nothing to do. 100 a second: whatever becomes of those before, and counted from the moment at which each was due.',
      'What another process applies is noticed within the 50 ms at which the daemon looks; what comes by the API wakes it at once.',
    ],
    columns: [{ head: 'applied by' }, { head: 'arrivals' }, { head: 'n', digits: 0 }, { head: 'p50 ms', digits: 1 }, { head: 'p99 ms', digits: 1 }, { head: 'most ms', digits: 1 }, { head: 'aim' }],
    rows: found.map(({ one, spread }) => [
      says[one.way],
      one.rate === null ? 'one by one' : `${one.rate} a second`,
      spread.n,
      spread.p50,
      spread.p99,
      spread.most,
      one.way === 'in the process' || one.way === 'HTTP API' ? aim(`p99 < ${aimed} ms`, spread.p99 < aimed) : null,
    ]),
  };
}
