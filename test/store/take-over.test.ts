import { describe, expect, test } from 'vitest';
import { hour, minute } from '../../src/runtime/clock.ts';
import { setParcel } from '../../src/store/parcels.ts';
import { undoApplied } from '../../src/store/undo.ts';
import { everyOffer } from '../support/offers.ts';
import { seenOrder } from '../support/reader.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';
import { ways } from '../support/ways.ts';

const two = [{ lineId: 'L1', quantity: 2, cancelled: 0 }];
const one = [{ lineId: 'L1', quantity: 1 }];

async function opened(kind: 'amazon' | 'ebay' = 'amazon'): Promise<Stage> {
  const stage = await openStage({ kind, offers: everyOffer(kind) });
  await stage.sell('A-1', { lines: two });
  return stage;
}

/** What a list shows that shows no parcels. */
async function readList(stage: Stage): Promise<void> {
  const profile = stage.shop.profile(stage.account);
  await stage.shop.ledger.takeOver([profile], profile.references, [...stage.remote.orders.values()].map((order) => seenOrder(order, false)), stage.clock.now());
}

describe('what is shown there is fact', () => {
  test('read twice it changes nothing the second time', async () => {
    const stage = await opened();
    stage.remote.shipByHand('A-1', { trackingNumber: 'H-1', lines: one });
    expect(await stage.read()).toEqual({ fresh: 0, changed: 1, confirmed: 0 });
    expect(await stage.read()).toEqual({ fresh: 0, changed: 0, confirmed: 0 });
  });

  test('a parcel told of by hand is a parcel of the order: its units are not left to ship', async () => {
    const stage = await opened();
    stage.remote.shipByHand('A-1', { trackingNumber: 'H-1', lines: one });
    await stage.read();
    const answer = await stage.apply({ order: 'A-1', state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: 'T-1' }] });
    if ('faults' in answer) throw new Error('refused');
    expect(JSON.parse((await stage.row(answer.syncs[0]?.id ?? 0)).payload)).toMatchObject({ lines: one });
  });

  test('a parcel with our tracking number, told of by hand, confirms ours', async () => {
    const stage = await opened();
    const { syncs } = await stage.ship('A-1');
    stage.remote.shipByHand('A-1', { trackingNumber: 't a-1' });
    expect(await stage.read()).toMatchObject({ confirmed: 1 });
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'confirmed', reference: 'hand-1' });
  });

  test('a parcel that was told of before its order was known, and by hand too, is not told again', async () => {
    const stage = await openStage({ kind: 'ebay' });
    await stage.sell('A-1', { lines: two, imported: false });
    const { syncs } = await stage.ship('A-1');
    stage.remote.shipByHand('A-1', { trackingNumber: 't a-1' });
    expect(await stage.read()).toMatchObject({ confirmed: 1 });
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'confirmed', reference: 'hand-1' });
    await stage.start();
    await stage.pass(10 * minute);
    expect(stage.remote.effects).toEqual([]);
  });

  test('two parcels without a reference of their own are two parcels', async () => {
    const stage = await opened();
    for (const n of [1, 2]) stage.remote.shipByHand('A-1', { trackingNumber: `H-${n}`, lines: one, reference: '' });
    await stage.read();
    const parcels = await stage.shop.context.store.db.selectFrom('parcel').select('tracking_number').orderBy('tracking_number').execute();
    expect(parcels).toEqual([{ tracking_number: 'H-1' }, { tracking_number: 'H-2' }]);
    expect(await stage.read()).toMatchObject({ changed: 0 });
  });

  test('two parcels that show the same reference do not stop the sweep', async () => {
    const stage = await opened();
    await stage.sell('A-2');
    for (const n of [1, 2]) stage.remote.shipByHand('A-1', { trackingNumber: `H-${n}`, lines: one, reference: 'SAME' });
    stage.remote.change('A-2', { shipBy: stage.clock.now() + hour });
    expect(await stage.read()).toMatchObject({ changed: 2 });
  });

  test('a parcel that another sync of ours stands for confirms no second one, though its number is the second one’s now', async () => {
    const stage = await opened('ebay');
    await stage.ship('A-1', { trackingNumber: 'SWAPPED', lines: one });
    const running = await stage.start();
    await running.stop();
    const { id } = await stage.shop.context.store.db.selectFrom('parcel').select('id').executeTakeFirstOrThrow();
    await setParcel(stage.shop.context, id, { trackingNumber: 'RIGHT' }, 'Ana', stage.clock.now());
    const second = (await stage.ship('A-1', { trackingNumber: 'SWAPPED', lines: one })).syncs[0]?.id ?? 0;
    await stage.read();
    expect(await stage.status(second)).toBe('ready');
  });

  test('a parcel of ours that was undone, and shows there all the same, counts again', async () => {
    const stage = await opened();
    stage.remote.script('confirmShipment', { rejected: 'remote/no' });
    const { id, syncs } = await stage.ship('A-1', { lines: one });
    const running = await stage.start();
    await running.stop();
    await undoApplied(stage.shop.context, id, 'Ana', stage.clock.now());
    const { reference } = await stage.shop.context.store.db.selectFrom('parcel').select('reference').executeTakeFirstOrThrow();
    stage.remote.shipByHand('A-1', { trackingNumber: 'T-A-1', lines: one, reference });
    expect(await stage.read()).toMatchObject({ changed: 1 });
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('confirmed');
    const next = await stage.apply({ order: 'A-1', state: 'EXPEDIEE_PART', parcels: [{ carrier: 'Colissimo', trackingNumber: 'T-2', lines: [{ lineId: 'L1', quantity: 2 }] }] });
    expect(next).toMatchObject({ faults: [{ code: 'quantity-over-left', limit: 1 }] });
  });

  test('a sync whose dependents ended with it leaves the counters right', async () => {
    const stage = await opened();
    const confirmation = (await stage.ship('A-1')).syncs[0]?.id ?? 0;
    const invoice = await stage.apply({ order: 'A-1', state: 'FACTUREE' });
    stage.remote.change('A-1', { cancellation: 'cancelled' });
    await stage.read();
    expect(await stage.status(confirmation)).toBe('skipped');
    expect('id' in invoice && (await stage.status(invoice.syncs[0]?.id ?? 0))).toBe('skipped');
  });

  test('a label that was bought there tells of the dispatch by itself: an invoice follows it', async () => {
    const stage = await opened();
    const confirmation = (await stage.ship('A-1')).syncs[0]?.id ?? 0;
    const invoice = await stage.apply({ order: 'A-1', state: 'FACTUREE' });
    stage.remote.change('A-1', { fulfilment: 'label' });
    await stage.read();
    expect(await stage.status(confirmation)).toBe('skipped');
    expect('id' in invoice && (await stage.status(invoice.syncs[0]?.id ?? 0))).toBe('ready');
  });

  test('an order that leaves out what the shop said keeps it', async () => {
    const stage = await opened();
    await stage.shop.context.store.db.updateTable('orders').set({ language: 'de', publication: 'yes', own_reference: 'C-1', ship_by: 7 }).execute();
    stage.remote.change('A-1', { shipBy: null, payment: 'in-progress' });
    await stage.read();
    expect(await stage.shop.context.store.db.selectFrom('orders').select(['language', 'publication', 'own_reference', 'ship_by', 'payment']).executeTakeFirst()).toEqual({ language: 'de', publication: 'yes', own_reference: 'C-1', ship_by: 7, payment: 'in-progress' });
  });
});

describe('what was placed since the account began', () => {
  test('is imported whatever became of it, and of what is older only what is still to ship', async () => {
    const stage = await openStage();
    const now = stage.clock.now();
    await stage.shop.context.store.db.updateTable('account').set({ live_from: now }).execute();
    for (const [order, placedAt] of [['OLD', now - hour], ['OLD-SHIPPED', now - 1], ['NEW-SHIPPED', now], ['NEW-LABELLED', now]] as const) await stage.sell(order, { placedAt, imported: false });
    for (const order of ['OLD-SHIPPED', 'NEW-SHIPPED']) stage.remote.shipByHand(order, { trackingNumber: order });
    stage.remote.change('NEW-LABELLED', { fulfilment: 'label' });
    expect(await stage.read()).toMatchObject({ fresh: 3 });
    expect((await stage.shop.context.store.db.selectFrom('orders').select('reference').orderBy('id').execute()).map((row) => row.reference)).toEqual(['OLD', 'NEW-SHIPPED', 'NEW-LABELLED']);
  });
});

describe('what was given up here', () => {
  test.each(['cancelled', 'superseded', 'skipped'] as const)('%s, stays so when it is seen there all the same, and the sweep goes on', async (status) => {
    const { stage, id } = await ways[status]();
    stage.remote.shipByHand('A-1', { trackingNumber: 'T-A-1' });
    await stage.sell('B-1', { imported: false });
    expect(await stage.read()).toMatchObject({ fresh: 1, confirmed: 0 });
    expect(await stage.status(id)).toBe(status);
  });
});

describe('units that are shipped there', () => {
  const four = [{ lineId: 'L1', quantity: 4, cancelled: 0 }];

  /** What is left to tell once the marketplace counts so many as shipped and shows these parcels. */
  async function left(stage: Stage, shipped: number, withParcels: boolean): Promise<unknown> {
    const profile = stage.shop.profile(stage.account);
    const seen = seenOrder(stage.remote.order('A-1'), true);
    await stage.shop.ledger.takeOver([profile], profile.references, [{ ...seen, lines: seen.lines.map((line) => ({ ...line, shipped })), parcels: withParcels ? seen.parcels : [] }], stage.clock.now());
    const answer = await stage.apply({ order: 'A-1', state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: 'REST' }] });
    return 'id' in answer ? JSON.parse((await stage.row(answer.syncs[0]?.id ?? 0)).payload).lines : answer;
  }

  async function shippedOne(): Promise<Stage> {
    const stage = await openStage();
    await stage.sell('A-1', { lines: four });
    await stage.ship('A-1', { lines: one });
    const running = await stage.start();
    await running.stop();
    return stage;
  }

  test('and that our own parcel accounts for are not taken twice while it does not show yet', async () => {
    expect(await left(await shippedOne(), 1, false)).toEqual([{ lineId: 'L1', quantity: 3 }]);
  });

  test('in no parcel that is shown are somebody else’s, beside those of our own that is', async () => {
    expect(await left(await shippedOne(), 3, true)).toEqual([{ lineId: 'L1', quantity: 1 }]);
  });
});

describe('a list that shows no parcels', () => {
  test('some of a line was shipped there and nothing of it is ours: nothing is left to tell', async () => {
    const stage = await opened('ebay');
    stage.remote.shipByHand('A-1', { trackingNumber: 'H-1' });
    await readList(stage);
    expect(await stage.apply({ order: 'A-1', state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: 'T-1' }] })).toMatchObject({ syncs: [{ status: 'skipped', cause: 'order/already-shipped' }] });
  });

  test('what is marked as shipped because of our own parcel takes nothing from the next one', async () => {
    const stage = await opened('ebay');
    await stage.ship('A-1', { trackingNumber: 'T-1', lines: one });
    const running = await stage.start();
    const next = (await stage.ship('A-1', { trackingNumber: 'T-2', lines: one }, { byHand: true })).syncs[0]?.id ?? 0;
    await readList(stage);
    expect(await stage.status(next)).toBe('delayed');
    await stage.pass(2 * minute);
    expect(stage.remote.order('A-1').parcels).toHaveLength(2);
    await running.stop();
  });

  test('an open sync of an order with something shipped wants the order read in detail, no other does', async () => {
    const stage = await opened('ebay');
    await stage.sell('A-2', { lines: two });
    await stage.sell('A-3', { lines: two });
    await stage.ship('A-1', { trackingNumber: 'T-1', lines: one });
    await stage.ship('A-2', { trackingNumber: 'T-2', lines: one });
    for (const order of ['A-1', 'A-3']) stage.remote.shipByHand(order, { trackingNumber: `H-${order}`, lines: one });
    const seen = [...stage.remote.orders.values()].map((order) => seenOrder(order, false));
    expect(await stage.shop.ledger.wanted('ebay-fr', seen)).toEqual(['A-1']);
  });

  test('the sweep reads it, and the rest of the line is still told', async () => {
    const stage = await opened('ebay');
    const { syncs } = await stage.ship('A-1', { trackingNumber: 'T-1', lines: one });
    stage.remote.shipByHand('A-1', { trackingNumber: 'H-1', lines: one });
    await stage.start({ sweeping: true });
    await stage.pass(10 * minute);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('confirmed');
    expect(stage.remote.doneFor(syncs[0]?.id ?? 0)).toHaveLength(1);
  });

  test('where the detail cannot be read at once the page is read again: nothing is given up on a guess', async () => {
    const stage = await opened('ebay');
    const { syncs } = await stage.ship('A-1', { trackingNumber: 'T-1', lines: one });
    stage.remote.shipByHand('A-1', { trackingNumber: 'H-1', lines: one });
    stage.remote.script('getOrder', 'unavailable');
    await stage.start({ sweeping: true });
    await stage.pass(minute / 2);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('ready');
    await stage.pass(15 * minute);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('confirmed');
  });

  test('but an order that can never be read does not stop the sweep for ever', async () => {
    const stage = await opened('ebay');
    await stage.sell('A-2', { imported: false });
    await stage.ship('A-1', { trackingNumber: 'T-1', lines: one });
    stage.remote.shipByHand('A-1', { trackingNumber: 'H-1', lines: one });
    stage.remote.always('getOrder', 'unavailable');
    await stage.start({ sweeping: true });
    await stage.pass(30 * minute);
    expect((await stage.shop.ledger.sweep('scope/ebay-fr')).until).not.toBeNull();
    expect(await stage.shop.context.store.db.selectFrom('orders').select('id').where('reference', '=', 'A-2').execute()).toHaveLength(1);
  });
});
