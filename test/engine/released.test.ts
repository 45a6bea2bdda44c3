import { describe, expect, test } from 'vitest';
import { day, hour, minute } from '../../src/runtime/clock.ts';
import { undoApplied } from '../../src/store/undo.ts';
import { perform } from '../../src/store/verbs.ts';
import type { Verb } from '../../src/syncing/rerun.ts';
import { everyOffer } from '../support/offers.ts';
import type { Kind } from '../support/script.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

async function opened(kind: Kind = 'amazon'): Promise<Stage> {
  const stage = await openStage({ kind, offers: everyOffer(kind) });
  await stage.sell('A-1', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }] });
  return stage;
}

async function told(stage: Stage, state: string): Promise<number> {
  const answer = await stage.apply({ order: 'A-1', state });
  if ('faults' in answer) throw new Error(JSON.stringify(answer.faults));
  return answer.syncs[0]?.id ?? 0;
}

async function verb(stage: Stage, what: Verb, sync: number): Promise<void> {
  const done = await perform(stage.shop.context, { verb: what, filter: { ids: [sync] }, author: 'Ana', reason: 'because' }, stage.clock.now());
  expect(done.done).toEqual([sync]);
  stage.ring();
}

/** A refund that waits for a confirmation, and the ways in which that can end. */
const endings: Readonly<Record<string, (stage: Stage, confirmation: number, applied: number) => Promise<void>>> = {
  accepted: async (stage) => void (await stage.start()),
  'confirmed by a look': async (stage) => {
    stage.remote.script('confirmShipment', 'lost-after');
    await stage.start();
    await stage.pass(2 * minute);
  },
  'confirmed by a sweep': async (stage) => {
    stage.remote.shipByHand('A-1', { trackingNumber: 'T-A-1' });
    await stage.read();
    await stage.start();
  },
  rejected: async (stage) => {
    stage.remote.script('confirmShipment', { rejected: 'remote/no' });
    await stage.start();
  },
  exhausted: async (stage) => {
    await stage.shop.context.store.db.updateTable('sync').set({ failures: 11, useless_after: stage.clock.now() }).where('operation', '=', 'confirm-shipment').execute();
    stage.remote.script('confirmShipment', 'unavailable');
    await stage.start();
  },
  skipped: async (stage) => {
    stage.remote.change('A-1', { cancellation: 'cancelled' });
    await stage.read();
    await stage.start();
  },
  'cancelled by a person': async (stage, confirmation) => {
    await verb(stage, 'cancel', confirmation);
    await stage.start();
  },
  'closed by hand': async (stage, confirmation) => {
    await verb(stage, 'resolve', confirmation);
    await stage.start();
  },
  undone: async (stage, _, applied) => {
    await undoApplied(stage.shop.context, applied, 'Ana', stage.clock.now());
    await stage.start();
  },
};

describe('what waited goes on when the other ends', () => {
  test.each(Object.keys(endings))('%s', async (way) => {
    const stage = await opened();
    const { id, syncs } = await stage.ship('A-1');
    const refund = await told(stage, 'REMBOURSEE');
    expect(await stage.status(refund)).toBe('blocked');
    await endings[way]?.(stage, syncs[0]?.id ?? 0, id);
    expect(await stage.status(refund)).not.toBe('blocked');
    await stage.pass(10 * minute);
    // Cancelled there, nothing is left to refund; in every other case it goes.
    expect(await stage.status(refund)).toBe(way === 'skipped' ? 'skipped' : 'confirmed');
  });

  test('superseded: it waits for the one that came instead', async () => {
    const stage = await opened();
    await stage.ship('A-1');
    const invoice = await told(stage, 'FACTUREE');
    await told(stage, 'ANNULEE');
    expect(await stage.status(invoice)).toBe('blocked');
    await stage.start();
    expect(await stage.row(invoice)).toMatchObject({ status: 'rejected', cause: 'order/cancelled' });
    expect(stage.remote.effects.map((effect) => effect.operation)).toEqual(['cancel-order']);
  });

  test('in doubt is no end: it goes on waiting until a person has decided', async () => {
    const stage = await opened();
    stage.remote.script('confirmShipment', 'lost-before');
    const { syncs } = await stage.ship('A-1');
    await stage.start();
    const refund = await told(stage, 'REMBOURSEE');
    const parcel = await stage.shop.context.store.db.selectFrom('parcel').select('reference').executeTakeFirstOrThrow();
    stage.remote.shipByHand('A-1', { trackingNumber: 'X', reference: parcel.reference });
    await stage.pass(hour);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('in-doubt');
    expect(await stage.status(refund)).toBe('blocked');
    await verb(stage, 'resolve', syncs[0]?.id ?? 0);
    await stage.pass(0);
    expect(await stage.status(refund)).toBe('accepted');
  });

  test('one that waits for two goes when both have ended', async () => {
    const stage = await opened();
    stage.remote.script('confirmShipment', 'ok', 'lost-after');
    await stage.ship('A-1', { trackingNumber: 'T-1', lines: [{ lineId: 'L1', quantity: 1 }] });
    await stage.ship('A-1', { trackingNumber: 'T-2', lines: [{ lineId: 'L1', quantity: 1 }] });
    const refund = await told(stage, 'REMBOURSEE');
    await stage.start();
    expect(await stage.statuses()).toEqual({ accepted: 1, delayed: 1, blocked: 1 });
    await stage.pass(2 * minute);
    expect(await stage.status(refund)).toBe('accepted');
  });

  test('it goes on within its own grace, not before', async () => {
    const stage = await opened();
    await stage.ship('A-1');
    const answer = await stage.apply({ order: 'A-1', state: 'REMBOURSEE' }, { byHand: true });
    const refund = 'id' in answer ? (answer.syncs[0]?.id ?? 0) : 0;
    expect(await stage.status(refund)).toBe('blocked');
    await stage.start();
    expect(await stage.status(refund)).toBe('delayed');
    await stage.pass(59_000);
    expect(await stage.status(refund)).toBe('delayed');
    await stage.pass(1_000);
    expect(await stage.status(refund)).toBe('accepted');
  });
});

describe('what goes on does what it was to do first', () => {
  test('a parcel without a tracking number is still looked for before it is told', async () => {
    const stage = await opened('ebay');
    stage.remote.script('cancelOrder', 'lost-before', { rejected: 'remote/no' });
    await told(stage, 'ANNULEE');
    await stage.start();
    const { syncs } = await stage.ship('A-1', { untracked: true });
    expect(await stage.row(syncs[0]?.id ?? 0)).toMatchObject({ status: 'blocked', step: 'check' });
    await stage.pass(10 * minute);
    const calls = stage.remote.met.filter((met) => met.syncs.includes(syncs[0]?.id ?? 0)).map((met) => met.call);
    expect(calls.slice(0, 2)).toEqual(['getShippingFulfillments', 'createShippingFulfillment']);
  });
});

describe('nothing waits for what has ended long ago', () => {
  test('stopped while it waited, then rerun while another is under way', async () => {
    const stage = await opened();
    const refused = { rejected: 'remote/no' } as const;
    stage.remote.script('cancelOrder', 'lost-before', refused, 'lost-before', refused);
    await told(stage, 'ANNULEE');
    await stage.start();
    const confirmation = (await stage.ship('A-1')).syncs[0]?.id ?? 0;
    expect(await stage.status(confirmation)).toBe('blocked');
    await verb(stage, 'cancel', confirmation);
    await stage.pass(5 * minute);
    await told(stage, 'ANNULEE');
    await stage.pass(0);
    await verb(stage, 'rerun', confirmation);
    expect(await stage.status(confirmation)).toBe('blocked');
    await stage.pass(5 * minute);
    expect(await stage.status(confirmation)).toBe('accepted');
  });

  test('held while it waited, then waiting for another', async () => {
    const stage = await opened();
    const refused = { rejected: 'remote/no' } as const;
    stage.remote.script('cancelOrder', 'lost-before', refused, 'lost-before', refused);
    const first = await told(stage, 'ANNULEE');
    await stage.start();
    const confirmation = (await stage.ship('A-1')).syncs[0]?.id ?? 0;
    stage.remote.change('A-1', { payment: 'in-progress' });
    await stage.read();
    expect(await stage.row(confirmation)).toMatchObject({ status: 'held', cause: 'order/payment-pending' });
    await stage.pass(5 * minute);
    expect(await stage.status(first)).toBe('rejected');
    await verb(stage, 'rerun', first);
    await stage.pass(0);
    stage.remote.change('A-1', { payment: 'confirmed' });
    await stage.read();
    expect(await stage.status(confirmation)).toBe('blocked');
    await stage.pass(5 * minute);
    expect(await stage.status(confirmation)).toBe('accepted');
  });

  test('a rerun of a cancellation waits for a confirmation that is under way', async () => {
    const stage = await opened();
    stage.remote.script('cancelOrder', { rejected: 'remote/no' });
    const cancellation = await told(stage, 'ANNULEE');
    await stage.start();
    stage.remote.script('confirmShipment', 'lost-after');
    await stage.ship('A-1');
    await stage.pass(0);
    await verb(stage, 'rerun', cancellation);
    expect(await stage.status(cancellation)).toBe('blocked');
    await stage.pass(5 * minute);
    expect(await stage.row(cancellation)).toMatchObject({ status: 'rejected', cause: 'order/already-shipped' });
    expect(stage.remote.effects.map((effect) => effect.operation)).toEqual(['confirm-shipment']);
  });

  test('a rerun of what another has made impossible is refused again, and does not stop the others', async () => {
    const stage = await opened();
    await stage.sell('A-2');
    const confirmation = (await stage.ship('A-1')).syncs[0]?.id ?? 0;
    const other = (await stage.ship('A-2')).syncs[0]?.id ?? 0;
    for (const id of [confirmation, other]) await verb(stage, 'cancel', id);
    await told(stage, 'ANNULEE');
    await stage.start();
    await perform(stage.shop.context, { verb: 'rerun', filter: { status: ['cancelled'] }, author: 'Ana', reason: 'both' }, stage.clock.now());
    expect(await stage.row(confirmation)).toMatchObject({ status: 'rejected', cause: 'order/cancelled' });
    expect(await stage.status(other)).toBe('ready');
  });
});

test('an open order of last month is still told of: nothing ends by being old', async () => {
  const stage = await opened();
  stage.remote.always('confirmShipment', 'unavailable');
  const { syncs } = await stage.ship('A-1');
  await stage.start({ sweeping: true });
  await stage.pass(hour);
  stage.clock.jump(20 * day);
  stage.remote.always('confirmShipment', null);
  await stage.pass(2 * hour);
  expect(await stage.status(syncs[0]?.id ?? 0)).toMatch(/accepted|confirmed/);
});
