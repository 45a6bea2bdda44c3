import { describe, expect, test } from 'vitest';
import { createBell } from '../../src/runtime/bell.ts';
import { day, minute, second } from '../../src/runtime/clock.ts';
import { applyStates } from '../../src/store/intake.ts';
import { createShared } from '../../src/store/shared.ts';
import { run } from '../../src/syncing/daemon.ts';
import type { LaneProfile } from '../../src/syncing/ledger.ts';
import type { SharedLedger } from '../../src/syncing/shared.ts';
import { createTenancy } from '../../src/syncing/tenancy.ts';
import { createTestClock } from '../support/clock.ts';
import type { TestClock } from '../support/clock.ts';
import { isOnServer } from '../support/databases.ts';
import { seenOrder } from '../support/reader.ts';
import { createRemote } from '../support/remote.ts';
import type { Remote } from '../support/script.ts';
import { openShop } from '../support/shop.ts';
import type { Shop } from '../support/shop.ts';
import { mortal } from '../support/worker.ts';

/** Several workers of one server, and many accounts. */
interface House {
  readonly clock: TestClock;
  readonly shop: Shop;
  readonly remote: Remote;
  start(name: string): Worker;
  /** Lanes by holder. */
  held(): Promise<Record<string, number>>;
  /** Statements that the engine has made, by what was asked for. */
  readonly asked: Map<string, number>;
  close(): Promise<void>;
}

interface Worker {
  stop(): Promise<void>;
  kill(): void;
}

const accounts = Array.from({ length: 12 }, (_, i) => `amazon-${String(i + 1).padStart(2, '0')}`);

async function house(plan: { readonly sellers?: number; readonly limits?: LaneProfile['limits'] } = {}): Promise<House> {
  const clock = createTestClock();
  // Two accounts of each seller: they are one scope.
  const scopeOf = (i: number): string => `seller-${Math.floor((i * (plan.sellers ?? 6)) / accounts.length)}`;
  const shop = await openShop(clock, accounts.map((id, i) => ({ id, marketplace: 'amazon', scope: { sweep: scopeOf(i), quota: scopeOf(i) }, scopeAccounts: accounts.filter((_, j) => scopeOf(j) === scopeOf(i)), ...(plan.limits === undefined ? {} : { limits: plan.limits }) })));
  const remote = createRemote(clock, 'amazon');
  const asked = new Map<string, number>();
  const ends: (() => void)[] = [];
  return {
    clock,
    shop,
    remote,
    asked,
    start(name) {
      const worker = mortal(shop.ledger, counted(createShared(shop.context), asked), remote.destination(), clock, null);
      const { shared } = worker;
      if (shared === null) throw new Error('these tests are of a server');
      const stop = new AbortController();
      const cut = new AbortController();
      ends.push(() => cut.abort(), () => stop.abort());
      const lanes = accounts.map((account) => shop.lane(account, worker.destination, { ledger: worker.ledger, clock: worker.clock, worker: name, bell: createBell(worker.clock) }));
      const tenancy = createTenancy({ shared, clock: worker.clock, worker: name, profiles: lanes.map((lane) => lane.profile), onHeld: () => undefined, onError: (error) => void shop.errors.push(error) });
      const ended = run({ ...shop.daemon(lanes, [], 2 * second), ledger: worker.ledger, clock: worker.clock, together: { shared, tenancy } }, stop.signal, cut.signal);
      return {
        async stop() {
          stop.abort();
          await clock.advance(0);
          await ended;
        },
        kill: () => worker.kill(),
      };
    },
    async held() {
      const rows = await shop.context.store.db.selectFrom('lane').select('holder').execute();
      return Object.fromEntries([...Map.groupBy(rows, (row) => row.holder ?? 'nobody')].map(([holder, group]) => [holder, group.length]));
    },
    async close() {
      for (const end of ends) end();
      await clock.advance(5 * second);
      expect(shop.errors.map(String)).toEqual([]);
      await shop.close();
    },
  };
}

function counted(shared: SharedLedger | null, asked: Map<string, number>): SharedLedger | null {
  if (shared === null) return null;
  return new Proxy(shared, {
    get: (target, name: keyof SharedLedger) => (...given: unknown[]) => {
      asked.set(name, (asked.get(name) ?? 0) + 1);
      return (target[name] as (...given: unknown[]) => unknown)(...given);
    },
  });
}

describe.runIf(isOnServer)('several workers of one server', () => {
  test('divide the lanes among themselves, and keep the accounts of one seller together', async () => {
    const at = await house();
    at.start('one');
    await at.clock.advance(second);
    expect(await at.held()).toEqual({ one: 12 });
    at.start('two');
    await at.clock.advance(20 * second);
    expect(await at.held()).toEqual({ one: 6, two: 6 });
    at.start('three');
    await at.clock.advance(30 * second);
    expect(await at.held()).toEqual({ one: 4, two: 4, three: 4 });
    const rows = await at.shop.context.store.db.selectFrom('lane').select(['account', 'holder']).orderBy('account').execute();
    for (const pair of Map.groupBy(rows, (row) => at.shop.profile(row.account).scope.sweep).values()) expect(new Set(pair.map((row) => row.holder)).size).toBe(1);
    await at.close();
  });

  test('one that stops hands its lanes over at once', async () => {
    const at = await house();
    const one = at.start('one');
    await at.clock.advance(second);
    at.start('two');
    await at.clock.advance(20 * second);
    await one.stop();
    await at.clock.advance(6 * second);
    expect(await at.held()).toEqual({ two: 12 });
    await at.close();
  });

  test('one that dies is followed within 35 s, and not before its lease has run out', async () => {
    const at = await house();
    const one = at.start('one');
    await at.clock.advance(second);
    at.start('two');
    await at.clock.advance(20 * second);
    one.kill();
    await at.clock.advance(19 * second);
    expect(await at.held()).toEqual({ one: 6, two: 6 });
    await at.clock.advance(16 * second);
    expect(await at.held()).toEqual({ two: 12 });
    await at.close();
  });

  test('one that was taken for dead begins anew, and nothing that it held before is its own', async () => {
    const at = await house();
    at.start('one');
    await at.clock.advance(second);
    const { db } = at.shop.context.store;
    await db.updateTable('worker').set({ ended_at: at.clock.now() }).where('name', '=', 'one').execute();
    const before = await db.selectFrom('lane').select(['account', 'number']).orderBy('account').execute();
    await at.clock.advance(20 * second);
    const after = await db.selectFrom('lane').select(['account', 'number', 'holder']).orderBy('account').execute();
    expect(after.map((row) => [row.holder, row.number])).toEqual(before.map((row) => ['one', row.number + 1]));
    await at.close();
  });

  test('lanes with nothing to do ask nothing: what is asked does not grow with their number', async () => {
    const at = await house();
    at.start('one');
    await at.clock.advance(5 * second);
    at.asked.clear();
    const count = statements(at.shop);
    await at.clock.advance(minute);
    count.stop();
    expect(Object.fromEntries(at.asked)).toEqual({ attend: 12, stirring: 30 });
    // Renewing, looking for others, and looking for what is due: nothing per lane.
    expect(count.made()).toBeLessThan(110);
    await at.close();
  });

  test('a budget that all accounts share is never overdrawn, and no row of it is written for each call', async () => {
    const at = await house({ sellers: 12, limits: { confirmShipment: { rate: 2, burst: 10 } } });
    // Twelve scopes to be swept, and one budget: as the accounts of one application of eBay's.
    const profiles = accounts.map((account) => at.shop.profile(account));
    for (const profile of profiles) Object.assign(profile, { scope: { ...profile.scope, quota: 'application' }, scopeAccounts: accounts });
    for (const name of ['one', 'two', 'three']) at.start(name);
    await at.clock.advance(30 * second);
    const began = at.clock.monotonic();
    const now = at.clock.now();
    for (const account of accounts) {
      const references = [1, 2, 3, 4, 5].map((n) => `${account}-${n}`);
      for (const reference of references) at.remote.orders.set(reference, { account, reference, placedAt: now, updatedAt: now, shipBy: now + 2 * day, payment: 'confirmed', fulfilment: 'merchant', cancellation: 'none', lines: [{ lineId: 'L1', quantity: 1, cancelled: 0 }], parcels: [], done: [] });
      await at.shop.ledger.takeOver([at.shop.profile(account)], 'ours', references.map((reference) => seenOrder(at.remote.order(reference), true)), now);
      await at.shop.ledger.swept(at.shop.profile(account).scope.sweep, { until: now, startedAt: now });
      await applyStates(at.shop.context, references.map((order) => ({ account, order, state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${order}` }] })), { source: 'test', author: 'Ana', byHand: false }, now);
    }
    await at.clock.advance(90 * second);
    expect(at.remote.effects).toHaveLength(60);
    const sent = at.remote.met.filter((met) => met.call === 'confirmShipment').map((met) => met.at - began);
    // At no moment more than the bucket can have given: its burst, and what has flown in since.
    for (const [n, moment] of sent.entries()) expect(n + 1, `calls up to ${moment} ms`).toBeLessThanOrEqual(10 + Math.ceil((moment / 1000) * 2) + 1);
    await at.close();
  });

  test('what is applied wakes the lane that rests, by the safety net alone where no news comes', async () => {
    const at = await house();
    at.start('one');
    await at.clock.advance(5 * second);
    const now = at.clock.now();
    at.remote.orders.set('O-1', { account: 'amazon-07', reference: 'O-1', placedAt: now, updatedAt: now, shipBy: now + 2 * day, payment: 'confirmed', fulfilment: 'merchant', cancellation: 'none', lines: [{ lineId: 'L1', quantity: 1, cancelled: 0 }], parcels: [], done: [] });
    await at.shop.ledger.takeOver([at.shop.profile('amazon-07')], 'ours', [seenOrder(at.remote.order('O-1'), true)], now);
    await at.shop.ledger.swept('seller-3', { until: now, startedAt: now });
    await applyStates(at.shop.context, [{ account: 'amazon-07', order: 'O-1', state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: 'T-1' }] }], { source: 'test', author: 'Ana', byHand: false }, now);
    await at.clock.advance(3 * second);
    expect(await at.shop.context.store.db.selectFrom('sync').select('status').execute()).toEqual([{ status: 'accepted' }]);
    expect(at.remote.effects).toHaveLength(1);
    await at.close();
  });
});

/** Counts the statements of a shop's database. */
function statements({ context }: Shop): { made(): number; stop(): void } {
  const executor = context.store.db.getExecutor();
  const original = executor.executeQuery.bind(executor);
  let made = 0;
  executor.executeQuery = (async (...given: Parameters<typeof original>) => {
    made += 1;
    return original(...given);
  }) as typeof executor.executeQuery;
  return { made: () => made, stop: () => void (executor.executeQuery = original) };
}

