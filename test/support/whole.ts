import { sql } from 'kysely';
import { expect } from 'vitest';
import { verifyAudit } from '../../src/store/verify.ts';
import type { Context } from '../../src/store/context.ts';
import type { Tx } from '../../src/store/rows.ts';
import { arrows, hasEnded } from '../../src/syncing/status.ts';
import type { Status } from '../../src/syncing/status.ts';
import type { Observed } from './observed.ts';

const drawn = new Set(arrows.map(({ from, to }) => `${from}>${to}`));
const byCause: readonly string[] = ['held', 'rejected', 'exhausted', 'in-doubt', 'skipped'];

/** What must hold of a store at any moment between two transactions. */
export async function expectWhole(context: Context, observed: Observed): Promise<void> {
  // In one transaction: whoever works beside it waits.
  await context.store.db.transaction().execute(async (tx) => expectWholeInside(tx, context, observed));
}

async function expectWholeInside(db: Tx, context: Context, observed: Observed): Promise<void> {
  const syncs = await db.selectFrom('sync').selectAll().execute();

  const undrawn = [...(await observed.arrows(db))].filter((way) => !drawn.has(way));
  expect(undrawn, 'arrows that are not in the table').toEqual([]);

  const counted = new Map<string, number>();
  for (const { account, status, cause } of syncs) {
    const key = `${account} ${status} ${byCause.includes(status) ? (cause ?? '') : ''}`;
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  const counters = (await db.selectFrom('counter').selectAll().where('n', '<>', 0).execute()).map((row) => [`${row.account} ${row.status} ${row.cause}`, row.n] as const);
  expect(Object.fromEntries(counters), 'counters').toEqual(Object.fromEntries(counted));

  expect(syncs.filter((sync) => (sync.ended_at !== null) !== hasEnded(sync.status as Status)).map((sync) => [sync.id, sync.status, sync.ended_at]), 'ended_at where ended, and only there').toEqual([]);

  const underWay = syncs.filter((sync) => sync.status === 'sending' || sync.status === 'checking').map((sync) => sync.order_id);
  expect(underWay.length - new Set(underWay).size, 'orders with two syncs under way').toBe(0);

  const { rows: stuck } = await sql<{ id: number }>`
    select id from sync where status = 'blocked' and not exists (
      select 1 from dependence join sync older on older.id = dependence.on_sync_id where dependence.sync_id = sync.id and older.ended_at is null)`.execute(db);
  expect(stuck.map((row) => row.id), 'syncs that wait for nothing').toEqual([]);

  const { rows: intents } = await sql<{ sync_id: number; n: number; highest: number }>`
    select sync_id, count(*) as n, max(attempt) as highest from audit_entry where kind = 'intent' group by sync_id`.execute(db);
  const written = new Map(intents.map((row) => [row.sync_id, row]));
  const retained = await db.selectFrom('audit_anchor').select('lane').execute();
  if (retained.length === 0) expect(syncs.filter((sync) => sync.attempts !== (written.get(sync.id)?.n ?? 0) || sync.attempts !== (written.get(sync.id)?.highest ?? 0)).map((sync) => sync.id), 'attempts without an intent of their own').toEqual([]);

  for (const verdict of await verifyAudit(db, context.audit.keyring)) expect(verdict.faults, `chain of ${verdict.lane}`).toEqual([]);
}

/** Once nothing is under way: each intent has its outcome. */
export async function expectEachIntentAnswered({ store }: Context): Promise<void> {
  const { rows } = await sql<{ sync_id: number; attempt: number }>`
    select sync_id, attempt from audit_entry intent where kind = 'intent' and not exists (
      select 1 from audit_entry answer where answer.sync_id = intent.sync_id and answer.attempt = intent.attempt and answer.kind in ('outcome', 'late'))`.execute(store.db);
  expect(rows, 'intents without an outcome').toEqual([]);
  const { rows: twice } = await sql<{ sync_id: number; attempt: number }>`
    select sync_id, attempt from audit_entry where kind = 'outcome' group by sync_id, attempt having count(*) > 1`.execute(store.db);
  expect(twice, 'intents with two outcomes').toEqual([]);
}
