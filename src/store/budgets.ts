import type { Instant } from '../runtime/clock.ts';
import { closed } from '../syncing/breaker.ts';
import type { Breaker } from '../syncing/breaker.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import { available, freshBucket, kept, longestPause, take } from '../syncing/quota.ts';
import type { Bucket, Limit } from '../syncing/quota.ts';
import type { Store } from './database.ts';
import { isShared, lockBucket, purseOf, writeBucket } from './purses.ts';
import { readRefusals, refusalsOf, writeRefusal } from './refusals.ts';
import type { Refusal, Refusals } from './refusals.ts';
import { inParts, upsertRows } from './rows.ts';
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

type TurnedBucket = Bucket & { readonly turn: number };

/** A bucket as it was kept, under its limit as it is now. */
export function keptBucket(row: Schema['quota'], limit: Limit): Bucket {
  return kept({ rate: row.rate, burst: row.burst, tokens: row.tokens, refilledAt: row.refilled_at, closedUntil: row.closed_until, calmSince: row.calm_since, throttles: row.throttles }, row.published, limit);
}

/** Until when a budget is closed. What was written by a clock that was ahead keeps its length, as far as the row tells how far ahead that was. */
function closedByNow(row: Pick<Schema['quota'], 'refilled_at' | 'closed_until'>, now: Instant): Instant {
  return Math.min(row.closed_until - Math.max(0, row.refilled_at - now), now + longestPause);
}

/** What stands between a lane and its marketplace, as one transaction sees and changes it. */
export interface LaneBudgets extends Refusals {
  /** As it stands for all who share it. */
  bucket(call: string): Bucket;
  /** Calls that may be begun now. */
  afford(call: string): number;
  /** One of them is begun. */
  spend(call: string): void;
  /** Something is begun whose first call this is. */
  begin(call: string): void;
  /** How many were begun with this call in this transaction, by whoever shares its breaker. */
  begun(call: string): number;
  /** What an answer says of a budget. */
  adjust(call: string, change: (bucket: Bucket) => Bucket): void;
  /** Whose turn it is, fresh work's or a rerun's. */
  turn(call: string): number;
  setTurn(call: string, turn: number): void;
  breaker(call: string): Breaker;
  setBreaker(call: string, breaker: Breaker): void;
}

/** Those of many lanes. */
export interface AllBudgets {
  of(profile: LaneProfile): LaneBudgets;
  readonly write: (tx: Tx) => Promise<void>;
  /** What was set aside and not spent is there for others. Once, at the end. */
  readonly done: () => void;
}

/** The limit of a budget; of one that several calls share, theirs. */
function limitOf(profile: LaneProfile, budget: string): Limit | undefined {
  return Object.entries(profile.limits).find(([call, limit]) => (limit.budget ?? call) === budget)?.[1];
}

/** What a scope's budgets and breakers are, as one transaction sees and changes them: its accounts share them. */
interface Scope {
  readonly name: string;
  /** One of those that share it. */
  readonly profile: LaneProfile;
  /** Its rows are not locked: calls are taken from the purse. */
  readonly isShared: boolean;
  readonly buckets: Map<string, TurnedBucket>;
  readonly breakers: Map<string, Breaker>;
  readonly changedBuckets: Set<string>;
  readonly changedBreakers: Set<string>;
  readonly aside: Map<string, number>;
  readonly adjusted: Map<string, { readonly call: string; readonly changes: ((bucket: Bucket) => Bucket)[] }>;
  /** First calls of what was begun in this transaction. */
  readonly begun: string[];
}

/**
 * Reads the budgets, breakers and refusals of lanes, in as many statements as of one; those of one scope share its budgets
 * here too. What a clock that was ahead wrote is put right, and written back.
 */
export async function readAllBudgets(tx: Tx, store: Store, profiles: readonly LaneProfile[], now: Instant): Promise<AllBudgets> {
  const scopes = new Map<string, Scope>();
  for (const profile of profiles) {
    const name = profile.scope.quota;
    if (scopes.has(name)) continue;
    scopes.set(name, { name, profile, isShared: isShared(tx, profile), buckets: new Map(), breakers: new Map(), changedBuckets: new Set(), changedBreakers: new Set(), aside: new Map(), adjusted: new Map(), begun: [] });
  }
  const ascending = [...scopes.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const [shared, own] = [ascending.filter((scope) => scope.isShared), ascending.filter((scope) => !scope.isShared)];
  for (const [some, isLocked] of [[shared, false], [own, true]] as const) await readBuckets(tx, some, isLocked, now);
  // While all is well nobody waits for anybody; in an outage one probe goes for all.
  await readBreakers(tx, shared, false);
  const troubled = shared.filter((scope) => [...scope.breakers.values()].some((breaker) => breaker.openedAt !== null || breaker.ramp !== null));
  await readBreakers(tx, [...own, ...troubled].toSorted((a, b) => (a.name < b.name ? -1 : 1)), true);
  const refusals = await readRefusals(tx, profiles.map((profile) => profile.account));
  const changedRefusals: { readonly account: string; readonly call: string }[] = [];

  return {
    of(profile) {
      const scope = scopes.get(profile.scope.quota);
      if (scope === undefined) throw new Error(`the budgets of ${profile.account} were not read`);
      const { account } = profile;
      const ofAccount = refusals.get(account) ?? new Map<string, Refusal>();
      refusals.set(account, ofAccount);
      return { ...budgetsOf(store, scope, profile, now), ...refusalsOf(ofAccount, (call) => changedRefusals.push({ account, call })) };
    },
    async write(tx) {
      for (const scope of ascending) await writeAdjusted(tx, scope, now);
      await writeBuckets(tx, ascending);
      await writeBreakers(tx, ascending);
      for (const { account, call } of changedRefusals) await writeRefusal(tx, account, call, refusals.get(account)?.get(call));
    },
    done() {
      for (const { name, aside } of ascending) {
        for (const [budget, calls] of aside) purseOf(store, name, budget).putBack(calls);
        aside.clear();
      }
    },
  };
}

async function readBuckets(tx: Tx, scopes: readonly Scope[], isLocked: boolean, now: Instant): Promise<void> {
  const byName = new Map(scopes.map((scope) => [scope.name, scope]));
  const rows = await inParts([...byName.keys()], (part) => tx.selectFrom('quota').selectAll().where('scope', 'in', part).orderBy('scope').orderBy('budget').$if(isLocked, (query) => query.forNoKeyUpdate()).execute());
  for (const row of rows) {
    const scope = byName.get(row.scope);
    const limit = scope === undefined ? undefined : limitOf(scope.profile, row.budget);
    if (scope === undefined || limit === undefined) continue;
    const closedUntil = closedByNow(row, now);
    const believable = row.refilled_at <= now && closedUntil === row.closed_until;
    if (!believable && !scope.isShared) scope.changedBuckets.add(row.budget);
    scope.buckets.set(row.budget, { ...keptBucket(row, limit), refilledAt: Math.min(row.refilled_at, now), closedUntil, turn: row.turn });
  }
}

async function readBreakers(tx: Tx, scopes: readonly Scope[], isLocked: boolean): Promise<void> {
  const byName = new Map(scopes.map((scope) => [scope.name, scope]));
  const rows = await inParts([...byName.keys()], (part) => tx.selectFrom('breaker').selectAll().where('scope', 'in', part).orderBy('scope').orderBy('call').$if(isLocked, (query) => query.forNoKeyUpdate()).execute());
  for (const row of rows) byName.get(row.scope)?.breakers.set(row.call, { failures: row.failures, openedAt: row.opened_at, probeAt: row.probe_at, ramp: row.ramp });
}

/** A scope's budgets and breakers, as one of its lanes goes by them. */
function budgetsOf(store: Store, scope: Scope, profile: LaneProfile, now: Instant): Omit<LaneBudgets, keyof Refusals> {
  const { isShared: shared, buckets, breakers, aside, adjusted, begun } = scope;
  const { account } = profile;

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
    scope.changedBuckets.add(budgetOf(call));
  }

  return {
    bucket: bucketOf,
    afford(call) {
      const bucket = bucketOf(call);
      if (!shared) return available(bucket, now);
      if (now < bucket.closedUntil) return 0;
      const budget = budgetOf(call);
      const had = aside.get(budget) ?? 0;
      const calls = had > 0 ? had : purseOf(store, scope.name, budget).take(atOnce);
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
      if (next.closedUntil > now) purseOf(store, scope.name, budgetOf(call)).empty();
    },
    turn: (call) => (shared ? (turnsOf(store).get(`${account} ${call}`) ?? 0) : bucketOf(call).turn),
    setTurn(call, turn) {
      if (shared) turnsOf(store).set(`${account} ${call}`, turn);
      else setBucket(call, { ...bucketOf(call), turn });
    },
    begin: (call) => void begun.push(call),
    begun: (call) => begun.filter((one) => one === call).length,
    breaker: (call) => breakers.get(call) ?? closed,
    setBreaker(call, breaker) {
      const before = breakers.get(call) ?? closed;
      if (before === breaker) return;
      breakers.set(call, breaker);
      scope.changedBreakers.add(call);
    },
  };
}

async function writeAdjusted(tx: Tx, { profile, adjusted }: Scope, now: Instant): Promise<void> {
  for (const [budget, { call, changes }] of [...adjusted].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    await writeBucket(tx, profile, budget, call, changes.reduce((bucket, change) => change(bucket), await lockBucket(tx, profile, budget, call, now)));
  }
}

async function writeBuckets(tx: Tx, scopes: readonly Scope[]): Promise<void> {
  const rows = scopes.flatMap(({ name: scope, profile, buckets, changedBuckets }) =>
    [...changedBuckets].toSorted().flatMap((budget) => {
      const b = buckets.get(budget);
      return b === undefined ? [] : [{ scope, budget, rate: b.rate, burst: b.burst, tokens: b.tokens, refilled_at: b.refilledAt, closed_until: b.closedUntil, calm_since: b.calmSince, throttles: b.throttles, turn: b.turn, published: limitOf(profile, budget)?.rate ?? null }];
    }),
  );
  await upsertRows(tx, 'quota', ['scope', 'budget'], rows);
}

async function writeBreakers(tx: Tx, scopes: readonly Scope[]): Promise<void> {
  const rows = scopes.flatMap(({ name: scope, breakers, changedBreakers }) =>
    [...changedBreakers].toSorted().map((call) => {
      const b = breakers.get(call) ?? closed;
      return { scope, call, failures: b.failures, opened_at: b.openedAt, probe_at: b.probeAt, ramp: b.ramp };
    }),
  );
  await upsertRows(tx, 'breaker', ['scope', 'call'], rows);
}
