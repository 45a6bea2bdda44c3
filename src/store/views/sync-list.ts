import { sql } from 'kysely';
import type { ExpressionBuilder, SqlBool, Expression } from 'kysely';
import { normalTracking } from '../../orders/parcel.ts';
import type { Operation } from '../../planning/operation.ts';
import type { Instant } from '../../runtime/clock.ts';
import type { Status } from '../../syncing/status.ts';
import { syncsOf } from '../log.ts';
import type { LogRow } from '../log.ts';
import type { Db } from '../rows.ts';
import type { Schema } from '../schema.ts';
import { firstSyncSince } from './day.ts';
import type { ViewContext } from './view.ts';

/** Which syncs are looked for. */
export interface SyncSearch {
  readonly statuses: readonly Status[] | null;
  readonly account: string | null;
  readonly operation: Operation | 'nothing' | null;
  readonly cause: string | null;
  readonly since: Instant | null;
  /** An order's number there or in the shop (its beginning will do), a tracking number, or a sync's own number. */
  readonly text: string | null;
}

export interface SyncPage {
  readonly rows: readonly LogRow[];
  /** Hand it in as `before` for the next page; null after the last. */
  readonly next: number | null;
  /** The page is not full, and yet there may be more: this far back it was looked for. */
  readonly lookedUntil: Instant | null;
}

/**
 * Statuses of which there are never more than what is open, and failures: each group has an index of its own. Named as
 * the indexes have them, which is how SQLite knows them again.
 */
const bounded: readonly (readonly Status[])[] = [['ready'], ['delayed', 'submitted'], ['held'], ['blocked'], ['sending', 'checking'], ['rejected'], ['exhausted'], ['in-doubt']];

/** Rows that one page looks at where no index leads to what is looked for: the rest is for the next one. */
const mostLookedAt = 20_000;

/** A page of the sync log, newest first, below `before`. Its cost does not grow with the history. */
export async function syncList({ store: { db } }: ViewContext, { search, before, limit }: { readonly search: SyncSearch; readonly before: number | null; readonly limit: number }): Promise<SyncPage> {
  const { statuses, text } = search;
  if (text !== null) return whole(db, await idsOfText(db, search, text, before, limit), limit);
  if (statuses !== null && statuses.every((status) => bounded.some((group) => group.includes(status)))) return whole(db, await idsOfStatuses(db, search, statuses, before, limit), limit);
  return walk(db, search, before, limit);
}

/** These syncs, newest first. */
export function syncRows({ store: { db } }: ViewContext, { ids }: { readonly ids: readonly number[] }): Promise<{ readonly rows: readonly LogRow[] }> {
  return whole(db, ids, ids.length);
}

async function whole(db: Db, ids: readonly number[], limit: number): Promise<SyncPage> {
  const page = ids.slice(0, limit);
  return { rows: await syncsOf(db, page), next: ids.length > limit ? (page.at(-1) ?? null) : null, lookedUntil: null };
}

/** Newest first, whatever index answers. The plus keeps the database from walking all of time because the order fits. */
async function idsOfStatuses(db: Db, search: SyncSearch, statuses: readonly Status[], before: number | null, limit: number): Promise<number[]> {
  const ids: number[] = [];
  for (const group of bounded) {
    const wanted = group.filter((status) => statuses.includes(status));
    if (wanted.length === 0) continue;
    const rows = await db
      .selectFrom('sync')
      .where('id', '>', sql.lit(0))
      .select('id')
      .where((eb) => (group.length === 1 ? eb('status', '=', sql.lit(group[0])) : eb('status', 'in', group.map((status) => sql.lit(status)))))
      .where((eb) => matches(eb, { ...search, statuses: wanted }))
      .$if(before !== null, (query) => query.where('id', '<', before))
      .orderBy(sql`+id`, 'desc')
      .limit(limit + 1)
      .execute();
    ids.push(...rows.map(({ id }) => id));
  }
  return ids.toSorted((a, b) => b - a).slice(0, limit + 1);
}

const mostOrders = 200;

async function idsOfText(db: Db, search: SyncSearch, text: string, before: number | null, limit: number): Promise<number[]> {
  const number = /^S-?(\d{1,15})$/i.exec(text)?.[1];
  if (number !== undefined) return (await db.selectFrom('sync').select('id').where('id', '=', Number(number)).execute()).map(({ id }) => id);
  const orders = await ordersOfText(db, text);
  if (orders.length === 0) return [];
  const rows = await db.selectFrom('sync').select('id').where('order_id', 'in', orders).where((eb) => matches(eb, search)).$if(before !== null, (query) => query.where('id', '<', before)).orderBy(sql`+id`, 'desc').limit(limit + 1).execute();
  return rows.map(({ id }) => id);
}

/** Orders whose number, there or in the shop, begins so; or that have a parcel of this tracking number. By indexes alone. */
async function ordersOfText(db: Db, text: string): Promise<readonly number[]> {
  const after = `${text}\u{10ffff}`;
  const numbers = await db.selectFrom('orders').select('id').where('reference', '>=', text).where('reference', '<', after).orderBy('reference').limit(mostOrders).execute();
  const own = await db.selectFrom('orders').select('id').where('own_reference', 'is not', null).where('own_reference', '>=', text).where('own_reference', '<', after).orderBy('own_reference').limit(mostOrders).execute();
  const normal = normalTracking(text);
  const parcels = normal === '' ? [] : await db.selectFrom('parcel').select('order_id as id').where('tracking_normal', '=', normal).where('voided_at', 'is', null).limit(mostOrders).execute();
  return [...new Set([...numbers, ...own, ...parcels].map(({ id }) => id))];
}

/** Back through time, so far and no further. */
async function walk(db: Db, search: SyncSearch, before: number | null, limit: number): Promise<SyncPage> {
  const first = search.since === null ? 1 : await firstSyncSince(db, search.since);
  const last = await db.selectFrom('sync').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  if (first === null || last === undefined) return { rows: [], next: null, lookedUntil: null };
  const top = Math.min(before ?? last.id + 1, last.id + 1);
  const bottom = Math.max(first, top - mostLookedAt);
  const rows = await db
    .selectFrom('sync')
    .select('id')
    .where('id', '>=', bottom)
    .where('id', '<', top)
    .where((eb) => matches(eb, search))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length > limit || bottom <= first) return whole(db, ids, limit);
  const there = await db.selectFrom('sync').select('created_at').where('id', '>=', bottom).orderBy('id').limit(1).executeTakeFirst();
  return { rows: await syncsOf(db, ids), next: bottom, lookedUntil: there?.created_at ?? null };
}

function matches(eb: ExpressionBuilder<Schema, 'sync'>, { statuses, account, operation, cause, since }: SyncSearch): Expression<SqlBool> {
  const all: Expression<SqlBool>[] = [];
  if (statuses !== null) all.push(eb('status', 'in', statuses.map((status) => sql.lit(status))));
  if (account !== null) all.push(eb('account', '=', account));
  if (operation !== null) all.push(eb('operation', '=', operation));
  if (cause !== null) all.push(eb('cause', '=', cause));
  if (since !== null) all.push(eb('created_at', '>=', since));
  return eb.and(all);
}
