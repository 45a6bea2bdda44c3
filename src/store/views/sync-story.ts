import type { Instant } from '../../runtime/clock.ts';
import { findSync, storyOf } from '../log.ts';
import type { LogRow, StoryEntry } from '../log.ts';
import type { ViewContext } from './view.ts';

/** One sync with all that belongs to it. */
export interface SyncStory {
  readonly row: LogRow & { readonly graceUntil: Instant | null; readonly supersededBy: number | null };
  /** The state that was applied; null for what no state asked for. */
  readonly applied: { readonly state: string; readonly stateId: number; readonly at: Instant; readonly author: string; readonly source: string } | null;
  readonly parcel: { readonly carrier: string | null; readonly trackingNumber: string | null; readonly untracked: boolean; readonly voided: boolean } | null;
  readonly story: readonly StoryEntry[];
  /** What people did to it, oldest first. */
  readonly verbs: readonly { readonly verb: string; readonly at: Instant; readonly author: string; readonly reason: string; readonly outcome: string | null }[];
  /** How many stand under the same cause at the same account, itself included. */
  readonly sameCause: number;
}

/** Null: there is no such sync. */
export async function syncStory({ store: { db } }: ViewContext, { id }: { readonly id: number }): Promise<SyncStory | null> {
  const row = await findSync(db, id);
  if (row === null) return null;
  const more = await db.selectFrom('sync').select(['grace_until', 'superseded_by']).where('id', '=', id).executeTakeFirstOrThrow();
  const applied =
    row.applied_state_id === null
      ? undefined
      : await db.selectFrom('applied_state').innerJoin('order_state', 'order_state.id', 'applied_state.state_id').select(['mnemonic', 'order_state.id', 'applied_at', 'author', 'source']).where('applied_state.id', '=', row.applied_state_id).executeTakeFirst();
  const parcel = row.parcel_id === null ? undefined : await db.selectFrom('parcel').select(['carrier', 'tracking_number', 'untracked', 'voided_at']).where('id', '=', row.parcel_id).executeTakeFirst();
  const verbs = await db.selectFrom('rerun_item').innerJoin('rerun', 'rerun.id', 'rerun_item.rerun_id').select(['verb', 'created_at as at', 'author', 'reason', 'outcome']).where('sync_id', '=', id).orderBy('rerun.id').execute();
  const same = row.cause === null ? undefined : await db.selectFrom('counter').select((eb) => eb.fn.sum<number>('n').as('n')).where('account', '=', row.account).where('status', '=', row.status).where('cause', '=', row.cause).executeTakeFirst();
  return {
    row: { ...row, graceUntil: more.grace_until, supersededBy: more.superseded_by },
    applied: applied === undefined ? null : { state: applied.mnemonic, stateId: applied.id, at: applied.applied_at, author: applied.author, source: applied.source },
    parcel: parcel === undefined ? null : { carrier: parcel.carrier, trackingNumber: parcel.tracking_number, untracked: parcel.untracked === 1, voided: parcel.voided_at !== null },
    story: await storyOf(db, id),
    verbs,
    sameCause: same?.n ?? 0,
  };
}
