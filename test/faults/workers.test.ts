import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../support/random.ts';
import { startServer } from '../support/server.ts';
import type { Server } from '../support/server.ts';
import { apply, Refused, sell, sides, telling } from './goods.ts';
import type { Dispatch } from './goods.ts';
import { install } from './installation.ts';
import type { Daemon, Installation } from './installation.ts';
import { expectProven, untilDone } from './proof.ts';
import { pause } from './until.ts';
import { openWire } from './wire.ts';

let server: Server;

beforeAll(async () => {
  server = await startServer();
  const maker = new Client({ connectionString: server.url('postgres') });
  await maker.connect();
  await maker.query('create database faults');
  await maker.end();
});
afterAll(() => server.stop());

const orders = 40;

/** FAULTS_SEED repeats one. */
const seed = Number(process.env['FAULTS_SEED'] ?? '1');

test('four workers, killed and paused at random, the server restarted, a connection half open: no effect is lost, none is there twice', { timeout: 240_000 }, async () => {
  const random = createRandom(seed);
  const wire = await openWire(server.port);
  const installation = await install({ database: server.url('faults'), waits: { timeoutS: 1, settleS: 3, sweepS: 5 }, pace: { rate: 8, burst: 4 } });
  const { simulator } = installation;
  const loads = sides.map((side) => sell(simulator, side, orders));
  const dispatches = loads.flat(2);
  for (const [n, side] of sides.entries()) misbehave(installation, side, (loads[n] ?? []).flat());

  const through = server.url('faults').replace(`:${server.port}/`, `:${wire.port}/`);
  const start = (n: number): Promise<Daemon> => installation.start(n === 3 ? { env: { SUIVI_DATABASE_URL: through } } : {});
  const workers = await Promise.all([0, 1, 2, 3].map(start));
  const state = { over: false, acknowledged: 0 };
  const loading = load(installation, workers, state, loads.flat(2));
  const story: string[] = [];
  try {
    for (let round = 0; round < 8; round += 1) {
      await pause(500 + random.next() * 1_200);
      const n = Math.floor(random.next() * 4);
      const worker = workers[n];
      if (worker === undefined) continue;
      if (round === 2) {
        story.push('the server is restarted');
        await server.restart();
      } else if (round === 5) {
        story.push('the fourth worker is cut off in silence');
        wire.freeze();
      } else if (random.next() < 0.5) {
        story.push(`worker ${n} is paused`);
        // Longer than its lease: somebody else has its lanes when it wakes up.
        worker.kill('SIGSTOP');
        await pause(3_500);
        worker.kill('SIGCONT');
      } else {
        story.push(`worker ${n} is killed`);
        worker.kill('SIGKILL');
        await worker.ended;
        workers[n] = await start(n);
      }
    }
    await loading;
    await untilDone(installation, dispatches, 120_000);
    for (const worker of workers) worker.kill('SIGTERM');
    for (const worker of workers) expect((await worker.ended).code).toBe(0);
    await expectProven(installation, dispatches);
    await installation.beside(async ({ context }) => {
      const { rows } = await sql<{ holder: string | null }>`select holder from lane where holder is not null`.execute(context.store.db);
      expect(rows, 'lanes that nobody gave back').toEqual([]);
    });
  } catch (error) {
    throw new Error(`FAULTS_SEED=${seed}; ${state.acknowledged} of ${dispatches.length} acknowledged; ${story.join(', ')}\n${workers.map((worker) => worker.out().split('\n').filter((line) => /"level":"(error|fatal)"|"level":(50|60)/.test(line)).slice(-3).join('\n')).join('\n')}`, { cause: error });
  } finally {
    state.over = true;
    for (const worker of workers) worker.kill('SIGCONT');
    await loading.catch(() => undefined);
  }
});

/** Of five orders one's first call loses its answer, and another's takes effect only after our time-out. All calls take their time. */
function misbehave({ simulator }: Installation, side: (typeof sides)[number], of: readonly Dispatch[]): void {
  const { faults } = simulator[side].brain;
  const call = telling[side];
  for (const [n, { order }] of of.entries()) {
    if (n % 5 === 1) faults.add({ call, order, fault: { kind: 'cut-after' } });
    if (n % 5 === 3) faults.add({ call, order, fault: { kind: 'slow', ms: 10_000, effectMs: 2_800 } });
  }
  faults.add({ call, times: 'always', fault: { kind: 'slow', ms: 120, effectMs: 60 } });
}

/** Asks whichever worker answers, again and again until each dispatch is acknowledged. */
async function load({ token }: Installation, workers: readonly Daemon[], state: { over: boolean; acknowledged: number }, dispatches: readonly Dispatch[]): Promise<void> {
  for (let at = 0, asked = 0; at < dispatches.length && !state.over; asked += 1) {
    const batch = dispatches.slice(at, at + 3);
    try {
      await apply(workers[asked % workers.length]?.address ?? '', token, batch, 2_000);
      at += batch.length;
      state.acknowledged = at;
      await pause(200);
    } catch (error) {
      if (error instanceof Refused) throw error;
      await pause(50);
    }
  }
}
