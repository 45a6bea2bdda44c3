import { describe, expect, test } from 'vitest';
import { day, minute } from '../../src/runtime/clock.ts';
import { setParcel } from '../../src/store/parcels.ts';
import { undoApplied } from '../../src/store/undo.ts';
import { perform, rehearse } from '../../src/store/verbs.ts';
import type { Verb } from '../../src/syncing/rerun.ts';
import { everyOffer } from '../support/offers.ts';
import { openStage } from '../support/stage.ts';
import type { Stage, StageOptions } from '../support/stage.ts';
import { refused, wearOut } from '../support/ways.ts';

const unknown = { carrier: 'Transport Dupont' };

async function twoUnits(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage(options);
  await stage.sell('A-1', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }], shipBy: stage.clock.now() + day });
  return stage;
}

const say = (stage: Stage, verb: Verb, ...ids: number[]) => perform(stage.shop.context, { verb, filter: { ids }, author: 'Marie', reason: 'wrong' }, stage.clock.now());
const openUntil = async ({ shop }: Stage) => (await shop.context.store.db.selectFrom('orders').select('open_until').executeTakeFirstOrThrow()).open_until;
const again = { carrier: 'Colissimo', trackingNumber: '8R88800000001' };

describe('a confirmation that was given up by name', () => {
  test('leaves its units to ship: the order is due again, and another application tells of them', async () => {
    const stage = await twoUnits();
    const due = await openUntil(stage);
    const first = (await stage.ship('A-1', unknown)).syncs[0]?.id ?? 0;
    expect(await stage.status(first)).toBe('held');
    expect(await openUntil(stage)).toBeNull();
    await say(stage, 'cancel', first);
    expect(due).not.toBeNull();
    expect(await openUntil(stage)).toBe(due);
    const { syncs } = await stage.ship('A-1', again);
    expect(syncs).toMatchObject([{ operation: 'confirm-shipment', status: 'ready' }]);
    await stage.start();
    expect(stage.remote.effects).toHaveLength(1);
    expect(await openUntil(stage)).toBeNull();
  });

  test('never ships its units a second time: rerun after another has them, it is left out', async () => {
    const stage = await twoUnits();
    const first = (await stage.ship('A-1', unknown)).syncs[0]?.id ?? 0;
    await say(stage, 'cancel', first);
    await stage.ship('A-1', { ...again, lines: [{ lineId: 'L1', quantity: 1 }] });
    const leftOut = [{ sync: first, why: 'units-taken' }];
    expect((await rehearse(stage.shop.context, { verb: 'rerun', filter: { ids: [first] }, author: 'Marie', reason: '-' })).leftOut).toEqual(leftOut);
    expect((await say(stage, 'rerun', first)).leftOut).toEqual(leftOut);
    await stage.start();
    await stage.pass(minute);
    expect(stage.remote.effects).toHaveLength(1);
    expect(await stage.status(first)).toBe('cancelled');
  });

  test('rerun, it has its parcel and its units back, and waits for the same as before', async () => {
    const stage = await twoUnits();
    const { syncs } = await stage.ship('A-1', unknown);
    const first = syncs[0]?.id ?? 0;
    await say(stage, 'cancel', first);
    expect((await say(stage, 'rerun', first)).done).toEqual([first]);
    expect(await stage.row(first)).toMatchObject({ status: 'held', cause: 'amazon/carrier-unknown' });
    expect(await openUntil(stage)).toBeNull();
    const parcel = (await stage.row(first)).parcel_id ?? 0;
    await setParcel(stage.shop.context, parcel, { carrier: 'Colissimo' }, 'Marie', stage.clock.now());
    await stage.start();
    expect(await stage.status(first)).toBe('accepted');
    expect(stage.remote.effects).toHaveLength(1);
  });

  test('two of the same units, rerun together: one of them goes', async () => {
    const stage = await twoUnits();
    const one = (await stage.ship('A-1', unknown)).syncs[0]?.id ?? 0;
    await say(stage, 'cancel', one);
    const two = (await stage.ship('A-1', { carrier: 'Autre Dupont', trackingNumber: 'T-2' })).syncs[0]?.id ?? 0;
    await say(stage, 'cancel', two);
    const rehearsed = await rehearse(stage.shop.context, { verb: 'rerun', filter: { ids: [one, two] }, author: 'Marie', reason: '-' });
    const { done, leftOut } = await say(stage, 'rerun', one, two);
    expect({ done, leftOut }).toEqual({ done: [one], leftOut: [{ sync: two, why: 'units-taken' }] });
    expect({ done: rehearsed.done, leftOut: rehearsed.leftOut }).toEqual({ done, leftOut });
  });

  test('one that the marketplace refused frees its units; one whose fate is open keeps them', async () => {
    const no = await twoUnits();
    no.remote.script('confirmShipment', refused);
    const rejected = (await no.ship('A-1')).syncs[0]?.id ?? 0;
    await no.start();
    expect(await no.status(rejected)).toBe('rejected');
    await say(no, 'cancel', rejected);
    expect(await openUntil(no)).not.toBeNull();

    const open = await twoUnits();
    open.remote.script('confirmShipment', 'lost-after');
    const unsettled = (await open.ship('A-1')).syncs[0]?.id ?? 0;
    await wearOut(open, unsettled);
    await open.start();
    expect(await open.row(unsettled)).toMatchObject({ status: 'exhausted', unsettled: 1 });
    await say(open, 'cancel', unsettled);
    expect(await openUntil(open)).toBeNull();
    expect(await open.apply({ order: 'A-1', state: 'EXPEDIEE', parcels: [again] })).toMatchObject({ syncs: [{ status: 'skipped', cause: 'order/parcel-failed' }] });
  });

  test('what is left of its application is undone: it does not come back', async () => {
    const stage = await twoUnits();
    const answer = await stage.apply({ order: 'A-1', state: 'EXPEDIEE_PART', parcels: [{ ...again, lines: [{ lineId: 'L1', quantity: 1 }] }, { ...unknown, trackingNumber: 'T-2', lines: [{ lineId: 'L1', quantity: 1 }] }] });
    if ('faults' in answer) throw new Error(JSON.stringify(answer));
    const held = answer.syncs.find((sync) => sync.status === 'held')?.id ?? 0;
    await stage.start();
    await say(stage, 'cancel', held);
    expect(await undoApplied(stage.shop.context, answer.id, 'Marie', stage.clock.now())).toMatchObject({ whole: false });
    expect((await say(stage, 'rerun', held)).leftOut).toEqual([{ sync: held, why: 'pointless' }]);
  });

  test('a cancellation that was given up frees what it had superseded; undone, that is told after all', async () => {
    const stage = await twoUnits({ offers: everyOffer('amazon') });
    const first = (await stage.ship('A-1', unknown)).syncs[0]?.id ?? 0;
    const answer = await stage.apply({ order: 'A-1', state: 'ANNULEE' });
    if ('faults' in answer) throw new Error(JSON.stringify(answer));
    expect(await stage.status(first)).toBe('superseded');
    await say(stage, 'cancel', answer.syncs[0]?.id ?? 0);
    expect(await openUntil(stage)).not.toBeNull();
    await undoApplied(stage.shop.context, answer.id, 'Marie', stage.clock.now());
    expect(await stage.status(first)).toBe('held');
    expect(await openUntil(stage)).toBeNull();
  });
});

describe('what is applied while a parcel carries all that was left', () => {
  test.each([
    ['held', unknown, 'order/parcel-held', 'parcel-held'],
    ['waiting', { trackingNumber: 'T-1' }, 'order/parcel-waiting', 'parcel-waiting'],
  ])('%s: the reason is that parcel, by its number', async (_, parcel, cause, code) => {
    const stage = await twoUnits();
    const first = (await stage.ship('A-1', parcel)).syncs[0]?.id ?? 0;
    const number = (await stage.row(first)).parcel_id;
    const second = await stage.apply({ order: 'A-1', state: 'EXPEDIEE', parcels: [again] });
    expect(second).toMatchObject({ syncs: [{ status: 'skipped', cause }] });
    expect('id' in second ? second.warnings : []).toContainEqual({ code, parcel: number, found: String(number) });
    expect('id' in second ? second.warnings : []).toContainEqual({ code: 'parcel-not-stored', parcel: null, found: again.trackingNumber });
  });

  test('told already: it is shipped', async () => {
    const stage = await twoUnits();
    await stage.ship('A-1');
    await stage.start();
    expect(await stage.apply({ order: 'A-1', state: 'EXPEDIEE', parcels: [again] })).toMatchObject({ syncs: [{ status: 'skipped', cause: 'order/already-shipped' }] });
  });
});
