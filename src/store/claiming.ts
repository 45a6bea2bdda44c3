import type { Instant } from '../runtime/clock.ts';
import type { Operation, Payload } from '../planning/operation.ts';
import type { Offered, Step } from '../syncing/destination.ts';
import type { Group, LaneProfile, Member, OrderReferences, Room } from '../syncing/ledger.ts';
import type { Admission } from './admission.ts';
import { appendAll } from './audit.ts';
import type { Entry } from './audit.ts';
import type { Context } from './context.ts';
import type { Totals } from './counters.ts';
import { inParts, updateRows } from './rows.ts';
import type { Tx } from './rows.ts';
import { Overdue, Waiting } from './waiting-line.ts';
import type { Row } from './waiting-line.ts';

/** Of five calls one is a rerun's while both wait; either takes the other's when it is alone. */
const turns = ['fresh', 'fresh', 'rerun', 'fresh', 'fresh'] as const;

/** What a lane may be asked to do next. */
export interface Ask {
  readonly step: Step;
  readonly call: string;
  readonly operation: Operation;
  readonly offer: Offered;
  readonly costs: readonly string[];
}

/** What was chosen for one call; for an upload, many in one. */
interface Pick extends Omit<Group, 'members'> {
  readonly rows: readonly Row[];
  readonly offer: Offered;
}

/** What is read of a call's line at most, beside what its budget seems to have: as a rule an order has one parcel. */
const spare = 8;

/** One round of claiming of one lane, as it grows. */
export class Claiming {
  readonly profile: LaneProfile;
  groups: readonly Group[] = [];
  /** All that was asked for was found: there may be more of it. */
  more = false;
  /** Something accepted is read back. */
  hasReadBack = false;
  readonly picks: Pick[] = [];
  private readonly busy: Set<number>;
  private free: number;
  private readonly admission: Admission;
  private readonly sweptUntil: Instant | null;
  private readonly asks: readonly { readonly ask: Ask; readonly fresh: Waiting; readonly rerun: Waiting }[];
  private overdue: Overdue | null = null;

  constructor(tx: Tx, profile: LaneProfile, admission: Admission, room: Room, sweptUntil: Instant | null, asks: readonly Ask[]) {
    this.profile = profile;
    this.admission = admission;
    this.busy = new Set(room.busy);
    this.free = room.orders;
    this.sweptUntil = sweptUntil;
    this.asks = this.free < 1 ? [] : asks.map((ask) => {
      const { call, step, operation } = ask;
      const line = { account: profile.account, call, step, operation };
      const page = Math.min(this.free, admission.likely(call, ask.costs) * ask.offer.batch) + spare;
      return { ask, fresh: new Waiting(tx, line, 'fresh', page), rerun: new Waiting(tx, line, 'rerun', page) };
    });
  }

  /** What is to be read for it. */
  lines(): readonly Waiting[] {
    return this.asks.flatMap(({ fresh, rerun }) => [fresh, rerun]);
  }

  /** Claims what is ready. */
  async claimReady(): Promise<void> {
    for (const { ask, fresh, rerun } of this.asks) await this.claim(ask, fresh, rerun);
  }

  private async claim({ call, step, offer, costs }: Ask, fresh: Waiting, rerun: Waiting): Promise<void> {
    if (this.free < 1) return;
    await fresh.begin();
    await rerun.begin();
    if (fresh.isOver && rerun.isOver) return;
    const calls = await this.admission.calls(call, step, costs);
    if (calls < 1) return;
    const wanted = Math.min(this.free, calls * offer.batch);
    const chosen = await this.chosenOf(call, fresh, rerun, wanted);
    this.more ||= chosen.length === wanted;
    if (chosen.length === 0) return;
    const probing = this.admission.isProbe(call);
    for (const rows of groupsOf(chosen, step, offer, calls)) this.add({ step, call, rows, offer, probing, sweptUntil: this.sweptUntil }, costs);
  }

  /** What is to be read of what is overdue, with the places that are left over. */
  readBackLine(): readonly Overdue[] {
    if (this.free < 1) return [];
    this.overdue = new Overdue(this.profile.account, this.free);
    return [this.overdue];
  }

  /** Reads accepted syncs back with what is left over. */
  async claimReadBacks(): Promise<void> {
    if (this.overdue === null) return;
    const { rows, page } = this.overdue;
    this.more ||= rows.length === page;
    for (const row of rows) {
      const offer = this.profile.offers[row.operation as Operation];
      if (offer === 'not-offered' || this.busy.has(row.order_id) || this.free < 1) continue;
      const call = offer.check[0];
      if (!this.admission.hasSpare(call) || (await this.admission.calls(call, 'check', offer.check)) < 1) continue;
      this.hasReadBack = true;
      this.busy.add(row.order_id);
      this.free -= 1;
      this.add({ step: 'check', call, rows: [row], offer, probing: this.admission.isProbe(call), sweptUntil: this.sweptUntil }, offer.check);
    }
  }

  /** The most urgent ready rows, one of each order, fresh ones and reruns by turns. */
  private async chosenOf(call: string, fresh: Waiting, rerun: Waiting, wanted: number): Promise<Row[]> {
    const byTurns = !rerun.isOver;
    const chosen: Row[] = [];
    let turn = this.admission.turn(call);
    while (chosen.length < wanted && !(fresh.isOver && rerun.isOver)) {
      const [mine, others] = (turns[turn % turns.length] ?? 'fresh') === 'fresh' ? [fresh, rerun] : [rerun, fresh];
      const row = await (mine.isOver ? others : mine).next();
      if (row === undefined || this.busy.has(row.order_id)) continue;
      this.busy.add(row.order_id);
      chosen.push(row);
      turn += 1;
    }
    if (byTurns) this.admission.setTurn(call, turn % turns.length);
    this.free -= chosen.length;
    return chosen;
  }

  private add(pick: Pick, costs: readonly string[]): void {
    this.picks.push(pick);
    this.admission.begin(pick.call, costs);
  }
}

/** Writes what lanes have claimed: the syncs' new status, and the intents; each lane's groups stand then. */
export async function writeClaims(tx: Tx, context: Context, claimings: readonly Claiming[], changed: Totals, now: Instant): Promise<void> {
  const picked = claimings.flatMap((claiming) => claiming.picks);
  if (picked.length === 0) return;
  const others = await claimedByOthers(tx, picked.flatMap(({ step, rows }) => (step === 'check' ? rows : [])));
  for (const claiming of claimings) claiming.groups = claiming.picks.map(({ rows, offer, ...pick }) => ({ ...pick, members: rows.map((row) => memberOf(row, pick.step, offer, claiming.profile, others, now)) }));
  const members = claimings.flatMap(({ groups, profile }) => groups.flatMap((group) => group.members.map((member) => ({ group, member, profile }))));
  const sends = members.filter(({ group }) => group.step === 'send');
  const checks = members.filter(({ group, member }) => group.step === 'check' && !member.attempted.readBack);
  const readBacks = members.filter(({ member }) => member.attempted.readBack);
  await updateRows(tx, 'sync', sends.map(({ member }) => ({ id: member.intent.sync, status: 'sending', attempts: member.intent.attempt, told_at: now })));
  await updateRows(tx, 'sync', checks.map(({ member }) => ({ id: member.intent.sync, status: 'checking', attempts: member.intent.attempt })));
  // An accepted sync stays accepted while it is read back; nobody else reads it meanwhile.
  await updateRows(tx, 'sync', readBacks.map(({ member, profile }) => ({ id: member.intent.sync, attempts: member.intent.attempt, due_at: now + 4 * profile.patience.timeout })));
  for (const { profile } of sends) changed.move(profile.account, { status: 'ready', cause: null }, { status: 'sending', cause: null });
  for (const { profile } of checks) changed.move(profile.account, { status: 'ready', cause: null }, { status: 'checking', cause: null });
  await appendAll(tx, context.audit, now, new Map(claimings.map(({ groups, profile }) => [profile.account, groups.flatMap(intentsOf)])));
}

function intentsOf(group: Group): Entry[] {
  return group.members.map(({ intent }) => ({
    kind: 'intent',
    sync: intent.sync,
    attempt: intent.attempt,
    what: group.call,
    cause: null,
    body: group.step === 'send' ? { step: 'send', operation: intent.operation, tells: intent.payload } : { step: 'check', operation: intent.operation, order: intent.payload.order, reference: intent.reference },
  }));
}

function memberOf(row: Row, step: Step, offer: Offered, profile: LaneProfile, others: ReadonlyMap<number, readonly string[]>, now: Instant): Member {
  const before = row.before === null ? null : (JSON.parse(row.before) as string[]);
  return {
    intent: {
      sync: row.id,
      attempt: row.attempts + 1,
      step,
      operation: row.operation as Operation,
      payload: underReference(JSON.parse(row.payload) as Payload, row.reference, profile.references),
      reference: row.reference,
      claimed: others.get(row.id) ?? [],
      before,
      toldAt: row.told_at,
    },
    order: row.order_id,
    claimedAt: now,
    attempted: {
      step,
      readBack: row.status === 'accepted',
      unsettled: row.unsettled === 1,
      failures: row.failures,
      absents: row.absents,
      reference: row.reference,
      before,
      uselessAfter: row.useless_after,
      again: offer.again,
      acceptedAt: row.accepted_at,
    },
  };
}

/**
 * References of the same orders' other parcels: those that other syncs of ours hold, and those that were known to be
 * somebody else's when this one was stored. What is theirs is not ours.
 */
async function claimedByOthers(tx: Tx, rows: readonly Row[]): Promise<Map<number, string[]>> {
  const orders = [...new Set(rows.map((row) => row.order_id))];
  const told = Map.groupBy(await inParts(orders, (part) => tx.selectFrom('sync').select(['id', 'order_id', 'reference']).where('order_id', 'in', part).where('reference', 'is not', null).execute()), (other) => other.order_id);
  const found = Map.groupBy(await inParts(orders, (part) => tx.selectFrom('parcel').select(['id', 'order_id', 'reference']).where('order_id', 'in', part).where('origin', '=', 'marketplace').execute()), (other) => other.order_id);
  return new Map(
    rows.map((row) => [
      row.id,
      [
        ...(told.get(row.order_id) ?? []).filter((other) => other.id !== row.id).map((other) => other.reference ?? ''),
        ...(found.get(row.order_id) ?? []).filter((other) => other.id < (row.parcel_id ?? 0)).map((other) => other.reference),
      ],
    ]),
  );
}

/**
 * What was seen there under another reference than ours, told by hand or before a backup was restored, is told again under
 * that one where the marketplace keeps references: only then is it an edit. Amazon takes positive numbers.
 */
function underReference(payload: Payload, reference: string | null, references: OrderReferences): Payload {
  if (references === 'its-own' || payload.parcel === null || reference === null || !/^[1-9]\d*$/.test(reference)) return payload;
  return { ...payload, parcel: { ...payload.parcel, reference } };
}

/** One group per call; for an upload, many in one; for the verdict of an upload, or its lost answer, all that were in it. */
function groupsOf(rows: readonly Row[], step: Step, offer: Offered, calls: number): Row[][] {
  if (offer.batch === 1) return rows.map((row) => [row]);
  const groups = new Map<string, Row[]>();
  let uploads = 0;
  for (const row of rows) {
    const key = step === 'check' ? uploadOf(row) : `upload ${Math.floor(uploads++ / offer.batch)}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].slice(0, calls);
}

/** What left in one upload bears one reference, or left in the same moment. */
function uploadOf({ id, reference, told_at }: Row): string {
  if (reference !== null) return `reference ${reference}`;
  return told_at === null ? `sync ${id}` : `told ${told_at}`;
}
