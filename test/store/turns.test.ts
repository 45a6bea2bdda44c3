import { describe, expect, test } from 'vitest';
import { day, hour } from '../../src/runtime/clock.ts';
import { applyBulk, undoBulk } from '../../src/store/bulk.ts';
import { mapCarrier } from '../../src/store/carriers.ts';
import { applyStates, previewStates } from '../../src/store/intake.ts';
import { putOrders } from '../../src/store/orders.ts';
import { retain } from '../../src/store/retention.ts';
import { perform } from '../../src/store/verbs.ts';
import { ripen } from '../../src/store/waiting.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';
import { seenOrder } from '../support/reader.ts';

/** On SQLite all that a transaction awaits is done at once: sockets and timers have a turn only where it is left to them. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let going = true;
  const turn = (): void => {
    turns += 1;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  going = false;
  return turns;
}

const many = 200;
const numbers = Array.from({ length: many }, (_, n) => n + 1);
const giver = { source: 'test', author: 'Ana', byHand: false };

function draft(n: number) {
  return { account: 'ebay-fr', reference: `M-${n}`, placedAt: Date.parse('2026-11-23T08:00:00Z'), lines: [{ lineId: 'L1', sku: 'S', title: 'T', quantity: 1 }] };
}

function wish(n: number) {
  return { account: 'ebay-fr', order: `M-${n}`, state: 'EXPEDIEE', parcels: [{ carrier: 'Inconnu', trackingNumber: `T-${n}` }] };
}

async function opened(): Promise<Stage> {
  const stage = await openStage({ kind: 'ebay' });
  await putOrders(stage.shop.context, numbers.map(draft), stage.clock.now());
  return stage;
}

describe('a long piece of work leaves the others their turn, after fifty orders at the latest', () => {
  test('orders that are put, fresh and known', async () => {
    const stage = await openStage({ kind: 'ebay' });
    for (const work of [1, 2]) expect(await turnsDuring(() => putOrders(stage.shop.context, numbers.map(draft), stage.clock.now() + work))).toBeGreaterThanOrEqual(3);
  });

  test('states that are previewed and applied', async () => {
    const stage = await opened();
    const { context } = stage.shop;
    expect(await turnsDuring(() => previewStates(context, numbers.map((n) => wish(n)), giver, stage.clock.now()))).toBeGreaterThanOrEqual(3);
    expect(await turnsDuring(() => applyStates(context, numbers.map((n) => wish(n)), giver, stage.clock.now()))).toBeGreaterThanOrEqual(3);
    expect(await stage.statuses()).toEqual({ held: many });
  });

  test('a bulk application, a carrier that is mapped, and the bulk undone', async () => {
    const stage = await opened();
    const { context } = stage.shop;
    let id = 0;
    expect(await turnsDuring(async () => void ({ id } = await applyBulk(context, { state: 'EXPEDIEE', author: 'Ana', source: 'test', wishes: numbers.map((n) => wish(n)) }, stage.clock.now())))).toBeGreaterThanOrEqual(4);
    let released = 0;
    expect(await turnsDuring(async () => void ({ released } = await mapCarrier(context, { carrier: 'Inconnu', account: 'ebay-fr', code: 'X', otherName: null }, 'Ana', stage.clock.now())))).toBeGreaterThanOrEqual(4);
    expect(released).toBe(many);
    expect(await turnsDuring(() => undoBulk(context, id, 'Ana', stage.clock.now()))).toBeGreaterThanOrEqual(4);
    expect(await stage.statuses()).toEqual({ cancelled: many });
  });

  test('a verb that is done to many', async () => {
    const stage = await opened();
    const { context } = stage.shop;
    await applyStates(context, numbers.map((n) => wish(n)), giver, stage.clock.now());
    expect(await turnsDuring(() => perform(context, { verb: 'cancel', filter: { status: ['held'] }, author: 'Ana', reason: 'because' }, stage.clock.now()))).toBeGreaterThanOrEqual(4);
    expect(await stage.statuses()).toEqual({ cancelled: many });
  });

  test('waits that end together', async () => {
    const stage = await opened();
    const { context } = stage.shop;
    await applyStates(context, numbers.map((n) => ({ ...wish(n), parcels: [{ carrier: 'Colissimo' }] })), giver, stage.clock.now());
    expect(await turnsDuring(() => ripen(context, stage.shop.profile('ebay-fr'), stage.clock.now() + 3 * hour))).toBeGreaterThanOrEqual(3);
    expect(await stage.statuses()).toEqual({ ready: many });
  });

  test('a page of orders that is taken over', async () => {
    const stage = await openStage({ kind: 'ebay' });
    for (const n of numbers.slice(0, 100)) await stage.sell(`S-${n}`, { imported: false });
    const page = [...stage.remote.orders.values()].map((order) => seenOrder(order, true));
    const profile = stage.shop.profile('ebay-fr');
    expect(await turnsDuring(() => stage.shop.ledger.takeOver([profile], profile.references, page, stage.clock.now()))).toBeGreaterThanOrEqual(2);
  });

  test('entries that are deleted, none of an open sync', async () => {
    const stage = await openStage({ kind: 'ebay' });
    const { context } = stage.shop;
    stage.remote.script('createShippingFulfillment', 'ok', 'ok', 'lost-before');
    await stage.backlog('S', many);
    await stage.start();
    await stage.pass(10_000);
    expect(await stage.statuses()).toEqual({ accepted: many - 1, delayed: 1 });
    const [open] = await context.store.db.selectFrom('sync').select('id').where('status', '=', 'delayed').execute();
    const first = await context.store.db.selectFrom('audit_entry').select('number').where('sync_id', '=', open?.id ?? 0).orderBy('number').executeTakeFirstOrThrow();
    const before = await context.store.db.selectFrom('audit_entry').select('number').where('lane', '=', 'ebay-fr').orderBy('number').execute();
    await retain(context, stage.clock.now() + day, stage.clock.now() + day, new AbortController().signal);
    const left = await context.store.db.selectFrom('audit_entry').select('number').where('lane', '=', 'ebay-fr').orderBy('number').execute();
    expect(left.map((row) => row.number)).toEqual(before.map((row) => row.number).filter((number) => number >= first.number));
  });
});
