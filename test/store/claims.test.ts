import { describe, expect, test } from 'vitest';
import { hour, second } from '../../src/runtime/clock.ts';
import { applyBulk, listBulks, showBulk, undoBulk } from '../../src/store/bulk.ts';
import type { Answer } from '../../src/store/intake.ts';
import { undoApplied } from '../../src/store/undo.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const byAnn = { source: 'cli', author: 'ann', byHand: true };
const byErp = { source: 'api/erp', author: 'api/erp', byHand: false };
const parcel = { carrier: 'Chronopost', trackingNumber: 'XY300000155FR' };

function applied(answer: Answer) {
  if ('faults' in answer) throw new Error(JSON.stringify(answer.faults));
  return answer;
}

async function shipped(stage: Stage, giver: object, more: object = {}) {
  return applied(await stage.apply({ order: 'A-1', state: 'EXPEDIEE', parcels: [parcel], ...more }, giver));
}

const undo = (stage: Stage, id: number, author: string) => undoApplied(stage.shop.context, id, author, stage.clock.now());

async function standing(stage: Stage) {
  const { db } = stage.shop.context.store;
  const orders = await db.selectFrom('orders').innerJoin('order_state', 'order_state.id', 'orders.state_id').select('mnemonic').execute();
  const parcels = await db.selectFrom('parcel').select('tracking_number').where('voided_at', 'is', null).execute();
  return [...orders.map(({ mnemonic }) => mnemonic), ...parcels.map(({ tracking_number: number }) => number)];
}

async function bulks(stage: Stage, ...lists: readonly (readonly [author: string, ...orders: string[]])[]) {
  const ids: number[] = [];
  for (const [author, ...orders] of lists) {
    const wishes = orders.map((order) => ({ account: 'amazon-fr', order, state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${order}` }] }));
    ids.push((await applyBulk(stage.shop.context, { state: 'EXPEDIEE', author, source: 'file/x.csv', wishes }, stage.clock.now())).id);
  }
  return ids;
}

describe('what another was told that it stands', () => {
  test('stands when one of the two undoes it, and leaves; who undid it is told for whom', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const first = await shipped(stage, byAnn);
    const second_ = await shipped(stage, byErp, { sourceRef: 'erp-155' });
    expect(second_).toMatchObject({ id: first.id, again: true });
    const undone = { applied: first.id, whole: false, cancelled: [], left: [], doubtful: [], standsFor: [{ source: 'api/erp', author: 'api/erp', at: stage.clock.now() }] };
    expect(await undo(stage, first.id, 'ann')).toEqual(undone);
    // A lost answer is asked for again: it does not take the other's part.
    expect(await undo(stage, first.id, 'ann')).toEqual(undone);
    expect(await standing(stage)).toEqual(['EXPEDIEE', 'XY300000155FR']);
    expect(await shipped(stage, byErp, { sourceRef: 'erp-155' })).toMatchObject({ id: first.id });
    await stage.start();
    await stage.pass(hour);
    expect(stage.remote.effects.map(({ operation }) => operation)).toEqual(['confirm-shipment']);
  });

  test('stands for the first when the second undoes it, and is undone once neither wants it', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const { id, syncs } = await shipped(stage, byAnn);
    await shipped(stage, byErp);
    expect(await undo(stage, id, 'api/erp')).toMatchObject({ whole: false, cancelled: [], standsFor: [{ source: 'cli', author: 'ann' }] });
    expect(await undo(stage, id, 'ann')).toMatchObject({ whole: true, cancelled: [syncs[0]?.id], standsFor: [] });
    expect(await standing(stage)).toEqual([]);
    expect(await undo(stage, id, 'ann')).toBeNull();
  });

  test('who applies it again after undoing it stands behind it again', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const { id } = await shipped(stage, byAnn);
    await shipped(stage, byErp);
    await undo(stage, id, 'ann');
    await shipped(stage, byAnn);
    expect(await undo(stage, id, 'api/erp')).toMatchObject({ standsFor: [{ author: 'ann' }] });
  });

  test('a caller who tells of the same again is one caller still', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const { id } = await shipped(stage, byAnn);
    await shipped(stage, byAnn);
    expect(await undo(stage, id, 'ann')).toMatchObject({ whole: true });
  });

  test('somebody who applied nothing undoes it for whoever did first', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const { id } = await shipped(stage, byAnn);
    await shipped(stage, byErp);
    expect(await undo(stage, id, 'support')).toMatchObject({ standsFor: [{ author: 'api/erp' }] });
    expect(await undo(stage, id, 'ann')).toMatchObject({ standsFor: [{ author: 'api/erp' }] });
    expect(await undo(stage, id, 'api/erp')).toMatchObject({ whole: true });
  });

  test('with parcels of their own beside: those go with their undoing, the parcel that both told of does not', async () => {
    const stage = await openStage();
    await stage.sell('A-1', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }] });
    const lines = [{ lineId: 'L1', quantity: 1 }];
    const first = applied(await stage.apply({ order: 'A-1', state: 'EXPEDIEE_PART', parcels: [{ ...parcel, lines }] }, byAnn));
    const second_ = applied(await stage.apply({ order: 'A-1', state: 'EXPEDIEE_PART', parcels: [{ ...parcel, lines }, { carrier: 'GLS', trackingNumber: 'GLS2', lines }] }, byErp));
    expect(second_.id).not.toBe(first.id);
    expect(await undo(stage, first.id, 'ann')).toMatchObject({ whole: false, standsFor: [{ author: 'api/erp' }] });
    expect(await standing(stage)).toEqual(['EXPEDIEE_PART', 'XY300000155FR', 'GLS2']);
    // Nobody stands behind either now.
    expect(await undo(stage, second_.id, 'api/erp')).toMatchObject({ whole: true, cancelled: expect.arrayContaining([...first.syncs, ...second_.syncs].filter(({ operation }) => operation !== 'nothing').map(({ id }) => id)) });
    expect(await standing(stage)).toEqual([]);
  });

  test('a tracking number that another gave to a parcel without one stands', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const first = applied(await stage.apply({ order: 'A-1', state: 'EXPEDIEE', parcels: [{ carrier: 'Chronopost' }] }, byAnn));
    await shipped(stage, byErp);
    expect(await undo(stage, first.id, 'ann')).toMatchObject({ whole: false, standsFor: [{ author: 'api/erp' }] });
    expect(await standing(stage)).toEqual(['EXPEDIEE', 'XY300000155FR']);
  });

  test('what left long ago is claimed by nobody: cumulative files leave no trace of it', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    await shipped(stage, { ...byAnn, byHand: false });
    await stage.start();
    await stage.pass(30 * second);
    await shipped(stage, byErp);
    expect(await stage.shop.context.store.db.selectFrom('claim').selectAll().execute()).toEqual([]);
  });
});

describe('a bulk application that is undone', () => {
  test('leaves out what another list holds too, and that one stays true', async () => {
    const stage = await openStage();
    for (const order of ['A-1', 'A-2', 'A-3']) await stage.sell(order);
    const [first = 0, second_ = 0] = await bulks(stage, ['ann', 'A-1', 'A-2'], ['bob', 'A-2', 'A-3']);
    // What an earlier list had applied is known to the second, and not applied by it.
    expect((await listBulks(stage.shop.context.store.db, 2)).map(({ id, applied: all, known }) => [id, Number(all) - Number(known), Number(known)])).toEqual([[second_, 1, 1], [first, 2, 0]]);
    const undone = await undoBulk(stage.shop.context, first, 'ann', stage.clock.now());
    expect(undone?.map(({ whole, standsFor }) => [whole, standsFor.map(({ source, author }) => `${author} ${source}`)])).toEqual([[true, []], [false, [`bob bulk/${second_}`]]]);
    expect(await standing(stage)).toEqual(['EXPEDIEE', 'EXPEDIEE', 'T-A-2', 'T-A-3']);
    expect((await showBulk(stage.shop.context.store.db, first))?.items.map(({ undone_by: by }) => by)).toEqual(['ann', null]);
    expect((await undoBulk(stage.shop.context, second_, 'bob', stage.clock.now()))?.map(({ whole }) => whole)).toEqual([true, true]);
    expect(await standing(stage)).toEqual([]);
    expect((await showBulk(stage.shop.context.store.db, second_))?.items.map(({ undone_by: by }) => by)).toEqual(['bob', 'bob']);
  });

  test('keeps what it had told of before the other', async () => {
    const stage = await openStage();
    for (const order of ['A-1', 'A-2']) await stage.sell(order);
    const [, second_ = 0] = await bulks(stage, ['ann', 'A-1'], ['bob', 'A-1', 'A-2']);
    const undone = await undoBulk(stage.shop.context, second_, 'bob', stage.clock.now());
    expect(undone?.map(({ whole, standsFor }) => [whole, standsFor.length])).toEqual([[false, 1], [true, 0]]);
    expect(await standing(stage)).toEqual(['EXPEDIEE', 'T-A-1']);
  });
});
