import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import type { Status } from '../syncing/status.ts';
import { logsOwn } from './log-ids.ts';
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

export interface Difference {
  readonly kind: DifferenceKind;
  readonly account: string;
  readonly order: string;
  /** Null where nothing was applied here. */
  readonly sync: number | null;
  readonly cause: string | null;
  readonly shipBy: Instant | null;
}

/** So many of one kind and account are listed. */
const most = 10_000;

/** The differences of one account, as things stood when its orders were last read. Changes nothing and makes no call. */
export async function differencesOf(db: Db, profile: LaneProfile, now: Instant): Promise<readonly Difference[]> {
  const { account } = profile;
  const sweep = await db.selectFrom('sweep').select('until').where('scope', '=', profile.scope.sweep).executeTakeFirst();
  // eBay's list shows no parcels: there, each is read by itself, and that time is given twice.
  const covered = profile.references === 'its-own' ? now - 2 * profile.patience.readBack : sweep?.until == null ? null : sweep.until - profile.patience.settle;
  const syncs = db.selectFrom('sync').innerJoin('orders', 'orders.id', 'sync.order_id').select(['sync.id', 'sync.cause', 'sync.ship_by', 'orders.reference']).where('sync.account', '=', account).limit(most);
  const accepted = covered === null ? [] : await syncs.where('sync.status', '=', sql.lit('accepted')).where('sync.due_at', 'is not', null).where('sync.accepted_at', '<=', covered).execute();
  // One by one: the index by status is walked through a single one.
  const standing = (status: Status) => syncs.where('sync.status', '=', sql.lit(status)).where(logsOwn).execute();
  const doubtful = await standing('in-doubt');
  const failed = [...(await standing('rejected')), ...(await standing('exhausted'))];
  const held = await syncs.where('sync.status', '=', sql.lit('held')).where('sync.ship_by', '<', now).execute();
  const found = (kind: DifferenceKind) => (row: (typeof failed)[number]): Difference => ({ kind, account, order: row.reference, sync: row.id, cause: row.cause, shipBy: row.ship_by });
  return [
    ...accepted.map(found('accepted-not-shown')),
    ...doubtful.map(found('in-doubt')),
    ...failed.map(found('not-told')),
    ...held.map(found('held-past-deadline')),
    ...(await shippedThereOnly(db, account)),
  ];
}

async function shippedThereOnly(db: Db, account: string): Promise<readonly Difference[]> {
  const rows = await db
    .selectFrom('orders')
    .select(['orders.reference', 'orders.ship_by'])
    .where('orders.account', '=', account)
    .where('orders.fulfilment', '=', 'merchant')
    .where((eb) =>
      eb.or([
        eb.exists(eb.selectFrom('parcel').select('parcel.id').whereRef('parcel.order_id', '=', 'orders.id').where('parcel.origin', '=', 'marketplace').where('parcel.voided_at', 'is', null)),
        eb.exists(eb.selectFrom('order_line').select('order_line.line_id').whereRef('order_line.order_id', '=', 'orders.id').where('order_line.shipped_elsewhere', '>', 0)),
      ]),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('applied_state').innerJoin('order_state', 'order_state.id', 'applied_state.state_id').select('applied_state.id').whereRef('applied_state.order_id', '=', 'orders.id').where('applied_state.undone_at', 'is', null).where('order_state.type', 'in', ['order-shipped', 'order-partially-shipped']),
        ),
      ),
    )
    .orderBy('orders.id', 'desc')
    .limit(most)
    .execute();
  return rows.map(({ reference, ship_by }) => ({ kind: 'shipped-there-only', account, order: reference, sync: null, cause: null, shipBy: ship_by }));
}
