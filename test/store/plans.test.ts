import { sql } from 'kysely';
import type { KyselyPlugin, RootOperationNode } from 'kysely';
import { describe, expect, test } from 'vitest';
import { minute, second } from '../../src/runtime/clock.ts';
import { shiftDueTimes } from '../../src/store/accounts.ts';
import { readSnapshot } from '../../src/store/alerts.ts';
import type { Context } from '../../src/store/context.ts';
import { intend } from '../../src/store/intend.ts';
import { takeLane } from '../../src/store/lanes.ts';
import { countCauses, countStatuses, findSync, searchSyncs, storyOf } from '../../src/store/log.ts';
import { missing, ripen } from '../../src/store/waiting.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

/** Tables that grow with every order that was ever told of. */
const growing = ['sync', 'orders', 'parcel', 'applied_state', 'audit_entry', 'audit_body', 'dependence', 'order_line', 'source_answer'];

/** Notes every statement that is made through a context. */
function noting(context: Context): { readonly context: Context; readonly statements: Set<string> } {
  const statements = new Set<string>();
  const plugin: KyselyPlugin = {
    transformQuery({ node }: { node: RootOperationNode }) {
      if (node.kind !== 'RawNode') statements.add(context.store.db.getExecutor().compileQuery(node, { queryId: 'noted' }).sql);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { context: { ...context, store: { ...context.store, db: context.store.db.withPlugin(plugin) } }, statements };
}

/** Statements that would walk through a whole growing table. */
async function walks(stage: Stage, statements: ReadonlySet<string>): Promise<string[]> {
  const bad: string[] = [];
  for (const text of statements) {
    if (!/^(select|update|delete)/.test(text)) continue;
    const { rows } = await sql.raw<{ detail: string }>(`explain query plan ${text.replaceAll('?', '1')}`).execute(stage.shop.context.store.db);
    for (const { detail } of rows) {
      // The last one by its identifier is found at once.
      if (!text.includes(' where ') && text.endsWith(' order by "id" desc limit ?')) continue;
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
    await shiftDueTimes(context, minute);
    await shiftDueTimes(context, -minute);
    expect(statements.size).toBeGreaterThan(12);
    expect(await walks(stage, statements)).toEqual([]);
    // What was claimed and never told is settled by whoever comes next.
    await stage.start({ name: 'next' });
    await stage.pass(31 * second);
  });

  test('by the alerts, the totals, one sync, its story, and a page of the log by status or order', async () => {
    const stage = await openStage();
    await stage.backlog('A', 3);
    await stage.start();
    await stage.pass(minute);
    const { context, statements } = noting(stage.shop.context);
    const { db } = context.store;
    await readSnapshot(db, [stage.shop.profile('amazon-fr')], stage.clock.now());
    await countCauses(db);
    await countStatuses(db);
    await findSync(db, 1);
    await storyOf(db, 1);
    await searchSyncs(db, { order: 'A-1' }, null, 50);
    await searchSyncs(db, { status: ['rejected', 'exhausted', 'in-doubt'], account: 'amazon-fr' }, null, 50);
    expect(await walks(stage, statements)).toEqual([]);
  });

  test('and the guard above can tell', async () => {
    const stage = await openStage();
    expect(await walks(stage, new Set(['select * from sync where attempts = ?']))).toHaveLength(1);
  });
});
