import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hour, minute, systemClock } from '../../src/runtime/clock.ts';
import { readSnapshot } from '../../src/store/alerts.ts';
import { openStore } from '../../src/store/database.ts';
import { applyStates, previewStates } from '../../src/store/intake.ts';
import { intend, intendAll } from '../../src/store/intend.ts';
import { settleAllIn, settleIn } from '../../src/store/settle-in.ts';
import { searchSyncs } from '../../src/store/log.ts';
import { openReader } from '../../src/store/reader.ts';
import { record, recordAll } from '../../src/store/record.ts';
import { createShared } from '../../src/store/shared.ts';
import { takeOver } from '../../src/store/take-over.ts';
import { missing, ripen } from '../../src/store/waiting.ts';
import type { SeenOrder } from '../../src/syncing/order-reader.ts';
import type { Group, Result, Tenure } from '../../src/syncing/ledger.ts';
import type { SyncFilter } from '../../src/syncing/rerun.ts';
import { settle } from '../../src/syncing/settle.ts';
import { ownDatabase } from '../support/databases.ts';
import { explain, heardBy } from '../support/explained.ts';
import type { Asked } from '../support/explained.ts';
import { fillPast } from '../support/past.ts';
import { openShop } from '../support/shop.ts';
import type { Shop } from '../support/shop.ts';

/** Lives that have ended. FAULTS=all: as many as three years of a busy merchant have. */
const finished = process.env['FAULTS'] === 'all' ? 2_000_000 : 40_000;

const accounts = Array.from({ length: 12 }, (_, i) => `amazon-${String(i + 1).padStart(2, '0')}`);

/** Tables that grow with every order that was ever told of. */
const growing = ['sync', 'orders', 'parcel', 'applied_state', 'audit_entry', 'audit_body', 'dependence', 'order_line', 'source_answer'];

let database: Awaited<ReturnType<typeof ownDatabase>>;
let db: Client;
let shop: Shop;

beforeAll(async () => {
  database = await ownDatabase();
  // As in earnest: times are compared by the server's own clock.
  const store = await openStore(database.url);
  shop = await openShop(systemClock, accounts.map((id) => ({ id, marketplace: 'amazon' })), { store });
  db = new Client({ connectionString: database.url });
  await db.connect();
  await live();
  await fillPast(db, accounts, { finished, open: Math.min(finished / 10, 50_000) });
}, 600_000);

afterAll(async () => {
  await shop.close();
  await db.end();
  await database.drop();
});

const [account = ''] = accounts;

/** One life, really lived: what all the others are copies of. */
async function live(): Promise<void> {
  const { ledger } = shop;
  const profile = shop.profile(account);
  const shared = createShared(shop.context);
  await shared?.attend({ worker: 'one', profiles: accounts.map((one) => shop.profile(one)), lease: hour, known: false, renew: true, stays: true });
  await ledger.swept(profile.scope.sweep, { until: Date.now(), startedAt: Date.now() });
  await sell('A-1');
  await ship('A-1');
  const tenure = await lane();
  const { groups } = await intend(shop.context, tenure, profile, room, Date.now());
  await record(shop.context, tenure, profile, groups.map(accepted), Date.now());
}

const room = { orders: 8, busy: new Set<number>(), send: true };

async function lane(): Promise<Tenure> {
  const { holder, number } = await shop.context.store.db.selectFrom('lane').select(['holder', 'number']).where('account', '=', account).executeTakeFirstOrThrow();
  return { account, worker: holder ?? '', number };
}

function seen(reference: string): SeenOrder {
  const now = Date.now();
  return { account, reference, ownReference: null, placedAt: now, updatedAt: now, shipBy: now + 48 * hour, status: 'to-ship', payment: 'confirmed', fulfilment: 'merchant', cancellation: 'none', currency: 'EUR', total: '49.90', lines: [{ lineId: 'L1', sku: 'MUG', title: 'Mug', quantity: 1, cancelled: 0, shipped: 0, unitPrice: '49.90' }], parcels: [] };
}

const sell = (...references: readonly string[]) => takeOver(shop.context, [shop.profile(account)], 'ours', references.map(seen), Date.now());

const giver = { source: 'api/test', author: 'test', byHand: false };
const wish = (order: string) => ({ account, order, state: 'EXPEDIEE', sourceRef: order, parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${order}` }] });
const ship = (...references: readonly string[]) => applyStates(shop.context, references.map(wish), giver, Date.now());

function accepted(group: Group): Result {
  const [member] = group.members;
  if (member === undefined) throw new Error('a group of nobody');
  const outcome = { kind: 'accepted', reference: member.intent.payload.parcel?.reference ?? null, evidence: null } as const;
  return { group, member, outcome, settlement: settle(member.attempted, outcome, shop.profile(account).patience, { now: Date.now(), chance: 0.5, probing: false, sweptUntil: null }) };
}


/** Indexes that are walked: what is under way is little, and the latest by its number is at the end. */
const walked = ['sync_under_way', 'sync_pkey', 'applied_state_pkey'];

/** Pages of tables and indexes that one statement may look at: fifty rows with their orders, each by its number, are some four hundred. */
const mostPages = 500;

/** What is wrong with the ways in which statements are made; and every index that they are led by. */
async function ways(asked: readonly Asked[], { without, most = mostPages }: { readonly without?: string; readonly most?: number } = {}): Promise<{ readonly wrong: readonly string[]; readonly led: readonly string[] }> {
  const wrong: string[] = [];
  const led = new Set<string>();
  for (const one of asked) {
    // What is made is there already: it would be refused.
    if (one.text.startsWith('insert')) continue;
    const { first, later } = await explain(db, one, without);
    if (first.pages > most) wrong.push(`${first.pages} pages: ${one.text}`);
    for (const { what, table } of [...first.steps, ...later.steps]) if (what === 'Seq Scan' && table !== null && growing.includes(table)) wrong.push(`${what} ${table}: ${one.text}`);
    for (const { index, by } of [...first.steps, ...later.steps]) if (index !== null && by === null && growing.some((table) => index.startsWith(`${table}_`)) && !walked.includes(index)) wrong.push(`from end to end of ${index}: ${one.text}`);
    const both = later.steps.map(({ index }) => index);
    for (const { index } of first.steps) if (index !== null && both.includes(index)) led.add(index);
  }
  return { wrong, led: [...led] };
}

const stored = () => ({ context: shop.context, profile: shop.profile(account) });

async function round(): Promise<void> {
  const { context, profile } = stored();
  const tenure = await lane();
  const { groups } = await intend(context, tenure, profile, room, Date.now());
  expect(groups).toHaveLength(8);
  await record(context, tenure, profile, groups.map(accepted), Date.now());
}

/** What a worker that begins with many lanes does for all of them. */
async function together(): Promise<void> {
  const { context } = shop;
  const rows = await context.store.db.selectFrom('lane').select(['account', 'holder', 'number']).orderBy('account').execute();
  const lanes = rows.map((row) => ({ tenure: { account: row.account, worker: row.holder ?? '', number: row.number }, profile: shop.profile(row.account) }));
  await settleAllIn(context, lanes, Date.now());
  const claimed = await intendAll(context, lanes.map((one) => ({ ...one, room: { ...room, orders: 1 }, given: Date.now() })));
  await recordAll(context, lanes.map((one, n) => ({ ...one, results: (claimed[n]?.groups ?? []).map(accepted), given: Date.now() })));
}

interface Work {
  readonly work: () => Promise<unknown>;
  /** What it is led by. */
  readonly indexes: readonly string[];
  readonly most?: number;
}

const works: Readonly<Record<string, Work>> = {
  // All that the lane itself has open, and the latest twenty thousand entries of its chain, which lie between those of others.
  'a lane is taken over': { work: async () => settleIn(shop.context, await lane(), stored().profile, Date.now()), indexes: ['sync_under_way', 'sync_ready', 'sync_due', 'sync_read_back', 'audit_entry_pkey'], most: 40_000 },
  'a lane claims, and records what was answered': { work: round, indexes: ['sync_late', 'sync_due', 'sync_ready', 'sync_read_back', 'sync_pkey', 'dependence_on'] },
  'many lanes are taken over, claim and record together': { work: together, indexes: ['sync_late', 'sync_ready', 'sync_read_back'], most: 60_000 },
  'it is looked for what is due, for all lanes': { work: async () => createShared(shop.context)?.stirring(), indexes: ['sync_due_soonest', 'sync_read_back_soonest', 'sync_ripe_soonest'] },
  'what is held is looked after': { work: async () => Promise.all([ripen(shop.context, stored().profile, Date.now()), missing(shop.context, account, 20)]), indexes: ['sync_held', 'orders_missing'] },
  'orders are taken over, and states applied to them': { work: planning, indexes: ['orders_pkey', 'sync_order', 'applied_state_order', 'parcel_tracking', 'source_answer_pkey'] },
};

async function planning(): Promise<void> {
  await sell('B-1', 'B-2');
  await ship('B-1', 'B-2');
  await previewStates(shop.context, [wish('B-2')], giver, Date.now());
}

describe('beside all that was ever told, a server looks at no more than it needs', () => {
  test.each(Object.entries(works))('when %s', async (_, { work, indexes, most = mostPages }) => {
    const { wrong, led } = await ways(await heardBy(work), { most });
    expect(wrong).toEqual([]);
    expect(led).toEqual(expect.arrayContaining([...indexes]));
  });

  test.each<readonly [string, SyncFilter, string | readonly string[]]>([
    ['of everything', {}, 'sync_pkey'],
    ['of failures', { status: ['rejected', 'exhausted', 'in-doubt'] }, 'sync_status'],
    // Nearly all did: whichever is walked, the page is full after a few.
    ['of what went well', { status: ['confirmed'] }, ['sync_status', 'sync_pkey']],
    ['by a cause', { cause: 'amazon/order-cancelled' }, 'sync_cause'],
    ['by an account', { account }, 'sync_account'],
    ['by an order', { order: 'A-1' }, 'sync_order'],
    ['since a moment', { since: Date.now() - 10 * minute }, 'sync_pkey'],
  ])('when a page of the log is read, %s', async (_, filter, index) => {
    const { wrong, led } = await ways(await heardBy(() => searchSyncs(shop.context.store.db, filter, null, 50)));
    expect(wrong).toEqual([]);
    expect(led.some((one) => [index].flat().includes(one))).toBe(true);
  });

  test.each(['ready', 'delayed', 'submitted', 'sending', 'checking', 'accepted'] as const)('when a page of the log is read of what is %s: among those alone', async (status) => {
    const asked = await heardBy(() => searchSyncs(shop.context.store.db, { status: [status] }, null, 50));
    const walked = asked.filter(({ text }) => text.startsWith('select sync.id'));
    expect(walked).toHaveLength(1);
    for (const one of walked) for (const { steps } of Object.values(await explain(db, one))) expect(steps.map(({ index }) => index).filter((index) => index !== null)).toEqual([expect.stringMatching(/^sync_(ready|due|under_way|read_back|status)/)]);
  });

  test('when an open page asks whether anything has happened', async () => {
    const reader = openReader(shop.context);
    expect((await ways(await heardBy(async () => [await reader.version(), await reader.view('pulse')]))).wrong).toEqual([]);
    await reader.close();
  });

  test('when alerts look at the present: as many statements for twelve accounts as for one', async () => {
    const asked = await heardBy(() => readSnapshot(shop.context.store.db, shop.context.profiles.values(), Date.now()));
    expect(asked.length).toBeLessThan(9);
    // Of each that is ready it is read since when; there are six hundred.
    const { wrong, led } = await ways(asked.filter(({ text }) => !text.includes(`"status" = 'ready'`)));
    expect(wrong).toEqual([]);
    expect(led).toContain('sync_deadline');
  });

  test.each([
    ['sync_ready', 'a lane claims, and records what was answered', true],
    ['sync_due', 'a lane claims, and records what was answered', true],
    ['sync_due_soonest', 'it is looked for what is due, for all lanes', false],
    ['sync_order', 'orders are taken over, and states applied to them', true],
  ])('and it is noticed where %s is not there', async (index, name, costs) => {
    const { wrong, led } = await ways(await heardBy(works[name]?.work ?? round), { without: index });
    expect(led).not.toContain(index);
    expect(wrong.length > 0).toBe(costs);
  });
});
