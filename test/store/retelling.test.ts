import { describe, expect, test } from 'vitest';
import { hour, second } from '../../src/runtime/clock.ts';
import { setParcel } from '../../src/store/parcels.ts';
import type { ParcelChange } from '../../src/store/parcels.ts';
import type { Applied } from '../../src/store/intake.ts';
import { everyOffer } from '../support/offers.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';
import { verb } from '../support/ways.ts';

const refused = { rejected: 'remote/no' } as const;

/** An eBay account, where a parcel may be told of without its number. */
async function opened(): Promise<Stage> {
  const stage = await openStage({ kind: 'ebay', offers: everyOffer('ebay') });
  await stage.sell('A-1', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }, { lineId: 'L2', quantity: 1, cancelled: 0 }] });
  return stage;
}

/** Ships without a number, which may still come. */
async function untold(stage: Stage): Promise<number> {
  const answer = await stage.apply({ order: 'A-1', state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo' }] });
  if ('faults' in answer) throw new Error(JSON.stringify(answer.faults));
  return answer.syncs[0]?.id ?? 0;
}

/** Nobody waits for the number any longer. */
const waitIsOver = 2 * hour + 10 * second;

/** The number comes by an application. */
async function completed(stage: Stage, trackingNumber: string): Promise<Applied['syncs']> {
  return (await stage.ship('A-1', { trackingNumber })).syncs;
}

/** The number is set on the parcel. */
async function set(stage: Stage, change: ParcelChange): Promise<Applied['syncs']> {
  const { id } = await stage.shop.context.store.db.selectFrom('parcel').select('id').executeTakeFirstOrThrow();
  const done = await setParcel(stage.shop.context, id, change, 'Ana', stage.clock.now());
  if ('faults' in done) throw new Error(JSON.stringify(done.faults));
  stage.ring();
  return done.syncs;
}

const doors = [
  ['by an application', completed],
  ['set on the parcel', (stage: Stage, trackingNumber: string) => set(stage, { trackingNumber })],
] as const;

describe.each(doors)('a number that comes late, %s', (_, give) => {
  test('is told with what has not left', async () => {
    const stage = await opened();
    const id = await untold(stage);
    expect(await give(stage, 'T-9')).toEqual([{ id, operation: 'confirm-shipment', status: 'ready', cause: null }]);
  });

  test('corrects what has', async () => {
    const stage = await opened();
    const id = await untold(stage);
    await stage.start();
    await stage.pass(waitIsOver);
    expect(await stage.status(id)).toBe('accepted');
    expect(await give(stage, 'T-9')).toMatchObject([{ operation: 'correct-shipment', status: 'ready' }]);
    await stage.pass(0);
    expect(stage.remote.order('A-1').parcels.map((parcel) => parcel.trackingNumber)).toEqual(['T-9']);
  });

  test('waits for the rerun of what was refused, and goes with it', async () => {
    const stage = await opened();
    const id = await untold(stage);
    stage.remote.script('createShippingFulfillment', refused);
    await stage.start();
    await stage.pass(waitIsOver);
    expect(await give(stage, 'T-9')).toEqual([{ id, operation: 'confirm-shipment', status: 'rejected', cause: 'remote/no' }]);
    await stage.pass(0);
    expect(await stage.statuses()).toEqual({ rejected: 1 });
    await verb(stage, 'rerun', id);
    await stage.pass(0);
    expect(stage.remote.order('A-1').parcels.map((parcel) => parcel.trackingNumber)).toEqual(['T-9']);
  });
});

describe('a number that comes after its confirmation was given up', () => {
  test('by an application: it is a dispatch of its own, since the units are left to ship again', async () => {
    const stage = await opened();
    const id = await untold(stage);
    await verb(stage, 'cancel', id);
    const told = await completed(stage, 'T-9');
    expect(told).toMatchObject([{ operation: 'confirm-shipment', status: 'ready' }]);
    expect([told[0]?.id === id, await stage.status(id)]).toEqual([false, 'cancelled']);
  });

  test('set on the parcel: there is none any more', async () => {
    const stage = await opened();
    const id = await untold(stage);
    await verb(stage, 'cancel', id);
    await expect(set(stage, { trackingNumber: 'T-9' })).rejects.toThrow('unknown-parcel');
    expect(await stage.statuses()).toEqual({ cancelled: 1 });
  });
});

describe('history', () => {
  test.each(doors)('is never told, though its number comes after the starting moment: %s', async (_, give) => {
    const stage = await openStage({ kind: 'ebay', offers: everyOffer('ebay') });
    await stage.sell('A-1');
    await stage.shop.context.store.db.updateTable('account').set({ live_from: stage.clock.now() + second }).execute();
    await untold(stage);
    await stage.pass(2 * second);
    await give(stage, 'T-9');
    await stage.start();
    expect(Object.keys(await stage.statuses())).toEqual(['skipped']);
    expect(stage.remote.met).toEqual([]);
  });

  test('an order of the shop’s own is told nowhere, and the application says why', async () => {
    const stage = await opened();
    const { db } = stage.shop.context.store;
    await db.updateTable('orders').set({ account: 'shop' }).execute();
    const first = await stage.apply({ account: 'shop', order: 'A-1', state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo' }] });
    const second_ = await stage.apply({ account: 'shop', order: 'A-1', state: 'EXPEDIEE', parcels: [{ trackingNumber: 'T-9' }] });
    for (const answer of [first, second_]) expect(answer).toMatchObject({ syncs: [{ operation: 'nothing', status: 'skipped', cause: 'planning/own-shop' }] });
    expect(await db.selectFrom('parcel').select('tracking_number').execute()).toEqual([{ tracking_number: 'T-9' }]);
  });
});

describe('a parcel that stood for all that is left of an order that was not read yet', () => {
  test('holds the lines that its number comes with, and no more', async () => {
    const stage = await openStage({ kind: 'ebay' });
    await stage.sell('A-1', { imported: false, lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }, { lineId: 'L2', quantity: 1, cancelled: 0 }] });
    await stage.apply({ order: 'A-1', state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo' }] });
    const answer = await stage.apply({ order: 'A-1', state: 'EXPEDIEE_PART', parcels: [{ trackingNumber: 'T-9', lines: [{ lineId: 'L1', quantity: 1 }, { lineId: 'L1', quantity: 1 }] }] });
    expect(answer).toMatchObject({ syncs: [{ status: 'held', cause: 'order/not-imported' }] });
    await stage.read();
    await stage.start();
    expect(stage.remote.order('A-1').parcels).toMatchObject([{ trackingNumber: 'T-9', lines: [{ lineId: 'L1', quantity: 2 }] }]);
    await stage.ship('A-1', { trackingNumber: 'T-10' });
    await stage.pass(0);
    expect(stage.remote.order('A-1').parcels).toMatchObject([{ trackingNumber: 'T-9' }, { trackingNumber: 'T-10', lines: [{ lineId: 'L2', quantity: 1 }] }]);
  });
});

describe('a parcel that is set', () => {
  test('to what was told of it already is not corrected', async () => {
    const stage = await opened();
    const { syncs } = await stage.ship('A-1', { trackingNumber: 'T-1' });
    await stage.start();
    expect(await set(stage, { trackingNumber: 'T-1', carrier: 'Colissimo' })).toMatchObject([{ id: syncs[0]?.id, status: 'accepted' }]);
    expect(await stage.statuses()).toEqual({ accepted: 1 });
  });

  test('and set back before its correction has left is told of as it was', async () => {
    const stage = await opened();
    await stage.ship('A-1', { trackingNumber: 'T-1' });
    const running = await stage.start();
    await running.stop();
    await set(stage, { trackingNumber: 'T-2' });
    await set(stage, { trackingNumber: 'T-1' });
    await stage.start({ name: 'next' });
    expect(stage.remote.order('A-1').parcels).toMatchObject([{ trackingNumber: 'T-1' }]);
  });

  test('again, once its confirmation went through after all, is corrected', async () => {
    const stage = await opened();
    stage.remote.script('createShippingFulfillment', 'lost-before', refused);
    const { syncs } = await stage.ship('A-1', { trackingNumber: 'T-1' });
    await stage.start();
    const [early] = await set(stage, { trackingNumber: 'T-2' });
    await stage.pass(200 * second);
    expect(await stage.row(early?.id ?? 0)).toMatchObject({ status: 'skipped', cause: 'planning/nothing-to-correct' });
    await verb(stage, 'rerun', syncs[0]?.id ?? 0);
    await stage.pass(0);
    expect(stage.remote.order('A-1').parcels).toMatchObject([{ trackingNumber: 'T-2' }]);
    await set(stage, { trackingNumber: 'T-3' });
    await stage.pass(0);
    expect(stage.remote.order('A-1').parcels).toMatchObject([{ trackingNumber: 'T-3' }]);
  });

  test('while its confirmation was under way is not corrected, where the confirmation leaves once more and tells of it as it is', async () => {
    const stage = await openStage({ kind: 'ebay' });
    await stage.sell('A-1');
    stage.remote.script('createShippingFulfillment', 'lost-before', refused);
    const { syncs } = await stage.ship('A-1', { trackingNumber: 'T-1' });
    await stage.start();
    const [correction] = await set(stage, { trackingNumber: 'T-2' });
    expect(correction).toMatchObject({ status: 'held', cause: 'operation/not-offered' });
    await stage.pass(200 * second);
    await verb(stage, 'rerun', syncs[0]?.id ?? 0);
    await stage.pass(0);
    expect(stage.remote.order('A-1').parcels).toMatchObject([{ trackingNumber: 'T-2' }]);
    expect(await stage.row(correction?.id ?? 0)).toMatchObject({ status: 'skipped', cause: 'planning/nothing-to-correct' });
  });

  test('while its confirmation was lost, and found nowhere, is told of once, as it is', async () => {
    const stage = await opened();
    stage.remote.script('createShippingFulfillment', 'lost-before');
    await stage.ship('A-1', { trackingNumber: 'T-1' });
    await stage.start();
    const [correction] = await set(stage, { trackingNumber: 'T-2' });
    expect(correction).toMatchObject({ status: 'blocked' });
    await stage.pass(200 * second);
    expect(stage.remote.order('A-1').parcels).toMatchObject([{ trackingNumber: 'T-2' }]);
    expect(await stage.row(correction?.id ?? 0)).toMatchObject({ status: 'skipped', cause: 'planning/nothing-to-correct' });
  });

  test.each(['8,12E+12', '8E+12', '8.1e12'])('%s is a number that a spreadsheet spoilt', async (trackingNumber) => {
    const stage = await opened();
    await stage.ship('A-1', { trackingNumber: 'T-1' });
    expect(await setParcel(stage.shop.context, 1, { trackingNumber }, 'Ana', stage.clock.now())).toMatchObject({ faults: [{ code: 'tracking-malformed' }] });
  });

  test('to a blank carrier has none', async () => {
    const stage = await opened();
    await stage.ship('A-1', { trackingNumber: 'T-1' });
    expect(await set(stage, { carrier: ' ' })).toMatchObject([{ status: 'held', cause: 'ebay/carrier-missing' }]);
  });
});
