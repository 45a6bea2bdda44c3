import { accountPages, laneAhead, waitingParcels } from './accounts.ts';
import { carrierReach, carrierUse } from './carriers.ts';
import { customerOrder } from './customer-order.ts';
import { differences } from './differences.ts';
import { exportMonth, exportRows } from './exports.ts';
import { frame } from './frame.ts';
import { journal } from './journal.ts';
import { orderChoices, orderIds, orderList } from './order-list.ts';
import { orderPage } from './order-page.ts';
import { ordersToApply, recentBulks } from './orders-to-apply.ts';
import { overview } from './overview.ts';
import { pulse } from './pulse.ts';
import { bulkRecord, verbRecord, verbRecords } from './records.ts';
import { letterhead, stateUses, states } from './states.ts';
import { syncCounts } from './sync-causes.ts';
import { syncList, syncRows } from './sync-list.ts';
import { syncStory } from './sync-story.ts';
import type { ViewContext } from './view.ts';

/**
 * Everything that pages read, by name: a reader calls them where they are in nobody's way. What they are asked and what
 * they answer is plain values, since it may cross over to another thread.
 */
export const views = {
  bulkRecord,
  exportMonth,
  exportRows,
  differences,
  accountPages,
  laneAhead,
  waitingParcels,
  carrierReach,
  carrierUse,
  customerOrder,
  frame,
  journal,
  letterhead,
  orderChoices,
  orderIds,
  orderList,
  orderPage,
  ordersToApply,
  recentBulks,
  overview,
  pulse,
  stateUses,
  states,
  syncCounts,
  syncList,
  syncRows,
  syncStory,
  verbRecord,
  verbRecords,
} as const satisfies Readonly<Record<string, (context: ViewContext, asked: never) => Promise<unknown>>>;

export type Views = typeof views;
export type ViewName = keyof Views;
export type Asked<N extends ViewName> = Parameters<Views[N]> extends [ViewContext, infer A] ? A : undefined;
export type Seen<N extends ViewName> = Awaited<ReturnType<Views[N]>>;
