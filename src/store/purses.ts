import type { Duration, Instant } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import { available, freshBucket, kept, refill, take } from '../syncing/quota.ts';
import type { Bucket } from '../syncing/quota.ts';
import type { Store } from './database.ts';
import { momentIn } from './moment.ts';
import { serverOf } from './postgres-dialect.ts';
import type { Tx } from './rows.ts';
import { transact } from './transact.ts';

/*
 * A budget that many accounts share, as eBay's of the application and its day, would be one row that all their
 * transactions wait for. Each worker takes calls out of it in advance, debited and committed, and spends them without
 * asking again. What a worker that dies has not spent is not made: too few calls, never too many.
 */

/** Calls that this process has taken in advance and not begun yet. */
export interface Purse {
  /** Up to `most` calls, which are now the caller's. */
  take(most: number): number;
  /** Calls that were not begun after all. */
  putBack(calls: number): void;
  /** A 429: what was taken in advance is worth nothing. */
  empty(): void;
}

interface Filled extends Purse {
  calls: number;
  /** Until when they are spent without another look: others may have met the end of the budget meanwhile. */
  until: Instant;
  filling: Promise<void> | null;
}

/** So long what was taken in advance is good for. */
const good: Duration = 5 * second;
/** A share of what is there, so that others find something too. */
const share = 20;
const most = 200;

const purses = new WeakMap<Store, Map<string, Filled>>();

/** Whether a lane's budgets are shared by so many that their rows would be hot. */
export function isShared(db: Parameters<typeof serverOf>[0], profile: LaneProfile): boolean {
  return profile.scopeAccounts.length > 1 && serverOf(db) !== null;
}

export function purseOf(store: Store, scope: string, budget: string): Purse {
  return filledOf(store, scope, budget);
}

function filledOf(store: Store, scope: string, budget: string): Filled {
  const ofStore = purses.get(store) ?? new Map<string, Filled>();
  purses.set(store, ofStore);
  const key = `${scope}\n${budget}`;
  const known = ofStore.get(key);
  if (known !== undefined) return known;
  const purse: Filled = {
    calls: 0,
    until: -Infinity,
    filling: null,
    take(wanted) {
      const taken = Math.max(0, Math.min(Math.floor(wanted), purse.calls));
      purse.calls -= taken;
      return taken;
    },
    putBack: (calls) => void (purse.calls += calls),
    empty: () => void (purse.calls = 0),
  };
  ofStore.set(key, purse);
  return purse;
}

/** Has something in each purse that a lane may need, where its budget has anything; many lanes wait for one look. */
export async function fillPurses(store: Store, profile: LaneProfile, calls: Iterable<string>, given: Instant): Promise<void> {
  if (!isShared(store.db, profile)) return;
  const budgets = new Map([...calls].map((call) => [profile.limits[call]?.budget ?? call, call]));
  for (const [budget, call] of [...budgets].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const purse = filledOf(store, profile.scope.quota, budget);
    if (purse.calls >= 1 && given < purse.until) continue;
    purse.filling ??= fill(store, profile, budget, call, purse, given).finally(() => (purse.filling = null));
    await purse.filling;
  }
}

async function fill(store: Store, profile: LaneProfile, budget: string, call: string, purse: Filled, given: Instant): Promise<void> {
  const left = purse.take(most);
  try {
    const taken = await transact(store.db, async (tx) => {
      const now = await momentIn(tx, given);
      const bucket = await lockBucket(tx, profile, budget, call, now);
      const back = refill({ ...bucket, tokens: Math.min(bucket.burst, bucket.tokens + left) }, now);
      const free = available(back, now);
      const taking = Math.min(free, most, Math.max(1, Math.floor(free / share)));
      await writeBucket(tx, profile, budget, call, taking > 0 ? take(back, taking, now) : back);
      return Math.max(0, taking);
    });
    purse.calls += taken;
    purse.until = given + good;
  } catch (error) {
    purse.calls += left;
    throw error;
  }
}

/** The row of a budget, locked; made where it is not there yet. */
export async function lockBucket(tx: Tx, profile: LaneProfile, budget: string, call: string, now: Instant): Promise<Bucket> {
  const limit = profile.limits[call];
  if (limit === undefined) throw new Error(`no limit is published for the call ${call} of ${profile.account}`);
  const scope = profile.scope.quota;
  const ask = tx.selectFrom('quota').selectAll().where('scope', '=', scope).where('budget', '=', budget).forNoKeyUpdate();
  let row = await ask.executeTakeFirst();
  if (row === undefined) {
    const fresh = freshBucket(limit, now);
    await tx.insertInto('quota').values({ scope, budget, rate: fresh.rate, burst: fresh.burst, tokens: fresh.tokens, refilled_at: now, closed_until: 0, calm_since: now, throttles: 0, turn: 0, published: limit.rate }).onConflict((conflict) => conflict.doNothing()).execute();
    row = await ask.executeTakeFirstOrThrow();
  }
  return kept({ rate: row.rate, burst: row.burst, tokens: row.tokens, refilledAt: Math.min(row.refilled_at, now), closedUntil: row.closed_until, calmSince: row.calm_since, throttles: row.throttles }, row.published, limit);
}

export async function writeBucket(tx: Tx, { scope, limits }: LaneProfile, budget: string, call: string, bucket: Bucket): Promise<void> {
  await tx
    .updateTable('quota')
    .set({ rate: bucket.rate, burst: bucket.burst, tokens: bucket.tokens, refilled_at: bucket.refilledAt, closed_until: bucket.closedUntil, calm_since: bucket.calmSince, throttles: bucket.throttles, published: limits[call]?.rate ?? null })
    .where('scope', '=', scope.quota)
    .where('budget', '=', budget)
    .execute();
}
