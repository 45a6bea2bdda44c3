import type { Instant } from '../runtime/clock.ts';
import { minute } from '../runtime/clock.ts';
import { operations } from '../planning/operation.ts';
import type { Claimed, LaneProfile, Room, Tenure } from '../syncing/ledger.ts';
import { Admission } from './admission.ts';
import { readAllBudgets } from './budgets.ts';
import { Claiming, writeClaims } from './claiming.ts';
import type { Ask } from './claiming.ts';
import type { Context } from './context.ts';
import { totals } from './counters.ts';
import { becomeDue, lanesAtHand, nextDue, readStandings } from './lane-facts.ts';
import type { LaneAtHand } from './lane-facts.ts';
import { useLateOutcomes } from './record.ts';
import { fillPurses } from './purses.ts';
import type { Tx } from './rows.ts';
import { transact } from './transact.ts';
import { isUnsure } from './trouble.ts';
import { readOverdue, readPages } from './waiting-line.ts';

/** One lane that asks what it may begin. */
export interface Asking {
  readonly tenure: Tenure;
  readonly profile: LaneProfile;
  readonly room: Room;
  /** Now, by the lane's own clock. */
  readonly given: Instant;
}

const nothing: Claimed = { lost: false, groups: [], more: false, next: null, wantsSweep: false };
const lost: Claimed = { ...nothing, lost: true };

/**
 * Claims what is due and may go: within the free places, the budgets and the breakers, deadline first, one thing
 * of an order at a time. Debits, freezes and writes the intents; see Ledger.intend.
 */
export async function intend(context: Context, tenure: Tenure, profile: LaneProfile, room: Room, given: Instant): Promise<Claimed> {
  const [claimed] = await intendAll(context, [{ tenure, profile, room, given }]);
  if (claimed == null) throw new Error(`nothing was claimed for ${profile.account}`);
  return claimed;
}

/**
 * The same for many lanes, in one transaction and about as many statements as for one: a worker that begins has thousands.
 * @returns of each lane; `null` for one that has to be asked for by itself
 */
export async function intendAll(context: Context, askings: readonly Asking[]): Promise<readonly (Claimed | null)[]> {
  try {
    for (const { profile, given } of askings) await fillPurses(context.store, profile, asksOf(profile).flatMap(({ costs }) => costs), given);
    return await transact(context.store.db, (tx) => intendIn(tx, context, askings));
  } catch (error) {
    // Whether the intents were written is not known: the lanes are taken anew, and each that was is settled there.
    if (isUnsure(error)) return askings.map(() => lost);
    throw error;
  }
}

async function intendIn(tx: Tx, context: Context, askings: readonly Asking[]): Promise<readonly (Claimed | null)[]> {
  const answers = new Map<Asking, Claimed | null>();
  const [first] = askings;
  if (first === undefined) return [];
  const { lanes: held, now } = await lanesAtHand(tx, askings, first.given);
  for (const asking of askings) if (!held.has(asking)) answers.set(asking, lost);
  const changed = totals();
  let lanes = await readStandings(tx, held, now);
  if (lanes.length > 1) {
    // An answer that came late is settled first, and touches more than the lane: such a lane has a transaction to itself.
    for (const lane of lanes) if (lane.standing.isLate) answers.set(lane.asking, null);
    lanes = lanes.filter((lane) => !lane.standing.isLate);
  } else if (lanes[0]?.standing.isLate === true) {
    await useLateOutcomes(tx, context, lanes[0].asking.profile, changed, now);
    lanes = await readStandings(tx, held, now);
  }
  await becomeDue(tx, lanes, changed, now);

  const awake = lanes.filter((lane) => !isAsleep(lane));
  // Something may be ready all the same: it is looked at again at a minute's pace, or when somebody wakes it.
  for (const lane of lanes) if (isAsleep(lane)) answers.set(lane.asking, { ...nothing, next: lane.asking.given + minute });
  const unswept = new Set(awake.filter(({ row }) => row.sweep_after !== null && (row.swept_from ?? -1) < row.sweep_after));
  const swept = awake.filter((lane) => lane.row.sweep_after !== null && !unswept.has(lane)).map((lane) => lane.asking.profile.account);
  if (swept.length > 0) await tx.updateTable('lane').set({ sweep_after: null }).where('account', 'in', swept).execute();

  const budgets = await readAllBudgets(tx, context.store, awake.map((lane) => lane.asking.profile), now);
  try {
    const claimings = awake.map((lane) => {
      const { profile, room } = lane.asking;
      const admission = new Admission(tx, profile, budgets.of(profile), now, lane.row.swept_from, context.audit.random);
      const asks = lane.standing.isReady ? asksOf(profile).filter((ask) => ask.step === 'check' || !unswept.has(lane)) : [];
      return { lane, admission, claiming: new Claiming(tx, profile, admission, room, lane.row.swept_until, asks) };
    });
    await readPages(tx, claimings.flatMap(({ claiming }) => claiming.lines()));
    for (const { claiming } of claimings) await claiming.claimReady();
    await readOverdue(tx, claimings.flatMap(({ lane, claiming }) => (lane.standing.isOverdue ? claiming.readBackLine() : [])), now);
    for (const { claiming } of claimings) await claiming.claimReadBacks();
    await writeClaims(tx, context, claimings.map(({ claiming }) => claiming), changed, now);
    await budgets.write(tx);
    await changed.write(tx, 'by its holder');
    const dues = await nextDue(tx, claimings.map(({ lane, claiming }) => ({ lane, isMoved: claiming.hasReadBack })), now);
    for (const { lane, admission, claiming } of claimings) {
      const next = Math.min(admission.next, dues.get(lane) ?? Infinity);
      // Whoever waits for it goes by a clock of their own.
      answers.set(lane.asking, { lost: false, groups: claiming.groups, more: claiming.more && claiming.groups.length > 0, next: Number.isFinite(next) ? next - now + lane.asking.given : null, wantsSweep: unswept.has(lane) || admission.wantsSweep });
    }
  } finally {
    budgets.done();
  }
  return askings.map((asking) => answers.get(asking) ?? null);
}

function isAsleep({ asking: { room, profile }, row }: LaneAtHand): boolean {
  return !room.send || row.paused_at !== null || row.observe_since !== null || profile.mode === 'observe';
}

/** What a lane may be asked to do, looks first: what may have happened is settled before anything new is begun. */
function asksOf(profile: LaneProfile): readonly Ask[] {
  const offered = operations.flatMap((operation) => {
    const offer = profile.offers[operation];
    return offer === 'not-offered' ? [] : [{ operation, offer }];
  });
  return (['check', 'send'] as const).flatMap((step) => offered.map(({ operation, offer }) => ({ step, operation, offer, call: step === 'send' ? offer.send[0] : offer.check[0], costs: step === 'send' ? offer.send : offer.check })));
}
