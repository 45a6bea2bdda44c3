import Database from 'better-sqlite3';
import { sql } from 'kysely';
import { copyFileSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Suivi } from '../../src/app.ts';
import type { NewOrder } from '../../src/marketplaces/simulator/order.ts';
import type { Simulator } from '../../src/marketplaces/simulator/simulator.ts';
import type { Random } from '../../src/runtime/random.ts';
import { observe } from '../support/observed.ts';
import { createRandom } from '../support/random.ts';
import { expectWhole } from '../support/whole.ts';
import { apply, sell, sides, telling } from './goods.ts';
import type { Dispatch } from './goods.ts';
import { closeLater, install } from './installation.ts';
import type { Installation } from './installation.ts';
import { expectProven, intentsToTell, untilDone } from './proof.ts';
import { pause, until } from './until.ts';
import { lay, readWal } from './wal.ts';
import type { Wal } from './wal.ts';

const all = process.env['FAULTS'] === 'all';

/** A busy run, up to the moment at which it was killed. */
interface Run {
  readonly installation: Installation;
  readonly dispatches: readonly Dispatch[];
  /** The database as it was before, and all that was written since. */
  readonly base: string;
  readonly wal: Wal;
  /** How much of the log was there when these were acknowledged (bytes). */
  readonly acknowledged: readonly { readonly dispatch: Dispatch; readonly at: number }[];
  /** How much of it was there when a request that tells came in, and of which order. */
  readonly asked: readonly { readonly order: string; readonly at: number }[];
}

describe('the current fails', () => {
  test('at any moment of a busy run: the database opens, is whole, and knows all that was acknowledged or told; and goes on without losing or doubling', async () => {
    const run = await busyRun();
    const random = createRandom(7);
    const { wal } = run;
    expect(wal.commits.length, 'transactions').toBeGreaterThan(60);
    await expectWrittenAhead(run);

    const place = join(run.installation.folder, 'cut', 'suivi.db');
    const goOn: number[] = [];
    for (const { cut, torn } of cuts(wal, random, all ? wal.ends.length : 90)) {
      rmSync(join(run.installation.folder, 'cut'), { recursive: true, force: true });
      lay(place, run.base, wal, cut, torn);
      const open = await run.installation.beside((suivi) => expectSound(suivi, run, cut), `file:${place}`);
      if (open > 0) goOn.push(cut);
    }
    expect(goOn.length, 'cuts with calls whose fate was not written').toBeGreaterThan(5);

    const chosen = [goOn[0] ?? 0, goOn[Math.floor(goOn.length / 2)] ?? 0, goOn.at(-1) ?? 0];
    await Promise.all(chosen.map((cut) => expectGoesOn(run, cut)));
  }, 150_000);
});

/** Applies, tells, loses answers, and is killed in the middle of it. A reader keeps SQLite from taking anything of the log into the file. */
async function busyRun(): Promise<Run> {
  const installation = await install({ waits: { timeoutS: 1, settleS: 1.5, sweepS: 2 }, pace: { rate: 25, burst: 4 } });
  const { simulator, token, folder } = installation;
  const file = join(folder, 'var', 'suivi.db');
  const base = join(folder, 'base.db');
  expect(existsSync(`${file}-wal`), 'a log before the run').toBe(false);
  copyFileSync(file, base);
  const reader = new Database(file, { readonly: true });
  closeLater(() => void reader.close());
  reader.exec('begin');
  reader.prepare('select count(*) from sync').get();

  const size = (): number => statSync(`${file}-wal`).size;
  const asked: { order: string; at: number }[] = [];
  for (const side of sides) watch(simulator, side, (order) => asked.push({ order, at: size() }));
  const daemon = await installation.start({ preload: 'haste.ts' });
  const loads = sides.map((side) => sell(simulator, side, 24).flat());
  for (const [n, side] of sides.entries()) {
    const { faults } = simulator[side].brain;
    for (const [place, { order }] of (loads[n] ?? []).entries()) if (place % 6 === 1) faults.add({ call: telling[side], order, fault: { kind: 'cut-after' } });
    faults.add({ call: telling[side], times: 'always', fault: { kind: 'slow', ms: 60, effectMs: 30 } });
  }
  const dispatches = (loads[0] ?? []).flatMap((one, place) => [one, loads[1]?.[place] ?? one]);
  const acknowledged: { dispatch: Dispatch; at: number }[] = [];
  for (let at = 0; at < dispatches.length; at += 6) {
    const batch = dispatches.slice(at, at + 6);
    await apply(daemon.address, token, batch);
    for (const dispatch of batch) acknowledged.push({ dispatch, at: size() });
    await pause(80);
  }
  await until('most were told', () => asked.length > dispatches.length * 0.8);
  daemon.kill('SIGKILL');
  await daemon.ended;
  const bytes = readFileSync(`${file}-wal`);
  expect(readFileSync(file).equals(readFileSync(base)), 'the file is as it was').toBe(true);
  return { installation, dispatches, base, wal: readWal(bytes), acknowledged, asked };
}

/** Looks on as requests that tell come in. */
function watch(simulator: Simulator, side: (typeof sides)[number], told: (order: string) => void): void {
  const { brain } = simulator[side];
  const { ledger } = brain;
  const answer = brain.answer.bind(brain);
  brain.answer = (request) => {
    const before = ledger.requests().length;
    const reply = answer(request);
    const made = ledger.requests()[before];
    if (made?.call === telling[side] && made.order !== null) told(made.order);
    return reply;
  };
}

interface Cut {
  readonly cut: number;
  readonly torn: Buffer;
}

/** Ends of frames, places within frames, and frames of which the rest is what lay there before, or noise. */
function cuts(wal: Wal, random: Random, count: number): readonly Cut[] {
  const step = Math.max(1, Math.floor((3 * wal.ends.length) / count));
  return wal.ends.flatMap((end, n): Cut[] => {
    if (n % step !== 0 && !(wal.commits.includes(end) && random.next() < 0.1)) return [];
    const within = end - 1 - Math.floor(random.next() * (wal.frame - 1));
    const rest = end - within;
    const noise = Buffer.from(Array.from({ length: rest }, () => Math.floor(random.next() * 256)));
    return [{ cut: end, torn: Buffer.alloc(0) }, { cut: within, torn: Buffer.alloc(0) }, { cut: within, torn: random.next() < 0.5 ? Buffer.alloc(rest) : noise }];
  });
}

/** Whoever was asked had been written down before: the intent of each request is in the log as it was when the request came in. */
async function expectWrittenAhead(run: Run): Promise<void> {
  const place = join(run.installation.folder, 'cut', 'suivi.db');
  for (const { order, at } of run.asked.filter((_, n) => n % 4 === 0)) {
    rmSync(join(run.installation.folder, 'cut'), { recursive: true, force: true });
    lay(place, run.base, run.wal, run.wal.commits.findLast((end) => end <= at) ?? 0);
    const intents = await run.installation.beside((suivi) => intentsToTell(suivi), `file:${place}`);
    expect(intents.some((intent) => intent.order === order), `the intent of ${order} was on its way to the disk before its request`).toBe(true);
  }
}

/** @returns how many attempts have no outcome */
async function expectSound(suivi: Suivi, { acknowledged }: Run, cut: number): Promise<number> {
  const { db } = suivi.context.store;
  await expectWhole(suivi.context, await observe(suivi.context.store));
  const { rows: baseless } = await sql`select * from audit_entry answer where kind in ('outcome', 'late') and not exists (
    select 1 from audit_entry intent where intent.lane = answer.lane and intent.number < answer.number and intent.kind = 'intent' and intent.sync_id = answer.sync_id and intent.attempt = answer.attempt)`.execute(db);
  expect(baseless, `outcomes without an intent at ${cut}`).toEqual([]);
  const known = new Set(await trackings(suivi));
  const lost = acknowledged.filter(({ at, dispatch }) => at <= cut && !known.has(dispatch.tracking));
  expect(lost, `acknowledged and lost at ${cut}`).toEqual([]);
  const { rows } = await sql<{ n: number }>`select count(*) as n from sync where status = 'sending'`.execute(db);
  return rows[0]?.n ?? 0;
}

async function trackings({ context }: Suivi): Promise<readonly string[]> {
  const rows = await context.store.db.selectFrom('parcel').select('tracking_number').execute();
  return rows.map((row) => row.tracking_number ?? '');
}

/** The daemon goes on with what is left, at marketplaces where all that it may have told of was done. */
async function expectGoesOn(run: Run, cut: number): Promise<void> {
  const before = run.installation.simulator;
  const installation = await install({ waits: { timeoutS: 1, settleS: 1.5, sweepS: 60 }, simulator: { orders: { amazon: ordersOf(before, 'amazon'), ebay: ordersOf(before, 'ebay') } } });
  const folder = join(installation.folder, 'var');
  copyFileSync(join(run.installation.folder, 'var', 'secret'), join(folder, 'secret'));
  rmSync(join(folder, 'suivi.db.lock'));
  lay(join(folder, 'suivi.db'), run.base, run.wal, cut);
  const [known, meant] = await installation.beside(async (suivi) => [new Set(await trackings(suivi)), await intentsToTell(suivi)] as const);
  for (const side of sides) {
    const { world } = installation.simulator[side].brain;
    for (const effect of before[side].brain.ledger.effects()) {
      const order = world.order(effect.order);
      if (order === null || !meant.some(({ tracking }) => tracking === effect.tracking)) continue;
      const { reference, carrier, tracking, lines } = effect;
      world.create(order, { reference, carrier, service: null, tracking, shippedAt: effect.moment, lines }, null);
    }
  }
  const daemon = await installation.start({ preload: 'haste.ts' });
  const dispatches = run.dispatches.filter(({ tracking }) => known.has(tracking));
  await untilDone(installation, dispatches, 60_000);
  daemon.kill('SIGTERM');
  await daemon.ended;
  await expectProven(installation, dispatches);
}

/** The orders as they were before anything was told of them. */
function ordersOf(simulator: Simulator, side: (typeof sides)[number]): readonly NewOrder[] {
  return simulator[side].brain.world.orders().map(({ id, site, placedAt, shipBy, lines }) => ({ id, site, placedAt, shipBy, lines: lines.map(({ lineId, sku, quantity, catalogue }) => ({ lineId, sku, quantity, catalogue })) }));
}
