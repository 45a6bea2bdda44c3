import { describe, expect, test } from 'vitest';
import { hour, minute, second } from '../../src/runtime/clock.ts';
import { admits, claimed, closed, heard } from '../../src/syncing/breaker.ts';
import type { OutcomeKind } from '../../src/syncing/outcome.ts';
import type { Script } from '../support/script.ts';
import { openStage } from '../support/stage.ts';
import type { Stage, StageOptions } from '../support/stage.ts';

/** Many orders to be told of. */
async function waiting(count: number, options: StageOptions = {}): Promise<{ stage: Stage; ids: number[] }> {
  const stage = await openStage({ kind: 'ebay', ...options });
  return { stage, ids: await stage.backlog('O', count) };
}

/** The lane is served and its orders are read; then nothing there answers any more, and orders are to be told of. */
async function struck(count: number, how: Script): Promise<{ stage: Stage; ids: number[] }> {
  const stage = await openStage({ kind: 'ebay' });
  await stage.start({ sweeping: true });
  await stage.pass(second);
  stage.remote.always('*', how);
  return { stage, ids: await stage.backlog('O', count) };
}

function sends(stage: Stage): readonly number[] {
  return stage.remote.met.filter((met) => met.call === 'createShippingFulfillment').map((met) => Math.round(met.at / second));
}

async function failures(stage: Stage): Promise<number> {
  const row = await stage.shop.context.store.db.selectFrom('sync').select((eb) => eb.fn.sum<number>('failures').as('n')).executeTakeFirstOrThrow();
  return row.n;
}

describe('the breaker itself', () => {
  const bad: readonly OutcomeKind[] = ['unavailable', 'unknown'];
  const good: readonly OutcomeKind[] = ['accepted', 'submitted', 'rejected', 'throttled', 'unauthorized', 'present', 'absent', 'different'];

  test.each(bad)('opens at the fifth %s in a row, and not before', (kind) => {
    let breaker = closed;
    for (let n = 1; n <= 4; n += 1) breaker = heard(breaker, kind, 0);
    expect(admits(breaker, 0)).toBe(Infinity);
    breaker = heard(breaker, kind, 0);
    expect([breaker.openedAt, admits(breaker, 0), admits(breaker, minute - 1), admits(breaker, minute)]).toEqual([0, 0, 0, 1]);
  });

  test.each(good)('any answer (%s) breaks the row', (kind) => {
    let breaker = closed;
    for (const outcome of ['unknown', 'unknown', 'unknown', 'unknown', kind, 'unknown', 'unknown', 'unknown', 'unknown'] as const) breaker = heard(breaker, outcome, 0);
    expect(breaker.openedAt).toBeNull();
  });

  test('our own shutdown says nothing of the other side', () => {
    let breaker = closed;
    for (let n = 0; n < 20; n += 1) breaker = heard(breaker, 'interrupted', 0);
    expect(breaker).toEqual(closed);
  });

  test('one probe a minute, however often it is asked', () => {
    let breaker = { failures: 5, openedAt: 0, probeAt: minute, ramp: null };
    expect(admits(breaker, minute)).toBe(1);
    breaker = { ...breaker, ...claimed(breaker, minute) } as typeof breaker;
    expect(admits(breaker, minute + 59 * second)).toBe(0);
    expect(admits(breaker, 2 * minute)).toBe(1);
  });

  test('after a good probe it lets more through with each answer, and then all', () => {
    let breaker = heard({ failures: 5, openedAt: 0, probeAt: minute, ramp: null }, 'accepted', minute);
    const steps = [admits(breaker, minute)];
    for (let n = 0; n < 6; n += 1) steps.push(admits((breaker = heard(breaker, 'accepted', minute)), minute));
    expect(steps).toEqual([1, 2, 4, 8, 16, 32, Infinity]);
  });

  test('a clock that was put back does not put the next probe hours off', () => {
    expect(admits({ failures: 5, openedAt: 0, probeAt: 5 * hour, ramp: null }, hour)).toBe(1);
  });
});

describe('an outage costs nothing but time', () => {
  test.each(['unavailable', 'lost-before'] as const)('%s: after the first ones nothing is claimed but one probe a minute, and nothing is counted', async (how) => {
    const { stage } = await waiting(40);
    stage.remote.always('*', how);
    await stage.start();
    const first = sends(stage).length;
    expect(first).toBeLessThanOrEqual(8);
    await stage.pass(2 * minute + 30 * second);
    expect(sends(stage)).toHaveLength(first + 2);
    expect(sends(stage).slice(-2).map((at) => Math.round(at / 60))).toEqual([1, 2]);
    await stage.swept();
    const counted = await failures(stage);
    await stage.pass(3 * minute);
    expect(sends(stage)).toHaveLength(first + 5);
    expect(await failures(stage)).toBe(counted);
  });

  test('when it is over the lane comes back by itself: one, then two, then more', async () => {
    const { stage, ids } = await waiting(30);
    stage.remote.always('createShippingFulfillment', 'unavailable');
    await stage.start();
    await stage.pass(minute - second);
    stage.remote.always('createShippingFulfillment', null);
    stage.remote.latency = 5 * second;
    const before = stage.remote.met.length;
    await stage.pass(40 * second);
    const moments = stage.remote.met.slice(before).map((met) => Math.round(met.at / second));
    const together = [...Map.groupBy(moments, (at) => at).values()].map((calls) => calls.length);
    expect(together.slice(0, 3)).toEqual([1, 1, 2]);
    expect(Math.max(...together)).toBe(8);
    await stage.pass(5 * minute);
    for (const id of ids) expect(await stage.status(id)).toMatch(/accepted|confirmed/);
  });

  test('six hours of it, and every order is told of once, within minutes of its end', async () => {
    const { stage, ids } = await struck(25, 'lost-before');
    await stage.pass(6 * hour);
    expect(sends(stage).length).toBeGreaterThan(5);
    expect(stage.remote.effects).toEqual([]);
    stage.remote.always('*', null);
    await stage.pass(20 * minute);
    for (const id of ids) {
      expect(await stage.status(id)).toMatch(/accepted|confirmed/);
      expect(stage.remote.doneFor(id)).toHaveLength(1);
    }
    expect((await stage.statuses())['exhausted']).toBeUndefined();
  });

  test.each([0, 25, 50, 95, 140])('what was done there by hand meanwhile is taken over as fact, and never sent: over %i s past the hour', async (past) => {
    const { stage, ids } = await struck(12, 'unavailable');
    await stage.pass(20 * minute + past * second);
    expect(sends(stage).length).toBeGreaterThan(5);
    ids.forEach((_, i) => stage.remote.shipByHand(`O-${i + 1}`, { trackingNumber: i % 2 === 0 ? `T-O-${i + 1}` : `BY-HAND-${i + 1}` }));
    stage.remote.always('*', null);
    await stage.pass(15 * minute);
    expect(stage.remote.effects).toEqual([]);
    // With the merchant's tracking number: seen. With another: nothing is left to tell.
    for (const [i, id] of ids.entries()) expect(await stage.row(id)).toMatchObject(i % 2 === 0 ? { status: 'confirmed' } : { status: 'skipped', cause: 'order/already-shipped' });
  });

  test('after a pause longer than a sweep nothing is sent before a sweep that began after it', async () => {
    const { stage } = await waiting(10);
    stage.remote.always('createShippingFulfillment', 'unavailable');
    await stage.start({ sweeping: true });
    await stage.pass(10 * minute + 30 * second);
    stage.remote.always('createShippingFulfillment', null);
    const before = stage.remote.met.length;
    await stage.pass(10 * minute);
    const calls = stage.remote.met.slice(before).map((met) => met.call).filter((call) => call === 'getOrders' || call === 'createShippingFulfillment');
    const probe = calls.indexOf('createShippingFulfillment');
    const rest = calls.slice(probe + 1);
    expect(rest.indexOf('getOrders')).toBeLessThan(rest.indexOf('createShippingFulfillment'));
    expect((await stage.statuses())['ready']).toBeUndefined();
  });

  test('a lane that waits for a sweep need not wait for its turn', async () => {
    const { stage } = await waiting(10);
    stage.remote.always('createShippingFulfillment', 'unavailable');
    await stage.start({ sweeping: true });
    // Swept at nine minutes, and at twelve again.
    await stage.pass(9 * minute + 10 * second);
    stage.remote.always('createShippingFulfillment', null);
    await stage.pass(80 * second);
    expect(await stage.statuses()).toEqual({ accepted: 10 });
  });

  test('the breaker of one call leaves the others alone', async () => {
    const { stage, ids } = await waiting(8);
    stage.remote.always('getShippingFulfillments', 'unavailable');
    await stage.start();
    await stage.pass(20 * minute);
    await stage.sell('O-9');
    const { syncs } = await stage.ship('O-9');
    await stage.pass(0);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('accepted');
    expect(ids).toHaveLength(8);
  });

  test('a failed look while the breaker of looks is open does not wear a sync out', async () => {
    const { stage, ids } = await waiting(1);
    stage.remote.script('createShippingFulfillment', 'lost-after');
    stage.remote.always('getShippingFulfillments', 'unavailable');
    await stage.start();
    await stage.pass(3 * hour);
    expect((await stage.row(ids[0] ?? 0)).failures).toBeLessThanOrEqual(6);
    stage.remote.always('getShippingFulfillments', null);
    await stage.pass(2 * hour);
    expect(await stage.status(ids[0] ?? 0)).toBe('confirmed');
  });
});

describe('a refused account', () => {
  test('waits whole, is probed every five minutes, and counts nothing', async () => {
    const { stage } = await waiting(20);
    stage.remote.always('*', 'credentials');
    await stage.start();
    await stage.pass(second);
    const first = sends(stage).length;
    expect(first).toBeLessThanOrEqual(8);
    await stage.pass(3 * minute);
    expect(sends(stage)).toHaveLength(first);
    await stage.swept();
    await stage.pass(3 * minute);
    expect(stage.remote.met).toHaveLength(first + 1);
    expect(await failures(stage)).toBe(0);
  });

  test.each([0, 70, 130, 200, 280])('comes back by itself when the credentials are good again, after a sweep: after %i s more', async (past) => {
    const { stage, ids } = await struck(10, 'credentials');
    await stage.pass(2 * hour + past * second);
    stage.remote.shipByHand('O-3', { trackingNumber: 'T-O-3' });
    stage.remote.always('*', null);
    await stage.pass(15 * minute);
    expect(stage.remote.doneFor(ids[2] ?? 0)).toEqual([]);
    expect(await stage.status(ids[2] ?? 0)).toBe('confirmed');
    for (const id of ids) expect(await stage.status(id)).toMatch(/accepted|confirmed/);
  });

  test('sends nothing, not even to find out, before its orders have been read again', async () => {
    const { stage } = await waiting(3);
    stage.remote.always('*', 'credentials');
    await stage.start();
    await stage.pass(12 * minute);
    const tried = sends(stage).length;
    stage.remote.always('*', null);
    await stage.pass(20 * minute);
    expect(sends(stage)).toHaveLength(tried);
    await stage.swept();
    await stage.pass(6 * minute);
    expect(sends(stage).length).toBeGreaterThan(tried);
  });

  test('a missing role stops only its own call', async () => {
    const { stage, ids } = await waiting(3);
    stage.remote.script('createShippingFulfillment', 'lost-after');
    stage.remote.always('createShippingFulfillment', 'role');
    await stage.start();
    await stage.pass(3 * minute);
    expect(await stage.status(ids[0] ?? 0)).toBe('confirmed');
    expect(await stage.status(ids[1] ?? 0)).toBe('ready');
  });

  test('where a read is refused too, the whole account waits', async () => {
    const { stage } = await waiting(3);
    stage.remote.script('createShippingFulfillment', 'lost-after');
    stage.remote.always('*', 'role');
    await stage.start();
    await stage.pass(2 * minute);
    const refused = await stage.shop.context.store.db.selectFrom('refusal').select('call').orderBy('call').execute();
    expect(refused.map((row) => row.call)).toEqual(['*', 'createShippingFulfillment', 'getShippingFulfillments']);
  });
});
