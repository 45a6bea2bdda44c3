import { sql } from 'kysely';
import type { KyselyPlugin, RootOperationNode } from 'kysely';
import { describe, expect, test } from 'vitest';
import { minute, second } from '../../src/runtime/clock.ts';
import { shiftDueTimes } from '../../src/store/clock-shift.ts';
import { readSnapshot } from '../../src/store/alerts.ts';
import type { Context } from '../../src/store/context.ts';
import { doneBetween } from '../../src/store/figures.ts';
import { intend } from '../../src/store/intend.ts';
import { takeLane } from '../../src/store/lanes.ts';
import { countCauses, countStatuses, findSync, searchSyncs, storyOf } from '../../src/store/log.ts';
import { accountPages, laneAhead, waitingParcels } from '../../src/store/views/accounts.ts';
import { carrierReach, carrierUse } from '../../src/store/views/carriers.ts';
import { differences } from '../../src/store/views/differences.ts';
import { exportMonth, exportRows } from '../../src/store/views/exports.ts';
import { customerOrder } from '../../src/store/views/customer-order.ts';
import { orderList } from '../../src/store/views/order-list.ts';
import { overview } from '../../src/store/views/overview.ts';
import { stateUses } from '../../src/store/views/states.ts';
import { missing, ripen } from '../../src/store/waiting.ts';
import type { SyncFilter } from '../../src/syncing/rerun.ts';
import { statuses } from '../../src/syncing/status.ts';
import type { Status } from '../../src/syncing/status.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

/** Tables that grow with every order that was ever told of. */
const growing = ['sync', 'orders', 'parcel', 'applied_state', 'audit_entry', 'audit_body', 'dependence', 'order_line', 'source_answer'];

/** Notes every statement that is made through a context. */
function noting(context: Context): { readonly context: Context; readonly statements: Set<string> } {
  const statements = new Set<string>();
  const plugin: KyselyPlugin = {
    transformQuery({ node }: { node: RootOperationNode }) {
      statements.add(context.store.db.getExecutor().compileQuery(node, { queryId: 'noted' }).sql);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { context: { ...context, store: { ...context.store, db: context.store.db.withPlugin(plugin) } }, statements };
}

/** How SQLite goes about a statement. */
async function planOf(stage: Stage, statement: string): Promise<readonly string[]> {
  const { rows } = await sql.raw<{ detail: string }>(`explain query plan ${statement.replaceAll('?', '1')}`).execute(stage.shop.context.store.db);
  return rows.map((row) => row.detail);
}

/** Statements that would walk through a whole growing table, or through the history of an account. */
async function walks(stage: Stage, statements: ReadonlySet<string>): Promise<string[]> {
  const bad: string[] = [];
  for (const text of statements) {
    if (!/^(select|update|delete)/.test(text)) continue;
    for (const detail of await planOf(stage, text)) {
      // The last one by its identifier is found at once.
      if (!text.includes(' where ') && text.endsWith(' order by "id" desc limit ?')) continue;
      if (/\bsync_(status|cause|account)\b/.test(detail) && !/\bid"? > 0/.test(text)) bad.push(`${detail}: ${text}`);
      const walked = /^SCAN (\w+)(?! USING (?:COVERING )?INDEX)/.exec(detail)?.[1];
      if (walked !== undefined && growing.includes(walked)) bad.push(`${detail}: ${text}`);
    }
  }
  return bad;
}

describe('cost does not grow with the history: no whole table is walked through', () => {
  test('by taking a lane, claiming, and looking for what is due', async () => {
    const stage = await openStage();
    await stage.backlog('A', 3);
    const { context, statements } = noting(stage.shop.context);
    const profile = stage.shop.profile('amazon-fr');
    const now = stage.clock.now();
    const tenure = await takeLane(context, profile, 'noted', now);
    await stage.swept();
    if (tenure === null) throw new Error('not taken');
    const room = { orders: 8, busy: new Set<number>(), send: true };
    expect((await intend(context, tenure, profile, room, now)).groups).toHaveLength(3);
    await intend(context, tenure, profile, room, now + second);
    await ripen(context, profile, now);
    await missing(context, 'amazon-fr', 20);
    await shiftDueTimes(context, () => minute);
    await shiftDueTimes(context, () => -minute);
    expect(statements.size).toBeGreaterThan(12);
    expect(await walks(stage, statements)).toEqual([]);
    // What was claimed and never told is settled by whoever comes next.
    await stage.start({ name: 'next' });
    await stage.pass(31 * second);
  });

  test('by the alerts, the totals, the digest, one sync, its story, and the page of an order', async () => {
    const stage = await openStage();
    await stage.backlog('A', 3);
    await stage.start();
    await stage.pass(minute);
    const { context, statements } = noting(stage.shop.context);
    const { db } = context.store;
    await readSnapshot(db, [stage.shop.profile('amazon-fr')], stage.clock.now());
    await doneBetween(db, 0, stage.clock.now());
    await countCauses(db);
    await countStatuses(db);
    await findSync(db, 1);
    await storyOf(db, 1);
    await searchSyncs(db, { order: 'A-1' }, null, 50);
    expect(await walks(stage, statements)).toEqual([]);
  });

  test('by the pages of carriers, accounts, differences and exports', async () => {
    const stage = await openStage();
    await stage.backlog('A', 3);
    await stage.start();
    await stage.pass(minute);
    const { context, statements } = noting(stage.shop.context);
    const now = stage.clock.now();
    await carrierUse(context);
    await carrierReach(context, { account: 'amazon-fr', carrier: 'Colissimo' });
    await accountPages(context, { now });
    await laneAhead(context, { account: 'amazon-fr', now });
    await waitingParcels(context, { account: 'amazon-fr' });
    await differences(context, { account: null, limit: 10, now });
    const month = { from: now - 30 * 24 * 60 * minute, to: now + minute };
    expect((await exportMonth(context, month)).counts).toEqual([{ account: 'amazon-fr', operation: 'confirm-shipment', n: 3 }]);
    const { next } = await exportRows(context, { search: { ...month, account: null, operation: null }, after: null, limit: 2 });
    expect((await exportRows(context, { search: { ...month, account: 'amazon-fr', operation: 'confirm-shipment' }, after: next, limit: 2 })).rows).toHaveLength(1);
    expect(statements.size).toBeGreaterThan(15);
    expect(await walks(stage, statements)).toEqual([]);
    for (const detail of (await Promise.all([...statements].filter((text) => /"accepted_at" >= \?/.test(text) && /operation" = \?/.test(text)).map((text) => planOf(stage, text)))).flat()) expect(detail).toMatch(/^SEARCH sync USING COVERING INDEX sync_told \(operation=\? AND account=\? AND accepted_at>\? AND accepted_at<\?\)$|TEMP B-TREE FOR LAST TERM/);
    const there = [...statements].filter((text) => /distinct "order_id"/.test(text));
    expect((await Promise.all(there.map((text) => planOf(stage, text)))).flat()).toEqual([expect.stringMatching(/^SEARCH parcel USING INDEX parcel_there/), expect.stringMatching(/^SEARCH order_line USING INDEX order_line_there/)]);
  });

  test('by an order as its customer sees it', async () => {
    const stage = await openStage();
    await stage.backlog('A', 3);
    const { context, statements } = noting(stage.shop.context);
    expect((await customerOrder(context, { id: 1, now: stage.clock.now() }))?.link).toBe(0);
    expect(statements.size).toBeGreaterThan(3);
    expect(await walks(stage, statements)).toEqual([]);
  });

  test('by the overview and the list of orders to be shipped: of indexes, only those over what is open are gone through', async () => {
    const stage = await openStage();
    await stage.backlog('A', 3);
    await stage.start();
    await stage.pass(minute);
    const { context, statements } = noting(stage.shop.context);
    const now = stage.clock.now();
    expect((await overview(context, { now, from: now - 60 * minute })).day.told).toBe(3);
    await orderList(context, { filter: { due: { from: null, before: null } }, after: null, limit: 50, now });
    expect(statements.size).toBeGreaterThan(20);
    expect(await walks(stage, statements)).toEqual([]);
    const open = ['orders_open', 'orders_cancel_requested', 'sync_deadline', 'sync_held'];
    const details = (await Promise.all([...statements].map((text) => planOf(stage, text)))).flat();
    const gone = details.flatMap((detail) => /^SCAN (?:sync|orders|parcel|applied_state|audit_entry)\b.* INDEX (\w+)/.exec(detail)?.[1] ?? []);
    expect(gone.filter((index) => !open.includes(index))).toEqual([]);
    expect(details.filter((detail) => detail.includes('sync_told'))).toEqual([expect.stringMatching(/^SEARCH sync USING COVERING INDEX sync_told/)]);
  });

  test('by the count of each state’s use', async () => {
    const stage = await openStage();
    await stage.backlog('A', 3);
    const { context, statements } = noting(stage.shop.context);
    const uses = await stateUses(context);
    expect([...uses.values()].toSorted((a, b) => b - a).slice(0, 2)).toEqual([3, 0]);
    expect(await walks(stage, statements)).toEqual([]);
    const [text = ''] = [...statements];
    expect((await planOf(stage, text)).join('\n')).toMatch(/SEARCH applied_state USING COVERING INDEX applied_state_used \(state_id=\? AND undone_at=\?\)/);
  });

  describe('a page of the log walks one index, and takes its order from it', () => {
    const failed: readonly Status[] = ['rejected', 'exhausted', 'in-doubt'];
    const passing: readonly Status[] = ['ready', 'delayed', 'sending', 'checking', 'accepted'];
    const byRowid = /^SEARCH sync USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)$/;
    const byAccount = /^SEARCH sync USING (COVERING )?INDEX sync_account \(account=\? AND id>\? AND id<\?\)$/;
    const byStatus = /^SEARCH sync USING (COVERING )?INDEX sync_status \(status=\? AND id>\? AND id<\?\)$/;
    const byCause = /^SEARCH sync USING (COVERING )?INDEX sync_cause \(cause=\? AND status=\? AND id>\? AND id<\?\)$/;
    const cases: readonly (readonly [string, SyncFilter, RegExp])[] = [
      ['of everything', {}, byRowid],
      ['by status', { status: failed }, byStatus],
      ['by each status where syncs stay', { status: statuses.filter((one) => !passing.includes(one)) }, byStatus],
      ['by cause', { cause: 'remote/no' }, byCause],
      ['by cause and status', { cause: 'remote/no', status: ['skipped'] }, byCause],
      ['by account', { account: 'amazon-fr' }, byAccount],
      ['by account and what the account has more of than all accounts have of it', { account: 'amazon-fr', status: ['rejected'] }, byStatus],
      ['by account and what others have more of', { account: 'ebay-fr', status: ['confirmed'] }, byAccount],
      ['by account and a cause that others have more of', { account: 'ebay-fr', cause: 'planning/internal-state' }, byAccount],
      ['since a moment', { since: 1, until: 8e14 }, byRowid],
      ['since a moment, by status', { since: 1, status: failed }, byStatus],
    ];
    test.each(cases)('%s', async (_, filter, wanted) => {
      const stage = await openStage({ others: [{ id: 'ebay-fr', marketplace: 'ebay' }] });
      await stage.backlog('A', 3);
      await stage.start();
      await stage.apply({ order: 'A-1', state: 'PREPARATION' });
      await stage.pass(10 * minute);
      const { context, statements } = noting(stage.shop.context);
      await searchSyncs(context.store.db, filter, null, 50);
      const walked = [...statements].filter((text) => text.startsWith('select sync.id from sync'));
      expect(walked.length).toBeGreaterThan(0);
      for (const text of walked) expect(await planOf(stage, text)).toEqual([expect.stringMatching(wanted)]);
      expect(await walks(stage, statements)).toEqual([]);
    });

    test.each(passing)('by status: what is %s is looked for among those alone', async (status) => {
      const stage = await openStage();
      const { context, statements } = noting(stage.shop.context);
      await searchSyncs(context.store.db, { status: [status] }, null, 50);
      await searchSyncs(context.store.db, { status: [status], account: 'amazon-fr' }, null, 50);
      const walked = [...statements].filter((text) => text.startsWith('select sync.id from sync'));
      expect(walked).toHaveLength(2);
      for (const text of walked) expect((await planOf(stage, text))[0]).toMatch(/^(SCAN|SEARCH) sync USING (COVERING )?INDEX sync_(ready|due|under_way|read_back)\b/);
    });

    test('by order', async () => {
      const stage = await openStage();
      const { context, statements } = noting(stage.shop.context);
      await searchSyncs(context.store.db, { order: 'A-1', account: 'amazon-fr', status: failed, cause: 'remote/no' }, null, 50);
      const [text = ''] = [...statements].filter((one) => one.startsWith('select sync.id from sync'));
      expect((await planOf(stage, text))[0]).toMatch(/^SEARCH sync USING INDEX sync_order/);
    });
  });

  test('and the guard above can tell', async () => {
    const stage = await openStage();
    expect(await walks(stage, new Set(['select * from sync where attempts = ?']))).toHaveLength(1);
  });
});
