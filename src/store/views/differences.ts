import type { Instant } from '../../runtime/clock.ts';
import { differenceKinds, differencesOf } from '../differences.ts';
import type { Difference, DifferenceKind } from '../differences.ts';
import type { ViewContext } from './view.ts';

/** All differences of one kind, the soonest deadline first. */
export interface DifferenceGroup {
  readonly kind: DifferenceKind;
  readonly rows: readonly Difference[];
  /** There are more than were looked for. */
  readonly more: boolean;
}

export interface Differences {
  readonly groups: readonly DifferenceGroup[];
  /** Up to when each account's orders were read; null: never. */
  readonly read: readonly { readonly account: string; readonly until: Instant | null }[];
}

/**
 * What shop, we and the marketplaces do not say alike.
 * @param asked `account`: null for all; `limit`: so many of a kind, at most
 */
export async function differences({ store: { db }, profiles }: ViewContext, { account, limit, now }: { readonly account: string | null; readonly limit: number; readonly now: Instant }): Promise<Differences> {
  const wanted = [...profiles.values()].filter((profile) => account === null || profile.account === account).toSorted((a, b) => (a.account < b.account ? -1 : 1));
  const sweeps = new Map((await db.selectFrom('sweep').select(['scope', 'until']).execute()).map(({ scope, until }) => [scope, until]));
  const found: Difference[] = [];
  for (const profile of wanted) found.push(...(await differencesOf(db, profile, now, limit + 1)));
  return {
    groups: differenceKinds.map((kind) => {
      const rows = found.filter((one) => one.kind === kind).toSorted((a, b) => (a.shipBy ?? Infinity) - (b.shipBy ?? Infinity) || (a.sync ?? a.orderId) - (b.sync ?? b.orderId));
      return { kind, rows: rows.slice(0, limit), more: rows.length > limit };
    }),
    read: wanted.map(({ account: id, scope }) => ({ account: id, until: sweeps.get(scope.sweep) ?? null })),
  };
}
