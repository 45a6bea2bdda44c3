import type { Insertable } from 'kysely';
import type { AppliedState, Wish } from '../orders/applied-state.ts';
import type { Order } from '../orders/order.ts';
import type { OrderState } from '../orders/order-state.ts';
import { newReference, normalTracking } from '../orders/parcel.ts';
import type { Operation } from '../planning/operation.ts';
import type { PlannedSync } from '../planning/plan.ts';
import type { PlanningAccount, Tables } from '../planning/situation.ts';
import type { Duration, Instant } from '../runtime/clock.ts';
import { day } from '../runtime/clock.ts';
import { hasEnded, isDone } from '../syncing/status.ts';
import { breathe } from './breathe.ts';
import { keepClaims } from './claims.ts';
import type { Context } from './context.ts';
import { totals } from './counters.ts';
import { allocate, allocateOne } from './identifiers.ts';
import type { Answer, Applied, Giver } from './intake.ts';
import { openUntil } from './open-orders.ts';
import { orderRow } from './order-rows.ts';
import { replan } from './replan.ts';
import { lastRestore } from './restored.ts';
import { inParts, insertRows, truth, updateRows } from './rows.ts';
import type { Tx } from './rows.ts';
import type { AppliedStateTable, OrderTable, ParcelTable, Schema, SyncTable } from './schema.ts';
import { refresh } from './situations.ts';
import type { Dossier, StoredParcel } from './situations.ts';
import { callOf, circleOf, supersede } from './transitions.ts';
import type { Heir } from './transitions.ts';

/** Nobody ships an order that is older than this. */
const oldest: Duration = 60 * day;

/**
 * Where what was decided waits to be written: rows of a thousand items in a few statements. What a decision changes
 * of rows that exist is written at once, after those that wait.
 */
export class Desk {
  private readonly tx: Tx;
  private readonly context: Context;
  private readonly giver: Giver;
  private readonly now: Instant;
  private readonly answers: Map<string, { content: string; answer: string }>;
  private readonly restoredAt: Instant | null;
  private readonly next: { readonly applied: number[]; readonly parcel: number[]; sync: number[] };
  private readonly rows = { orders: [] as OrderTable[], applied: [] as AppliedStateTable[], parcels: [] as ParcelTable[], syncs: [] as SyncTable[], dependence: [] as Schema['dependence'][], answers: [] as Schema['source_answer'][], claims: [] as Schema['claim'][] };
  private readonly current = new Map<number, Dossier>();
  private readonly totals = totals();

  private constructor(tx: Tx, context: Context, giver: Giver, now: Instant, answers: Desk['answers'], next: Desk['next'], restoredAt: Instant | null) {
    this.tx = tx;
    this.context = context;
    this.giver = giver;
    this.now = now;
    this.answers = answers;
    this.next = next;
    this.restoredAt = restoredAt;
  }

  /** Opens a desk for these wishes: their earlier answers are read, and enough identifiers are set aside. */
  static async open(tx: Tx, context: Context, wishes: readonly Wish[], giver: Giver, now: Instant): Promise<Desk> {
    const refs = wishes.flatMap((wish) => wish.sourceRef ?? []);
    const rows = await inParts(refs, (part) => tx.selectFrom('source_answer').select(['source_ref', 'content', 'answer']).where('source', '=', giver.source).where('source_ref', 'in', part).execute());
    const parcels = wishes.reduce((sum, wish) => sum + Math.max(1, wish.parcels?.length ?? 0), 0);
    const next = { applied: [...(await allocate(tx, 'applied', wishes.length))], parcel: [...(await allocate(tx, 'parcel', parcels))], sync: [...(await allocate(tx, 'sync', parcels))] };
    return new Desk(tx, context, giver, now, new Map(rows.map((row) => [row.source_ref, row])), next, (await lastRestore(tx))?.at ?? null);
  }

  /** Sets identifiers aside for syncs that no wish foresaw. */
  async reserve(syncs: number): Promise<void> {
    this.next.sync = [...(await allocate(this.tx, 'sync', syncs))];
  }

  /** What was answered when this was asked before; a refusal, where something else was asked under the same key. */
  answered(wish: Wish, content: string): Answer | undefined {
    const earlier = wish.sourceRef === undefined ? undefined : this.answers.get(wish.sourceRef);
    if (earlier === undefined) return undefined;
    if (earlier.content !== content) return { faults: [{ code: 'source-ref-reused', field: 'sourceRef', found: wish.sourceRef ?? '' }] };
    return { ...(JSON.parse(earlier.answer) as Applied), again: true };
  }

  keepAnswer(wish: Wish, content: string, answer: Applied): void {
    if (wish.sourceRef === undefined) return;
    const row = { source: this.giver.source, source_ref: wish.sourceRef, content, answer: JSON.stringify(answer), at: this.now };
    this.answers.set(wish.sourceRef, row);
    this.rows.answers.push(row);
  }

  /** A marketplace order that nobody has imported yet: stored with the first state that is applied to it, and to be fetched. */
  async stub(wish: Wish): Promise<Dossier> {
    const key = `${wish.account}\n${wish.order}`;
    const known = this.stubs.get(key);
    if (known !== undefined) return known;
    const order: Order = { account: wish.account, reference: wish.order, ownReference: null, placedAt: this.now, shipBy: null, payment: 'confirmed', publication: 'default', fulfilment: 'merchant', cancellation: 'none', currency: null, total: null, language: 'fr', imported: false, lines: [] };
    const dossier: Dossier = { id: await allocateOne(this.tx, 'order'), order, parcels: [], voided: [], syncs: [], applied: [], row: { state_id: null, state_at: null, indicator: null, indicator_at: null, open_until: null } };
    this.stubs.set(key, dossier);
    return dossier;
  }
  private readonly stubs = new Map<string, Dossier>();

  nextAppliedId(): number {
    return taken(this.next.applied);
  }

  nextParcelId(): number {
    return taken(this.next.parcel);
  }

  newReference(dossier: Dossier): string {
    const taken = this.references.get(dossier) ?? new Set([...dossier.parcels, ...dossier.voided].map((parcel) => parcel.reference));
    this.references.set(dossier, taken);
    const reference = newReference(this.now, taken);
    taken.add(reference);
    return reference;
  }
  private readonly references = new Map<Dossier, Set<string>>();

  addApplied(id: number, dossier: Dossier, state: OrderState, applied: AppliedState, grace: Instant | null): void {
    this.rows.applied.push({
      id,
      order_id: dossier.id,
      state_id: state.id,
      applied_at: applied.appliedAt,
      received_at: this.now,
      source: this.giver.source,
      author: this.giver.author,
      comment: applied.comment,
      sms: applied.sms,
      publish: truth(applied.publish),
      notify_by_mail: truth(applied.notifyByMail),
      notify_by_sms: truth(applied.notifyBySms),
      generate_invoice: truth(applied.generateInvoice),
      cancel_reason: applied.cancelReason,
      refund: applied.refund === null ? null : JSON.stringify(applied.refund),
      grace_until: grace,
      bulk_id: this.giver.bulk ?? null,
      undone_at: null,
      undone_by: null,
    });
    if (!dossier.order.imported && dossier.applied.length === 0 && [...this.stubs.values()].includes(dossier)) this.rows.orders.push(stubRow(dossier, this.now));
    dossier.applied.push({ id, state_id: state.id });
    const { row } = dossier;
    if (row.state_at === null || applied.appliedAt >= row.state_at) Object.assign(row, { state_id: state.id, state_at: applied.appliedAt });
    if (state.indicator !== null && (row.indicator_at === null || applied.appliedAt >= row.indicator_at)) Object.assign(row, { indicator: state.indicator, indicator_at: applied.appliedAt });
    this.current.set(dossier.id, dossier);
  }

  addParcel(dossier: Dossier, parcel: StoredParcel): void {
    this.rows.parcels.push({
      id: parcel.id,
      order_id: dossier.id,
      applied_state_id: parcel.appliedState,
      reference: parcel.reference,
      carrier: parcel.carrier,
      tracking_number: parcel.trackingNumber,
      tracking_normal: parcel.trackingNumber === null ? null : normalTracking(parcel.trackingNumber),
      untracked: truth(parcel.untracked),
      shipped_at: parcel.shippedAt,
      ship_from: parcel.shipFrom,
      lines: parcel.lines === null ? null : JSON.stringify(parcel.lines),
      origin: 'ours',
      voided_at: null,
    });
  }

  /**
   * Who is told of parcels that came with other applications stands behind those from now on.
   * @param own the application that this one makes of its own; 0: it is told of the other's
   */
  claim(dossier: Dossier, parcels: readonly number[], own: number): void {
    // What was told cannot be taken back, and is not claimed: cumulative files leave no trace of what is long done.
    const open = dossier.parcels.filter((parcel) => parcels.includes(parcel.id) && !dossier.syncs.some((sync) => sync.parcel_id === parcel.id && isDone(sync.status)));
    for (const applied of new Set(open.map((parcel) => parcel.appliedState))) {
      if (applied === null || applied === own) continue;
      this.rows.claims.push({ applied_state_id: applied, source: this.giver.source, author: this.giver.author, own_id: own, at: this.now, withdrawn_at: null });
    }
  }

  /** Stores what was planned. What it supersedes goes at once. */
  async addSyncs(dossier: Dossier, applied: number | null, planned: readonly PlannedSync[], grace: Instant | null): Promise<Applied['syncs'][number][]> {
    const told: Applied['syncs'][number][] = [];
    const { account } = dossier.order;
    const offers = this.context.profiles.get(account)?.offers;
    for (const wanted of planned) {
      const id = taken(this.next.sync);
      const heir = { id, operation: wanted.operation as Operation };
      const lookFirst = this.mayBeToldAlready(dossier.order);
      const sync = await this.withoutCircle(lookFirst ? { ...wanted, firstStep: 'check' } : wanted, heir, grace);
      const row: SyncTable = {
        id,
        account,
        order_id: dossier.id,
        applied_state_id: applied,
        parcel_id: sync.parcel,
        operation: sync.operation,
        status: sync.status,
        step: sync.firstStep,
        call: callOf(offers, sync.operation, sync.firstStep),
        share: 'fresh',
        cause: sync.cause,
        payload: JSON.stringify(sync.payload),
        reference: null,
        ship_by: sync.shipBy,
        useless_after: sync.uselessAfter,
        due_at: sync.dueAt,
        grace_until: grace,
        attempts: 0,
        failures: 0,
        absents: 0,
        unsettled: 0,
        before: null,
        told_at: null,
        accepted_at: null,
        superseded_by: null,
        word: 0,
        look_first: truth(lookFirst),
        late: null,
        created_at: this.now,
        ended_at: hasEnded(sync.status) ? this.now : null,
      };
      this.rows.syncs.push(row);
      this.totals.move(account, null, { status: sync.status, cause: sync.cause });
      if (sync.status === 'blocked') for (const on of sync.waitsFor) this.rows.dependence.push({ sync_id: id, on_sync_id: on });
      dossier.syncs.push({ ...row, status: sync.status, payload: sync.payload });
      if (sync.supersedes.length > 0) {
        await this.flush();
        await supersede(this.tx, dossier.syncs.filter((other) => sync.supersedes.includes(other.id)), heir, offers, this.totals, this.now);
        await refresh(this.tx, dossier);
      }
      told.push({ id, operation: sync.operation, status: sync.status, cause: sync.cause });
    }
    return told;
  }

  /** After a restore what was told since the backup is applied again: of an order that may be older than the restore, it is looked for first. */
  private mayBeToldAlready(order: Order): boolean {
    if (this.restoredAt === null) return false;
    return order.imported ? order.placedAt < this.restoredAt : this.now - this.restoredAt < oldest;
  }

  /** One that takes the place of others cannot wait for what waited for them, and now waits for it. */
  private async withoutCircle(sync: PlannedSync, heir: Heir, grace: Instant | null): Promise<PlannedSync> {
    if (sync.status !== 'blocked' || sync.supersedes.length === 0) return sync;
    await this.flush();
    const circle = await circleOf(this.tx, sync.supersedes, heir);
    const waitsFor = sync.waitsFor.filter((id) => !circle.has(id));
    if (waitsFor.length > 0) return { ...sync, waitsFor };
    return grace !== null && grace > this.now ? { ...sync, waitsFor, status: 'delayed', dueAt: grace } : { ...sync, waitsFor, status: 'ready', dueAt: null };
  }

  /** A parcel gets its tracking number, or is declared to have none; one whose lines were not known may be given them. */
  async completeParcel(parcel: StoredParcel): Promise<void> {
    await this.flush();
    await this.tx
      .updateTable('parcel')
      .set({ carrier: parcel.carrier, tracking_number: parcel.trackingNumber, tracking_normal: parcel.trackingNumber === null ? null : normalTracking(parcel.trackingNumber), untracked: truth(parcel.untracked), lines: parcel.lines === null ? null : JSON.stringify(parcel.lines) })
      .where('id', '=', parcel.id)
      .execute();
  }

  async replan(dossier: Dossier, account: PlanningAccount, tables: Tables): Promise<void> {
    await this.flush();
    await replan(this.tx, dossier, { account, offers: this.context.profiles.get(account.id)?.offers, tables, totals: this.totals, now: this.now });
  }

  /** Writes all that waits, and the orders' current states. One that its marketplace did not know is asked for once more. */
  async write(): Promise<void> {
    await this.flush();
    await updateRows(this.tx, 'orders', [...this.current.values()].map((dossier) => ({ id: dossier.id, state_id: dossier.row.state_id, state_at: dossier.row.state_at, indicator: dossier.row.indicator, indicator_at: dossier.row.indicator_at, open_until: openUntil(dossier), unknown_at: null, updated_at: this.now })));
    await insertRows(this.tx, 'source_answer', this.rows.answers.splice(0));
    await keepClaims(this.tx, this.rows.claims.splice(0));
    await this.totals.write(this.tx);
  }

  /** Writes what waits, and lets sockets and timers have their turn; the transaction stays open. */
  async pause(): Promise<void> {
    await this.flush();
    await breathe();
  }

  private async flush(): Promise<void> {
    const { rows, tx } = this;
    await insertRows(tx, 'orders', rows.orders.splice(0));
    await insertRows(tx, 'applied_state', rows.applied.splice(0));
    await insertRows(tx, 'parcel', rows.parcels.splice(0));
    await insertRows(tx, 'sync', rows.syncs.splice(0));
    await insertRows(tx, 'dependence', rows.dependence.splice(0) as Insertable<Schema['dependence']>[]);
  }
}

/** The next of the identifiers that were set aside. */
function taken(ids: number[]): number {
  const id = ids.shift();
  if (id === undefined) throw new Error('no identifier was set aside for this');
  return id;
}

function stubRow({ id, order }: Dossier, now: Instant): OrderTable {
  return orderRow({ id, account: order.account, reference: order.reference, own_reference: null, placed_at: order.placedAt, ship_by: null, payment: order.payment, publication: 'default', fulfilment: 'merchant', cancellation: 'none', currency: null, total: null, language: order.language, imported: 0 }, now);
}
