import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import type { Operation, Payload } from '../planning/operation.ts';
import type { Offered, Step } from '../syncing/destination.ts';
import type { Group, LaneProfile, Member, OrderReferences, Room } from '../syncing/ledger.ts';
import type { Admission } from './admission.ts';
import { append } from './audit.ts';
import type { Context } from './context.ts';
import type { Totals } from './counters.ts';
import { inParts, updateRows } from './rows.ts';
import type { Tx } from './rows.ts';
import { columns, Waiting } from './waiting-line.ts';
import type { Line, Row } from './waiting-line.ts';

/** Of five calls one is a rerun's while both wait; either takes the other's when it is alone. */
const turns = ['fresh', 'fresh', 'rerun', 'fresh', 'fresh'] as const;

/** One round of claiming, as it grows. */
export class Claiming {
  readonly groups: Group[] = [];
  /** All that was asked for was found: there may be more of it. */
  more = false;
  private readonly busy: Set<number>;
  private free: number;
  private readonly tx: Tx;
  private readonly profile: LaneProfile;
  private readonly admission: Admission;
  private readonly now: Instant;
  private readonly sweptUntil: Instant | null;
  private readonly readBackIds = new Set<number>();

  constructor(tx: Tx, profile: LaneProfile, admission: Admission, room: Room, now: Instant, sweptUntil: Instant | null) {
    this.tx = tx;
    this.profile = profile;
    this.admission = admission;
    this.busy = new Set(room.busy);
    this.free = room.orders;
    this.now = now;
    this.sweptUntil = sweptUntil;
  }

  /** Claims what is ready for one operation's next step. */
  async claim(call: string, step: Step, operation: Operation, offer: Offered): Promise<void> {
    const { tx, profile } = this;
    if (this.free < 1) return;
    const first = await tx.selectFrom('sync').select('id').where('status', '=', sql.lit('ready')).where('account', '=', profile.account).where('call', '=', call).where('operation', '=', operation).where('step', '=', step).limit(1).executeTakeFirst();
    if (first === undefined) return;
    const costs = step === 'send' ? offer.send : offer.check;
    const calls = await this.admission.calls(call, step, costs);
    if (calls < 1) return;
    const wanted = Math.min(this.free, calls * offer.batch);
    const chosen = await this.chosenOf({ account: profile.account, call, step, operation }, wanted);
    this.more ||= chosen.length === wanted;
    if (chosen.length === 0) return;
    const probing = this.admission.isProbe(call);
    const groups = groupsOf(chosen, step, offer, calls);
    for (const members of groups) this.add({ step, call, members: await this.members(members, step, offer), probing, sweptUntil: this.sweptUntil }, costs);
  }

  /** Reads accepted syncs back with what is left over. */
  async readBacks(): Promise<void> {
    const { tx, profile, now } = this;
    if (this.free < 1) return;
    const rows = await tx.selectFrom('sync').select(columns).where('status', '=', sql.lit('accepted')).where('account', '=', profile.account).where('due_at', '<=', now).orderBy('due_at').limit(this.free).forNoKeyUpdate().skipLocked().execute();
    this.more ||= rows.length === this.free;
    for (const row of rows) {
      const offer = profile.offers[row.operation as Operation];
      if (offer === 'not-offered' || this.busy.has(row.order_id) || this.free < 1) continue;
      const call = offer.check[0];
      if (!this.admission.hasSpare(call) || (await this.admission.calls(call, 'check', offer.check)) < 1) continue;
      this.readBackIds.add(row.id);
      this.busy.add(row.order_id);
      this.free -= 1;
      this.add({ step: 'check', call, members: await this.members([row], 'check', offer), probing: this.admission.isProbe(call), sweptUntil: this.sweptUntil }, offer.check);
    }
  }

  /** Writes the claims: the syncs' new status, the debits, and the intents. */
  async write(context: Context, changed: Totals): Promise<void> {
    const { tx, profile, now } = this;
    const members = this.groups.flatMap((group) => group.members.map((member) => ({ group, member })));
    if (members.length > 0) {
      const sends = members.filter(({ group }) => group.step === 'send');
      const checks = members.filter(({ group, member }) => group.step === 'check' && !this.readBackIds.has(member.intent.sync));
      const readBacks = members.filter(({ member }) => this.readBackIds.has(member.intent.sync));
      await updateRows(tx, 'sync', sends.map(({ member }) => ({ id: member.intent.sync, status: 'sending', attempts: member.intent.attempt, told_at: now })));
      await updateRows(tx, 'sync', checks.map(({ member }) => ({ id: member.intent.sync, status: 'checking', attempts: member.intent.attempt })));
      // An accepted sync stays accepted while it is read back; nobody else reads it meanwhile.
      await updateRows(tx, 'sync', readBacks.map(({ member }) => ({ id: member.intent.sync, attempts: member.intent.attempt, due_at: now + 4 * profile.patience.timeout })));
      for (const _ of sends) changed.move(profile.account, { status: 'ready', cause: null }, { status: 'sending', cause: null });
      for (const _ of checks) changed.move(profile.account, { status: 'ready', cause: null }, { status: 'checking', cause: null });
      await append(
        tx,
        context.audit,
        profile.account,
        now,
        members.map(({ group, member: { intent } }) => ({
          kind: 'intent',
          sync: intent.sync,
          attempt: intent.attempt,
          what: group.call,
          cause: null,
          body: group.step === 'send' ? { step: 'send', operation: intent.operation, tells: intent.payload } : { step: 'check', operation: intent.operation, order: intent.payload.order, reference: intent.reference },
        })),
      );
    }
  }

  /** The most urgent ready rows, one of each order, fresh ones and reruns by turns. */
  private async chosenOf(line: Line, wanted: number): Promise<Row[]> {
    const [fresh, rerun] = [new Waiting(this.tx, line, 'fresh', wanted), new Waiting(this.tx, line, 'rerun', wanted)];
    await fresh.fill();
    await rerun.fill();
    const byTurns = !rerun.isOver;
    const chosen: Row[] = [];
    let turn = this.admission.turn(line.call);
    while (chosen.length < wanted && !(fresh.isOver && rerun.isOver)) {
      const [mine, others] = (turns[turn % turns.length] ?? 'fresh') === 'fresh' ? [fresh, rerun] : [rerun, fresh];
      const row = await (mine.isOver ? others : mine).next();
      if (row === undefined || this.busy.has(row.order_id)) continue;
      this.busy.add(row.order_id);
      chosen.push(row);
      turn += 1;
    }
    if (byTurns) this.admission.setTurn(line.call, turn % turns.length);
    this.free -= chosen.length;
    return chosen;
  }

  private async members(rows: readonly Row[], step: Step, offer: Offered): Promise<Member[]> {
    const others = step === 'check' ? await this.claimedByOthers(rows) : new Map<number, string[]>();
    return rows.map((row) => ({
      intent: {
        sync: row.id,
        attempt: row.attempts + 1,
        step,
        operation: row.operation as Operation,
        payload: underReference(JSON.parse(row.payload) as Payload, row.reference, this.profile.references),
        reference: row.reference,
        claimed: others.get(row.id) ?? [],
        before: row.before === null ? null : (JSON.parse(row.before) as string[]),
        toldAt: row.told_at,
      },
      order: row.order_id,
      claimedAt: this.now,
      attempted: {
        step,
        readBack: row.status === 'accepted',
        unsettled: row.unsettled === 1,
        failures: row.failures,
        absents: row.absents,
        reference: row.reference,
        before: row.before === null ? null : (JSON.parse(row.before) as string[]),
        uselessAfter: row.useless_after,
        again: offer.again,
        acceptedAt: row.accepted_at,
      },
    }));
  }

  /**
   * References of the same orders' other parcels: those that other syncs of ours hold, and those that were known to be
   * somebody else's when this one was stored. What is theirs is not ours.
   */
  private async claimedByOthers(rows: readonly Row[]): Promise<Map<number, string[]>> {
    const orders = [...new Set(rows.map((row) => row.order_id))];
    const told = await inParts(orders, (part) => this.tx.selectFrom('sync').select(['id', 'order_id', 'reference']).where('order_id', 'in', part).where('reference', 'is not', null).execute());
    const found = await inParts(orders, (part) => this.tx.selectFrom('parcel').select(['id', 'order_id', 'reference']).where('order_id', 'in', part).where('origin', '=', 'marketplace').execute());
    return new Map(
      rows.map((row) => [
        row.id,
        [
          ...told.filter((other) => other.order_id === row.order_id && other.id !== row.id).map((other) => other.reference ?? ''),
          ...found.filter((other) => other.order_id === row.order_id && other.id < (row.parcel_id ?? 0)).map((other) => other.reference),
        ],
      ]),
    );
  }

  private add(group: Group, costs: readonly string[]): void {
    this.groups.push(group);
    this.admission.begin(group.call, costs);
  }
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
