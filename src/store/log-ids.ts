import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import { hour } from '../runtime/clock.ts';
import type { SyncFilter } from '../syncing/rerun.ts';
import { statuses } from '../syncing/status.ts';
import type { Status } from '../syncing/status.ts';
import { unled } from './postgres-dialect.ts';
import type { Db, Tx } from './rows.ts';

/** Identifiers handed out in one transaction, by a bulk or after a small jump of the clock, are out of step with their creation by less than this. */
const disorder = hour;

/** What a query is led by: the index that it walks. Every other condition only sifts. */
type Lead = 'ids' | 'order' | 'cause' | 'status' | 'account' | 'none';

/**
 * Identifiers of the syncs that a filter finds, newest first. The cost does not grow with the history: each query walks
 * one index from `below` on, status by status where statuses are named.
 * @param below identifiers from here on are left out; null: none
 */
export async function newestIds(db: Db | Tx, filter: SyncFilter, below: number | null, limit: number): Promise<readonly number[]> {
  const bounds = await boundsOf(db, filter, below);
  if (bounds.from >= bounds.below) return [];
  const lead = await leadOf(db, filter);
  const named = lead === 'cause' || lead === 'status' ? (filter.status ?? statuses) : null;
  if (named === null) return walk(db, filter, lead, null, bounds, limit);
  const found: number[] = [];
  for (const status of new Set(named)) found.push(...(await walk(db, filter, lead, status, bounds, limit)));
  return found.toSorted((a, b) => b - a).slice(0, limit);
}

async function leadOf(db: Db | Tx, { ids, order, cause, status, account }: SyncFilter): Promise<Lead> {
  if (ids !== undefined) return 'ids';
  if (order !== undefined) return 'order';
  const other = cause !== undefined ? 'cause' : status !== undefined ? 'status' : null;
  if (account === undefined || other === null) return other ?? (account === undefined ? 'none' : 'account');
  // A few failures of a large account are found by their status; the few syncs of a small account by their account.
  const count = async (column: 'cause' | 'status' | 'account', values: readonly string[]): Promise<number> => (await db.selectFrom('counter').select((eb) => eb.fn.sum<number | null>('n').as('n')).where(column, 'in', values).executeTakeFirstOrThrow()).n ?? 0;
  const others = other === 'cause' ? [cause ?? ''] : (status ?? []).filter((one) => !isPassing(one));
  return (await count(other, others)) <= (await count('account', [account])) ? other : 'account';
}

/** Where every happy sync passes through: kept out of the index by status and identifier, which would cost each of them a write. */
function isPassing(status: Status): boolean {
  return ['ready', 'delayed', 'sending', 'checking', 'accepted'].includes(status);
}

interface Bounds {
  readonly from: number;
  readonly below: number;
}

async function walk(db: Db | Tx, filter: SyncFilter, lead: Lead, status: Status | null, { from, below }: Bounds, limit: number): Promise<readonly number[]> {
  const { ids, order, cause, account, since, until } = filter;
  const passing = lead === 'status' && status !== null && isPassing(status);
  const plus = unled(db);
  const column = (name: string, ...leads: readonly Lead[]): RawBuilder<unknown> => sql`${leads.includes(lead) ? sql`` : plus}sync.${sql.ref(name)}`;
  // Led by its number, a server too would go back through all of time for what is passing.
  const id = passing ? sql`+sync.id` : column('id', 'none', 'account', 'status', 'cause');
  const all = [sql`${id} >= ${from}`, sql`${id} < ${below}`, ...(passing ? indexOf(status) : [logsOwn])];
  if (ids !== undefined) all.push(sql`sync.id in (${sql.join(ids)})`);
  if (order !== undefined) all.push(sql`sync.order_id in (select id from orders where reference = ${order} or own_reference = ${order})`);
  if (account !== undefined) all.push(sql`${passing ? sql`sync.account` : column('account', 'account')} = ${account}`);
  if (cause !== undefined) all.push(sql`${column('cause', 'cause')} = ${cause}`);
  if (status !== null) all.push(sql`${column('status', 'status', 'cause')} = ${sql.lit(status)}`);
  else if (filter.status !== undefined) all.push(sql`${plus}sync.status in (${sql.join(filter.status)})`);
  if (since !== undefined) all.push(sql`${plus}sync.created_at >= ${since}`);
  if (until !== undefined) all.push(sql`${plus}sync.created_at < ${until}`);
  const { rows } = await sql<{ id: number }>`select sync.id from sync where ${sql.join(all, sql` and `)} order by ${id} desc limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** By these words SQLite knows that it may be led by the log's own indexes; no statement of the engine has them. */
export const logsOwn = sql<boolean>`sync.id > 0`;

/** The words of the engine's index that holds a status. */
function indexOf(status: Status): RawBuilder<unknown>[] {
  if (status === 'delayed') return [sql`sync.status in ('delayed', 'submitted')`];
  return status === 'sending' || status === 'checking' ? [sql`sync.status in ('sending', 'checking')`] : [];
}

/** Between which identifiers the syncs of a filter lie. */
async function boundsOf(db: Db | Tx, { since, until }: SyncFilter, below: number | null): Promise<Bounds> {
  const from = since === undefined ? 0 : await firstSince(db, since - disorder);
  const end = until === undefined ? Number.MAX_SAFE_INTEGER : await firstSince(db, until + disorder);
  return { from, below: Math.min(end, below ?? Number.MAX_SAFE_INTEGER) };
}

/** The first identifier that was given at an instant or later, found in some twenty steps: they grow with time. */
async function firstSince(db: Db | Tx, instant: Instant): Promise<number> {
  const last = await db.selectFrom('sync').select((eb) => eb.fn.max('id').as('id')).executeTakeFirst();
  let low = 1;
  let high = (last?.id ?? 0) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    // Numbers are handed out in blocks, of which some are never used.
    const row = await db.selectFrom('sync').select(['id', 'created_at']).where('id', '>=', middle).orderBy('id').limit(1).executeTakeFirst();
    if (row === undefined || row.created_at >= instant) high = middle;
    else low = row.id + 1;
  }
  return low;
}
