import type { Wish } from '../orders/applied-state.ts';
import { deadline } from '../orders/order.ts';
import { graceUntil } from '../planning/deadline.ts';
import type { Operation } from '../planning/operation.ts';
import type { Instant } from '../runtime/clock.ts';
import type { Context } from '../store/context.ts';
import type { Answer } from '../store/intake.ts';
import { bucketOf, waitingCalls } from '../store/queue.ts';
import { loadDossiers } from '../store/situations.ts';
import { listStates } from '../store/states.ts';
import { forecast } from '../syncing/forecast.ts';
import type { Queued } from '../syncing/forecast.ts';

/** When what would be applied would have left, and what would be late. */
export interface Foreseen {
  /** Null where nothing would be sent. */
  readonly lastAt: Instant | null;
  /** Orders whose confirmation would leave after their ship-by, the latest last. */
  readonly late: readonly { readonly account: string; readonly order: string; readonly shipBy: Instant; readonly at: Instant }[];
}

interface New extends Queued {
  readonly account: string;
  readonly order: string;
  readonly scope: string;
  readonly call: string;
}

/**
 * Foresees when the syncs of a preview would leave: behind and between what waits already, as the budgets allow.
 * @param answers what a preview answered for each wish, in order
 */
export async function foresee(context: Context, wishes: readonly Wish[], answers: readonly Answer[], now: Instant): Promise<Foreseen> {
  const fresh = await newCalls(context, wishes, answers, now);
  const late: Foreseen['late'][number][] = [];
  let lastAt: Instant | null = null;
  for (const [, group] of Map.groupBy(fresh, ({ scope, call }) => `${scope}\n${budgetOf(context, scope, call)}`)) {
    const [first] = group;
    if (first === undefined) continue;
    const budget = budgetOf(context, first.scope, first.call);
    const profiles = profilesOf(context, first.scope);
    const limit = profiles.map(({ limits }) => limits[first.call]).find((one) => one !== undefined);
    if (limit === undefined) continue;
    const waiting = (await waitingCalls(context.store.db, profiles.map(({ account }) => account))).filter(({ call }) => budgetOf(context, first.scope, call) === budget);
    const queue: Queued[] = [...group, ...waiting.map(({ shipBy, dueAt }) => ({ key: '', shipBy, notBefore: dueAt ?? now }))];
    const mine = new Map(group.map((one) => [one.key, one]));
    for (const { key, shipBy, at } of forecast(queue, await bucketOf(context.store.db, first.scope, budget, limit, now), now)) {
      const one = mine.get(key);
      if (one === undefined) continue;
      lastAt = Math.max(lastAt ?? 0, at);
      if (at > shipBy) late.push({ account: one.account, order: one.order, shipBy, at });
    }
  }
  return { lastAt, late: late.toSorted((a, b) => a.at - b.at) };
}

/** What the preview would send, call by call. */
async function newCalls(context: Context, wishes: readonly Wish[], answers: readonly Answer[], now: Instant): Promise<readonly New[]> {
  const dossiers = await loadDossiers(context.store.db, answers.flatMap((answer) => ('id' in answer && !answer.again ? [answer.order] : [])));
  const graces = new Map((await listStates(context.store.db)).map(({ mnemonic, graceS }) => [mnemonic.toUpperCase(), graceS]));
  return answers.flatMap((answer, index): New[] => {
    const wish = wishes[index];
    if (wish === undefined || 'faults' in answer || answer.again) return [];
    const profile = context.profiles.get(wish.account);
    const order = dossiers.get(answer.order)?.order;
    if (profile === undefined || order === undefined || profile.mode === 'observe') return [];
    const shipBy = deadline(order);
    const going = answer.syncs.filter(({ status }) => ['ready', 'delayed', 'blocked'].includes(status));
    return going.flatMap(({ operation }, n): New[] => {
      const offer = profile.offers[operation as Operation];
      if (offer === undefined || offer === 'not-offered') return [];
      const until = graceUntil(now, graces.get(wish.state.toUpperCase()) ?? 0, shipBy) ?? now;
      return [{ key: `${index} ${n}`, shipBy, notBefore: until, account: wish.account, order: wish.order, scope: profile.scope.quota, call: offer.send[0] }];
    });
  });
}

/** All accounts that draw on one set of budgets. */
function profilesOf(context: Context, scope: string) {
  return [...context.profiles.values()].filter((profile) => profile.scope.quota === scope);
}

/** Calls that name the same budget draw on one bucket; without a name a call has its own. */
function budgetOf(context: Context, scope: string, call: string): string {
  return profilesOf(context, scope).map(({ limits }) => limits[call]?.budget).find((budget) => budget !== undefined) ?? call;
}
