import { leftToShip } from '../../orders/order.ts';
import type { Instant } from '../../runtime/clock.ts';
import { loadDossiers } from '../situations.ts';
import type { ViewContext } from './view.ts';

/** An order as the form that applies a state to it needs it. */
export interface OrderToApply {
  readonly id: number;
  readonly account: string;
  readonly reference: string;
  readonly ownReference: string | null;
  readonly language: string;
  /** Units that no parcel carries yet, by line. */
  readonly lines: readonly { readonly lineId: string; readonly title: string; readonly left: number }[];
}

/** Those of these orders that there are, in the order of the numbers. */
export async function ordersToApply({ store: { db } }: ViewContext, { ids }: { readonly ids: readonly number[] }): Promise<readonly OrderToApply[]> {
  const dossiers = await loadDossiers(db, ids);
  return [...new Set(ids)].flatMap((id): OrderToApply[] => {
    const dossier = dossiers.get(id);
    if (dossier === undefined) return [];
    const { order, parcels } = dossier;
    const left = leftToShip(order.lines, parcels);
    return [{ id, account: order.account, reference: order.reference, ownReference: order.ownReference, language: order.language, lines: order.lines.map(({ lineId, title, sku }) => ({ lineId, title: title === '' ? sku : title, left: left.get(lineId) ?? 0 })) }];
  });
}

/** A bulk application that can still be undone before anything of it leaves. */
export interface RecentBulk {
  readonly id: number;
  readonly state: string;
  readonly author: string;
  readonly createdAt: Instant;
  readonly applied: number;
  readonly graceUntil: Instant;
}

/** The longest grace that a state may have. */
const longestGrace = 3_600_000;

export async function recentBulks({ store: { db } }: ViewContext, { now }: { readonly now: Instant }): Promise<readonly RecentBulk[]> {
  // Numbers rise with time: the latest few are all that can still be within their grace.
  const latest = await db.selectFrom('bulk').select(['id', 'state', 'author', 'created_at', 'undone_at']).orderBy('id', 'desc').limit(20).execute();
  const open: RecentBulk[] = [];
  for (const { id, state, author, created_at } of latest.filter(({ undone_at, created_at }) => undone_at === null && created_at > now - longestGrace)) {
    const { applied, until } = await db.selectFrom('applied_state').select((eb) => [eb.fn.countAll<number>().as('applied'), eb.fn.max('grace_until').as('until')]).where('bulk_id', '=', id).where('undone_at', 'is', null).executeTakeFirstOrThrow();
    if (until !== null && until > now) open.push({ id, state, author, createdAt: created_at, applied, graceUntil: until });
  }
  return open;
}
