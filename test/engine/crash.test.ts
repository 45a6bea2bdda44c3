import { describe, expect, test } from 'vitest';
import { minute, second } from '../../src/runtime/clock.ts';
import { isOnServer } from '../support/databases.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';
import { expectEachIntentAnswered } from '../support/whole.ts';
import { deaths } from '../support/worker.ts';
import type { Death } from '../support/worker.ts';

const orders = ['O-1', 'O-2', 'O-3'];

/** Three orders to be told of; a second parcel of any of them would be a duplicate. */
async function threeSold(): Promise<{ stage: Stage; ids: number[] }> {
  const stage = await openStage({ kind: 'ebay' });
  const ids: number[] = [];
  for (const order of orders) {
    await stage.sell(order);
    ids.push((await stage.ship(order)).syncs[0]?.id ?? 0);
  }
  return { stage, ids };
}

async function expectAllOnce({ stage, ids }: { readonly stage: Stage; readonly ids: readonly number[] }): Promise<void> {
  for (const id of ids) {
    expect(stage.remote.doneFor(id), `sync ${id}`).toHaveLength(1);
    expect(await stage.status(id)).toMatch(/accepted|confirmed/);
  }
  await expectEachIntentAnswered(stage.shop.context);
}

describe('a worker that dies', () => {
  test.each(deaths)('%s: another one finishes its work, and nothing is done twice', async (dies) => {
    const given = await threeSold();
    const first = await given.stage.start({ name: 'one', dies });
    expect(first.dead()).toBe(true);
    await given.stage.start({ name: 'two' });
    await given.stage.pass(10 * minute);
    await expectAllOnce(given);
  });

  // On a server each death meets one other: a pair costs a second there, and six times as many say the same.
  const pairs = deaths.flatMap((one, n) => deaths.filter((_, m) => !isOnServer || (n + m) % deaths.length === 2).map((two) => [one, two] as const));
  test.each(pairs)('%s, and its successor %s', async (one, two) => {
    const given = await threeSold();
    await given.stage.start({ name: 'one', dies: one });
    await given.stage.pass(31 * second);
    await given.stage.start({ name: 'two', dies: two });
    await given.stage.pass(2 * minute);
    await given.stage.start({ name: 'three' });
    await given.stage.pass(10 * minute);
    expect(given.stage.remote.effects).toHaveLength(3);
    await expectAllOnce(given);
  });

  test('an answer that was lost with its worker is looked for after a settling time, not before', async () => {
    const { stage, ids } = await threeSold();
    await stage.start({ name: 'one', dies: 'after-effect' });
    const began = 31 * second;
    await stage.pass(began);
    await stage.start({ name: 'two' });
    expect(await stage.statuses()).toEqual({ delayed: 3 });
    await stage.pass(59 * second);
    expect(stage.remote.met.filter((met) => met.call === 'getShippingFulfillments')).toEqual([]);
    await stage.pass(2 * second);
    expect(await stage.statuses()).toEqual({ confirmed: 3 });
    expect((await stage.story(ids[0] ?? 0)).map((entry) => [entry.kind, entry.what, entry.cause])).toEqual([
      ['intent', 'createShippingFulfillment', null],
      ['outcome', 'interrupted', 'engine/worker-lost'],
      ['intent', 'getShippingFulfillments', null],
      ['outcome', 'present', null],
    ]);
  });

  test('being cut off is not counted as a failure', async () => {
    const { stage, ids } = await threeSold();
    await stage.start({ name: 'one', dies: 'before-effect' });
    await stage.start({ name: 'two' });
    await stage.pass(10 * minute);
    for (const id of ids) expect((await stage.row(id)).failures).toBe(0);
  });

  test('a look that was cut off is made again, and counts as no look', async () => {
    const given = await threeSold();
    const { stage, ids } = given;
    stage.remote.script('createShippingFulfillment', 'lost-before', 'lost-before', 'lost-before');
    const first = await stage.start({ name: 'one' });
    await stage.pass(59 * second);
    stage.remote.always('getShippingFulfillments', 'never');
    await stage.pass(2 * second);
    expect(await stage.statuses()).toEqual({ checking: 3 });
    first.kill();
    stage.remote.always('getShippingFulfillments', null);
    await stage.pass(31 * second);
    await stage.start({ name: 'two' });
    expect((await stage.row(ids[0] ?? 0)).absents).toBe(1);
    expect(stage.remote.effects).toEqual([]);
    await stage.pass(10 * minute);
    await expectAllOnce(given);
  });

  test('a read-back that was cut off has its outcome too, and is made again', async () => {
    const { stage, ids } = await threeSold();
    stage.remote.always('getShippingFulfillments', 'never');
    const first = await stage.start({ name: 'one' });
    await stage.pass(5 * minute + second);
    first.kill();
    expect(stage.remote.met.filter((met) => met.call === 'getShippingFulfillments')).toHaveLength(3);
    stage.remote.always('getShippingFulfillments', null);
    await stage.start({ name: 'two' });
    await stage.pass(10 * minute);
    expect(await stage.statuses()).toEqual({ confirmed: 3 });
    await expectEachIntentAnswered(stage.shop.context);
    expect((await stage.story(ids[0] ?? 0)).filter((entry) => entry.cause === 'engine/worker-lost')).toHaveLength(1);
  });

  test.each<Death>(['after-intend', 'after-effect'])('%s with an edit-type operation: told once, or edited, never a second parcel', async (dies) => {
    const stage = await openStage({ kind: 'amazon' });
    await stage.sell('A-1');
    const { syncs } = await stage.ship('A-1');
    await stage.start({ name: 'one', dies });
    await stage.start({ name: 'two' });
    await stage.pass(10 * minute);
    expect(stage.remote.order('A-1').parcels).toHaveLength(1);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('confirmed');
  });
});
