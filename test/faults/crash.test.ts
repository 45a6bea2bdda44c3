import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Random } from '../../src/runtime/random.ts';
import { createRandom } from '../support/random.ts';
import { apply, Refused, sell, sides, telling } from './goods.ts';
import type { Dispatch } from './goods.ts';
import { install } from './installation.ts';
import type { Installation } from './installation.ts';
import { expectProven, untilDone } from './proof.ts';
import type { Running } from './process.ts';

/** FAULTS_SEED repeats one of them. */
const seeds = process.env['FAULTS_SEED'] !== undefined ? [Number(process.env['FAULTS_SEED'])] : process.env['FAULTS'] === 'all' ? [1, 2, 3, 4, 5, 6] : [1];
const kills = 16;

/** Answers lost before and after the effect, errors that hide one, effects that come late, and silence. Each strikes one call. */
const misbehaviours = [
  { kind: 'cut-after' },
  { kind: 'cut-before' },
  { kind: 'late-effect', ms: 900 },
  { kind: '500', effect: true },
  { kind: 'half-body' },
  { kind: 'late-effect', ms: 1_300 },
  { kind: 'html-503', effect: true },
  { kind: 'garbage' },
  { kind: 'hang', effect: true },
  { kind: '429', retryAfterS: 1 },
] as const;

/** Within time-out and settling time together. */
const late = { kind: 'slow', ms: 10_000, effectMs: 2_800 } as const;

describe('the daemon, killed again and again under load, with lost and late answers', () => {
  test.each(seeds)('seed %i: each parcel is told once, nothing is lost, and the audit has it all', async (seed) => {
    const random = createRandom(seed);
    const installation = await install({ waits: { timeoutS: 1, settleS: 3, sweepS: 20 }, pace: { rate: 8, burst: 4 } });
    const loads = sides.map((side) => sell(installation.simulator, side, 60, (place) => (place % 5 === 2 ? 3 : 1)));
    const dispatches = loads.flat(2);
    for (const [n, side] of sides.entries()) misbehave(installation, side, loads[n] ?? []);

    const state: State = { daemon: null, address: null, over: false, acknowledged: 0 };
    const loading = load(installation, state, loads.flatMap(byTurns), random);
    const story: string[] = [];
    try {
      for (let n = 0; n < kills; n += 1) story.push(await liveAndDie(installation, state, random));
      const last = await installation.start({ preload: 'haste.ts' });
      state.address = last.address;
      await loading;
      await untilDone(installation, dispatches, 90_000);
      last.kill('SIGTERM');
      expect((await last.ended).code).toBe(0);
      await expectProven(installation, dispatches);
      await expectOrdered(installation, loads.flat());
      const verified = await installation.run('audit', 'verify');
      expect(verified.code, verified.out).toBe(0);
      // It was killed where it hurts: with calls on their way.
      const lost = await installation.beside(async ({ context }) => (await sql<{ n: number }>`select count(*) as n from audit_entry where cause = 'engine/worker-lost'`.execute(context.store.db)).rows[0]?.n ?? 0);
      expect(lost, 'attempts that were cut off by a kill').toBeGreaterThan(kills);
    } catch (error) {
      throw new Error(`FAULTS_SEED=${seed}; ${state.acknowledged} of ${dispatches.length} acknowledged; killed ${story.join(', ')}`, { cause: error });
    } finally {
      state.over = true;
      await loading.catch(() => undefined);
    }
  }, 150_000);
});

interface State {
  daemon: Running | null;
  /** Null while nobody is there to be asked. */
  address: string | null;
  over: boolean;
  acknowledged: number;
}

/**
 * Of five orders one's first call goes wrong in one way or another, and another one's takes effect only after our time-out:
 * whoever looks, or sends again, without a settling time does it twice. All calls take their time, so that a kill meets
 * some on their way. Sweeps are rare: they would show what a lost answer left before anybody had to look for it.
 */
function misbehave({ simulator }: Installation, side: (typeof sides)[number], orders: readonly (readonly Dispatch[])[]): void {
  const { faults } = simulator[side].brain;
  const call = telling[side];
  for (const [n, order] of orders.entries()) {
    const fault = n % 5 === 1 ? misbehaviours[Math.floor(n / 5) % misbehaviours.length] : n % 5 === 3 ? late : undefined;
    if (fault !== undefined) faults.add({ call, order: order[0]?.order ?? '', fault });
  }
  faults.add({ call, times: 'always', fault: { kind: 'slow', ms: 120, effectMs: 60 } });
}

/** The first dispatches of all orders, then the second ones: what belongs to one order stays in its order. */
function byTurns(orders: readonly (readonly Dispatch[])[]): readonly (readonly Dispatch[])[] {
  const longest = Math.max(...orders.map((order) => order.length));
  return Array.from({ length: longest }, (_, turn) => orders.flatMap((order) => order[turn] ?? []));
}

/** Applies by three, again and again until each is acknowledged, whoever lives or dies meanwhile. */
async function load({ token }: Installation, state: State, turns: readonly (readonly Dispatch[])[], random: Random): Promise<void> {
  for (const turn of turns) {
    for (let at = 0; at < turn.length; at += 3) {
      const batch = turn.slice(at, at + 3);
      while (!state.over && !(await taken(state, token, batch))) await pause(30);
      if (state.over) return;
      state.acknowledged += batch.length;
      await pause(random.next() * 250);
    }
  }
}

async function taken({ address }: State, token: string, batch: readonly Dispatch[]): Promise<boolean> {
  if (address === null) return false;
  try {
    await apply(address, token, batch, 3_000);
    return true;
  } catch (error) {
    if (error instanceof Refused) throw error;
    return false;
  }
}

/** One life of the daemon: it dies while it starts, some time after it works, or just after it has made some calls. */
async function liveAndDie(installation: Installation, state: State, random: Random): Promise<string> {
  const manner = random.next();
  const daemon = installation.begin({ preload: 'haste.ts' });
  state.daemon = daemon;
  let how: string;
  if (manner < 0.15) {
    const ms = Math.floor(200 + random.next() * 1_200);
    await pause(ms);
    how = `${ms} ms after its start`;
  } else {
    const said = await daemon.saw('Suivi is at work');
    state.address = /"address":"([^"]+)"/.exec(said)?.[1] ?? null;
    if (manner < 0.5) {
      const ms = Math.floor(random.next() * 1_000);
      await pause(ms);
      how = `${ms} ms after it was at work`;
    } else {
      const wanted = calls(installation) + 1 + Math.floor(random.next() * 6);
      const ms = Math.floor(random.next() * 130);
      const until = performance.now() + 1_500;
      while (calls(installation) < wanted && performance.now() < until) await pause(2);
      await pause(ms);
      how = `${ms} ms after call ${wanted}`;
    }
  }
  state.address = null;
  expect(daemon.alive(), `it lived until it was killed:\n${daemon.out().slice(-2_000)}`).toBe(true);
  daemon.kill('SIGKILL');
  await daemon.ended;
  return how;
}

function calls({ simulator }: Installation): number {
  return sides.reduce((sum, side) => sum + simulator[side].brain.ledger.requests().filter(({ call }) => call === telling[side]).length, 0);
}

/** Parcels of one order whose telling was never in doubt came in the order in which they were applied. */
async function expectOrdered(installation: Installation, orders: readonly (readonly Dispatch[])[]): Promise<void> {
  const doubtful = await installation.beside(async ({ context }) => {
    const { rows } = await sql<{ payload: string }>`
      select payload from sync where (select count(*) from audit_entry where sync_id = sync.id and kind = 'intent' and what in ('confirmShipment', 'createShippingFulfillment')) > 1
        or exists (select 1 from audit_entry where sync_id = sync.id and kind = 'outcome' and what in ('unknown', 'interrupted', 'throttled'))`.execute(context.store.db);
    return new Set(rows.map(({ payload }) => (JSON.parse(payload) as { parcel: { trackingNumber: string } }).parcel.trackingNumber));
  });
  const effects = sides.flatMap((side) => installation.simulator[side].brain.ledger.effects());
  let compared = 0;
  for (const order of orders) {
    const sure = order.map(({ tracking }) => tracking).filter((tracking) => !doubtful.has(tracking));
    const came = effects.filter((effect) => effect.order === order[0]?.order && sure.includes(effect.tracking ?? '')).map(({ tracking }) => tracking);
    expect(came, `parcels of order ${order[0]?.order}`).toEqual(sure);
    if (sure.length > 1) compared += 1;
  }
  expect(compared, 'orders of which more than one parcel was compared').toBeGreaterThan(0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
