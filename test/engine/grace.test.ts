import { describe, expect, test } from 'vitest';
import { hour, minute, second } from '../../src/runtime/clock.ts';
import { applyBulk, showBulk, undoBulk } from '../../src/store/bulk.ts';
import { undoApplied } from '../../src/store/undo.ts';
import { perform, rehearse } from '../../src/store/verbs.ts';
import { everyOffer } from '../support/offers.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const hand = { byHand: true };
const one = [{ lineId: 'L1', quantity: 1 }];
const two = [{ lineId: 'L1', quantity: 2, cancelled: 0 }];

async function undo(stage: Stage, applied: number) {
  const undone = await undoApplied(stage.shop.context, applied, 'Ana', stage.clock.now());
  stage.ring();
  return undone;
}

function effects(stage: Stage): readonly string[] {
  return stage.remote.effects.map((effect) => effect.operation);
}

describe('grace', () => {
  test('what is applied by hand leaves after a minute, not before', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    await stage.start();
    const { syncs } = await stage.ship('A-1', {}, hand);
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'delayed', due_at: stage.clock.now() + minute });
    await stage.pass(59_999);
    expect(effects(stage)).toEqual([]);
    await stage.pass(1);
    expect(effects(stage)).toEqual(['confirm-shipment']);
  });

  test('what comes by the API leaves at once', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    await stage.start();
    await stage.ship('A-1');
    await stage.pass(0);
    expect(effects(stage)).toEqual(['confirm-shipment']);
  });

  test.each([
    ['twenty minutes before ship-by: the whole minute', 20 * minute, minute],
    ['ten and a half: until ten minutes before', 10 * minute + 30 * second, 30 * second],
    ['nine: none', 9 * minute, 0],
    ['past it: none', -hour, 0],
  ])('%s', async (_, before, expected) => {
    const stage = await openStage();
    const now = stage.clock.now();
    await stage.sell('A-1', { placedAt: now - 24 * hour, shipBy: now + before });
    await stage.start();
    const { syncs } = await stage.ship('A-1', {}, hand);
    expect((await stage.row(syncs[0]?.id ?? 0)).grace_until).toBe(expected === 0 ? null : now + expected);
    await stage.pass(Math.max(0, expected - 1));
    expect(effects(stage)).toHaveLength(expected === 0 ? 1 : 0);
    await stage.pass(1);
    expect(effects(stage)).toHaveLength(1);
  });

  test('of an order not imported yet: what it turned out to be due at bounds it', async () => {
    const stage = await openStage();
    await stage.sell('A-1', { imported: false, shipBy: stage.clock.now() + 10 * minute + 20 * second });
    const { syncs } = await stage.ship('A-1', {}, hand);
    await stage.start();
    await stage.read();
    await stage.pass(19 * second);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('delayed');
    await stage.pass(second);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('accepted');
  });

  test('what is held when it is applied still has its grace when what was missing comes', async () => {
    const stage = await openStage();
    await stage.sell('A-1', { payment: 'in-progress' });
    const { syncs } = await stage.ship('A-1', {}, hand);
    await stage.start();
    await stage.pass(30 * second);
    stage.remote.change('A-1', { payment: 'confirmed' });
    await stage.read();
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'delayed', due_at: stage.clock.now() + 30 * second });
    await stage.pass(30 * second);
    expect(effects(stage)).toEqual(['confirm-shipment']);
  });
});

describe('what waits for another', () => {
  test('still has its grace when that one has ended', async () => {
    const stage = await openStage({ offers: everyOffer('amazon') });
    await stage.sell('A-1');
    await stage.ship('A-1');
    const answer = await stage.apply({ order: 'A-1', state: 'FACTUREE' }, { byHand: true });
    const invoice = 'id' in answer ? (answer.syncs[0]?.id ?? 0) : 0;
    await stage.start();
    expect(await stage.row(invoice)).toMatchObject({ status: 'delayed', due_at: stage.clock.now() + minute });
    await undoApplied(stage.shop.context, 'id' in answer ? answer.id : 0, 'Ana', stage.clock.now());
    await stage.pass(5 * minute);
    expect(stage.remote.effects.map((effect) => effect.operation)).toEqual(['confirm-shipment']);
  });
});

describe('undoing', () => {
  test('within the grace it is as if it had never been applied', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const db = stage.shop.context.store.db;
    const before = await db.selectFrom('orders').select(['state_id', 'state_at', 'indicator']).execute();
    await stage.start();
    const { id, syncs } = await stage.ship('A-1', {}, hand);
    await stage.pass(30 * second);
    expect(await undo(stage, id)).toEqual({ applied: id, whole: true, cancelled: [syncs[0]?.id], left: [], doubtful: [], standsFor: [] });
    await stage.pass(hour);
    expect(effects(stage)).toEqual([]);
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'cancelled', cause: 'person/undone' });
    expect(await db.selectFrom('orders').select(['state_id', 'state_at', 'indicator']).execute()).toEqual(before);
    expect(await db.selectFrom('parcel').select('id').where('voided_at', 'is', null).execute()).toEqual([]);
    const journal = await db.selectFrom('audit_entry').innerJoin('audit_body', (join) => join.onRef('audit_body.lane', '=', 'audit_entry.lane').onRef('audit_body.number', '=', 'audit_entry.number')).select('body').where('audit_entry.lane', '=', '#journal').where('kind', '=', 'undo').execute();
    expect(journal.map(({ body }) => JSON.parse(body))).toEqual([{ by: 'Ana', applied: id, order: 'A-1', cancelled: [syncs[0]?.id], left: [] }]);
  });

  test('is done once', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const { id } = await stage.ship('A-1', {}, hand);
    await undo(stage, id);
    expect(await undo(stage, id)).toBeNull();
    expect(await undo(stage, 999)).toBeNull();
  });

  test('the same state can be applied again at once, with the same parcel', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const first = await stage.ship('A-1', {}, hand);
    await undo(stage, first.id);
    const second_ = await stage.ship('A-1');
    expect(second_.id).not.toBe(first.id);
    await stage.start();
    await stage.pass(10 * minute);
    expect(effects(stage)).toEqual(['confirm-shipment']);
    expect(await stage.status(second_.syncs[0]?.id ?? 0)).toBe('confirmed');
  });

  test('says what has left already, and cancels the rest', async () => {
    const stage = await openStage();
    await stage.sell('A-1', { lines: two });
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.remote.script('confirmShipment', { until: promise });
    const answer = await stage.apply({ order: 'A-1', state: 'EXPEDIEE_PART', parcels: [{ carrier: 'Colissimo', trackingNumber: 'T-1', lines: one }, { carrier: 'Colissimo', trackingNumber: 'T-2', lines: one }] });
    if ('faults' in answer) throw new Error('refused');
    await stage.start();
    const [first, second_] = answer.syncs.map((sync) => sync.id);
    const undone = await undo(stage, answer.id);
    expect(undone).toMatchObject({ whole: false, cancelled: [second_], left: [{ sync: first, operation: 'confirm-shipment', status: 'sending' }] });
    resolve();
    await stage.pass(10 * minute);
    expect(stage.remote.order('A-1').parcels).toHaveLength(1);
    // The unit of the parcel that never left can be shipped again; that of the other cannot.
    const left = await stage.apply({ order: 'A-1', state: 'EXPEDIEE_PART', parcels: [{ carrier: 'Colissimo', trackingNumber: 'T-3', lines: two.map(({ lineId, quantity }) => ({ lineId, quantity })) }] });
    expect(left).toMatchObject({ faults: [{ code: 'quantity-over-left', limit: 1 }] });
  });

  test('of what may have left counts as left', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    stage.remote.script('confirmShipment', 'lost-before');
    await stage.start();
    const { id, syncs } = await stage.ship('A-1');
    await stage.pass(second);
    expect(await undo(stage, id)).toMatchObject({ whole: false, cancelled: [], left: [{ sync: syncs[0]?.id }] });
  });

  test('of a cancellation lets the confirmation go that it had superseded, and what waited for that waits again', async () => {
    const stage = await openStage({ offers: everyOffer('amazon') });
    await stage.sell('A-1');
    const confirmation = (await stage.ship('A-1')).syncs[0]?.id ?? 0;
    const invoice = await stage.apply({ order: 'A-1', state: 'FACTUREE' });
    const cancellation = await stage.apply({ order: 'A-1', state: 'ANNULEE' }, hand);
    expect(await stage.status(confirmation)).toBe('superseded');
    if ('faults' in cancellation || 'faults' in invoice) throw new Error('refused');
    await undo(stage, cancellation.id);
    expect(await stage.status(confirmation)).toBe('ready');
    expect(await stage.status(invoice.syncs[0]?.id ?? 0)).toBe('blocked');
    await stage.start();
    expect(effects(stage)).toEqual(['confirm-shipment', 'upload-invoice']);
  });

  test('of a cancellation within the confirmation’s own grace keeps that grace', async () => {
    const stage = await openStage({ offers: everyOffer('amazon') });
    await stage.sell('A-1');
    const shipped = await stage.ship('A-1', {}, hand);
    await stage.pass(20 * second);
    const cancellation = await stage.apply({ order: 'A-1', state: 'ANNULEE' }, hand);
    if ('faults' in cancellation) throw new Error('refused');
    await undo(stage, cancellation.id);
    await stage.start();
    expect(await stage.row(shipped.syncs[0]?.id ?? 0)).toMatchObject({ status: 'delayed', due_at: stage.clock.now() + 40 * second });
    expect(await undo(stage, shipped.id)).toMatchObject({ whole: true });
  });

  test('of a cancellation whose confirmation was done by hand meanwhile', async () => {
    const stage = await openStage({ offers: everyOffer('amazon') });
    await stage.sell('A-1');
    const confirmation = (await stage.ship('A-1')).syncs[0]?.id ?? 0;
    const refund = await stage.apply({ order: 'A-1', state: 'REMBOURSEE' });
    const cancellation = await stage.apply({ order: 'A-1', state: 'ANNULEE' }, hand);
    if ('faults' in cancellation || 'faults' in refund) throw new Error('refused');
    stage.remote.shipByHand('A-1', { trackingNumber: 'H-1' });
    await stage.read();
    await undo(stage, cancellation.id);
    expect(await stage.row(confirmation)).toMatchObject({ status: 'skipped', cause: 'order/already-shipped' });
    await stage.start();
    expect(await stage.status(refund.syncs[0]?.id ?? 0)).toBe('accepted');
  });

  test('what was undone is not put back to work by a rerun', async () => {
    const stage = await openStage();
    await stage.sell('A-1');
    const { id, syncs } = await stage.ship('A-1', {}, hand);
    await undo(stage, id);
    const asked = { verb: 'rerun', filter: { status: ['cancelled'] }, author: 'Ana', reason: 'all' } as const;
    expect(await rehearse(stage.shop.context, asked)).toMatchObject({ done: [], leftOut: [{ why: 'pointless' }] });
    const done = await perform(stage.shop.context, asked, stage.clock.now());
    expect(done).toMatchObject({ done: [], leftOut: [{ sync: syncs[0]?.id, why: 'pointless' }] });
    await stage.start();
    expect(effects(stage)).toEqual([]);
  });
});

describe('a bulk application', () => {
  async function bulk(stage: Stage, count: number) {
    for (let n = 1; n <= count; n += 1) await stage.sell(`A-${n}`);
    const wishes = Array.from({ length: count + 1 }, (_, i) => ({ account: 'amazon-fr', order: `A-${i + 1}`, state: i === count ? 'NO-SUCH' : 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${i + 1}` }] }));
    return applyBulk(stage.shop.context, { state: 'EXPEDIEE', author: 'Ana', source: 'console', wishes }, stage.clock.now());
  }

  test('is a record with a frozen list, an author, and the reason of each that was refused', async () => {
    const stage = await openStage();
    const { id, answers } = await bulk(stage, 5);
    expect(answers.map((answer) => 'id' in answer)).toEqual([true, true, true, true, true, false]);
    const shown = await showBulk(stage.shop.context.store.db, id);
    expect(shown).toMatchObject({ author: 'Ana', total: 6, undone_at: null });
    expect(shown?.items.map((item) => [item.reference, item.applied_state_id !== null, item.fault?.includes('unknown-state') ?? false])).toEqual([1, 2, 3, 4, 5].map((n) => [`A-${n}`, true, false]).concat([['A-6', false, true]]));
  });

  test('is undone as a whole, and says what had left', async () => {
    const stage = await openStage();
    await stage.start();
    const { id } = await bulk(stage, 5);
    await stage.pass(30 * second);
    const undone = await undoBulk(stage.shop.context, id, 'Ana', stage.clock.now());
    expect(undone?.map((one_) => one_.whole)).toEqual([true, true, true, true, true]);
    await stage.pass(hour);
    expect(effects(stage)).toEqual([]);
    expect(await showBulk(stage.shop.context.store.db, id)).toMatchObject({ undone_by: 'Ana' });
  });

  test('after its grace: what has left is told one by one', async () => {
    const stage = await openStage();
    await stage.start();
    const { id } = await bulk(stage, 3);
    await stage.pass(2 * minute);
    const undone = await undoBulk(stage.shop.context, id, 'Ana', stage.clock.now());
    expect(undone?.map((one_) => [one_.whole, one_.left.length])).toEqual([[false, 1], [false, 1], [false, 1]]);
    expect(effects(stage)).toHaveLength(3);
  });
});
