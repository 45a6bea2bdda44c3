import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hour, minute } from '../../src/runtime/clock.ts';
import { filteredSyncs, searchSyncs } from '../../src/store/log.ts';
import type { SyncFilter } from '../../src/syncing/rerun.ts';
import { hasEnded, statuses } from '../../src/syncing/status.ts';
import type { Status } from '../../src/syncing/status.ts';
import { createRandom } from '../support/random.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

interface Row {
  readonly id: number;
  readonly account: string;
  readonly order: string;
  readonly own: string | null;
  readonly status: Status;
  readonly cause: string | null;
  readonly createdAt: number;
  readonly shipBy: number;
}

const accounts = ['amazon-fr', 'ebay-fr', 'shop'];
const causes = ['remote/no', 'order/cancelled', 'planning/own-shop'];
const start = Date.parse('2026-11-01T00:00:00Z');

/** A log of so many syncs, whose numbers have gaps and whose moments are a little out of step with them. */
async function logOf(stage: Stage, count: number): Promise<readonly Row[]> {
  const { db } = stage.shop.context.store;
  const random = createRandom(7);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random.next() * of.length)] as T;
  const rows: Row[] = [];
  let id = 0;
  for (let n = 1; n <= count; n += 1) {
    id += 1 + Math.floor(random.next() * 3);
    const createdAt = start + n * 10 * minute + Math.round((random.next() - 0.5) * 50 * minute);
    rows.push({ id, account: pick(accounts), order: `O-${n % 40}`, own: n % 3 === 0 ? `C-${n % 40}` : null, status: pick(statuses), cause: random.next() < 0.5 ? pick(causes) : null, createdAt, shipBy: createdAt + Math.round(random.next() * 100 * hour) });
  }
  await db.transaction().execute(async (tx) => {
    for (const { id, account, order, own, status, cause, createdAt, shipBy } of rows) {
      await tx.insertInto('orders').values({ id, account, reference: `${order}/${id}`, own_reference: own, placed_at: 0, ship_by: null, payment: 'confirmed', publication: 'default', fulfilment: 'merchant', cancellation: 'none', currency: null, total: null, language: 'fr', imported: 1, unknown_at: null, state_id: null, state_at: null, indicator: null, indicator_at: null, created_at: 0, updated_at: 0 }).execute();
      await tx.insertInto('sync').values({ id, account, order_id: id, applied_state_id: null, parcel_id: null, operation: 'nothing', status, step: 'send', call: null, share: 'fresh', cause, payload: '{}', reference: null, ship_by: shipBy, useless_after: shipBy, due_at: null, grace_until: null, attempts: 0, failures: 0, absents: 0, unsettled: 0, before: null, told_at: null, accepted_at: null, superseded_by: null, word: 0, look_first: 0, late: null, created_at: createdAt, ended_at: hasEnded(status) ? createdAt : null }).execute();
    }
  });
  return rows;
}

function found(rows: readonly Row[], { ids, status, cause, account, order, since, until }: SyncFilter): readonly Row[] {
  return rows.filter(
    (row) =>
      (ids === undefined || ids.includes(row.id)) &&
      (status === undefined || status.includes(row.status)) &&
      (cause === undefined || row.cause === cause) &&
      (account === undefined || row.account === account) &&
      (order === undefined || row.own === order || `${row.order}/${row.id}` === order) &&
      (since === undefined || row.createdAt >= since) &&
      (until === undefined || row.createdAt < until),
  );
}

const moment = fc.integer({ min: start - hour, max: start + 405 * 10 * minute });
const filters: fc.Arbitrary<SyncFilter> = fc.record(
  {
    ids: fc.uniqueArray(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 50 }),
    status: fc.uniqueArray(fc.constantFrom(...statuses), { minLength: 1, maxLength: 5 }),
    cause: fc.constantFrom(...causes, 'nobody/knows'),
    account: fc.constantFrom(...accounts, 'gone'),
    order: fc.constantFrom('C-3', 'C-6', 'O-1/3'),
    since: moment,
    until: moment,
  },
  { requiredKeys: [] },
);

describe('the log', () => {
  test('finds what a filter says and nothing else, page by page, newest first, whichever index it walks', async () => {
    const stage = await openStage();
    const { db } = stage.shop.context.store;
    const rows = await logOf(stage, 400);
    await db.insertInto('counter').values([...Map.groupBy(rows, (row) => `${row.account} ${row.status}`).values()].map(([first, ...others]) => ({ account: first?.account ?? '', status: first?.status ?? '', cause: '', n: others.length + 1 }))).execute();
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 60 }), async (filter, limit) => {
        const expected = found(rows, filter);
        const pages: number[] = [];
        for (let cursor: number | null = null; ; ) {
          const page = await searchSyncs(db, filter, cursor, limit);
          expect(page.rows.length).toBeLessThanOrEqual(limit);
          pages.push(...page.rows.map((row) => row.id));
          if (page.next === null) break;
          expect(page.next).toBe(page.rows.at(-1)?.id);
          cursor = page.next;
        }
        expect(pages).toEqual(expected.map((row) => row.id).toReversed());
      }),
      { numRuns: 150, seed: 11 },
    );
    // Numbers and moments are out of step at some of these.
    for (const { createdAt } of rows.filter((_, n) => n % 3 === 0)) {
      for (const filter of [{ since: createdAt }, { until: createdAt }]) {
        const { rows: page } = await searchSyncs(db, filter, null, 400);
        expect(page.map((row) => row.id)).toEqual(found(rows, filter).map((row) => row.id).toReversed());
      }
    }
    await db.deleteFrom('sync').execute();
    await db.deleteFrom('counter').execute();
  });

  test('lists all that a verb is to be done to, soonest deadline first, however many they are', async () => {
    const stage = await openStage();
    const { db } = stage.shop.context.store;
    const rows = await logOf(stage, 1_300);
    const status = statuses.filter((one) => one !== 'ready');
    const expected = found(rows, { status }).toSorted((a, b) => a.shipBy - b.shipBy || a.id - b.id);
    expect(await filteredSyncs(db, { status })).toEqual(expected.map((row) => row.id));
    await db.deleteFrom('sync').execute();
  });
});
