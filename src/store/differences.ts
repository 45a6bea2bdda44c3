import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import type { Status } from '../syncing/status.ts';
import { logsOwn } from './log-ids.ts';
import { unled } from './postgres-dialect.ts';
import { inParts } from './rows.ts';
import type { Db } from './rows.ts';

/**
 * Where the shop, we and the marketplace do not say the same.
 * - `accepted-not-shown`: the marketplace said yes, and has not shown it in all the time in which it should have.
 * - `in-doubt`: what is shown there is not what was told.
 * - `not-told`: applied here, refused there or given up.
 * - `held-past-deadline`: it waits for something, and its ship-by has passed.
 * - `shipped-there-only`: shipped there, and no shipping state was applied here.
 */
export type DifferenceKind = 'accepted-not-shown' | 'in-doubt' | 'not-told' | 'held-past-deadline' | 'shipped-there-only';

/** In the order in which somebody puts them right. */
export const differenceKinds: readonly DifferenceKind[] = ['in-doubt', 'not-told', 'held-past-deadline', 'shipped-there-only', 'accepted-not-shown'];

export interface Difference {
  readonly kind: DifferenceKind;
  readonly account: string;
  readonly order: string;
  /** The order's own number here. */
  readonly orderId: number;
  /** Null where nothing was applied here. */
  readonly sync: number | null;
  readonly cause: string | null;
  readonly shipBy: Instant | null;
}

/** So many of one kind and account are listed. */
const most = 10_000;

/**
 * The differences of one account, as things stood when its orders were last read. Changes nothing and makes no call.
 * @param limit so many of each kind, at most
 */
export async function differencesOf(db: Db, profile: LaneProfile, now: Instant, limit = most): Promise<readonly Difference[]> {
  const { account } = profile;
  const sweep = await db.selectFrom('sweep').select('until').where('scope', '=', profile.scope.sweep).executeTakeFirst();
  // eBay's list shows no parcels: there, each is read by itself, and that time is given twice.
  const covered = profile.references === 'its-own' ? now - 2 * profile.patience.readBack : sweep?.until == null ? null : sweep.until - profile.patience.settle;
  const all = db.selectFrom('sync').innerJoin('orders', 'orders.id', 'sync.order_id').select(['sync.id', 'sync.cause', 'sync.ship_by', 'orders.reference', 'orders.id as order_id']).limit(limit);
  const syncs = all.where('sync.account', '=', account);
  const accepted = covered === null ? [] : await syncs.where('sync.status', '=', sql.lit('accepted')).where('sync.due_at', 'is not', null).where('sync.accepted_at', '<=', covered).execute();
  // One by one: the index by status is walked through a single one; by the account, SQLite would go through all that it ever had.
  const standing = (status: Status) => all.where(sql`${unled(db)}sync.account`, '=', account).where('sync.status', '=', sql.lit(status)).where(logsOwn).execute();
  const doubtful = await standing('in-doubt');
  const failed = [...(await standing('rejected')), ...(await standing('exhausted'))].slice(0, limit);
  const held = await syncs.where('sync.status', '=', sql.lit('held')).where('sync.ship_by', '<', now).execute();
  const found = (kind: DifferenceKind) => (row: (typeof failed)[number]): Difference => ({ kind, account, order: row.reference, orderId: row.order_id, sync: row.id, cause: row.cause, shipBy: row.ship_by });
  return [
    ...accepted.map(found('accepted-not-shown')),
    ...doubtful.map(found('in-doubt')),
    ...failed.map(found('not-told')),
    ...held.map(found('held-past-deadline')),
    ...(await shippedThereOnly(db, account, limit)),
  ];
}

/** Orders that are looked at in one go, the latest first. */
const looked = 2_000;

/** By the indexes over what others shipped there: orders that we told of are in none of them. */
async function shippedThereOnly(db: Db, account: string, limit: number): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  for (let below: number | null = null; found.length < limit; ) {
    const candidates: readonly number[] = await shippedByOthers(db, below);
    if (candidates.length === 0) break;
    const rows = await inParts(candidates, (part) =>
      db
        .selectFrom('orders')
        .select(['orders.id', 'orders.reference', 'orders.ship_by'])
        .where('orders.id', 'in', part)
        .where('orders.account', '=', account)
        .where('orders.fulfilment', '=', 'merchant')
        .where((eb) =>
          eb.not(
            eb.exists(
              eb.selectFrom('applied_state').innerJoin('order_state', 'order_state.id', 'applied_state.state_id').select('applied_state.id').whereRef('applied_state.order_id', '=', 'orders.id').where('applied_state.undone_at', 'is', null).where('order_state.type', 'in', ['order-shipped', 'order-partially-shipped']),
            ),
          ),
        )
        .orderBy('orders.id', 'desc')
        .execute(),
    );
    found.push(...rows.map(({ id, reference, ship_by }): Difference => ({ kind: 'shipped-there-only', account, order: reference, orderId: id, sync: null, cause: null, shipBy: ship_by })));
    below = candidates.at(-1) ?? null;
  }
  return found.slice(0, limit);
}

async function shippedByOthers(db: Db, below: number | null): Promise<readonly number[]> {
  const before = below ?? Number.MAX_SAFE_INTEGER;
  const parcels = await db.selectFrom('parcel').select('order_id as id').distinct().where('origin', '=', sql.lit('marketplace')).where('voided_at', 'is', null).where('order_id', '<', before).orderBy('order_id', 'desc').limit(looked).execute();
  const lines = await db.selectFrom('order_line').select('order_id as id').distinct().where('shipped_elsewhere', '>', sql.lit(0)).where('order_id', '<', before).orderBy('order_id', 'desc').limit(looked).execute();
  return [...new Set([...parcels, ...lines].map(({ id }) => id))].toSorted((a, b) => b - a).slice(0, looked);
}
