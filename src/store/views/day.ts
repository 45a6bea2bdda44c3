import { sql } from 'kysely';
import type { Duration, Instant } from '../../runtime/clock.ts';
import { hour } from '../../runtime/clock.ts';
import { shown } from '../../syncing/status.ts';
import type { Status } from '../../syncing/status.ts';
import type { Db } from '../rows.ts';

/** A day so far, in figures for charts. */
export interface DayFigures {
  /** What was to be told, by the hour in which it was planned (from the day's beginning), and how it stands now. */
  readonly hours: readonly { readonly hour: number; readonly done: number; readonly wait: number; readonly fail: number }[];
  /** Confirmations that were accepted, and how many of them before their deadline. */
  readonly told: number;
  readonly inTime: number;
  /** From the applied state to the acceptance, the shortest first. */
  readonly lengths: readonly Duration[];
}

/** @param from the beginning of the merchant's day */
export async function dayFigures(db: Db, from: Instant, to: Instant): Promise<DayFigures> {
  // Account by account, and only what the index over acceptances holds.
  const accepted = await db.selectFrom('sync').select(['created_at', 'accepted_at', 'ship_by']).where('operation', '=', 'confirm-shipment').where('account', 'in', await accountsCounted(db)).where('accepted_at', '>=', from).where('accepted_at', '<', to).execute();
  return {
    hours: await byHour(db, from),
    told: accepted.length,
    inTime: accepted.filter(({ accepted_at, ship_by }) => (accepted_at ?? 0) <= ship_by).length,
    lengths: accepted.map(({ created_at, accepted_at }) => Math.max(0, (accepted_at ?? 0) - created_at)).toSorted((a, b) => a - b),
  };
}

/** Every account that ever had a sync. */
export async function accountsCounted(db: Db): Promise<readonly string[]> {
  return (await db.selectFrom('counter').select('account').distinct().orderBy('account').execute()).map(({ account }) => account);
}

async function byHour(db: Db, from: Instant): Promise<DayFigures['hours']> {
  const first = await firstSyncSince(db, from);
  if (first === null) return [];
  // Counted here: to group them itself, SQLite would sort the whole day.
  const rows = await db.selectFrom('sync').select([sql<number>`(created_at - ${sql.lit(from)}) / ${sql.lit(hour)}`.as('hour'), 'status']).where('id', '>=', first).where('created_at', '>=', from).where('operation', '<>', 'nothing').execute();
  const counts = new Map<number, Map<string, number>>();
  for (const row of rows) {
    const ofHour = counts.get(row.hour) ?? new Map<string, number>();
    counts.set(row.hour, ofHour);
    ofHour.set(row.status, (ofHour.get(row.status) ?? 0) + 1);
  }
  return [...counts].map(([at, ofHour]) => ({ hour: at, ...kinds([...ofHour].map(([status, n]) => ({ status, n }))) })).toSorted((a, b) => a.hour - b.hour);
}

function kinds(rows: readonly { readonly status: string; readonly n: number }[]): { done: number; wait: number; fail: number } {
  const counted = { done: 0, wait: 0, fail: 0 };
  for (const { status, n } of rows) {
    switch (shown[status as Status]) {
      case 'accepted':
      case 'verified':
        counted.done += n;
        break;
      case 'waiting':
      case 'to-complete':
      case 'under-way':
        counted.wait += n;
        break;
      case 'failed':
      case 'to-decide':
        counted.fail += n;
        break;
      case 'pointless':
      case 'given-up':
        break;
    }
  }
  return counted;
}

/**
 * The first sync that was planned at or after a moment; null: none was. Numbers are given in the order of time, so that
 * halving finds it: no index on the moment is needed.
 */
export async function firstSyncSince(db: Db, at: Instant): Promise<number | null> {
  const last = await db.selectFrom('sync').select(['id', 'created_at']).orderBy('id', 'desc').limit(1).executeTakeFirst();
  if (last === undefined || last.created_at < at) return null;
  let [low, high] = [0, last.id];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = await db.selectFrom('sync').select(['id', 'created_at']).where('id', '>', middle).orderBy('id').limit(1).executeTakeFirst();
    if (row === undefined || row.created_at >= at) high = middle;
    else low = row.id;
  }
  return low + 1;
}
