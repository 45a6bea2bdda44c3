import type { Instant } from '../runtime/clock.ts';
import type { LaneProfile, Tenure } from '../syncing/ledger.ts';
import type { Context } from './context.ts';
import { transact } from './transact.ts';
import { momentIn } from './moment.ts';
import { serverOf } from './postgres-dialect.ts';
import type { Db, Tx } from './rows.ts';
import { begin } from './settle-in.ts';

/** Takes a lane, unless another worker's lease still runs. See Ledger.take. */
export async function takeLane(context: Context, profile: LaneProfile, worker: string, given: Instant): Promise<Tenure | null> {
  return transact(context.store.db, async (tx) => {
    const { account } = profile;
    const now = await momentIn(tx, given);
    if (serverOf(tx) !== null) await tx.insertInto('lane').values({ account, holder: null, number: 0, lease_until: 0, served_at: null, sweep_after: null }).onConflict((conflict) => conflict.doNothing()).execute();
    const lane = await tx.selectFrom('lane').selectAll().where('account', '=', account).forNoKeyUpdate().executeTakeFirst();
    const length = leaseLength(profile);
    // A lease that seems to run longer than a lease is one by a clock that was ahead.
    const held = lane !== undefined && lane.holder !== null && lane.holder !== worker && lane.lease_until > now && lane.lease_until <= now + length;
    if (held) return null;
    const number = (lane?.number ?? 0) + 1;
    const away = lane?.served_at == null || now - lane.served_at > profile.patience.sweep || now < lane.served_at;
    const sweepAfter = away ? now : lane.sweep_after;
    const values = { holder: worker, number, lease_until: now + length, served_at: now, sweep_after: sweepAfter };
    await tx.insertInto('lane').values({ account, ...values }).onConflict((conflict) => conflict.column('account').doUpdateSet(values)).execute();
    await begin(tx, context, [profile], now);
    return { account, worker, number };
  });
}

/** Lengthens the lease; false where the lane has another holder. */
export async function renewLane(context: Context, profile: LaneProfile, tenure: Tenure, given: Instant): Promise<boolean> {
  const now = await momentIn(context.store.db, given);
  const result = await context.store.db
    .updateTable('lane')
    .set({ lease_until: now + leaseLength(profile), served_at: now })
    .where('account', '=', tenure.account)
    .where('number', '=', tenure.number)
    .where('holder', '=', tenure.worker)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function releaseLane(context: Context, tenure: Tenure, given: Instant): Promise<void> {
  const now = await momentIn(context.store.db, given);
  await context.store.db
    .updateTable('lane')
    .set({ holder: null, lease_until: 0, served_at: now })
    .where('account', '=', tenure.account)
    .where('number', '=', tenure.number)
    .where('holder', '=', tenure.worker)
    .execute();
}

/** Whether a worker still has a lane; in a transaction it keeps it until that ends. */
export async function holds(db: Db | Tx, { account, worker, number }: Tenure): Promise<boolean> {
  const lane = await db.selectFrom('lane').select('number').where('account', '=', account).where('holder', '=', worker).where('number', '=', number).$if(db.isTransaction, (query) => query.forShare()).executeTakeFirst();
  return lane !== undefined;
}

/** Twice the time-out: a call that began under it has ended before a successor begins. */
function leaseLength(profile: LaneProfile): number {
  return 2 * profile.patience.timeout;
}
