import { describe, expect, test } from 'vitest';
import { hour, minute, second } from '../../src/runtime/clock.ts';
import type { Result, Tenure } from '../../src/syncing/ledger.ts';
import { settle } from '../../src/syncing/settle.ts';
import type { SharedLedger } from '../../src/syncing/shared.ts';
import { isOnServer } from '../support/databases.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const send = 'createShippingFulfillment';

/** One order to be told of, and a call whose answer comes when it is told to. */
async function opened(): Promise<{ stage: Stage; id: number; answer: () => void }> {
  const stage = await openStage({ kind: 'ebay' });
  await stage.sell('O-1');
  const { syncs } = await stage.ship('O-1');
  const { promise, resolve } = Promise.withResolvers<void>();
  stage.remote.script(send, { until: promise });
  return { stage, id: syncs[0]?.id ?? 0, answer: resolve };
}

async function lane(stage: Stage): Promise<{ readonly holder: string | null; readonly number: number; readonly lease_until: number }> {
  const { db } = stage.shop.context.store;
  const lane = await db.selectFrom('lane').select(['holder', 'number', 'lease_until']).executeTakeFirstOrThrow();
  // On a server one lease holds all lanes of a worker.
  const worker = isOnServer ? await db.selectFrom('worker').select('lease_until').where('name', '=', lane.holder ?? '').executeTakeFirst() : undefined;
  return { ...lane, ...worker };
}

describe('one worker per lane', () => {
  test('a second one cannot take it while the lease runs', async () => {
    const { stage } = await opened();
    await stage.start({ name: 'one' });
    await stage.start({ name: 'two' });
    await stage.pass(10 * minute);
    expect(await lane(stage)).toMatchObject({ holder: 'one', number: 1 });
  });

  test('the lease lasts twice the time-out, and is renewed at a third of that', async () => {
    const { stage } = await opened();
    await stage.start({ name: 'one' });
    expect((await lane(stage)).lease_until).toBe(stage.clock.now() + 30 * second);
    await stage.pass(9 * second);
    expect((await lane(stage)).lease_until).toBe(stage.clock.now() + 21 * second);
    await stage.pass(second);
    expect((await lane(stage)).lease_until).toBe(stage.clock.now() + 30 * second);
  });

  test('its number grows with each holder', async () => {
    const { stage, answer } = await opened();
    const first = await stage.start({ name: 'one' });
    answer();
    await first.stop();
    const second_ = await stage.start({ name: 'two' });
    await second_.stop();
    await stage.start({ name: 'one' });
    expect((await lane(stage)).number).toBe(3);
  });

  test('one that stops gives it back at once', async () => {
    const { stage, answer } = await opened();
    const first = await stage.start({ name: 'one' });
    answer();
    await first.stop();
    expect(await lane(stage)).toMatchObject({ holder: null });
  });

  test('one that died is followed when its lease has run out, not before', async () => {
    const { stage } = await opened();
    const first = await stage.start({ name: 'one' });
    first.kill();
    await stage.start({ name: 'two' });
    await stage.pass(29 * second);
    expect((await lane(stage)).holder).toBe('one');
    await stage.pass(2 * second);
    expect((await lane(stage)).holder).toBe('two');
  });

  // On a server there is one clock.
  test.skipIf(isOnServer)('a lease that seems to run for hours was given by a clock that was ahead', async () => {
    const { stage } = await opened();
    const first = await stage.start({ name: 'one' });
    first.kill();
    await stage.shop.context.store.db.updateTable('lane').set({ lease_until: stage.clock.now() + hour }).execute();
    await stage.start({ name: 'two' });
    expect((await lane(stage)).holder).toBe('two');
  });
});

/** A worker in the middle of its call loses its lane to another. */
async function lost(): Promise<{ stage: Stage; id: number; old: Tenure; result: (outcome: Result['outcome']) => Result }> {
  const stage = await openStage({ kind: 'ebay' });
  await stage.sell('O-1');
  const { syncs } = await stage.ship('O-1');
  await stage.swept();
  const { ledger, clock } = stage.shop;
  const profile = stage.shop.profile('ebay-fr');
  const old = await ledger.take(profile, 'one', clock.now());
  if (old === null) throw new Error('not taken');
  const { groups } = await ledger.intend(old, profile, { orders: 8, busy: new Set(), send: true }, clock.now());
  const [group] = groups;
  const [member] = group?.members ?? [];
  if (group === undefined || member === undefined) throw new Error('nothing claimed');
  await stage.pass(31 * second);
  return {
    stage,
    id: syncs[0]?.id ?? 0,
    old,
    result: (outcome) => ({ group, member, outcome, settlement: settle(member.attempted, outcome, profile.patience, { now: clock.now(), chance: 0, probing: false, sweptUntil: null }) }),
  };
}

describe('a worker that lost its lane', () => {
  test('can change no status; its outcome is kept, marked as late', async () => {
    const { stage, id, old, result } = await lost();
    await stage.start({ name: 'two' });
    const before = await stage.row(id);
    const recorded = await stage.shop.ledger.record(old, stage.shop.profile('ebay-fr'), [result({ kind: 'rejected', cause: 'remote/no', evidence: null })], stage.clock.now());
    expect(recorded.late).toBe(true);
    expect(await stage.row(id)).toEqual(before);
    expect((await stage.story(id)).map((entry) => [entry.kind, entry.attempt, entry.what])).toEqual([
      ['intent', 1, send],
      ['outcome', 1, 'interrupted'],
      ['late', 1, 'rejected'],
    ]);
  });

  test('can claim nothing and renew nothing', async () => {
    const { stage, old } = await lost();
    await stage.start({ name: 'two' });
    const { ledger, clock } = stage.shop;
    expect(await ledger.renew(old, clock.now())).toBe(false);
    expect(await ledger.intend(old, stage.shop.profile('ebay-fr'), { orders: 8, busy: new Set(), send: true }, clock.now())).toMatchObject({ lost: true, groups: [] });
    await ledger.release(old, clock.now());
    expect((await lane(stage)).holder).toBe('two');
  });

  test('its late yes is used by its successor: nothing is looked for, nothing sent', async () => {
    const { stage, id, old, result } = await lost();
    await stage.start({ name: 'two' });
    await stage.pass(5 * second);
    await stage.shop.ledger.record(old, stage.shop.profile('ebay-fr'), [result({ kind: 'accepted', reference: 'F-1', evidence: null })], stage.clock.now());
    stage.ring();
    await stage.pass(0);
    expect(await stage.row(id)).toMatchObject({ status: 'accepted', reference: 'F-1', unsettled: 0, late: null });
    expect(stage.remote.met).toEqual([]);
    expect((await stage.story(id)).at(-1)).toMatchObject({ kind: 'seen', what: 'accepted' });
  });

  test('its late reference of an upload is used by its successor, which asks for the verdict', async () => {
    const { stage, id, old, result } = await lost();
    await stage.start({ name: 'two' });
    await stage.shop.ledger.record(old, stage.shop.profile('ebay-fr'), [result({ kind: 'submitted', reference: 'FEED-1', checkAt: stage.clock.now() + hour, evidence: null })], stage.clock.now());
    stage.ring();
    await stage.pass(0);
    expect(await stage.row(id)).toMatchObject({ status: 'submitted', reference: 'FEED-1', due_at: stage.clock.now() + hour });
  });

  test('its late yes is not forgotten because a look was under way just then', async () => {
    const { stage, id, old, result } = await lost();
    stage.remote.script('getShippingFulfillments', 'never');
    await stage.start({ name: 'two' });
    await stage.pass(61 * second);
    expect(await stage.status(id)).toBe('checking');
    await stage.shop.ledger.record(old, stage.shop.profile('ebay-fr'), [result({ kind: 'accepted', reference: 'F-1', evidence: null })], stage.clock.now());
    stage.ring();
    await stage.pass(16 * second);
    expect(await stage.row(id)).toMatchObject({ status: 'accepted', reference: 'F-1' });
    expect(stage.remote.met.map((met) => met.call)).toEqual(['getShippingFulfillments']);
  });

  test('its late no changes nothing: the fate of the call is looked for', async () => {
    const { stage, id, old, result } = await lost();
    await stage.start({ name: 'two' });
    await stage.shop.ledger.record(old, stage.shop.profile('ebay-fr'), [result({ kind: 'unknown', cause: 'remote/no-answer', evidence: null })], stage.clock.now());
    await stage.pass(5 * minute);
    expect(stage.remote.doneFor(id)).toHaveLength(1);
  });

  test('an answer that comes late, after the sync was settled, is only kept', async () => {
    const { stage, id, old, result } = await lost();
    await stage.start({ name: 'two' });
    await stage.pass(10 * minute);
    const before = await stage.row(id);
    expect(before.status).toBe('confirmed');
    await stage.shop.ledger.record(old, stage.shop.profile('ebay-fr'), [result({ kind: 'accepted', reference: 'F-1', evidence: null })], stage.clock.now());
    stage.ring();
    await stage.pass(0);
    expect(await stage.row(id)).toEqual(before);
  });
});

describe('the last look before a call', () => {
  test('a lease that would not outlast the time-out: nothing is sent, and it is no failure of the marketplace', async () => {
    const { stage, id, answer } = await opened();
    answer();
    const { ledger } = stage.shop;
    let attended = false;
    const once = (shared: SharedLedger): SharedLedger => ({ ...shared, attend: async (asking) => (attended ? Promise.reject(new Error('the server is away')) : ((attended = true), shared.attend(asking))) });
    await stage.start({ name: 'one', sharing: once, over: { ledger: { ...ledger, renew: async () => Promise.reject(new Error('database is locked')), intend: async (tenure, profile, room, now) => {
      const claimed = await ledger.intend(tenure, profile, room, now);
      // The machine is suspended between the commit and the call.
      if (claimed.groups.length > 0) await stage.clock.sleep(16 * second);
      return claimed;
    } } } });
    await stage.pass(17 * second);
    expect(stage.remote.met).toEqual([]);
    const [, outcome] = await stage.story(id);
    expect(outcome).toMatchObject({ kind: 'outcome', what: 'unavailable', cause: 'engine/lease-short' });
    expect(await stage.row(id)).toMatchObject({ failures: 0, step: 'send', unsettled: 0 });
    expect(await stage.shop.context.store.db.selectFrom('breaker').select('failures').where('failures', '>', 0).execute()).toEqual([]);
    stage.forgive();
  });

  test.skipIf(isOnServer)('a lost lane is noticed at the next renewal, and served no more', async () => {
    const { stage, answer } = await opened();
    answer();
    await stage.start({ name: 'one' });
    await stage.shop.context.store.db.updateTable('lane').set({ holder: 'two', number: 2, lease_until: stage.clock.now() + 30 * second }).execute();
    await stage.sell('O-2');
    const { syncs } = await stage.ship('O-2');
    await stage.pass(15 * second);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('ready');
    // The other never came back: its lease runs out, and the lane is taken again.
    await stage.pass(20 * second);
    expect(await stage.status(syncs[0]?.id ?? 0)).toBe('accepted');
  });
});
