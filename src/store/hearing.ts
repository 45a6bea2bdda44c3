import type { Instant } from '../runtime/clock.ts';
import { heard } from '../syncing/breaker.ts';
import type { Hearing, LaneProfile, Result } from '../syncing/ledger.ts';
import type { Evidence, OutcomeKind } from '../syncing/outcome.ts';
import { calmed, learn, throttled } from '../syncing/quota.ts';
import { staysWithUs } from '../syncing/settle.ts';
import { readAllBudgets } from './budgets.ts';
import type { LaneBudgets } from './budgets.ts';
import type { Context } from './context.ts';
import { momentIn } from './moment.ts';
import { fillPurses, isShared, purseOf } from './purses.ts';
import { probeEvery } from './refusals.ts';
import type { Tx } from './rows.ts';
import { transact } from './transact.ts';

/** What a read outside any attempt met. */
export interface HeardOf {
  readonly profile: LaneProfile;
  readonly call: string;
  readonly hearing: Hearing;
  readonly given: Instant;
}

/** What reads outside any attempt met feeds the same budgets and breakers. See Ledger.heard. */
export async function hearAll(context: Context, all: readonly HeardOf[]): Promise<readonly true[]> {
  return transact(context.store.db, async (tx) => {
    const now = await momentIn(tx, all[0]?.given ?? 0);
    const budgets = await readAllBudgets(tx, context.store, all.map(({ profile }) => profile), now);
    for (const { profile, call, hearing } of all) {
      const kind: OutcomeKind = hearing.kind === 'ok' || hearing.kind === 'rejected' ? 'accepted' : hearing.kind === 'role' ? 'unauthorized' : hearing.kind;
      const what = hearing.kind === 'role' ? 'role' : 'credentials';
      const sweepAfter = listenTo(budgets.of(profile), call, { kind, what, cause: hearing.cause, retryAfter: hearing.retryAfter, evidence: hearing.evidence }, profile, now);
      if (sweepAfter) await readFirst(tx, profile, now);
    }
    await budgets.write(tx);
    return all.map(() => true);
  });
}

/** One call of a budget that is asked for. */
export interface Debit {
  readonly profile: LaneProfile;
  readonly call: string;
  readonly given: Instant;
}

/** One call of a budget each for pages or repeated reads; see Ledger.debit. */
export async function debitAll(context: Context, all: readonly Debit[]): Promise<readonly boolean[]> {
  const { store } = context;
  const own = all.filter(({ profile }) => !isShared(store.db, profile));
  const granted = new Set<Debit>();
  if (own.length > 0) {
    const some = await transact(store.db, async (tx) => {
      const now = await momentIn(tx, own[0]?.given ?? 0);
      const budgets = await readAllBudgets(tx, store, own.map(({ profile }) => profile), now);
      const had = own.filter(({ profile, call }) => {
        const ofLane = budgets.of(profile);
        if (ofLane.afford(call) < 1) return false;
        ofLane.spend(call);
        return true;
      });
      await budgets.write(tx);
      return had;
    });
    for (const one of some) granted.add(one);
  }
  for (const one of all) {
    const { profile, call, given } = one;
    if (!isShared(store.db, profile)) continue;
    await fillPurses(store, profile, [call], given);
    if (purseOf(store, profile.scope.quota, profile.limits[call]?.budget ?? call).take(1) === 1) granted.add(one);
  }
  return all.map((one) => granted.has(one));
}

/** All lanes of the scope read the changed orders before they send anything. */
export async function readFirst(tx: Tx, profile: LaneProfile, now: Instant): Promise<void> {
  // Whoever has a lane in hand just now is not waited for: they may wait for ours.
  const lanes = tx.selectFrom('lane').select('account').where('account', 'in', profile.scopeAccounts).orderBy('account').forNoKeyUpdate().skipLocked();
  await tx.updateTable('lane').set({ sweep_after: now }).where('account', 'in', lanes).execute();
}

/** Feeds budgets, breakers and the account's health. True: a pause longer than a sweep has ended, so the lane reads before it sends. */
export function listen(budgets: LaneBudgets, results: readonly Result[], profile: LaneProfile, now: Instant): boolean {
  let sweepAfter = false;
  const heardOf = new Set<unknown>();
  for (const { group, outcome } of results) {
    // One call told many: the members of a group share one answer.
    if (group.members.length > 1) {
      if (heardOf.has(group)) continue;
      heardOf.add(group);
    }
    if (listenTo(budgets, group.call, { kind: staysWithUs(outcome) ? 'interrupted' : outcome.kind, what: outcome.kind === 'unauthorized' ? outcome.what : 'credentials', cause: 'cause' in outcome ? outcome.cause : null, retryAfter: outcome.kind === 'throttled' ? outcome.retryAfter : null, evidence: outcome.evidence }, profile, now)) sweepAfter = true;
  }
  return sweepAfter;
}

interface Heard {
  readonly kind: OutcomeKind;
  readonly what: 'credentials' | 'role';
  readonly cause: string | null;
  readonly retryAfter: number | null;
  readonly evidence: Evidence | null;
}

function listenTo(budgets: LaneBudgets, call: string, { kind, what, cause, retryAfter, evidence }: Heard, profile: LaneProfile, now: Instant): boolean {
  const long = (since: Instant | null | undefined): boolean => since != null && now - since > profile.patience.sweep;
  let sweepAfter = false;
  if (evidence?.rate != null && profile.limits[evidence.call] !== undefined) {
    const { rate } = evidence;
    budgets.adjust(evidence.call, (bucket) => learn(bucket, rate, now));
  }
  // Where telling costs several calls, it is the one that answered which was turned away, or was not.
  const answered = evidence !== null && profile.limits[evidence.call] !== undefined ? evidence.call : call;
  if (kind === 'throttled') {
    budgets.adjust(answered, (bucket) => throttled(bucket, retryAfter, now));
  }
  if (kind !== 'throttled' && kind !== 'unavailable' && kind !== 'unknown' && kind !== 'interrupted' && profile.limits[answered] !== undefined) {
    budgets.adjust(answered, calmed);
  }
  const before = budgets.breaker(call);
  const after = heard(before, kind, now);
  budgets.setBreaker(call, after);
  if (before.openedAt !== null && after.openedAt === null && long(before.openedAt)) sweepAfter = true;
  if (kind === 'unauthorized') {
    const other = budgets.refused().some((refused) => refused !== '*' && refused !== call);
    // The whole account, where its credentials are refused, or where a second call is refused beside this one.
    for (const refused of what === 'credentials' ? ['*'] : other ? [call, '*'] : [call]) {
      const known = budgets.refusal(refused);
      budgets.refuse(refused, { cause: cause ?? 'engine/unauthorized', since: known?.since ?? now, probeAt: now + probeEvery });
    }
  } else if (kind !== 'unavailable' && kind !== 'unknown' && kind !== 'interrupted' && kind !== 'throttled') {
    if (budgets.refused().length > 0 && long(budgets.pardon(call))) sweepAfter = true;
  }
  return sweepAfter;
}
