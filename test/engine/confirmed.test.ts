import { describe, expect, test } from 'vitest';
import { hour, minute, second } from '../../src/runtime/clock.ts';
import type { Kind } from '../support/script.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const send = { amazon: 'confirmShipment', ebay: 'createShippingFulfillment' } as const;
const look = { amazon: 'getOrder', ebay: 'getShippingFulfillments' } as const;

async function told(kind: Kind, script: 'ok' | 'silent-yes' = 'ok', sweeping = false): Promise<{ stage: Stage; id: number }> {
  const stage = await openStage({ kind });
  await stage.sell('O-1');
  stage.remote.script(send[kind], script);
  const { syncs } = await stage.ship('O-1');
  await stage.start({ sweeping });
  await stage.pass(0);
  return { stage, id: syncs[0]?.id ?? 0 };
}

describe.each(['amazon', 'ebay'] as const)('%s: confirmed means seen', (kind) => {
  test('a yes is accepted, no more', async () => {
    const { stage, id } = await told(kind);
    expect(await stage.row(id)).toMatchObject({ status: 'accepted', accepted_at: stage.clock.now(), unsettled: 0 });
    await stage.pass(4 * minute);
    expect(await stage.status(id)).toBe('accepted');
  });

  test('it is read back after five minutes, and confirmed', async () => {
    const { stage, id } = await told(kind);
    await stage.pass(5 * minute + second);
    expect(await stage.status(id)).toBe('confirmed');
    expect((await stage.story(id)).map((entry) => [entry.kind, entry.what])).toEqual([['intent', send[kind]], ['outcome', 'accepted'], ['intent', look[kind]], ['outcome', 'present']]);
  });

  test('ended is when it was accepted, not when it was seen', async () => {
    const { stage, id } = await told(kind);
    const { ended_at } = await stage.row(id);
    await stage.pass(10 * minute);
    expect((await stage.row(id)).ended_at).toBe(ended_at);
  });

  test('a yes that did nothing is in doubt only once a whole sweep has covered it and its lag', async () => {
    const { stage, id } = await told(kind, 'silent-yes');
    await stage.pass(20 * minute);
    expect(await stage.status(id)).toBe('accepted');
    await stage.swept();
    await stage.pass(6 * minute);
    expect(await stage.row(id)).toMatchObject({ status: 'in-doubt', cause: 'engine/accepted-not-shown', ended_at: null });
    expect(stage.remote.met.filter((met) => met.call === send[kind])).toHaveLength(1);
  });

  test('a sweep that began its coverage before the lag was over says nothing', async () => {
    const { stage, id } = await told(kind, 'silent-yes');
    await stage.pass(59 * second);
    await stage.swept();
    await stage.pass(11 * minute);
    expect(await stage.status(id)).toBe('accepted');
  });

  test('something else in its place is reported only then, too', async () => {
    const { stage, id } = await told(kind);
    const [parcel] = stage.remote.order('O-1').parcels;
    stage.remote.order('O-1').parcels = [{ ...parcel!, trackingNumber: 'OLD' }];
    await stage.pass(6 * minute);
    expect(await stage.status(id)).toBe('accepted');
    await stage.swept();
    await stage.pass(6 * minute);
    expect(await stage.row(id)).toMatchObject({ status: 'in-doubt', cause: 'remote/parcel-different' });
  });

  test('a difference that was only lag leaves no trace', async () => {
    const { stage, id } = await told(kind);
    const [parcel] = stage.remote.order('O-1').parcels;
    stage.remote.order('O-1').parcels = [{ ...parcel!, trackingNumber: 'OLD' }];
    await stage.pass(6 * minute);
    stage.remote.order('O-1').parcels = [parcel!];
    await stage.pass(6 * minute);
    expect(await stage.status(id)).toBe('confirmed');
  });

  test('seen late, after it was in doubt, it is confirmed all the same', async () => {
    const { stage, id } = await told(kind, 'silent-yes');
    await stage.pass(2 * minute);
    await stage.swept();
    await stage.pass(6 * minute);
    expect(await stage.status(id)).toBe('in-doubt');
    stage.remote.shipByHand('O-1', { trackingNumber: 'T-O-1', ...(kind === 'amazon' ? { reference: JSON.parse((await stage.row(id)).payload).parcel.reference as string } : {}) });
    await stage.read();
    expect(await stage.status(id)).toBe('confirmed');
  });

  test.each(['lost-before', 'unavailable', 'credentials', 'role', { throttled: minute }, { rejected: 'remote/gone' }] as const)('a read-back that fails (%j) never leads to sending again', async (how) => {
    const { stage, id } = await told(kind);
    stage.remote.script(look[kind], how, how);
    await stage.pass(50 * minute);
    expect(stage.remote.met.filter((met) => met.call === send[kind])).toHaveLength(1);
    expect(await stage.status(id)).toBe('confirmed');
  });

  test('read-backs use only what is left over: they wait while the budget is less than half full', async () => {
    const stage = await openStage({ kind, plan: { limits: { [look[kind]]: { rate: 0.01, burst: 10 } } } });
    await stage.backlog('O', 20);
    await stage.start();
    await stage.pass(8 * minute);
    const looks = stage.remote.met.filter((met) => met.call === look[kind]).length;
    expect(looks).toBeGreaterThanOrEqual(5);
    const { tokens } = await stage.shop.context.store.db.selectFrom('quota').select('tokens').where('budget', '=', look[kind]).executeTakeFirstOrThrow();
    expect(tokens).toBeGreaterThanOrEqual(4);
  });
});

describe('by the sweep', () => {
  test('Amazon’s list shows the parcel: confirmed without a read of its own', async () => {
    const { stage, id } = await told('amazon', 'ok', true);
    await stage.pass(3 * minute + second);
    expect(await stage.status(id)).toBe('confirmed');
    expect(stage.remote.met.filter((met) => met.call === 'getOrder')).toEqual([]);
    expect((await stage.story(id)).at(-1)).toMatchObject({ kind: 'seen', what: 'present' });
  });

  test('eBay’s list shows no parcels: one read for each accepted sync', async () => {
    const { stage, id } = await told('ebay', 'ok', true);
    await stage.pass(6 * minute);
    expect(await stage.status(id)).toBe('confirmed');
    expect(stage.remote.met.filter((met) => met.call === 'getShippingFulfillments')).toHaveLength(1);
  });

  test('what is on its way is left to its own answer', async () => {
    const stage = await openStage({ kind: 'ebay' });
    await stage.sell('O-1');
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.remote.script('createShippingFulfillment', { until: promise });
    const { syncs } = await stage.ship('O-1');
    await stage.start();
    await stage.read();
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('sending');
    resolve();
    await stage.pass(6 * minute);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('confirmed');
  });

  test('every page is read, and the next sweep begins where the last one saw everything', async () => {
    const stage = await openStage();
    for (let n = 1; n <= 250; n += 1) await stage.sell(`O-${n}`, { imported: false });
    await stage.start({ sweeping: true });
    await stage.pass(minute);
    expect(stage.remote.met.filter((met) => met.call === 'searchOrders')).toHaveLength(3);
    const { n } = await stage.shop.context.store.db.selectFrom('orders').select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
    expect(n).toBe(250);
    expect(await stage.shop.ledger.sweep('scope/amazon-fr')).toEqual({ until: stage.clock.now() - minute, startedAt: stage.clock.now() - minute });
    await stage.pass(15 * minute);
    const before = stage.remote.met.length;
    stage.remote.change('O-7', { shipBy: stage.clock.now() + hour });
    await stage.pass(3 * minute);
    expect(stage.remote.met.slice(before).map((met) => met.call)).toEqual(['searchOrders']);
    const row = await stage.shop.context.store.db.selectFrom('orders').select('ship_by').where('reference', '=', 'O-7').executeTakeFirstOrThrow();
    expect(row.ship_by).toBe(stage.remote.order('O-7').shipBy);
  });

  test('a sweep that ran out of calls goes on at the page where it stopped', async () => {
    const stage = await openStage({ plan: { limits: { searchOrders: { rate: 1 / 180, burst: 2 } } } });
    const pace = stage.remote.pace('searchOrders', 1 / 180, 2);
    for (let n = 1; n <= 550; n += 1) await stage.sell(`O-${n}`, { imported: false });
    await stage.start({ sweeping: true });
    await stage.pass(30 * minute);
    expect(pace.throttled).toBe(0);
    const { n } = await stage.shop.context.store.db.selectFrom('orders').select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
    expect(n).toBe(550);
  });

  test.each(['lost-before', 'unavailable', { throttled: minute }, 'bug'] as const)('a page that fails (%j) is read again, and no order is lost', async (how) => {
    const stage = await openStage();
    for (let n = 1; n <= 150; n += 1) await stage.sell(`O-${n}`, { imported: false });
    stage.remote.script('searchOrders', 'ok', how);
    await stage.start({ sweeping: true });
    await stage.pass(10 * minute);
    const { n } = await stage.shop.context.store.db.selectFrom('orders').select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
    expect(n).toBe(150);
    stage.forgive();
  });

  test('a page mark that is refused, too old by now, begins the sweep anew', async () => {
    const stage = await openStage();
    for (let n = 1; n <= 150; n += 1) await stage.sell(`O-${n}`, { imported: false });
    stage.remote.script('searchOrders', 'ok', { rejected: 'remote/page-too-old' });
    await stage.start({ sweeping: true });
    await stage.pass(4 * minute);
    expect(stage.remote.met.filter((met) => met.call === 'searchOrders').map((met) => met.order).slice(0, 4)).toEqual(['', '100', '', '100']);
  });
});
