import { describe, expect, test } from 'vitest';
import { hour, minute, second } from '../../src/runtime/clock.ts';
import { putOrders } from '../../src/store/orders.ts';
import { perform } from '../../src/store/verbs.ts';
import { everyOffer } from '../support/offers.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

async function opened(): Promise<Stage> {
  const stage = await openStage();
  await stage.sell('O-1');
  await stage.start();
  return stage;
}

function told(stage: Stage): readonly (string | null)[] {
  return stage.remote.order('O-1').parcels.map((parcel) => parcel.trackingNumber);
}

describe('an order that is not known yet', () => {
  test('is stored with its state, fetched, and told of', async () => {
    const stage = await openStage();
    await stage.sell('O-1', { imported: false });
    const { syncs } = await stage.ship('O-1');
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'held', cause: 'order/not-imported' });
    await stage.start({ sweeping: true });
    await stage.pass(2 * minute);
    expect(told(stage)).toEqual(['T-O-1']);
  });

  test('a cancellation of it is told when it has been fetched', async () => {
    const stage = await openStage({ offers: everyOffer('amazon') });
    await stage.sell('O-1', { imported: false, lines: [{ lineId: 'L1', quantity: 3, cancelled: 0 }] });
    const answer = await stage.apply({ order: 'O-1', state: 'ANNULEE', cancelReason: 'no-stock' });
    const id = 'id' in answer ? (answer.syncs[0]?.id ?? 0) : 0;
    expect(await stage.row(id)).toMatchObject({ status: 'held', cause: 'order/not-imported' });
    await stage.start({ sweeping: true });
    await stage.pass(2 * minute);
    expect(stage.remote.effects.map((effect) => effect.operation)).toEqual(['cancel-order']);
    expect(JSON.parse((await stage.row(id)).payload)).toMatchObject({ lines: [{ lineId: 'L1', quantity: 3 }], reason: 'no-stock' });
  });

  test('that the marketplace does not know either is rejected', async () => {
    const stage = await openStage();
    const { syncs } = await stage.ship('NO-SUCH');
    await stage.start({ sweeping: true });
    await stage.pass(2 * minute);
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'rejected', cause: 'order/unknown-there' });
    const reads = stage.remote.met.filter((met) => met.call === 'getOrder').length;
    await stage.pass(10 * minute);
    expect(stage.remote.met.filter((met) => met.call === 'getOrder')).toHaveLength(reads);
  });

  test('is asked for once more when it is named again, or rerun', async () => {
    const stage = await openStage();
    const { syncs } = await stage.ship('LATE-1');
    await stage.start({ sweeping: true });
    await stage.pass(2 * minute);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('rejected');
    await stage.sell('LATE-1', { imported: false, updatedAt: 0 });
    await perform(stage.shop.context, { verb: 'rerun', filter: { ids: [syncs[0]?.id ?? 0] }, author: 'Ana', reason: 'it is there now' }, stage.clock.now());
    stage.ring();
    await stage.pass(2 * minute);
    expect(await stage.status(syncs[0]?.id ?? 0)).toMatch(/accepted|confirmed/);
    const other = await stage.ship('LATE-2');
    await stage.pass(2 * minute);
    expect(await stage.status(other.syncs[0]?.id ?? 0)).toBe('rejected');
    await stage.sell('LATE-2', { imported: false, updatedAt: 0 });
    const again = await stage.ship('LATE-2', { trackingNumber: 'T-NEW' });
    await stage.pass(2 * minute);
    expect(await stage.status(again.syncs[0]?.id ?? 0)).toMatch(/accepted|confirmed/);
  });

  test('that the shop gives meanwhile is told of without a read', async () => {
    const stage = await openStage();
    await stage.sell('O-1', { imported: false });
    await stage.ship('O-1');
    await stage.start();
    await putOrders(stage.shop.context, [{ account: 'amazon-fr', reference: 'O-1', placedAt: stage.clock.now(), lines: [{ lineId: 'L1', sku: 's', title: 't', quantity: 1 }] }], stage.clock.now());
    stage.ring();
    await stage.pass(0);
    expect(told(stage)).toEqual(['T-O-1']);
  });
});

describe('what the order turns out to be', () => {
  test('its buyer asks to cancel: held, and told on the merchant’s word', async () => {
    const stage = await openStage();
    await stage.sell('O-1', { cancellation: 'requested' });
    const { syncs } = await stage.ship('O-1');
    const id = syncs[0]?.id ?? 0;
    await stage.start();
    await stage.pass(10 * minute);
    expect(await stage.row(id)).toMatchObject({ status: 'held', cause: 'order/cancel-requested' });
    await perform(stage.shop.context, { verb: 'rerun', filter: { ids: [id] }, author: 'Ana', reason: 'handed over already' }, stage.clock.now());
    stage.ring();
    await stage.pass(0);
    expect(told(stage)).toEqual(['T-O-1']);
  });

  test('the merchant’s word holds although the request is read again', async () => {
    const stage = await openStage();
    await stage.sell('O-1', { cancellation: 'requested' });
    const id = (await stage.ship('O-1')).syncs[0]?.id ?? 0;
    await perform(stage.shop.context, { verb: 'rerun', filter: { ids: [id] }, author: 'Ana', reason: 'handed over' }, stage.clock.now());
    stage.remote.change('O-1', { shipBy: stage.clock.now() + hour });
    await stage.read();
    expect(await stage.status(id)).toBe('ready');
  });

  test('a request that comes while it waits holds it, and one that is withdrawn lets it go', async () => {
    const stage = await openStage();
    await stage.sell('O-1');
    const { syncs } = await stage.ship('O-1');
    stage.remote.change('O-1', { cancellation: 'requested' });
    await stage.read();
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'held', cause: 'order/cancel-requested' });
    stage.remote.change('O-1', { cancellation: 'none' });
    await stage.read();
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('ready');
  });

  test('a request that comes while its fate is not known holds it before it is told again', async () => {
    const stage = await openStage({ kind: 'ebay' });
    await stage.sell('O-1');
    stage.remote.script('createShippingFulfillment', 'lost-before');
    const { syncs } = await stage.ship('O-1');
    await stage.start();
    await stage.pass(30 * second);
    stage.remote.change('O-1', { cancellation: 'requested' });
    await stage.read();
    await stage.pass(5 * minute);
    expect(stage.remote.effects).toEqual([]);
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'held', cause: 'order/cancel-requested' });
  });

  test.each(['unavailable', { throttled: second }] as const)('a request that is read in the middle of a call that comes to nothing (%j) holds it', async (answer) => {
    const stage = await openStage();
    await stage.sell('O-1');
    stage.remote.latency = 5 * second;
    stage.remote.script('confirmShipment', answer);
    const id = (await stage.ship('O-1')).syncs[0]?.id ?? 0;
    await stage.start();
    await stage.pass(second);
    expect(await stage.status(id)).toBe('sending');
    stage.remote.change('O-1', { cancellation: 'requested' });
    await stage.read();
    await stage.pass(5 * minute);
    expect(stage.remote.effects).toEqual([]);
    expect(await stage.row(id)).toMatchObject({ status: 'held', cause: 'order/cancel-requested' });
  });

  test.each(['answered', 'cut off'])('a request that is read in the middle of a first look, which is %s, holds what would be told after it', async (how) => {
    const stage = await openStage({ kind: 'ebay' });
    await stage.sell('O-1');
    stage.remote.latency = 5 * second;
    const id = (await stage.ship('O-1', { untracked: true })).syncs[0]?.id ?? 0;
    const first = await stage.start({ name: 'one' });
    await stage.pass(second);
    expect(await stage.status(id)).toBe('checking');
    stage.remote.change('O-1', { cancellation: 'requested' });
    await stage.read();
    if (how === 'cut off') {
      first.kill();
      await stage.start({ name: 'two' });
    }
    await stage.pass(5 * minute);
    expect(stage.remote.effects).toEqual([]);
    expect(await stage.row(id)).toMatchObject({ status: 'held', cause: 'order/cancel-requested' });
  });

  test.each([
    ['cancelled', { cancellation: 'cancelled' }, 'order/cancelled'],
    ['fulfilled by the marketplace', { fulfilment: 'marketplace' }, 'order/fulfilled-by-marketplace'],
    ['labelled through it', { fulfilment: 'label' }, 'order/labelled-by-marketplace'],
  ] as const)('%s: nothing is told, and the reason is kept', async (_, facts, cause) => {
    const stage = await openStage();
    await stage.sell('O-1');
    const { syncs } = await stage.ship('O-1');
    stage.remote.change('O-1', facts);
    await stage.read();
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'skipped', cause });
    await stage.start();
    expect(stage.remote.effects).toEqual([]);
  });

  test('not paid yet: held until it is', async () => {
    const stage = await opened();
    stage.remote.change('O-1', { payment: 'in-progress' });
    await stage.read();
    const { syncs } = await stage.ship('O-1');
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'held', cause: 'order/payment-pending' });
    stage.remote.change('O-1', { payment: 'confirmed' });
    await stage.read();
    await stage.pass(0);
    expect(told(stage)).toEqual(['T-O-1']);
  });

  test.each(['ready', 'delayed', 'held'] as const)('a unit was cancelled while it was %s: what no longer fits is rejected, and the sweep goes on', async (status) => {
    const stage = await openStage();
    await stage.sell('O-1', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }], payment: status === 'held' ? 'in-progress' : 'confirmed' });
    await stage.sell('O-2');
    const { syncs } = await stage.ship('O-1', {}, { byHand: status === 'delayed' });
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe(status);
    stage.remote.change('O-1', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 1 }] });
    stage.remote.change('O-2', { shipBy: stage.clock.now() + hour });
    expect(await stage.read()).toMatchObject({ changed: 2 });
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'rejected', cause: 'order/quantity-over-left' });
  });

  test('rejected for its quantity, it is rejected again by a rerun while nothing has changed, and goes when it fits', async () => {
    const stage = await openStage();
    await stage.sell('O-1', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }] });
    const id = (await stage.ship('O-1')).syncs[0]?.id ?? 0;
    stage.remote.change('O-1', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 1 }] });
    await stage.read();
    const rerun = { verb: 'rerun', filter: { ids: [id] }, author: 'Ana', reason: 'again' } as const;
    await perform(stage.shop.context, rerun, stage.clock.now());
    expect(await stage.row(id)).toMatchObject({ status: 'rejected', cause: 'order/quantity-over-left' });
    stage.remote.change('O-1', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }] });
    await stage.read();
    await perform(stage.shop.context, rerun, stage.clock.now());
    expect(await stage.status(id)).toBe('ready');
  });
});

describe('an operation that a later version learns', () => {
  test('does not fire by itself on what waited for it: it is released by a person, and looked for first', async () => {
    const stage = await openStage({ kind: 'amazon' });
    await stage.sell('O-1');
    const answer = await stage.apply({ order: 'O-1', state: 'REMBOURSEE' });
    const id = 'id' in answer ? (answer.syncs[0]?.id ?? 0) : 0;
    expect(await stage.row(id)).toMatchObject({ status: 'held', cause: 'operation/not-offered', call: null });
    // The next version offers it.
    Object.assign(stage.shop.profile('amazon-fr').offers, everyOffer('amazon'));
    Object.assign(stage.shop.profile('amazon-fr').limits, { refundOrder: { rate: 10, burst: 10 }, refundOrderStatus: { rate: 10, burst: 10 } });
    Object.assign(stage.remote.offers, everyOffer('amazon'));
    stage.remote.change('O-1', { shipBy: stage.clock.now() + hour });
    await stage.start();
    await stage.read();
    await stage.pass(hour);
    expect(await stage.status(id)).toBe('held');
    expect(stage.remote.met).toEqual([]);
    await perform(stage.shop.context, { verb: 'rerun', filter: { ids: [id] }, author: 'Ana', reason: 'still owed' }, stage.clock.now());
    stage.ring();
    await stage.pass(5 * minute);
    expect(stage.remote.met.map((met) => met.call)).toEqual(['refundOrderStatus', 'refundOrderStatus', 'refundOrder']);
  });
});
