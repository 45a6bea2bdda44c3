import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import { minute } from '../runtime/clock.ts';
import { operations } from '../planning/operation.ts';
import type { Operation } from '../planning/operation.ts';
import type { Offered, Step } from '../syncing/destination.ts';
import type { Claimed, LaneProfile, Room, Tenure } from '../syncing/ledger.ts';
import type { Status } from '../syncing/status.ts';
import { Admission } from './admission.ts';
import { readBudgets } from './budgets.ts';
import { Claiming } from './claiming.ts';
import type { Context } from './context.ts';
import { totals } from './counters.ts';
import type { Totals } from './counters.ts';
import { momentOf } from './moment.ts';
import { useLateOutcomes } from './record.ts';
import { fillPurses } from './purses.ts';
import { inParts } from './rows.ts';
import type { Tx } from './rows.ts';
import { transact } from './transact.ts';
import { isUnsure } from './trouble.ts';

const nothing: Claimed = { lost: false, groups: [], more: false, next: null, wantsSweep: false };

/**
 * Claims what is due and may go: within the free places, the budgets and the breakers, deadline first, one thing
 * of an order at a time. Debits, freezes and writes the intents; see Ledger.intend.
 */
export async function intend(context: Context, tenure: Tenure, profile: LaneProfile, room: Room, given: Instant): Promise<Claimed> {
  try {
    await fillPurses(context.store, profile, asksOf(profile).flatMap(({ step, offer }) => (step === 'send' ? offer.send : offer.check)), given);
    return await transact(context.store.db, (tx) => intendIn(tx, context, tenure, profile, room, given));
  } catch (error) {
    // Whether the intents were written is not known: the lane is taken anew, and each that was is settled there.
    if (isUnsure(error)) return { ...nothing, lost: true };
    throw error;
  }
}

async function intendIn(tx: Tx, context: Context, tenure: Tenure, profile: LaneProfile, room: Room, given: Instant): Promise<Claimed> {
  const lane = await readLane(tx, profile, given);
  if (lane === undefined || lane.number !== tenure.number || lane.holder !== tenure.worker) return { ...nothing, lost: true };
  const { now } = lane;
  const changed = totals();
  await useLateOutcomes(tx, context, profile, changed, now);
  await becomeDue(tx, profile, changed, now);
  const asleep = !room.send || lane.paused_at !== null || lane.observe_since !== null || profile.mode === 'observe';
  if (asleep) {
    await changed.write(tx, 'by its holder');
    // Something may be ready all the same: it is looked at again at a minute's pace, or when somebody wakes it.
    return { ...nothing, next: given + minute };
  }
  const wantsSweep = lane.sweep_after !== null && (lane.swept_from ?? -1) < lane.sweep_after;
  if (lane.sweep_after !== null && !wantsSweep) await tx.updateTable('lane').set({ sweep_after: null }).where('account', '=', profile.account).execute();

  const budgets = await readBudgets(tx, context.store, profile, now);
  try {
    const admission = new Admission(tx, profile, budgets, now, lane.swept_from, context.audit.random);
    const claiming = new Claiming(tx, profile, admission, room, now, lane.swept_until);
    for (const ask of asksOf(profile)) if (ask.step === 'check' || !wantsSweep) await claiming.claim(ask.call, ask.step, ask.operation, ask.offer);
    await claiming.readBacks();
    await claiming.write(context, changed);
    await budgets.write(tx);
    await changed.write(tx, 'by its holder');
    const next = await nextDue(tx, profile, admission.next, now);
    // Whoever waits for it goes by a clock of their own.
    return { lost: false, groups: claiming.groups, more: claiming.more && claiming.groups.length > 0, next: next === null ? null : next - now + given, wantsSweep: wantsSweep || admission.wantsSweep };
  } finally {
    budgets.done();
  }
}

async function readLane(tx: Tx, profile: LaneProfile, given: Instant) {
  return tx
    .selectFrom('lane')
    .leftJoin('account', 'account.id', 'lane.account')
    .leftJoin('sweep', (join) => join.on('sweep.scope', '=', profile.scope.sweep))
    .select(['lane.number', 'lane.holder', 'lane.sweep_after', 'account.paused_at', 'account.observe_since', 'sweep.started_at as swept_from', 'sweep.until as swept_until', momentOf(tx, given).as('now')])
    .where('lane.account', '=', profile.account)
    .forNoKeyUpdate('lane')
    .executeTakeFirst();
}

/** How many become ready in one round: after an outage all of a queue falls due in the same moment. */
const dueAtOnce = 1_000;

/** What waited for its time is ready. */
async function becomeDue(tx: Tx, profile: LaneProfile, changed: Totals, now: Instant): Promise<void> {
  const due = await tx.selectFrom('sync').select(['id', 'status', 'cause']).where('account', '=', profile.account).where('status', 'in', [sql.lit('delayed'), sql.lit('submitted')]).where('due_at', '<=', now).orderBy('due_at').limit(dueAtOnce).forNoKeyUpdate().skipLocked().execute();
  if (due.length === 0) return;
  await inParts(due, async (part) => {
    await tx.updateTable('sync').set({ status: 'ready', due_at: null }).where('id', 'in', part.map((row) => row.id)).execute();
    return [];
  });
  for (const row of due) changed.move(profile.account, { status: row.status as Status, cause: row.cause }, { status: 'ready', cause: row.cause });
}

/** What a lane may be asked to do, looks first: what may have happened is settled before anything new is begun. */
function asksOf(profile: LaneProfile): readonly { readonly step: Step; readonly call: string; readonly operation: Operation; readonly offer: Offered }[] {
  const offered = operations.flatMap((operation) => {
    const offer = profile.offers[operation];
    return offer === 'not-offered' ? [] : [{ operation, offer }];
  });
  return (['check', 'send'] as const).flatMap((step) => offered.map((one) => ({ ...one, step, call: step === 'send' ? one.offer.send[0] : one.offer.check[0] })));
}

/** When something of this lane falls due next. */
async function nextDue(tx: Tx, profile: LaneProfile, soonest: Instant, now: Instant): Promise<Instant | null> {
  const waiting = await tx.selectFrom('sync').select((eb) => eb.fn.min('due_at').as('at')).where('account', '=', profile.account).where('status', 'in', [sql.lit('delayed'), sql.lit('submitted')]).executeTakeFirst();
  // An overdue read-back waits for a fuller bucket, which may take hours: the next attempt that ends, or the next minute, looks again.
  const readBack = await tx.selectFrom('sync').select((eb) => eb.fn.min('due_at').as('at')).where('account', '=', profile.account).where('status', '=', sql.lit('accepted')).where('due_at', '>', now).executeTakeFirst();
  const next = Math.min(soonest, waiting?.at ?? Infinity, readBack?.at ?? Infinity);
  return Number.isFinite(next) ? next : null;
}
