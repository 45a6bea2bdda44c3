import { describe, expect, test } from 'vitest';
import { day, hour, minute, second } from '../../src/runtime/clock.ts';
import { mapCarrier, unmappedCarriers } from '../../src/store/carriers.ts';
import { setParcel } from '../../src/store/parcels.ts';
import type { Kind } from '../support/script.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

async function opened(kind: Kind = 'amazon'): Promise<Stage> {
  const stage = await openStage({ kind });
  await stage.sell('O-1');
  await stage.start();
  return stage;
}

function told(stage: Stage): readonly (string | null)[] {
  return stage.remote.order('O-1').parcels.map((parcel) => parcel.trackingNumber);
}

/** Ships without a tracking number, which may still come. */
async function untold(stage: Stage): Promise<number> {
  const answer = await stage.apply({ order: 'O-1', state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo' }] });
  if ('faults' in answer) throw new Error('refused');
  return answer.syncs[0]?.id ?? 0;
}

describe('a tracking number that comes late', () => {
  test('holds Amazon’s confirmation, however long, and lets it go the moment it comes', async () => {
    const stage = await opened();
    const id = await untold(stage);
    expect(await stage.row(id)).toMatchObject({ status: 'held', cause: 'order/tracking-missing', due_at: null });
    await stage.pass(3 * hour);
    expect(told(stage)).toEqual([]);
    await stage.ship('O-1', { trackingNumber: 'T-9' });
    await stage.pass(0);
    expect(told(stage)).toEqual(['T-9']);
    expect(await stage.statuses()).toEqual({ accepted: 1 });
  });

  test('set on the parcel by hand lets it go too', async () => {
    const stage = await opened();
    const id = await untold(stage);
    const { parcel_id } = await stage.row(id);
    await setParcel(stage.shop.context, parcel_id ?? 0, { trackingNumber: 'T-9' }, 'Ana', stage.clock.now());
    stage.ring();
    await stage.pass(0);
    expect(told(stage)).toEqual(['T-9']);
  });

  test('holds eBay’s for two hours, no longer, whatever is read of the order meanwhile', async () => {
    const stage = await opened('ebay');
    const id = await untold(stage);
    await stage.pass(hour);
    stage.remote.change('O-1', { shipBy: stage.clock.now() + 3 * day });
    await stage.read();
    await stage.pass(hour - minute);
    expect(await stage.status(id)).toBe('held');
    await stage.pass(minute + 5 * second);
    expect(told(stage)).toEqual([null]);
  });

  test('holds eBay’s never past an hour before the deadline', async () => {
    const stage = await opened('ebay');
    stage.remote.change('O-1', { shipBy: stage.clock.now() + hour + 20 * minute });
    await stage.read();
    await untold(stage);
    await stage.pass(19 * minute);
    expect(told(stage)).toEqual([]);
    await stage.pass(minute + 5 * second);
    expect(told(stage)).toEqual([null]);
  });

  test('what went without one is not held again by anything that is read of the order', async () => {
    const stage = await opened('ebay');
    stage.remote.always('createShippingFulfillment', 'unavailable');
    const id = await untold(stage);
    await stage.pass(2 * hour + 10 * second);
    stage.remote.change('O-1', { shipBy: stage.clock.now() + 5 * day });
    await stage.read();
    expect(await stage.status(id)).not.toBe('held');
    stage.remote.always('createShippingFulfillment', null);
    await stage.pass(5 * minute);
    expect(told(stage)).toEqual([null]);
  });

  test('declared never to come: eBay is told at once, Amazon cannot be', async () => {
    const ebay = await opened('ebay');
    await ebay.ship('O-1', { untracked: true });
    await ebay.pass(0);
    expect(told(ebay)).toEqual([null]);
    const amazon = await opened();
    const { syncs } = await amazon.ship('O-1', { untracked: true });
    expect(await amazon.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'held', cause: 'amazon/tracking-required' });
  });

  test('a lane with nothing but held syncs writes nothing while it waits', async () => {
    const stage = await opened();
    await stage.apply({ order: 'O-1', state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo' }] }, { byHand: true });
    await stage.pass(5 * minute);
    const { db } = stage.shop.context.store;
    const written = async () => (await db.selectFrom('sync').selectAll().execute()).map((row) => JSON.stringify(row)).join();
    const before = await written();
    const counted = await stage.shop.ledger.ripen(stage.shop.profile('amazon-fr'), stage.clock.now());
    expect([counted, await written()]).toEqual([0, before]);
  });
});

describe('a carrier without a code', () => {
  test('holds all its orders under one cause, and mapping it lets them go and says how many', async () => {
    const stage = await openStage();
    await stage.start();
    for (const n of [1, 2, 3]) {
      await stage.sell(`O-${n}`);
      await stage.ship(`O-${n}`, { carrier: n === 3 ? 'Relais Vert' : 'relais-colis' });
    }
    expect(await unmappedCarriers(stage.shop.context.store.db)).toMatchObject([{ carrier: 'relais-colis', orders: 2 }, { carrier: 'Relais Vert', orders: 1 }]);
    const mapped = await mapCarrier(stage.shop.context, { carrier: 'Relais Colis', account: 'amazon-fr', code: 'Relais Colis', otherName: null }, 'Ana', stage.clock.now());
    expect(mapped).toEqual({ released: 2, changed: 0 });
    stage.ring();
    await stage.pass(0);
    expect(stage.remote.effects.map((effect) => effect.order)).toEqual(['O-1', 'O-2']);
    expect(stage.remote.order('O-1').parcels[0]?.carrier).toBe('Relais Colis');
    expect(await stage.statuses()).toEqual({ accepted: 2, held: 1 });
  });

  test('a mapping of one account leaves another’s orders alone', async () => {
    const stage = await openStage({ others: [{ id: 'amazon-de', marketplace: 'amazon' }] });
    await stage.sell('O-1');
    await stage.ship('O-1', { carrier: 'Relais' });
    expect(await mapCarrier(stage.shop.context, { carrier: 'Relais', account: 'amazon-de', code: 'DE', otherName: null }, 'Ana', stage.clock.now())).toEqual({ released: 0, changed: 0 });
  });

  test('a changed mapping touches what has not left, and nothing else', async () => {
    const stage = await openStage();
    for (const n of [1, 2]) await stage.sell(`O-${n}`);
    await stage.ship('O-1');
    const running = await stage.start();
    await running.stop();
    await stage.ship('O-2');
    const before = await stage.row(1);
    expect(await mapCarrier(stage.shop.context, { carrier: 'COLISSIMO', account: 'amazon-fr', code: 'La Poste', otherName: null }, 'Ana', stage.clock.now())).toEqual({ released: 0, changed: 1 });
    expect(await stage.row(1)).toEqual(before);
    await stage.start({ name: 'next' });
    expect(stage.remote.order('O-2').parcels[0]?.carrier).toBe('La Poste');
  });
});
