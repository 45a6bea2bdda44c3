import { describe, expect, test } from 'vitest';
import { hour, minute, second } from '../../src/runtime/clock.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

/** An eBay order: a second call with the same parcel is a second parcel there. */
async function sold(kind: 'amazon' | 'ebay' = 'ebay'): Promise<{ stage: Stage; id: number; send: string; look: string }> {
  const stage = await openStage({ kind });
  await stage.sell('O-1');
  const { syncs } = await stage.ship('O-1');
  const names = kind === 'ebay' ? { send: 'createShippingFulfillment', look: 'getShippingFulfillments' } : { send: 'confirmShipment', look: 'getOrder' };
  return { stage, id: syncs[0]?.id ?? 0, ...names };
}

function calls(stage: Stage): readonly string[] {
  return stage.remote.met.map((met) => `${met.call}@${Math.round(met.at / second)}`);
}

describe('what may have happened is looked for before it is done again', () => {
  test('a lost answer is followed by two looks, a settling time apart each, and only then sent again', async () => {
    const { stage, id, send, look } = await sold();
    stage.remote.script(send, 'lost-before');
    await stage.start();
    await stage.pass(3 * minute);
    expect(calls(stage)).toEqual([`${send}@0`, `${look}@60`, `${look}@120`, `${send}@120`]);
    expect(await stage.status(id)).toBe('accepted');
    expect(stage.remote.doneFor(id)).toHaveLength(1);
  });

  test('what the first look shows as done is confirmed, and never sent again', async () => {
    const { stage, id, send, look } = await sold();
    stage.remote.script(send, 'lost-after');
    await stage.start();
    await stage.pass(15 * minute);
    expect(calls(stage)).toEqual([`${send}@0`, `${look}@60`]);
    expect(await stage.row(id)).toMatchObject({ status: 'confirmed', unsettled: 0, cause: null, failures: 1 });
  });

  test.each([10, 59, 61, 119])('an effect that comes %i s after its answer was lost is found', async (late) => {
    const { stage, id, send } = await sold();
    stage.remote.script(send, { late: late * second });
    await stage.start();
    await stage.pass(15 * minute);
    expect(stage.remote.doneFor(id)).toHaveLength(1);
    expect(await stage.status(id)).toBe('confirmed');
  });

  test('one look that finds nothing is not enough, also where other looks failed in between', async () => {
    const { stage, id, send, look } = await sold();
    stage.remote.script(send, { late: 7 * minute });
    stage.remote.script(look, 'ok', 'lost-before', { throttled: minute }, 'unavailable', 'lost-before');
    await stage.start();
    await stage.pass(8 * minute);
    expect(calls(stage).filter((call) => call.startsWith(send))).toEqual([`${send}@0`]);
    await stage.pass(15 * minute);
    expect(stage.remote.doneFor(id)).toHaveLength(1);
    expect(await stage.status(id)).toBe('confirmed');
  });

  test('looks that fail say nothing: whatever the number, nothing is sent again', async () => {
    const { stage, id, send, look } = await sold();
    stage.remote.script(send, 'lost-after');
    stage.remote.always(look, 'lost-before');
    await stage.start();
    await stage.pass(3 * hour);
    expect(calls(stage).filter((call) => call.startsWith(send))).toHaveLength(1);
    stage.remote.always(look, null);
    await stage.pass(2 * hour);
    expect(await stage.status(id)).toBe('confirmed');
    expect(stage.remote.doneFor(id)).toHaveLength(1);
  });

  test('something else in its place is for a person to decide, and nothing is sent', async () => {
    const { stage, id, send } = await sold();
    stage.remote.script(send, 'lost-before');
    await stage.start();
    stage.remote.shipByHand('O-1', { trackingNumber: 'T-O-1', lines: [{ lineId: 'L1', quantity: 7 }] });
    await stage.pass(15 * minute);
    expect(await stage.row(id)).toMatchObject({ status: 'in-doubt', cause: 'remote/parcel-different', unsettled: 1 });
    expect(stage.remote.doneFor(id)).toHaveLength(0);
  });

  test('a call that never answers ends at the time-out, and counts as unknown', async () => {
    const { stage, id, send } = await sold();
    stage.remote.script(send, 'never-after');
    await stage.start();
    await stage.pass(14 * second);
    expect(await stage.status(id)).toBe('sending');
    await stage.pass(2 * second);
    expect(await stage.row(id)).toMatchObject({ status: 'delayed', step: 'check', unsettled: 1, failures: 1 });
    await stage.pass(15 * minute);
    expect(await stage.status(id)).toBe('confirmed');
    expect(stage.remote.doneFor(id)).toHaveLength(1);
  });

  test('the settling time counts from when the answer was given up, not from the call', async () => {
    const { stage, send, look } = await sold();
    stage.remote.script(send, 'never');
    await stage.start();
    await stage.pass(90 * second);
    expect(calls(stage)).toEqual([`${send}@0`, `${look}@75`]);
  });

  test('a parcel that another sync of ours told of is not taken for this one', async () => {
    const { stage, send } = await sold();
    await stage.sell('O-2', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }] });
    const first = await stage.ship('O-2', { carrier: 'Colissimo', untracked: true, lines: [{ lineId: 'L1', quantity: 1 }] });
    await stage.start();
    const second_ = await stage.ship('O-2', { carrier: 'Colissimo', untracked: true, lines: [{ lineId: 'L1', quantity: 1 }] });
    stage.remote.script(send, 'lost-before');
    await stage.pass(15 * minute);
    for (const { syncs } of [first, second_]) {
      expect(await stage.status(syncs[0]?.id ?? 0)).toBe('confirmed');
      expect(stage.remote.doneFor(syncs[0]?.id ?? 0)).toHaveLength(1);
    }
  });

  test('our own fault in the middle of a call is checked like any lost answer', async () => {
    const { stage, id, send } = await sold();
    stage.remote.script(send, 'bug');
    await stage.start();
    await stage.pass(15 * minute);
    expect(stage.remote.doneFor(id)).toHaveLength(1);
    expect(await stage.status(id)).toBe('confirmed');
    stage.forgive();
  });
});

test('telling and looking are kept apart where one API call serves both', async () => {
  const stage = await openStage({ kind: 'ebay', offers: { 'confirm-shipment': { send: ['trading'], check: ['trading'], batch: 1, again: 'twice', untracked: 'fine' } }, plan: { limits: { trading: { rate: 0.1, burst: 1 } } } });
  await stage.sell('O-1');
  stage.remote.script('trading', 'lost-before');
  await stage.ship('O-1');
  await stage.start();
  await stage.pass(55 * second);
  // More urgent than the look that falls due while they wait for their turn.
  for (const order of ['O-2', 'O-3', 'O-4']) {
    await stage.sell(order, { shipBy: stage.clock.now() + minute });
    await stage.ship(order);
  }
  await stage.pass(5 * minute);
  const steps = async (sync: number) => (await stage.story(sync)).flatMap((entry) => (entry.kind === 'intent' ? [(entry.body as { step: string }).step] : []));
  expect((await steps(1)).slice(0, 4)).toEqual(['send', 'check', 'check', 'send']);
  for (const sync of [2, 3, 4]) expect((await steps(sync))[0]).toBe('send');
  for (const sync of [1, 2, 3, 4]) expect(stage.remote.doneFor(sync)).toHaveLength(1);
});

describe('what cannot have happened is simply told again', () => {
  test('a refused connection: with backoff, without a look', async () => {
    const { stage, id, send, look } = await sold();
    stage.remote.script(send, 'unavailable', 'unavailable');
    await stage.start();
    await stage.pass(5 * minute - second);
    expect(calls(stage).filter((call) => call.startsWith(look))).toEqual([]);
    expect(await stage.row(id)).toMatchObject({ status: 'accepted', failures: 2, attempts: 3 });
  });

  test('throttled: nothing was done, and it is not counted', async () => {
    const { stage, id, send } = await sold();
    stage.remote.script(send, { throttled: 90 * second });
    await stage.start();
    await stage.pass(2 * minute);
    expect(calls(stage)).toEqual([`${send}@0`, `${send}@90`]);
    expect(await stage.row(id)).toMatchObject({ status: 'accepted', failures: 0 });
  });
});

describe('a parcel without a tracking number', () => {
  test('is told only after a look at what was there', async () => {
    const { stage, send, look } = await sold();
    await stage.sell('O-2');
    await stage.ship('O-2', { untracked: true });
    await stage.start();
    expect(stage.remote.met.filter((met) => met.order === 'O-2').map((met) => met.call)).toEqual([look, send]);
  });

  test('a lost answer is settled by what was there before', async () => {
    const { stage, send } = await sold();
    await stage.sell('O-2', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }] });
    stage.remote.shipByHand('O-2', { trackingNumber: null, lines: [{ lineId: 'L1', quantity: 1 }] });
    await stage.read('O-2');
    const { syncs } = await stage.ship('O-2', { untracked: true, lines: [{ lineId: 'L1', quantity: 1 }] });
    stage.remote.script(send, 'ok', 'lost-after');
    await stage.start();
    await stage.pass(15 * minute);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('confirmed');
    expect(stage.remote.order('O-2').parcels).toHaveLength(2);
  });

  test('what lies there already, and nobody here knew of, is for a person to decide', async () => {
    const { stage } = await sold();
    await stage.sell('O-2');
    const { syncs } = await stage.ship('O-2', { untracked: true });
    stage.remote.shipByHand('O-2', { trackingNumber: null });
    await stage.start();
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('in-doubt');
    expect(stage.remote.doneFor(syncs[0]?.id ?? 0)).toHaveLength(0);
  });

  test('where the merchant did something in between, a person decides', async () => {
    const { stage, send } = await sold();
    await stage.sell('O-2', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }] });
    const { syncs } = await stage.ship('O-2', { untracked: true, lines: [{ lineId: 'L1', quantity: 1 }] });
    stage.remote.script(send, 'ok', 'lost-after');
    await stage.start();
    stage.remote.shipByHand('O-2', { trackingNumber: null, lines: [{ lineId: 'L1', quantity: 1 }] });
    await stage.pass(15 * minute);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('in-doubt');
    expect(stage.remote.doneFor(syncs[0]?.id ?? 0)).toHaveLength(1);
  });
});

describe('where no read is to be had', () => {
  test('an edit is told again after its backoff', async () => {
    const { stage, id, send, look } = await sold('amazon');
    stage.remote.script(send, 'lost-after');
    stage.remote.always(look, 'role');
    await stage.start();
    await stage.pass(20 * minute);
    expect(await stage.status(id)).toBe('accepted');
    expect(stage.remote.effects.map((effect) => effect.edit)).toEqual([false, true]);
    expect(stage.remote.order('O-1').parcels).toHaveLength(1);
  });

  test('a no to the second telling says nothing of the first: it is looked for', async () => {
    const { stage, id, send, look } = await sold('amazon');
    stage.remote.script(send, 'lost-after', { rejected: 'remote/nothing-left' });
    stage.remote.script(look, 'role');
    await stage.start();
    await stage.pass(2 * hour);
    expect(await stage.status(id)).toBe('confirmed');
  });

  test('what would be done a second time is not told again', async () => {
    const { stage, id, send, look } = await sold('ebay');
    stage.remote.script(send, 'lost-before');
    stage.remote.always(look, 'role');
    await stage.start();
    await stage.pass(3 * hour);
    expect(calls(stage).filter((call) => call.startsWith(send))).toHaveLength(1);
    expect(await stage.row(id)).toMatchObject({ status: 'ready', step: 'check', unsettled: 1 });
  });

  test('refused credentials are no missing role: nothing is told again without a look', async () => {
    const { stage, id, send, look } = await sold('amazon');
    stage.remote.script(send, 'lost-before');
    stage.remote.always(look, 'credentials');
    await stage.start();
    await stage.pass(3 * hour);
    expect(calls(stage).filter((call) => call.startsWith(send))).toHaveLength(1);
    expect(await stage.row(id)).toMatchObject({ status: 'ready', step: 'check', unsettled: 1 });
  });
});
