import type { SyncFilter } from '../syncing/rerun.ts';
import { failed } from '../syncing/status.ts';
import type { Status } from '../syncing/status.ts';
import { breathe } from './breathe.ts';
import { newestIds } from './log-ids.ts';
import { inParts } from './rows.ts';
import type { Db, Tx } from './rows.ts';
import type { SyncTable } from './schema.ts';

/** A row of the sync log. */
export type LogRow = Pick<
  SyncTable,
  'id' | 'account' | 'order_id' | 'applied_state_id' | 'parcel_id' | 'operation' | 'step' | 'cause' | 'reference' | 'ship_by' | 'due_at' | 'attempts' | 'failures' | 'unsettled' | 'created_at' | 'ended_at' | 'told_at' | 'accepted_at' | 'payload'
> & { readonly status: Status; readonly order: string; readonly own_reference: string | null };

const columns = ['sync.id', 'sync.account', 'sync.order_id', 'sync.applied_state_id', 'sync.parcel_id', 'sync.operation', 'sync.status', 'sync.step', 'sync.cause', 'sync.reference', 'sync.ship_by', 'sync.due_at', 'sync.attempts', 'sync.failures', 'sync.unsettled', 'sync.created_at', 'sync.ended_at', 'sync.told_at', 'sync.accepted_at', 'sync.payload', 'orders.reference as order', 'orders.own_reference'] as const;

export interface LogPage {
  readonly rows: readonly LogRow[];
  /** Hand it in again for the next page; null after the last. */
  readonly next: number | null;
}

/**
 * A page of the sync log, newest first.
 * @param cursor the identifier below which the page begins
 */
export async function searchSyncs(db: Db | Tx, filter: SyncFilter, cursor: number | null, limit: number): Promise<LogPage> {
  const ids = await newestIds(db, filter, cursor, limit + 1);
  const rows = await findSyncs(db, ids.slice(0, limit));
  const page = [...rows.values()].toSorted((a, b) => b.id - a.id);
  return { rows: page, next: ids.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** So many are read at once: whoever else waits has its turn between two parts. */
const part = 500;

/** All that a filter finds, soonest deadline first: the frozen list of a rerun. */
export async function filteredSyncs(db: Db, filter: SyncFilter): Promise<readonly number[]> {
  const found: { readonly id: number; readonly ship_by: number }[] = [];
  for (let below: number | null = null; ; ) {
    const ids: readonly number[] = await newestIds(db, filter, below, part);
    if (ids.length > 0) found.push(...(await db.selectFrom('sync').select(['id', 'ship_by']).where('id', 'in', ids).execute()));
    if (ids.length < part) return found.toSorted((a, b) => a.ship_by - b.ship_by || a.id - b.id).map(({ id }) => id);
    below = ids.at(-1) ?? null;
    await breathe();
  }
}

/** Rows of the log, newest first. */
export async function syncsOf(db: Db | Tx, ids: readonly number[]): Promise<readonly LogRow[]> {
  const rows = await inParts(ids, (part) => db.selectFrom('sync').innerJoin('orders', 'orders.id', 'sync.order_id').select(columns).where('sync.id', 'in', part).execute());
  return rows.map((row) => ({ ...row, status: row.status as Status })).toSorted((a, b) => b.id - a.id);
}

/** One row of the log. */
export async function findSync(db: Db | Tx, id: number): Promise<LogRow | null> {
  const row = await db.selectFrom('sync').innerJoin('orders', 'orders.id', 'sync.order_id').select(columns).where('sync.id', '=', id).executeTakeFirst();
  return row === undefined ? null : { ...row, status: row.status as Status };
}

/** Those of these syncs that there are, by number. */
export async function findSyncs(db: Db | Tx, ids: readonly number[]): Promise<ReadonlyMap<number, LogRow>> {
  const rows = await inParts(ids, (part) => db.selectFrom('sync').innerJoin('orders', 'orders.id', 'sync.order_id').select(columns).where('sync.id', 'in', part).execute());
  return new Map(rows.map((row) => [row.id, { ...row, status: row.status as Status }]));
}

export interface CauseCount {
  readonly account: string;
  readonly status: Status;
  readonly cause: string;
  readonly n: number;
}

/** What needs somebody, by cause: failures, doubts and what is held. From the counters: no row is counted. */
export async function countCauses(db: Db | Tx): Promise<readonly CauseCount[]> {
  const rows = await db.selectFrom('counter').selectAll().where('n', '>', 0).where('status', 'in', [...failed, 'held']).orderBy('n', 'desc').execute();
  return rows.map((row) => ({ ...row, status: row.status as Status }));
}

/** Totals by account and status. */
export async function countStatuses(db: Db | Tx): Promise<readonly { readonly account: string; readonly status: Status; readonly n: number }[]> {
  const rows = await db.selectFrom('counter').select(['account', 'status', (eb) => eb.fn.sum<number>('n').as('n')]).groupBy(['account', 'status']).having((eb) => eb.fn.sum('n'), '>', 0).execute();
  return rows.map((row) => ({ account: row.account, status: row.status as Status, n: row.n }));
}

/** One entry of a sync's story, with its body where it has not been erased. */
export interface StoryEntry {
  readonly lane: string;
  readonly number: number;
  readonly at: number;
  readonly kind: string;
  readonly attempt: number | null;
  readonly what: string | null;
  readonly cause: string | null;
  readonly hash: string;
  readonly body: unknown;
}

/** All that the audit holds of one sync, in the order in which it was written: lane by lane, and between lanes by the clock. */
export async function storyOf(db: Db | Tx, sync: number): Promise<readonly StoryEntry[]> {
  const rows = await db
    .selectFrom('audit_entry')
    .leftJoin('audit_body', (join) => join.onRef('audit_body.lane', '=', 'audit_entry.lane').onRef('audit_body.number', '=', 'audit_entry.number'))
    .select(['audit_entry.lane', 'audit_entry.number', 'at', 'kind', 'attempt', 'what', 'cause', 'hash', 'body'])
    .where('audit_entry.sync_id', '=', sync)
    .orderBy('audit_entry.lane')
    .orderBy('audit_entry.number')
    .execute();
  const chains = [...Map.groupBy(rows, (row) => row.lane).values()];
  const story: StoryEntry[] = [];
  // The number within a lane never lies; a clock that was put back does.
  for (;;) {
    const next = chains.filter((chain) => chain.length > 0).toSorted((a, b) => (a[0]?.at ?? 0) - (b[0]?.at ?? 0))[0]?.shift();
    if (next === undefined) return story;
    story.push({ ...next, body: next.body === null ? null : (JSON.parse(next.body) as unknown) });
  }
}
