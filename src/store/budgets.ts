import type { Instant } from '../runtime/clock.ts';
import { minute } from '../runtime/clock.ts';
import { closed } from '../syncing/breaker.ts';
import type { Breaker } from '../syncing/breaker.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import { available, freshBucket, kept, longestPause, take } from '../syncing/quota.ts';
import type { Bucket, Limit } from '../syncing/quota.ts';
import type { Store } from './database.ts';
import { isShared, lockBucket, purseOf, writeBucket } from './purses.ts';
import type { Tx } from './rows.ts';
import type { Schema } from './schema.ts';

/** More than a lane begins at once of one call. */
const atOnce = 16;

/** Whose turn it is at a call of an account whose budget is shared: of this process alone, since one worker has the account. */
const turns = new WeakMap<Store, Map<string, number>>();

function turnsOf(store: Store): Map<string, number> {
  const known = turns.get(store) ?? new Map<string, number>();
  turns.set(store, known);
  return known;
}

function isSame(a: Bucket, b: Bucket): boolean {
  return a.rate === b.rate && a.throttles === b.throttles && a.closedUntil === b.closedUntil && a.tokens === b.tokens;
}

/** A refused account or call is tried again this often. */
export const probeEvery = 5 * minute;

type TurnedBucket = Bucket & { readonly turn: number };

/** A bucket as it was kept, under its limit as it is now. */
export function keptBucket(row: Schema['quota'], limit: Limit): Bucket {
  return kept({ rate: row.rate, burst: row.burst, tokens: row.tokens, refilledAt: row.refilled_at, closedUntil: row.closed_until, calmSince: row.calm_since, throttles: row.throttles }, row.published, limit);
}

/** Until when a budget is closed. What was written by a clock that was ahead keeps its length, as far as the row tells how far ahead that was. */
function closedByNow(row: Pick<Schema['quota'], 'refilled_at' | 'closed_until'>, now: Instant): Instant {
  return Math.min(row.closed_until - Math.max(0, row.refilled_at - now), now + longestPause);
}

export interface Refusal {
  readonly cause: string;
  readonly since: Instant;
  readonly probeAt: Instant;
}

/** What stands between a lane and its marketplace, as one transaction sees and changes it. */
export interface Budgets {
  /** As it stands for all who share it. */
  bucket(call: string): Bucket;
  /** Calls that may be begun now. */
  afford(call: string): number;
  /** One of them is begun. */
  spend(call: string): void;
  /** What an answer says of a budget. */
  adjust(call: string, change: (bucket: Bucket) => Bucket): void;
  /** Whose turn it is, fresh work's or a rerun's. */
  turn(call: string): number;
  setTurn(call: string, turn: number): void;
  breaker(call: string): Breaker;
  setBreaker(call: string, breaker: Breaker): void;
  /** For the whole account (`*`) or one call. */
  refusal(call: string): Refusal | undefined;
  refuse(call: string, refusal: Refusal): void;
  /** Nothing is refused any more; undefined where nothing was, else the moment since when it was. */
  pardon(call?: string): Instant | undefined;
  refused(): readonly string[];
  write(tx: Tx): Promise<void>;
  /** What was set aside and not spent is there for others. Once, at the end. */
  done(): void;
}

/** The limit of a budget; of one that several calls share, theirs. */
function limitOf(profile: LaneProfile, budget: string): Limit | undefined {
  return Object.entries(profile.limits).find(([call, limit]) => (limit.budget ?? call) === budget)?.[1];
}

/** Reads the budgets, breakers and refusals of a lane. What a clock that was ahead wrote is put right, and written back. */
export async function readBudgets(tx: Tx, store: Store, profile: LaneProfile, now: Instant): Promise<Budgets> {
  const scope = profile.scope.quota;
  const { account } = profile;
  const shared = isShared(tx, profile);
  const buckets = new Map<string, TurnedBucket>();
  const changedBuckets = new Set<string>();
  for (const row of await tx.selectFrom('quota').selectAll().where('scope', '=', scope).orderBy('budget').$if(!shared, (query) => query.forNoKeyUpdate()).execute()) {
    const limit = limitOf(profile, row.budget);
    if (limit === undefined) continue;
    const bucket = keptBucket(row, limit);
    const closedUntil = closedByNow(row, now);
    const believable = row.refilled_at <= now && closedUntil === row.closed_until;
    if (!believable && !shared) changedBuckets.add(row.budget);
    buckets.set(row.budget, { ...bucket, refilledAt: Math.min(row.refilled_at, now), closedUntil, turn: row.turn });
  }
  const breakers = new Map<string, Breaker>();
  const gates = tx.selectFrom('breaker').selectAll().where('scope', '=', scope).orderBy('call');
  // While all is well nobody waits for anybody; in an outage one probe goes for all.
  const calm = shared && (await gates.execute()).every((row) => row.opened_at === null && row.ramp === null);
  for (const row of await gates.$if(!calm, (query) => query.forNoKeyUpdate()).execute()) {
    breakers.set(row.call, { failures: row.failures, openedAt: row.opened_at, probeAt: row.probe_at, ramp: row.ramp });
  }
  const refusals = new Map<string, Refusal>();
  for (const row of await tx.selectFrom('refusal').selectAll().where('account', '=', account).orderBy('call').forNoKeyUpdate().execute()) {
    refusals.set(row.call, { cause: row.cause, since: row.since, probeAt: row.probe_at });
  }
  const changedBreakers = new Set<string>();
  const changedRefusals = new Set<string>();

  const aside = new Map<string, number>();
  const adjusted = new Map<string, { readonly call: string; readonly changes: ((bucket: Bucket) => Bucket)[] }>();

  function budgetOf(call: string): string {
    return profile.limits[call]?.budget ?? call;
  }

  function bucketOf(call: string): TurnedBucket {
    const limit = limitOf(profile, budgetOf(call));
    if (limit === undefined) throw new Error(`no limit is published for the call ${call} of ${profile.account}`);
    return buckets.get(budgetOf(call)) ?? { ...freshBucket(limit, now), turn: 0 };
  }

  function setBucket(call: string, bucket: TurnedBucket): void {
    buckets.set(budgetOf(call), bucket);
    changedBuckets.add(budgetOf(call));
  }

  return {
    bucket: bucketOf,
    afford(call) {
      const bucket = bucketOf(call);
      if (!shared) return available(bucket, now);
      if (now < bucket.closedUntil) return 0;
      const budget = budgetOf(call);
      const had = aside.get(budget) ?? 0;
      const calls = had > 0 ? had : purseOf(store, scope, budget).take(atOnce);
      aside.set(budget, calls);
      return calls;
    },
    spend(call) {
      if (shared) aside.set(budgetOf(call), (aside.get(budgetOf(call)) ?? 0) - 1);
      else setBucket(call, { ...take(bucketOf(call), 1, now), turn: bucketOf(call).turn });
    },
    adjust(call, change) {
      const bucket = bucketOf(call);
      const next = change(bucket);
      if (next === bucket || (shared && isSame(next, bucket))) return;
      if (!shared) return setBucket(call, { ...next, turn: bucket.turn });
      const known = adjusted.get(budgetOf(call)) ?? { call, changes: [] };
      adjusted.set(budgetOf(call), known);
      known.changes.push(change);
      if (next.closedUntil > now) purseOf(store, scope, budgetOf(call)).empty();
    },
    turn: (call) => (shared ? (turnsOf(store).get(`${account} ${call}`) ?? 0) : bucketOf(call).turn),
    setTurn(call, turn) {
      if (shared) turnsOf(store).set(`${account} ${call}`, turn);
      else setBucket(call, { ...bucketOf(call), turn });
    },
    done() {
      for (const [budget, calls] of aside) purseOf(store, scope, budget).putBack(calls);
      aside.clear();
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
      for (const [budget, { call, changes }] of [...adjusted].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        await writeBucket(tx, profile, budget, call, changes.reduce((bucket, change) => change(bucket), await lockBucket(tx, profile, budget, call, now)));
      }
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
