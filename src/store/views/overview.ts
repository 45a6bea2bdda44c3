import type { Instant } from '../../runtime/clock.ts';
import { hour } from '../../runtime/clock.ts';
import { inParts } from '../rows.ts';
import { accountViews } from '../account-views.ts';
import type { AccountView } from '../account-views.ts';
import { countCauses } from '../log.ts';
import type { CauseCount } from '../log.ts';
import { dayFigures } from './day.ts';
import type { DayFigures } from './day.ts';
import { dueOrders, longAgo } from './due.ts';
import { latestEvents } from './events.ts';
import type { Happened } from './events.ts';
import { waitingMoney } from './money.ts';
import type { WaitingMoney } from './money.ts';
import type { ViewContext } from './view.ts';

/** What somebody who opens the console should know first. */
export interface Overview {
  /** Orders past their deadline, and the earliest of it. */
  readonly late: { readonly n: number; readonly earliest: Instant | null };
  /** Orders due within two hours: those of which nothing was told, those that wait for something, those on their way. */
  readonly soon: { readonly n: number; readonly earliest: Instant | null; readonly untouched: number; readonly held: number; readonly going: number };
  /** Orders whose buyer wants to cancel, and that the merchant has not answered. */
  readonly cancelRequests: number;
  /** What is held, in doubt or failed, by cause. */
  readonly causes: readonly CauseCount[];
  readonly accounts: readonly AccountView[];
  /** When a state was last applied, by whomever; null: never. */
  readonly lastApplied: Instant | null;
  readonly hasStates: boolean;
  /** A marketplace has said yes to something, some time. */
  readonly hasArrived: boolean;
  readonly money: readonly WaitingMoney[];
  readonly day: DayFigures;
  readonly events: readonly Happened[];
}

const soon = 2 * hour;

/** @param asked `from`: the beginning of the merchant's day */
export async function overview(context: ViewContext, { now, from }: { readonly now: Instant; readonly from: Instant }): Promise<Overview> {
  const { db } = context.store;
  const late = await db.selectFrom(dueOrders(db, now - longAgo, now).as('due')).select((eb) => [eb.fn.countAll<number>().as('n'), eb.fn.min<number | null>('until').as('earliest')]).executeTakeFirstOrThrow();
  const last = await db.selectFrom('applied_state').select('received_at').orderBy('id', 'desc').limit(1).executeTakeFirst();
  const state = await db.selectFrom('order_state').select('id').limit(1).executeTakeFirst();
  const arrived = await db.selectFrom('counter').select('n').where('status', 'in', ['accepted', 'confirmed']).where('n', '>', 0).limit(1).executeTakeFirst();
  const requested = await db.selectFrom('orders').select((eb) => eb.fn.countAll<number>().as('n')).where('cancellation', '=', 'requested').where('open_until', 'is not', null).executeTakeFirstOrThrow();
  const causes = await countCauses(db);
  const heldForAnswer = causes.filter(({ status, cause }) => status === 'held' && cause === 'order/cancel-requested').reduce((all, { n }) => all + n, 0);
  return {
    late,
    soon: await dueSoon(context, now),
    cancelRequests: requested.n + heldForAnswer,
    causes,
    accounts: await accountViews(context, now),
    lastApplied: last?.received_at ?? null,
    hasStates: state !== undefined,
    hasArrived: arrived !== undefined,
    money: await waitingMoney(db, now),
    day: await dayFigures(db, from, now),
    events: await latestEvents(context, 8),
  };
}

async function dueSoon({ store: { db } }: ViewContext, now: Instant): Promise<Overview['soon']> {
  const due = await dueOrders(db, now, now + soon).execute();
  const syncs = await inParts(due.map(({ order_id }) => order_id), (part) => db.selectFrom('sync').select(['order_id', 'status']).where('order_id', 'in', part).where('operation', '=', 'confirm-shipment').where('ended_at', 'is', null).execute());
  const held = new Set(syncs.filter(({ status }) => status === 'held' || status === 'in-doubt').map(({ order_id }) => order_id));
  const going = new Set(syncs.map(({ order_id }) => order_id).filter((id) => !held.has(id)));
  return { n: due.length, earliest: due.length === 0 ? null : Math.min(...due.map(({ until }) => until)), untouched: due.length - held.size - going.size, held: held.size, going: going.size };
}
