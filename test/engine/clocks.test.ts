import { describe, expect, test } from 'vitest';
import { day, hour, minute, second } from '../../src/runtime/clock.ts';
import { resumeAccount } from '../../src/store/accounts.ts';
import { setParcel } from '../../src/store/parcels.ts';
import { createClockGuard } from '../../src/syncing/clock-guard.ts';
import type { ClockGuard, Owed } from '../../src/syncing/clock-guard.ts';
import { createTestClock } from '../support/clock.ts';
import type { TestClock } from '../support/clock.ts';
import { everyOffer } from '../support/offers.ts';
import { openStage } from '../support/stage.ts';
import type { Stage, StageOptions } from '../support/stage.ts';

const send = 'createShippingFulfillment';
const look = 'getShippingFulfillments';
const jumps = [hour, -hour, 3 * day, -3 * day] as const;

function calls(stage: Stage): readonly string[] {
  return stage.remote.met.map((met) => `${met.call}@${Math.round(met.at / second)}`);
}

/** The answers name no moment: what a clock that is off does to sending is asked further below. */
async function undated(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage({ kind: 'ebay', ...options });
  stage.remote.skew = null;
  return stage;
}

async function opened(): Promise<{ stage: Stage; id: number }> {
  const stage = await undated();
  await stage.sell('O-1', { placedAt: stage.clock.now() - 10 * day, shipBy: stage.clock.now() + 30 * day });
  const { syncs } = await stage.ship('O-1');
  return { stage, id: syncs[0]?.id ?? 0 };
}

describe.each(jumps)('the wall clock is moved by %i ms while the daemon runs', (jump) => {
  test('a settling time is neither cut short nor prolonged', async () => {
    const { stage, id } = await opened();
    stage.remote.script(send, { late: 55 * second });
    await stage.start();
    await stage.pass(30 * second);
    stage.clock.jump(jump);
    await stage.pass(29 * second);
    expect(calls(stage)).toEqual([`${send}@0`]);
    await stage.pass(7 * second);
    expect(calls(stage)[1]).toMatch(look);
    expect(await stage.status(id)).toBe('confirmed');
    expect(stage.remote.doneFor(id)).toHaveLength(1);
  });

  test('a backoff keeps its length', async () => {
    const { stage } = await opened();
    stage.remote.script(send, 'unavailable');
    await stage.start();
    await stage.pass(5 * second);
    stage.clock.jump(jump);
    await stage.pass(9 * second);
    expect(calls(stage)).toHaveLength(1);
    await stage.pass(22 * second);
    expect(calls(stage)).toHaveLength(2);
  });

  test('no Retry-After is undercut, and none is made longer', async () => {
    const { stage } = await opened();
    stage.remote.script(send, { throttled: 2 * minute });
    await stage.start();
    await stage.pass(minute);
    stage.clock.jump(jump);
    await stage.pass(59 * second);
    expect(calls(stage)).toHaveLength(1);
    await stage.pass(7 * second);
    expect(calls(stage)).toHaveLength(2);
  });

  test('a grace keeps its length', async () => {
    const { stage } = await opened();
    await stage.start();
    await stage.sell('O-2', { placedAt: stage.clock.now() - 10 * day, shipBy: stage.clock.now() + 30 * day });
    const { syncs } = await stage.ship('O-2', {}, { byHand: true });
    await stage.pass(20 * second);
    stage.clock.jump(jump);
    await stage.pass(39 * second);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('delayed');
    await stage.pass(7 * second);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('accepted');
  });

  test('a grace that begins right after it is not moved along', async () => {
    const { stage } = await opened();
    await stage.start({ pace: 50 });
    await stage.sell('O-2', { placedAt: stage.clock.now() - 10 * day, shipBy: stage.clock.now() + 30 * day });
    stage.clock.jump(jump);
    await stage.pass(100);
    const { syncs } = await stage.ship('O-2', {}, { byHand: true });
    await stage.pass(59 * second);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('delayed');
    await stage.pass(2 * second);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('accepted');
  });

  test('a grace of what waits for another keeps its end', async () => {
    const stage = await undated({ offers: everyOffer('ebay') });
    await stage.sell('O-1', { placedAt: stage.clock.now() - 10 * day, shipBy: stage.clock.now() + 30 * day });
    stage.remote.script(send, 'lost-after');
    await stage.ship('O-1');
    const answer = await stage.apply({ order: 'O-1', state: 'REMBOURSEE' }, { byHand: true });
    await stage.start();
    await stage.pass(30 * second);
    stage.clock.jump(jump);
    // Its grace ends in half a minute, and so does the wait.
    await stage.pass(36 * second);
    expect(await stage.status('id' in answer ? (answer.syncs[0]?.id ?? 0) : 0)).toBe('accepted');
  });

  test('what was accepted is read back after five minutes', async () => {
    const { stage, id } = await opened();
    await stage.start();
    await stage.pass(minute);
    stage.clock.jump(jump);
    await stage.pass(4 * minute + 10 * second);
    expect(await stage.status(id)).toBe('confirmed');
  });

  test('orders that were read before it do not count as read since', async () => {
    const stage = await undated();
    await stage.start({ sweeping: true });
    await stage.pass(minute);
    stage.clock.jump(jump);
    await stage.pass(minute);
    stage.remote.always('getOrders', 'unavailable');
    await stage.sell('O-1', { placedAt: stage.clock.now() - 10 * day, shipBy: stage.clock.now() + 30 * day });
    await resumeAccount(stage.shop.context, 'ebay-fr', 'Ana', 'counted', stage.clock.now());
    await stage.ship('O-1');
    await stage.pass(minute);
    expect(stage.remote.effects).toEqual([]);
  });

  test('a lane that waits for the orders to be read goes on once they are', async () => {
    const stage = await undated();
    stage.remote.always('getOrders', 'unavailable');
    await stage.sell('O-1', { placedAt: stage.clock.now() - 10 * day, shipBy: stage.clock.now() + 30 * day });
    await stage.ship('O-1');
    await stage.start({ sweeping: true });
    await stage.pass(minute);
    stage.clock.jump(jump);
    await stage.pass(minute);
    expect(stage.remote.effects).toEqual([]);
    stage.remote.always('getOrders', null);
    await stage.pass(5 * minute);
    expect(stage.remote.effects).toHaveLength(1);
  });

  test('an open breaker goes on probing once a minute', async () => {
    const stage = await undated();
    await stage.backlog('O', 8, () => ({ placedAt: stage.clock.now() - 10 * day, shipBy: stage.clock.now() + 30 * day }));
    stage.remote.always('*', 'unavailable');
    await stage.start();
    const first = calls(stage).length;
    await stage.pass(30 * second);
    stage.clock.jump(jump);
    await stage.pass(29 * second);
    expect(calls(stage)).toHaveLength(first);
    await stage.pass(7 * second);
    expect(calls(stage)).toHaveLength(first + 1);
  });

  test('the lane is kept, and what is under way is recorded', async () => {
    const { stage, id } = await opened();
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.remote.script(send, { until: promise });
    await stage.start();
    await stage.pass(5 * second);
    stage.clock.jump(jump);
    await stage.pass(5 * second);
    resolve();
    await stage.pass(0);
    expect(await stage.status(id)).toBe('accepted');
    expect((await stage.story(id)).map((entry) => entry.kind)).toEqual(['intent', 'outcome']);
  });

  test('a bucket grows neither faster nor slower', async () => {
    const stage = await undated({ plan: { limits: { [send]: { rate: 0.1, burst: 5 } } } });
    await stage.backlog('O', 60, () => ({ placedAt: stage.clock.now() - 10 * day, shipBy: stage.clock.now() + 30 * day }));
    const pace = stage.remote.pace(send, 0.1, 5);
    await stage.start();
    await stage.pass(minute);
    stage.clock.jump(jump);
    await stage.pass(3 * minute);
    expect(pace.throttled).toBe(0);
    expect(calls(stage).filter((call) => call.startsWith(send)).length).toBeGreaterThanOrEqual(5 + Math.floor(0.095 * 240) - 1);
  });
});

describe('after a restart', () => {
  test('settling counts afresh, whatever the clock says', async () => {
    const { stage, id } = await opened();
    stage.remote.script(send, { late: 2 * minute });
    const first = await stage.start({ name: 'one' });
    await stage.pass(50 * second);
    first.kill();
    stage.clock.jump(hour);
    stage.shop.reboot();
    await stage.start({ name: 'two' });
    const from = calls(stage).length;
    await stage.pass(59 * second);
    expect(calls(stage)).toHaveLength(from);
    await stage.pass(5 * minute);
    expect(stage.remote.doneFor(id)).toHaveLength(1);
    expect(await stage.status(id)).toBe('confirmed');
  });

  test.each([hour, 10 * day])('nothing lies further off than an hour, where the clock was put back by %i ms meanwhile', async (back) => {
    const { stage, id } = await opened();
    stage.remote.script(send, 'unavailable');
    const first = await stage.start({ name: 'one' });
    await first.stop();
    stage.clock.jump(-back);
    stage.shop.reboot();
    await stage.start({ name: 'two' });
    await stage.pass(hour + minute);
    expect(await stage.status(id)).toMatch(/accepted|confirmed/);
  });

  test.each([hour, 10 * day])('a grace lasts no longer than it was given for, where the clock was put back by %i ms meanwhile', async (back) => {
    const stage = await undated();
    const first = await stage.start({ name: 'one' });
    for (const order of ['O-1', 'O-2']) await stage.sell(order);
    await stage.ship('O-1', {}, { byHand: true });
    const { syncs: [held] } = await stage.ship('O-2', { trackingNumber: '' }, { byHand: true });
    const { parcel_id: parcel } = await stage.row(held?.id ?? 0);
    await first.stop();
    stage.clock.jump(-back);
    stage.shop.reboot();
    await stage.start({ name: 'two' });
    await setParcel(stage.shop.context, parcel ?? 0, { trackingNumber: '8R00000000002' }, 'Ana', stage.clock.now());
    await stage.pass(2 * minute);
    expect(stage.remote.effects).toHaveLength(2);
  });

  test.each([hour, 10 * day])('an empty bucket fills again at once, where the clock was put back by %i ms meanwhile', async (back) => {
    const stage = await undated({ plan: { limits: { [send]: { rate: 0.1, burst: 5 } } } });
    await stage.backlog('O', 30);
    const first = await stage.start({ name: 'one' });
    await first.stop();
    stage.clock.jump(-back);
    stage.shop.reboot();
    await stage.start({ name: 'two' });
    const before = calls(stage).length;
    await stage.pass(2 * minute);
    expect(calls(stage).length - before).toBeGreaterThanOrEqual(10);
  });

  test.each([hour, 10 * day])('a Retry-After ends when it would have, where the clock was put back by %i ms meanwhile', async (back) => {
    const { stage, id } = await opened();
    stage.remote.script(send, { throttled: 2 * minute });
    const first = await stage.start({ name: 'one' });
    await first.stop();
    stage.clock.jump(-back);
    stage.shop.reboot();
    await stage.start({ name: 'two' });
    await stage.pass(minute);
    expect(calls(stage)).toHaveLength(1);
    await stage.pass(4 * minute);
    expect(await stage.status(id)).toMatch(/accepted|confirmed/);
  });

  test.each([hour, 10 * day])('the changed orders are read before anything is sent, where the clock was put back by %i ms meanwhile', async (back) => {
    const stage = await undated();
    const first = await stage.start({ name: 'one', sweeping: true });
    await stage.pass(minute);
    await first.stop();
    await stage.sell('O-1');
    await stage.ship('O-1');
    stage.remote.always('getOrders', 'unavailable');
    await stage.pass(hour / 2);
    stage.clock.jump(-back);
    stage.shop.reboot();
    await stage.start({ name: 'two', sweeping: true });
    await stage.pass(5 * minute);
    expect(stage.remote.effects).toEqual([]);
    stage.remote.always('getOrders', null);
    await stage.pass(10 * minute);
    expect(stage.remote.effects).toHaveLength(1);
  });

  test.each([hour, 10 * day])('a refused account is probed again at once, where the clock was put back by %i ms meanwhile', async (back) => {
    const { stage, id } = await opened();
    stage.remote.script(send, 'credentials');
    const first = await stage.start({ name: 'one' });
    await first.stop();
    stage.clock.jump(-back);
    stage.shop.reboot();
    await stage.start({ name: 'two' });
    await stage.pass(6 * minute);
    expect(await stage.status(id)).toMatch(/accepted|confirmed/);
  });

  test('an accepted sync is read back, where the clock was put back meanwhile', async () => {
    const { stage, id } = await opened();
    const first = await stage.start({ name: 'one' });
    await first.stop();
    stage.clock.jump(-10 * day);
    stage.shop.reboot();
    await stage.start({ name: 'two' });
    await stage.pass(10 * minute);
    expect(await stage.status(id)).toBe('confirmed');
  });
});

describe('a clock that is off', () => {
  test.each([121 * second, -121 * second])('by %i ms sends nothing, and recovers when it is put right', async (skew) => {
    const { stage, id } = await opened();
    stage.remote.skew = skew;
    await stage.start();
    expect(stage.remote.effects).toHaveLength(1);
    await stage.sell('O-2');
    const { syncs } = await stage.ship('O-2');
    await stage.pass(30 * minute);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('ready');
    expect(await stage.status(id)).toBe('accepted');
    // The operator puts the clock right: it jumps by what it was off.
    stage.clock.jump(skew);
    stage.remote.skew = 0;
    await stage.pass(2 * minute);
    expect(await stage.status(syncs[0]?.id ?? 0)).toMatch(/accepted|confirmed/);
  });

  test('recovers too when the marketplace’s answers agree again', async () => {
    const { stage } = await opened();
    stage.remote.skew = 0;
    stage.shop.guard.heard(stage.clock.now() + hour);
    await stage.start();
    await stage.pass(5 * minute);
    expect(stage.remote.effects).toEqual([]);
    stage.shop.guard.heard(stage.clock.now());
    await stage.pass(minute);
    expect(stage.remote.effects).toHaveLength(1);
  });

  test.each([119 * second, -119 * second])('by %i ms is drift', async (skew) => {
    const { stage } = await opened();
    stage.remote.skew = skew;
    await stage.start();
    await stage.sell('O-2');
    await stage.ship('O-2');
    await stage.pass(0);
    expect(stage.remote.effects).toHaveLength(2);
  });
});

describe('the guard', () => {
  test.each([hour, -hour])('makes good a jump of %i ms in whole milliseconds, where durations are measured in parts of them', async (jump) => {
    const { stage, id } = await opened();
    stage.remote.script(send, 'unavailable');
    await stage.start();
    const due = (await stage.row(id)).due_at ?? 0;
    // As the machine's own clocks are: one tells whole milliseconds, the other parts of one, which pass.
    const parts = { at: 0.25 };
    const guard = createClockGuard({ ...stage.clock, monotonic: () => stage.clock.monotonic() + parts.at }, (owed) => stage.shop.ledger.shift(owed));
    parts.at = 0.875;
    stage.clock.jump(jump);
    await guard.moment();
    expect((await stage.row(id)).due_at).toBe(due + jump - 1);
  });

  test('makes good a jump once, however many ask at the same time', async () => {
    const clock = createTestClock();
    const { shifts, shift } = shared();
    const guard = createClockGuard(clock, shift);
    clock.jump(hour);
    await Promise.all([guard.moment(), guard.moment(), guard.moment()]);
    await guard.moment();
    expect(shifts).toEqual([hour]);
  });

  test('asks again where the store could not make it good', async () => {
    const clock = createTestClock();
    const { shifts, shift } = shared();
    let fails = true;
    const guard = createClockGuard(clock, (owed) => (fails ? Promise.reject(new Error('locked')) : shift(owed)));
    clock.jump(hour);
    await expect(guard.moment()).rejects.toThrow('locked');
    fails = false;
    await expect(guard.moment()).resolves.toBe(clock.now());
    expect(shifts).toEqual([hour]);
  });

  test('takes drift of seconds for drift, and adds it up', async () => {
    const clock = createTestClock();
    const { shifts, shift } = shared();
    const guard = createClockGuard(clock, shift);
    for (let n = 0; n < 3; n += 1) {
      clock.jump(2 * second);
      await guard.moment();
    }
    expect(shifts).toEqual([6 * second]);
  });
});

describe('guards of several processes that share a clock and a store', () => {
  async function several(): Promise<{ clock: TestClock; shifts: number[]; guard: () => ClockGuard; all: ClockGuard[] }> {
    const clock = createTestClock();
    const { shifts, shift } = shared();
    const guard = (): ClockGuard => createClockGuard(clock, shift);
    const all = [guard(), guard(), guard()];
    for (const one of all) await one.moment();
    return { clock, shifts, guard, all };
  }

  test.each([hour, -hour])('a jump of %i ms is made good once, by whoever comes first', async (jump) => {
    const { clock, shifts, all } = await several();
    clock.jump(jump);
    for (const one of all.toReversed()) await one.moment();
    await clock.advance(5 * minute);
    for (const one of all) await one.moment();
    expect(shifts).toEqual([jump]);
  });

  test('it is made good where the one that would have been the first has ended before it looked', async () => {
    const { clock, shifts, all: [, other] } = await several();
    clock.jump(hour);
    await other?.moment();
    expect(shifts).toEqual([hour]);
  });

  test.each([minute, hour])('one that slept through a jump, and through its undoing or another one, for %i ms, moves only what nobody has', async (slept) => {
    const { clock, shifts, all: [one, other] } = await several();
    clock.jump(hour);
    await one?.moment();
    await clock.advance(slept);
    clock.jump(-hour);
    await one?.moment();
    await other?.moment();
    expect(shifts).toEqual([hour, -hour]);
    clock.jump(2 * hour);
    await one?.moment();
    await clock.advance(slept);
    clock.jump(3 * hour);
    // It sees five hours, of which two were made good.
    await other?.moment();
    await one?.moment();
    expect(shifts.slice(2)).toEqual([2 * hour, 3 * hour]);
  });

  test('one that comes between a jump and its being made good has that jump in its own clock', async () => {
    const { clock, shifts, guard, all: [one] } = await several();
    clock.jump(hour);
    const late = guard();
    await late.moment();
    await one?.moment();
    await clock.advance(minute);
    await late.moment();
    clock.jump(hour);
    await late.moment();
    expect(shifts).toEqual([hour, hour]);
  });

  test('drift that adds up is moved once, though each takes note of it at another moment', async () => {
    const { clock, shifts, all: [one, other] } = await several();
    clock.jump(4 * second);
    await clock.advance(2 * minute);
    for (const guard of [one, other]) await guard?.moment();
    clock.jump(2 * second);
    for (const guard of [one, other]) await guard?.moment();
    clock.jump(4 * second);
    for (const guard of [other, one]) await guard?.moment();
    expect(shifts).toEqual([6 * second]);
  });
});

/** A store that several share. */
function shared(): { readonly shifts: number[]; readonly shift: (owed: Owed) => Promise<number> } {
  let made = 0;
  const shifts: number[] = [];
  const shift = async (owed: Owed): Promise<number> => {
    const jump = owed(made, null);
    if (jump !== 0) shifts.push(jump);
    made += jump;
    return made;
  };
  return { shifts, shift };
}
