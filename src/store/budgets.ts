import type { Instant } from '../runtime/clock.ts';
import { minute } from '../runtime/clock.ts';
import { closed } from '../syncing/breaker.ts';
import type { Breaker } from '../syncing/breaker.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import { freshBucket, kept, longestPause } from '../syncing/quota.ts';
import type { Bucket, Limit } from '../syncing/quota.ts';
import type { Tx } from './rows.ts';
import type { Schema } from './schema.ts';

/** A refused account or call is tried again this often. */
export const probeEvery = 5 * minute;

export type TurnedBucket = Bucket & { readonly turn: number };

/** A bucket as it was kept, under its limit as it is now. */
export function keptBucket(row: Schema['quota'], limit: Limit): Bucket {
  return kept({ rate: row.rate, burst: row.burst, tokens: row.tokens, refilledAt: row.refilled_at, closedUntil: row.closed_until, calmSince: row.calm_since, throttles: row.throttles }, row.published, limit);
}

export interface Refusal {
  readonly cause: string;
  readonly since: Instant;
  readonly probeAt: Instant;
}

/** What stands between a lane and its marketplace, as one transaction sees and changes it. */
export interface Budgets {
  bucket(call: string): TurnedBucket;
  setBucket(call: string, bucket: TurnedBucket): void;
  breaker(call: string): Breaker;
  setBreaker(call: string, breaker: Breaker): void;
  /** For the whole account (`*`) or one call. */
  refusal(call: string): Refusal | undefined;
  refuse(call: string, refusal: Refusal): void;
  /** Nothing is refused any more; undefined where nothing was, else the moment since when it was. */
  pardon(call?: string): Instant | undefined;
  refused(): readonly string[];
  write(tx: Tx): Promise<void>;
}

/** The limit of a budget; of one that several calls share, theirs. */
function limitOf(profile: LaneProfile, budget: string): Limit | undefined {
  return Object.entries(profile.limits).find(([call, limit]) => (limit.budget ?? call) === budget)?.[1];
}

/** Reads the budgets, breakers and refusals of a lane. What a clock that was ahead wrote is put right, and written back. */
export async function readBudgets(tx: Tx, profile: LaneProfile, now: Instant): Promise<Budgets> {
  const scope = profile.scope.quota;
  const { account } = profile;
  const buckets = new Map<string, TurnedBucket>();
  const changedBuckets = new Set<string>();
  for (const row of await tx.selectFrom('quota').selectAll().where('scope', '=', scope).execute()) {
    const limit = limitOf(profile, row.budget);
    if (limit === undefined) continue;
    const bucket = keptBucket(row, limit);
    const believable = row.refilled_at <= now && row.closed_until <= now + longestPause;
    if (!believable) changedBuckets.add(row.budget);
    buckets.set(row.budget, { ...bucket, refilledAt: Math.min(row.refilled_at, now), closedUntil: Math.min(row.closed_until, now + longestPause), turn: row.turn });
  }
  const breakers = new Map<string, Breaker>();
  for (const row of await tx.selectFrom('breaker').selectAll().where('scope', '=', scope).execute()) {
    breakers.set(row.call, { failures: row.failures, openedAt: row.opened_at, probeAt: row.probe_at, ramp: row.ramp });
  }
  const refusals = new Map<string, Refusal>();
  for (const row of await tx.selectFrom('refusal').selectAll().where('account', '=', account).execute()) {
    refusals.set(row.call, { cause: row.cause, since: row.since, probeAt: row.probe_at });
  }
  const changedBreakers = new Set<string>();
  const changedRefusals = new Set<string>();

  function budgetOf(call: string): string {
    return profile.limits[call]?.budget ?? call;
  }

  return {
    bucket(call) {
      const budget = budgetOf(call);
      const known = buckets.get(budget);
      const limit = limitOf(profile, budget);
      if (limit === undefined) throw new Error(`no limit is published for the call ${call} of ${profile.account}`);
      return known ?? { ...freshBucket(limit, now), turn: 0 };
    },
    setBucket(call, bucket) {
      buckets.set(budgetOf(call), bucket);
      changedBuckets.add(budgetOf(call));
    },
    breaker: (call) => breakers.get(call) ?? closed,
    setBreaker(call, breaker) {
      const before = breakers.get(call) ?? closed;
      if (before === breaker) return;
      breakers.set(call, breaker);
      changedBreakers.add(call);
    },
    refusal: (call) => refusals.get(call),
    refuse(call, refusal) {
      refusals.set(call, refusal);
      changedRefusals.add(call);
    },
    pardon(call) {
      let since: Instant | undefined;
      for (const [refused, refusal] of refusals) {
        if (call !== undefined && refused !== '*' && refused !== call) continue;
        since = Math.min(since ?? refusal.since, refusal.since);
        refusals.delete(refused);
        changedRefusals.add(refused);
      }
      return since;
    },
    refused: () => [...refusals.keys()],
    async write(tx) {
      for (const budget of changedBuckets) {
        const b = buckets.get(budget);
        if (b === undefined) continue;
        const values = { rate: b.rate, burst: b.burst, tokens: b.tokens, refilled_at: b.refilledAt, closed_until: b.closedUntil, calm_since: b.calmSince, throttles: b.throttles, turn: b.turn, published: limitOf(profile, budget)?.rate ?? null };
        await tx.insertInto('quota').values({ scope, budget, ...values }).onConflict((conflict) => conflict.columns(['scope', 'budget']).doUpdateSet(values)).execute();
      }
      for (const call of changedBreakers) {
        const b = breakers.get(call) ?? closed;
        const values = { failures: b.failures, opened_at: b.openedAt, probe_at: b.probeAt, ramp: b.ramp };
        await tx.insertInto('breaker').values({ scope, call, ...values }).onConflict((conflict) => conflict.columns(['scope', 'call']).doUpdateSet(values)).execute();
      }
      for (const call of changedRefusals) {
        const refusal = refusals.get(call);
        if (refusal === undefined) {
          await tx.deleteFrom('refusal').where('account', '=', account).where('call', '=', call).execute();
          continue;
        }
        const values = { cause: refusal.cause, since: refusal.since, probe_at: refusal.probeAt };
        await tx.insertInto('refusal').values({ account, call, ...values }).onConflict((conflict) => conflict.columns(['account', 'call']).doUpdateSet(values)).execute();
      }
    },
  };
}
