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
  const accepted = await db.selectFrom('sync').select(['created_at', 'accepted_at', 'ship_by']).where('accepted_at', '>=', from).where('accepted_at', '<', to).where('operation', '=', 'confirm-shipment').execute();
  return {
    hours: await byHour(db, from),
    told: accepted.length,
    inTime: accepted.filter(({ accepted_at, ship_by }) => (accepted_at ?? 0) <= ship_by).length,
    lengths: accepted.map(({ created_at, accepted_at }) => Math.max(0, (accepted_at ?? 0) - created_at)).toSorted((a, b) => a - b),
  };
}

async function byHour(db: Db, from: Instant): Promise<DayFigures['hours']> {
  const first = await firstSyncSince(db, from);
  if (first === null) return [];
  const elapsed = sql<number>`(created_at - ${sql.lit(from)}) / ${sql.lit(hour)}`;
  const rows = await db
    .selectFrom('sync')
    .select((eb) => [elapsed.as('hour'), 'status', eb.fn.countAll<number>().as('n')])
    .where('id', '>=', first)
    .where('created_at', '>=', from)
    .where('operation', '<>', 'nothing')
    .groupBy([elapsed, 'status'])
    .execute();
  return [...Map.groupBy(rows, (row) => row.hour)].map(([at, group]) => ({ hour: at, ...kinds(group) })).toSorted((a, b) => a.hour - b.hour);
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
