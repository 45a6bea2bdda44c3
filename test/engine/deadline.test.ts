import { describe, expect, test } from 'vitest';
import { day, hour, minute, second } from '../../src/runtime/clock.ts';
import { perform } from '../../src/store/verbs.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const send = 'confirmShipment';

/** A budget of one call a second, one at a time. */
async function slow(): Promise<Stage> {
  return openStage({ plan: { limits: { [send]: { rate: 1, burst: 1 } } } });
}

function order(stage: Stage): readonly string[] {
  return stage.remote.effects.map((effect) => effect.order);
}

describe('deadline first', () => {
  test('the order that must be confirmed soonest goes first, whenever it was applied', async () => {
    const stage = await slow();
    const now = stage.clock.now();
    const soon = [5, 1, 9, 3, 7].map((hours, i) => ({ reference: `A-${hours}`, shipBy: now + hours * hour, i }));
    for (const { reference, shipBy } of soon) {
      await stage.sell(reference, { shipBy });
      await stage.ship(reference);
    }
    await stage.start();
    await stage.pass(10 * second);
    expect(order(stage)).toEqual(['A-1', 'A-3', 'A-5', 'A-7', 'A-9']);
  });

  test('an urgent order overtakes a backlog', async () => {
    const stage = await slow();
    await stage.backlog('A', 40);
    await stage.start();
    await stage.pass(5 * second);
    await stage.sell('U-1', { shipBy: stage.clock.now() + minute });
    await stage.ship('U-1');
    const before = order(stage).length;
    await stage.pass(3 * second);
    expect(order(stage)[before]).toBe('U-1');
  });

  test('many parcels of one urgent order, which go one by one, keep no other order back', async () => {
    const stage = await openStage({ width: 4 });
    await stage.sell('A-1', { shipBy: stage.clock.now() + hour, lines: [{ lineId: 'L1', quantity: 60, cancelled: 0 }] });
    await stage.sell('A-2');
    const parcels = Array.from({ length: 60 }, (_, i) => ({ carrier: 'Colissimo', trackingNumber: `T-${i}`, lines: [{ lineId: 'L1', quantity: 1 }] }));
    const applied = await stage.apply({ order: 'A-1', state: 'EXPEDIEE_PART', parcels });
    expect(applied).toHaveProperty('syncs.length', 60);
    await stage.ship('A-2');
    await stage.start();
    expect(order(stage).slice(0, 2).toSorted()).toEqual(['A-1', 'A-2']);
  });

  test('one past its deadline goes before all others', async () => {
    const stage = await slow();
    await stage.sell('A-1', { shipBy: stage.clock.now() + hour });
    await stage.sell('A-2', { placedAt: stage.clock.now() - 3 * day, shipBy: stage.clock.now() - day });
    await stage.ship('A-1');
    await stage.ship('A-2');
    await stage.start();
    await stage.pass(5 * second);
    expect(order(stage)).toEqual(['A-2', 'A-1']);
  });

  test('without a ship-by the deadline is two days after the order', async () => {
    const stage = await slow();
    const now = stage.clock.now();
    await stage.sell('A-1', { placedAt: now - hour, shipBy: null });
    await stage.sell('A-2', { placedAt: now - 2 * day + hour, shipBy: null });
    await stage.sell('A-3', { placedAt: now - hour, shipBy: now + 24 * hour });
    for (const n of [1, 2, 3]) await stage.ship(`A-${n}`);
    await stage.start();
    await stage.pass(5 * second);
    expect(order(stage)).toEqual(['A-2', 'A-3', 'A-1']);
    const { ship_by } = await stage.row(1);
    expect(ship_by).toBe(now - hour + 2 * day);
  });

  test('a deadline that the marketplace moved counts from then on', async () => {
    const stage = await slow();
    const now = stage.clock.now();
    await stage.sell('A-1', { shipBy: now + 5 * hour });
    await stage.sell('A-2', { shipBy: now + 6 * hour });
    await stage.ship('A-1');
    await stage.ship('A-2');
    stage.remote.change('A-2', { shipBy: now + hour });
    await stage.read();
    await stage.start();
    await stage.pass(5 * second);
    expect(order(stage)).toEqual(['A-2', 'A-1']);
  });

  test('looks are made soonest deadline first too', async () => {
    const stage = await openStage({ plan: { limits: { getOrder: { rate: 1, burst: 1 } } } });
    const now = stage.clock.now();
    stage.remote.always(send, 'lost-after');
    for (const hours of [4, 2, 3]) {
      await stage.sell(`A-${hours}`, { shipBy: now + hours * hour });
      await stage.ship(`A-${hours}`);
    }
    await stage.start();
    await stage.pass(70 * second);
    expect(stage.remote.met.filter((met) => met.call === 'getOrder').map((met) => met.order)).toEqual(['A-2', 'A-3', 'A-4']);
  });
});

describe('a bulk rerun never starves today’s orders', () => {
  /** As many failed as fresh ones, the failed ones more urgent. */
  async function mixed(fresh: number, rerun: number): Promise<Stage> {
    const stage = await slow();
    const now = stage.clock.now();
    const old = await stage.backlog('OLD', rerun, () => ({ shipBy: now + hour }));
    if (old.length > 0) await perform(stage.shop.context, { verb: 'cancel', filter: { ids: old }, author: 'Ana', reason: 'wrong' }, now);
    if (old.length > 0) await perform(stage.shop.context, { verb: 'rerun', filter: { ids: old }, author: 'Ana', reason: 'right' }, now);
    await stage.backlog('NEW', fresh, () => ({ shipBy: now + 10 * hour }));
    await stage.start();
    return stage;
  }

  test('while both wait, four of five calls are for fresh work', async () => {
    const stage = await mixed(60, 60);
    await stage.pass(50 * second);
    const told = order(stage).slice(0, 45);
    expect(told.filter((reference) => reference.startsWith('NEW'))).toHaveLength(36);
    expect(told.filter((reference) => reference.startsWith('OLD'))).toHaveLength(9);
  });

  test('a rerun takes what fresh work leaves', async () => {
    const stage = await mixed(8, 40);
    await stage.pass(42 * second);
    const told = order(stage).slice(0, 40);
    expect(told.filter((reference) => reference.startsWith('NEW'))).toHaveLength(8);
    expect(told.filter((reference) => reference.startsWith('OLD'))).toHaveLength(32);
  });

  test('fresh work takes all where nothing is rerun', async () => {
    const stage = await mixed(20, 0);
    await stage.pass(22 * second);
    expect(order(stage)).toHaveLength(20);
  });

  test('the turn is kept over a restart', async () => {
    const stage = await slow();
    const now = stage.clock.now();
    const old = await stage.backlog('OLD', 30);
    await perform(stage.shop.context, { verb: 'cancel', filter: { ids: old }, author: 'Ana', reason: 'wrong' }, now);
    await perform(stage.shop.context, { verb: 'rerun', filter: { ids: old }, author: 'Ana', reason: 'right' }, now);
    await stage.backlog('NEW', 30);
    for (const name of ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']) {
      const running = await stage.start({ name });
      await stage.pass(1_100);
      await running.stop();
    }
    const reruns = order(stage).filter((reference) => reference.startsWith('OLD')).length;
    expect(reruns / order(stage).length).toBeCloseTo(0.2, 1);
  });

  test('one that is rerun alone, by a person who looks at it, goes with today’s work', async () => {
    const stage = await slow();
    const [id = 0] = await stage.backlog('ONE', 1, () => ({ shipBy: stage.clock.now() + minute }));
    await stage.backlog('NEW', 20);
    const by = { filter: { ids: [id] }, author: 'Ana', reason: 'now' };
    await perform(stage.shop.context, { verb: 'cancel', ...by }, stage.clock.now());
    await perform(stage.shop.context, { verb: 'rerun', ...by }, stage.clock.now());
    await stage.start();
    await stage.pass(2 * second);
    expect(order(stage)[0]).toBe('ONE-1');
  });
});
