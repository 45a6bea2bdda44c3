import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hour, minute, systemClock } from '../../src/runtime/clock.ts';
import { applyStates } from '../../src/store/intake.ts';
import { gather } from '../../src/store/gather.ts';
import { debitAll } from '../../src/store/hearing.ts';
import { intendAll } from '../../src/store/intend.ts';
import type { Asking } from '../../src/store/intend.ts';
import { settleAllIn } from '../../src/store/settle-in.ts';
import { recordAll } from '../../src/store/record.ts';
import type { Claimed, Group, Result } from '../../src/syncing/ledger.ts';
import type { SeenOrder } from '../../src/syncing/order-reader.ts';
import { settle } from '../../src/syncing/settle.ts';
import { openShop } from '../support/shop.ts';
import type { Shop } from '../support/shop.ts';

const names = ['amazon-1', 'amazon-2', 'amazon-3'];

let shop: Shop;

beforeEach(() => openWith(200));
afterEach(() => shop.close());

/** Two of one seller, whose budget fills slowly, and one of another. */
async function openWith(burst: number): Promise<void> {
  const slow = { rate: 0.0001, burst };
  const limits = { confirmShipment: slow, getOrder: slow, searchOrders: slow };
  const scopeOf = (name: string) => (name === 'amazon-3' ? { sweep: 'other', quota: 'other' } : { sweep: 'one', quota: 'one' });
  shop = await openShop(systemClock, names.map((id) => ({ id, marketplace: 'amazon', limits, scope: scopeOf(id), scopeAccounts: names.filter((name) => scopeOf(name).quota === scopeOf(id).quota) })));
}

function seen(account: string, reference: string): SeenOrder {
  const now = Date.now();
  return { account, reference, ownReference: null, placedAt: now, updatedAt: now, shipBy: now + 48 * hour, status: 'to-ship', payment: 'confirmed', fulfilment: 'merchant', cancellation: 'none', currency: 'EUR', total: '49.90', lines: [{ lineId: 'L1', sku: 'MUG', title: 'Mug', quantity: 1, cancelled: 0, shipped: 0, unitPrice: '49.90' }], parcels: [] };
}

/** Each account has so many orders that are shipped. */
async function ship(each: number): Promise<void> {
  for (const account of names) {
    const orders = Array.from({ length: each }, (_, n) => `${account}-${n}`);
    await shop.ledger.takeOver([shop.profile(account)], 'ours', orders.map((order) => seen(account, order)), Date.now());
    await applyStates(shop.context, orders.map((order) => ({ account, order, state: 'EXPEDIEE', sourceRef: order, parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${order}` }] })), { source: 'api/test', author: 'test', byHand: false }, Date.now());
  }
}

async function askings(): Promise<Asking[]> {
  const all: Asking[] = [];
  for (const account of names) {
    const profile = shop.profile(account);
    const tenure = await shop.ledger.take(profile, 'one', Date.now());
    if (tenure === null) throw new Error(`${account} was not taken`);
    all.push({ tenure, profile, room: { orders: 8, busy: new Set(), send: true }, given: Date.now() });
  }
  // Nothing is to be swept first.
  for (const scope of ['one', 'other']) await shop.ledger.swept(scope, { until: Date.now(), startedAt: Date.now() });
  return all;
}

const groupsOf = (claimed: readonly (Claimed | null)[]): (readonly Group[])[] => claimed.map((one) => one?.groups ?? []);

describe('many lanes in one transaction', () => {
  test('are each given their own work, and each attempt is in the chain of its own account', async () => {
    await ship(1);
    const all = await askings();
    const groups = groupsOf(await intendAll(shop.context, all));
    expect(groups.map((some) => some.flatMap((group) => group.members.map(({ intent }) => intent.payload.order)))).toEqual(names.map((name) => [`${name}-0`]));
    const results = groups.map((some, n) => some.map((group) => accepted(all[n]?.profile.account ?? '', group)));
    expect(await recordAll(shop.context, all.map(({ tenure, profile }, n) => ({ tenure, profile, results: results[n] ?? [], given: Date.now() })))).toEqual(names.map(() => ({ late: false, news: [] })));
    const entries = await shop.context.store.db.selectFrom('audit_entry').select(['lane', 'number', 'kind']).where('lane', 'in', names).orderBy('lane').orderBy('number').execute();
    expect(entries).toEqual(names.flatMap((lane) => [{ lane, number: 1, kind: 'intent' }, { lane, number: 2, kind: 'outcome' }]));
    const counted = await shop.context.store.db.selectFrom('counter').select(['account', 'status']).where('n', '>', 0).orderBy('account').execute();
    expect(counted).toEqual(names.map((account) => ({ account, status: 'accepted' })));
  });

  test('of one seller together spend no more than their budget has', async () => {
    await shop.close();
    await openWith(3);
    await ship(4);
    const groups = groupsOf(await intendAll(shop.context, await askings()));
    const ofSeller = (groups[0]?.length ?? 0) + (groups[1]?.length ?? 0);
    // A server's worker takes a share of it in advance, one call at least.
    expect([1, 2]).toContain(ofSeller);
    expect(groups[2]).toHaveLength(2);
    const given = Date.now();
    const debits = await debitAll(shop.context, [...names, ...names].map((name) => ({ profile: shop.profile(name), call: 'getOrder', given })));
    expect(debits.filter((isGranted) => isGranted).length).toBeLessThanOrEqual(4);
    expect([debits[2], debits[5]]).toEqual([true, true]);
  });

  test('leave out one that has gone to another worker, and hold up none for it', async () => {
    await ship(1);
    const all = await askings();
    await shop.context.store.db.updateTable('lane').set({ holder: 'two', number: 9 }).where('account', '=', 'amazon-2').execute();
    const claimed = await intendAll(shop.context, all);
    expect(claimed.map((one) => [one?.lost, one?.groups.length])).toEqual([[false, 1], [true, 0], [false, 1]]);
    expect(await settleAllIn(shop.context, all, Date.now())).toEqual([null, false, null]);
  });

  test('leave one whose former holder left something to a transaction of its own', async () => {
    await ship(1);
    const all = await askings();
    await intendAll(shop.context, all.slice(0, 1));
    expect(await settleAllIn(shop.context, all, Date.now())).toEqual([null, true, true]);
    expect(await settleAllIn(shop.context, all.slice(0, 1), Date.now())).toEqual([true]);
    expect(await shop.context.store.db.selectFrom('sync').select(['status', 'unsettled']).where('account', '=', 'amazon-1').execute()).toEqual([{ status: 'delayed', unsettled: 1 }]);
  });

  test('and a thing whose time has come is ready for each of them', async () => {
    await ship(1);
    const all = await askings();
    await shop.context.store.db.updateTable('sync').set({ status: 'delayed', due_at: Date.now() - minute }).execute();
    expect(groupsOf(await intendAll(shop.context, all)).map((some) => some.length)).toEqual([1, 1, 1]);
  });
});

function accepted(account: string, group: Group): Result {
  const [member] = group.members;
  if (member === undefined) throw new Error('a group of nobody');
  const outcome = { kind: 'accepted', reference: member.intent.payload.parcel?.reference ?? null, evidence: null } as const;
  return { group, member, outcome, settlement: settle(member.attempted, outcome, shop.profile(account).patience, { now: Date.now(), chance: 0.5, probing: false, sweptUntil: null }) };
}

describe('what is asked in the same moment', () => {
  test('is done together while something is under way, and answered to each', async () => {
    const done: number[][] = [];
    const first = Promise.withResolvers<void>();
    const ask = gather<number, number>({ most: 3, atOnce: 1, together: async (asks) => (done.push([...asks]), await first.promise, asks.map((n) => 10 * n)) });
    const answers = [1, 2, 3, 4, 5].map((n) => ask(n));
    first.resolve();
    expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50]);
    expect(done).toEqual([[1], [2, 3, 4], [5]]);
  });

  test('is done one by one where it cannot be done together: one fault is one', async () => {
    const first = Promise.withResolvers<void>();
    const ask = gather<number, number>({
      most: 9,
      atOnce: 1,
      together: async (asks) => {
        await first.promise;
        if (asks.includes(3)) throw new Error('three');
        return asks.map((n) => (n === 4 && asks.length > 1 ? null : n));
      },
    });
    const answers = Promise.allSettled([1, 2, 3, 4].map((n) => ask(n)));
    first.resolve();
    expect((await answers).map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([1, 2, 'Error: three', 4]);
  });

  test('is asked of a store that is away once', async () => {
    let asked = 0;
    const ask = gather<number, number>({ most: 9, atOnce: 1, together: () => (asked += 1, Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))) });
    expect((await Promise.allSettled([1, 2, 3].map((n) => ask(n)))).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(asked).toBe(2);
  });
});
