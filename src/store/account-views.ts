import type { Instant } from '../runtime/clock.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import { available, freshBucket, refill, sourceOf } from '../syncing/quota.ts';
import type { LimitSource } from '../syncing/quota.ts';
import type { Status } from '../syncing/status.ts';
import { accountStates } from './accounts.ts';
import { keptBucket } from './budgets.ts';
import type { AccountState } from './accounts.ts';
import type { Context } from './context.ts';
import { countStatuses } from './log.ts';
import type { Schema } from './schema.ts';

/** One account as somebody who looks after it sees it. */
export interface AccountView extends AccountState {
  readonly marketplace: string;
  /** As the settings say. */
  readonly mode: 'live' | 'observe';
  /** What the marketplace refuses: the whole account (`*`), or one API call. */
  readonly refusals: readonly { readonly call: string; readonly cause: string; readonly since: Instant; readonly probeAt: Instant }[];
  readonly quotas: readonly QuotaView[];
  /** Syncs that wait for their turn or are under way. */
  readonly laneLength: number;
  /** Syncs by status, all that there ever were. */
  readonly syncs: Readonly<Partial<Record<Status, number>>>;
  /** Up to when its changed orders were read; null before the first import. */
  readonly sweptUntil: Instant | null;
}

/** How quick one API call is made, and how often it may be made now. */
export interface QuotaView {
  readonly call: string;
  /** Calls that name the same one draw on it together. */
  readonly budget: string;
  /** Calls per second as they are made: a margin below what was named. */
  readonly rate: number;
  readonly burst: number;
  /** Who named the rate. */
  readonly source: LimitSource;
  readonly left: number;
  readonly closedUntil: Instant | null;
}

/** Waiting for its turn, or under way. */
export const inLane: readonly Status[] = ['ready', 'delayed', 'blocked', 'sending', 'submitted', 'checking'];

/** The accounts of accounts.json, by id. Reads counters and budgets: nothing that grows with the history. */
export async function accountViews(context: Pick<Context, 'store' | 'profiles'>, now: Instant): Promise<readonly AccountView[]> {
  const { db } = context.store;
  const states = new Map((await accountStates(db)).map((state) => [state.id, state]));
  const refusals = await db.selectFrom('refusal').selectAll().orderBy('call').execute();
  const buckets = await db.selectFrom('quota').selectAll().execute();
  const sweeps = new Map((await db.selectFrom('sweep').select(['scope', 'until']).execute()).map((row) => [row.scope, row.until]));
  const counts = await countStatuses(db);
  return [...context.profiles.values()].toSorted((a, b) => (a.account < b.account ? -1 : 1)).flatMap((profile): AccountView[] => {
    const { account: id } = profile;
    const state = states.get(id);
    if (state === undefined) return [];
    const syncs = Object.fromEntries(counts.filter((row) => row.account === id).map((row) => [row.status, row.n])) as Partial<Record<Status, number>>;
    return [
      {
        ...state,
        marketplace: profile.marketplace,
        mode: profile.mode,
        refusals: refusals.filter((row) => row.account === id).map(({ call, cause, since, probe_at }) => ({ call, cause, since, probeAt: probe_at })),
        quotas: quotasOf(profile, buckets, now),
        laneLength: inLane.reduce((sum, status) => sum + (syncs[status] ?? 0), 0),
        syncs,
        sweptUntil: sweeps.get(profile.scope.sweep) ?? null,
      },
    ];
  });
}

/** The limits of one account as they apply now. */
export async function accountQuotas({ store: { db }, profiles }: Pick<Context, 'store' | 'profiles'>, account: string, now: Instant): Promise<readonly QuotaView[]> {
  const profile = profiles.get(account);
  return profile === undefined ? [] : quotasOf(profile, await db.selectFrom('quota').selectAll().where('scope', '=', profile.scope.quota).execute(), now);
}

function quotasOf({ limits, scope }: LaneProfile, buckets: readonly Schema['quota'][], now: Instant): readonly QuotaView[] {
  return Object.entries(limits).map(([call, limit]) => {
    const budget = limit.budget ?? call;
    const row = buckets.find((one) => one.scope === scope.quota && one.budget === budget);
    const bucket = row === undefined ? freshBucket(limit, now) : keptBucket(row, limit);
    const { closedUntil } = refill(bucket, now);
    return { call, budget, rate: bucket.rate, burst: bucket.burst, source: sourceOf(bucket, limit, limit.configured === true), left: Math.max(0, available(bucket, now)), closedUntil: closedUntil > now ? closedUntil : null };
  });
}
