import { hash } from 'node:crypto';
import { accept } from '../orders/applied-state.ts';
import type { Accepted, Wish } from '../orders/applied-state.ts';
import type { Fault } from '../orders/fault.ts';
import { deadline, leftToShip } from '../orders/order.ts';
import type { OrderState } from '../orders/order-state.ts';
import { graceUntil } from '../planning/deadline.ts';
import { parcelsWanted } from '../orders/parcel-wish.ts';
import { normalTracking } from '../orders/parcel.ts';
import { carrierCode, normalCarrier } from '../planning/carriers.ts';
import { plan } from '../planning/plan.ts';
import { preflight } from '../planning/preflight.ts';
import type { Warning } from '../planning/preflight.ts';
import type { Reason } from '../planning/state-types.ts';
import type { Instant } from '../runtime/clock.ts';
import { because, unconfirmed } from './in-the-way.ts';
import { liveFrom, planningTables, silentAccounts } from './accounts.ts';
import type { Context } from './context.ts';
import { findOrders } from './find-orders.ts';
import type { Found } from './find-orders.ts';
import { Desk } from './intake-desk.ts';
import { inParts } from './rows.ts';
import type { Tx } from './rows.ts';
import { retell } from './retelling.ts';
import { situationOf, loadDossiers, planningAccount } from './situations.ts';
import type { Dossier, StoredParcel } from './situations.ts';
import { listStates } from './states.ts';
import { transact } from './transact.ts';

/** Who applies, and from where. */
export interface Giver {
  /** `api/NAME`, `cli`, `file`: unique source references belong to it. */
  readonly source: string;
  readonly author: string;
  /** By hand or by file: there is a grace in which it can be undone. By API there is none. */
  readonly byHand: boolean;
  readonly bulk?: number;
}

/** What became of one wish: applied, with its syncs, or refused, with everything that is wrong with it. */
export type Answer = Applied | { readonly faults: readonly Fault[] };

export interface Applied {
  readonly id: number;
  readonly order: number;
  readonly syncs: readonly { readonly id: number; readonly operation: string; readonly status: string; readonly cause: string | null }[];
  readonly warnings: readonly Warning[];
  /** It had been applied before: nothing was done a second time. */
  readonly again: boolean;
}

/** Rolls a transaction back on purpose, carrying what it found out. */
class Unwanted extends Error {
  readonly answers: readonly Answer[];
  constructor(answers: readonly Answer[]) {
    super('previewed');
    this.answers = answers;
  }
}

/**
 * Applies states: validates, plans, and stores each with its syncs in one transaction. An item that is refused
 * leaves the others alone. What this has answered is on disk.
 */
export async function applyStates(context: Context, wishes: readonly Wish[], giver: Giver, now: Instant): Promise<readonly Answer[]> {
  return transact(context.store.db, (tx) => applyAll(tx, context, wishes, giver, now));
}

/** What applying would do, by doing it and undoing it before anybody sees. */
export async function previewStates(context: Context, wishes: readonly Wish[], giver: Giver, now: Instant): Promise<readonly Answer[]> {
  try {
    return await transact(context.store.db, async (tx) => {
      throw new Unwanted(await applyAll(tx, context, wishes, giver, now));
    });
  } catch (error) {
    if (error instanceof Unwanted) return error.answers;
    throw error;
  }
}

/** Wishes after which whoever else waits has a turn. */
const atOnce = 50;

export async function applyAll(tx: Tx, context: Context, wishes: readonly Wish[], giver: Giver, now: Instant): Promise<readonly Answer[]> {
  const states = new Map((await listStates(tx)).map((state) => [state.mnemonic.toUpperCase(), state]));
  const found = await findOrders(tx, context, wishes);
  const dossiers = await loadDossiers(tx, found.flatMap((one) => ('id' in one ? [one.id] : [])));
  const accounts = [...[...dossiers.values()].map((dossier) => dossier.order.account), ...wishes.flatMap((wish) => wish.account ?? [])];
  const tables = await planningTables(tx, context, accounts);
  const from = await liveFrom(tx, accounts);
  const silent = await silentAccounts(tx);
  const desk = await Desk.open(tx, context, wishes, giver, now);
  const elsewhere = await trackingElsewhere(tx, wishes, found);

  const answers: Answer[] = [];
  for (const [index, wish] of wishes.entries()) {
    if (index > 0 && index % atOnce === 0) await desk.pause();
    const one = found[index];
    const content = wish.sourceRef === undefined ? '' : contentOf(wish);
    const earlier = desk.answered(wish, content);
    if (earlier !== undefined) {
      answers.push(earlier);
      continue;
    }
    const state = states.get(wish.state.toUpperCase());
    const faults: Fault[] = [];
    if (one !== undefined && 'fault' in one) faults.push(one.fault);
    if (state === undefined) faults.push({ code: 'unknown-state', field: 'state', found: wish.state, expected: [...states.values()].filter((s) => s.archivedAt === null).map((s) => s.mnemonic).join(', ') });
    const dossier = one === undefined || 'fault' in one ? undefined : 'id' in one ? dossiers.get(one.id) : await desk.stub(wish);
    if (state === undefined || dossier === undefined || faults.length > 0) {
      answers.push({ faults });
      continue;
    }
    const verdict = accept(wish, dossier.order, state, dossier.parcels, now, context.timeZone);
    if ('faults' in verdict) {
      answers.push({ faults: verdict.faults });
      continue;
    }
    const account = planningAccount(context, dossier.order.account, from);
    const answer = await applyOne({ desk, dossier, wish, state, accepted: verdict.accepted, account, tables, giver, now, elsewhere, quiet: silent.get(account.id) ?? { observing: false, paused: false }, context });
    if ('id' in answer) desk.keepAnswer(wish, content, answer);
    answers.push(answer);
  }
  await desk.write();
  return answers;
}

interface One {
  readonly desk: Desk;
  readonly dossier: Dossier;
  readonly wish: Wish;
  readonly state: OrderState;
  readonly accepted: Accepted;
  readonly account: Parameters<typeof situationOf>[1];
  readonly tables: Parameters<typeof plan>[2];
  readonly giver: Giver;
  /** Why nothing leaves of its account now, where a person or a restore said so. */
  readonly quiet: { readonly observing: boolean; readonly paused: boolean };
  readonly now: Instant;
  readonly elsewhere: (order: number, trackingNumber: string) => boolean;
  readonly context: Context;
}

async function applyOne(one: One): Promise<Answer> {
  const { desk, dossier, state, accepted, account, tables, giver, now } = one;
  const { fresh, completed, known } = accepted.parcels;
  const again = knownApplication(one) ?? repeated(one);
  if (again !== null) {
    desk.claim(dossier, known, 0);
    return again;
  }

  const grace = giver.byHand ? graceUntil(now, state.graceS, deadline(dossier.order)) : null;
  const before = dossier.parcels;
  const appliedId = desk.nextAppliedId();
  const parcels: StoredParcel[] = fresh.map((parcel) => ({ ...parcel, id: desk.nextParcelId(), reference: desk.newReference(dossier), origin: 'ours', appliedState: appliedId }));
  dossier.parcels = [...before, ...parcels];
  const completions = completed.flatMap((given) => {
    const parcel = dossier.parcels.find((p) => p.id === given.id);
    return parcel === undefined ? [] : [{ ...parcel, ...given }];
  });
  for (const parcel of completions) dossier.parcels = dossier.parcels.map((p) => (p.id === parcel.id ? parcel : p));

  const situation = situationOf(dossier, account, now);
  const inTheWay = parcels.length > 0 || known.length > 0 || completions.length > 0 ? null : unconfirmed(dossier);
  const noParcels: Reason = known.length > 0 ? 'order/parcel-known' : completions.length > 0 ? 'order/parcel-completed' : inTheWay === null ? 'order/already-shipped' : because[inTheWay.code];
  const planned = plan({ state, appliedAt: accepted.applied.appliedAt, graceUntil: grace, parcels, noParcels, cancelReason: accepted.applied.cancelReason }, situation, tables);
  const refused = planned.find((sync) => sync.status === 'rejected' && sync.operation === 'cancel-order');
  if (refused !== undefined) {
    dossier.parcels = before;
    return { faults: [{ code: refused.cause === 'order/already-cancelled' ? 'already-cancelled' : 'already-shipped', field: 'state', found: state.mnemonic }] };
  }

  desk.addApplied(appliedId, dossier, state, accepted.applied, grace);
  for (const parcel of parcels) desk.addParcel(dossier, parcel);
  desk.claim(dossier, [...known, ...completions.map(({ id }) => id)], appliedId);
  const retold: Applied['syncs'][number][] = [];
  for (const parcel of completions) retold.push(...(await retell(desk, dossier, parcel, { account, tables, now, applied: appliedId, grace })));
  const own = retold.length > 0 && parcels.length === 0 ? [] : planned;
  const syncs = [...(await desk.addSyncs(dossier, appliedId, own, grace)), ...retold];
  const warnings = [...preflight(state.type, own, situation), ...(inTheWay === null || !own.some((sync) => sync.cause === noParcels) ? [] : [inTheWay]), ...moreWarnings(one, parcels, completions, known)];
  return { id: appliedId, order: dossier.id, syncs, warnings, again: false };
}

/** The same state with parcels that are all known is the same application, told of again: cumulative files are harmless. */
function knownApplication(one: One): Applied | null {
  const { dossier, state, accepted: { parcels } } = one;
  if (parcels.known.length === 0 || parcels.fresh.length > 0 || parcels.completed.length > 0) return null;
  const of = dossier.parcels.filter((parcel) => parcels.known.includes(parcel.id)).map((parcel) => parcel.appliedState);
  const application = of[0];
  if (application == null || !dossier.applied.some(({ id, state_id: stateId }) => id === application && stateId === state.id)) return null;
  const syncs = dossier.syncs.filter((sync) => sync.parcel_id !== null && parcels.known.includes(sync.parcel_id)).map(({ id, operation, status, cause }) => ({ id, operation, status, cause }));
  return { id: application, order: dossier.id, syncs, warnings: knownWarnings(one, parcels.known.slice(0, 1)), again: true };
}

/** Of parcels that were told of again: what they leave, and what of this telling was not taken over. */
function knownWarnings({ dossier, wish, accepted, account, state, tables }: One, named: readonly number[]): Warning[] {
  const warnings: Warning[] = named.map((parcel) => ({ code: 'parcel-known', parcel }));
  const sameCarrier = (a: string, b: string): boolean => {
    const [one, other] = [a, b].map((name) => carrierCode(name, account.id, account.marketplace ?? '', tables.mappedCarriers, tables.defaultCarriers));
    return normalCarrier(a) === normalCarrier(b) || (one != null && other != null && one.code === other.code && one.name === other.name);
  };
  for (const { id, carrier, trackingNumber } of dossier.parcels.filter((parcel) => accepted.parcels.known.includes(parcel.id))) {
    const given = wish.parcels?.find((parcel) => normalTracking(parcel.trackingNumber ?? '') === normalTracking(trackingNumber ?? ''))?.carrier?.trim() ?? '';
    if (given !== '' && !sameCarrier(given, carrier ?? '')) warnings.push({ code: 'parcel-keeps-carrier', parcel: id, found: given });
  }
  if (state.type === 'order-shipped' && dossier.order.imported) {
    const left = [...leftToShip(dossier.order.lines, dossier.parcels).values()].reduce((sum, n) => sum + n, 0);
    if (left > 0) warnings.push({ code: 'units-left', parcel: null, found: String(left) });
  }
  return warnings;
}

/** A tracking number that nothing is left for is stored nowhere: whoever gave it must hear of it. */
function unstoredOf({ wish, state, accepted: { parcels } }: One): string | null {
  if (!parcelsWanted(state.type) || parcels.fresh.length > 0 || parcels.completed.length > 0 || parcels.known.length > 0) return null;
  return wish.parcels?.map(({ trackingNumber }) => trackingNumber?.trim() ?? '').find((given) => given !== '') ?? null;
}

/** A shop's order that is all shipped, told of once more with a parcel that has nothing left to carry: the state is applied already. */
function repeated(one: One): Applied | null {
  const { dossier, state, account } = one;
  const unstored = unstoredOf(one);
  if (unstored === null || account.marketplace !== null) return null;
  const last = dossier.applied.filter((applied) => applied.state_id === state.id).toSorted((a, b) => a.id - b.id).at(-1);
  if (last === undefined) return null;
  return { id: last.id, order: dossier.id, syncs: [], warnings: [{ code: 'parcel-not-stored', parcel: null, found: unstored }], again: true };
}

function moreWarnings(one: One, parcels: readonly StoredParcel[], completions: readonly StoredParcel[], known: readonly number[]): Warning[] {
  const { dossier, accepted, account, elsewhere, context, tables } = one;
  const warnings: Warning[] = [];
  for (const parcel of [...parcels, ...completions]) {
    if (parcel.trackingNumber !== null && elsewhere(dossier.id, parcel.trackingNumber)) warnings.push({ code: 'tracking-elsewhere', parcel: parcel.id, found: parcel.trackingNumber });
    const code = parcel.carrier === null || account.marketplace === null ? null : verifiedCode(parcel.carrier, account, tables);
    if (code === false) warnings.push({ code: 'carrier-unverified', parcel: parcel.id, found: parcel.carrier ?? '' });
  }
  for (const parcel of completions) warnings.push({ code: 'parcel-completed', parcel: parcel.id, found: parcel.trackingNumber ?? '' });
  warnings.push(...knownWarnings(one, known));
  const unstored = unstoredOf(one);
  if (unstored !== null) warnings.push({ code: 'parcel-not-stored', parcel: null, found: unstored });
  const { quiet } = one;
  if (quiet.observing || context.profiles.get(dossier.order.account)?.mode === 'observe') warnings.push({ code: 'observing', parcel: null });
  if (quiet.paused) warnings.push({ code: 'paused', parcel: null });
  const { notifyByMail, notifyBySms, generateInvoice } = accepted.applied;
  if (notifyByMail || notifyBySms || generateInvoice) warnings.push({ code: 'notices-not-available', parcel: null });
  return warnings;
}

function verifiedCode(carrier: string, account: { readonly id: string; readonly marketplace: string | null }, tables: Parameters<typeof plan>[2]): boolean | null {
  const code = carrierCode(carrier, account.id, account.marketplace ?? '', tables.mappedCarriers, tables.defaultCarriers);
  return code === null ? null : code.verified;
}

/** Tracking numbers of these wishes that parcels of other orders carry, here or among themselves: often a slip of the row. */
async function trackingElsewhere(tx: Tx, wishes: readonly Wish[], found: readonly Found[]): Promise<(order: number, trackingNumber: string) => boolean> {
  const orders = new Map<string, Set<number>>();
  const carry = (tracking: string, order: number): void => void orders.set(tracking, (orders.get(tracking) ?? new Set()).add(order));
  for (const [index, wish] of wishes.entries()) {
    const one = found[index];
    for (const parcel of wish.parcels ?? []) {
      const tracking = normalTracking(parcel.trackingNumber ?? '');
      // Orders not known yet have no number: each counts as one of its own.
      if (tracking !== '') carry(tracking, one !== undefined && 'id' in one ? one.id : -1 - index);
    }
  }
  const rows = await inParts([...orders.keys()], (part) => tx.selectFrom('parcel').select(['order_id', 'tracking_normal']).where('tracking_normal', 'in', part).where('voided_at', 'is', null).execute());
  for (const row of rows) carry(row.tracking_normal ?? '', row.order_id);
  return (order, trackingNumber) => [...(orders.get(normalTracking(trackingNumber)) ?? [])].some((other) => other !== order && other >= 0);
}

/** What a wish says, whatever the order of its members. */
function contentOf(wish: Wish): string {
  return hash('sha256', canonical(wish), 'base64url');
}

/** As JSON, members by name; those that are undefined are not there. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(members).filter((name) => members[name] !== undefined).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(members[name])}`).join()}}`;
}
