import { normalTracking, sameLines, units } from '../orders/parcel.ts';
import type { Instant } from '../runtime/clock.ts';
import { compare } from '../syncing/compare.ts';
import type { LaneProfile, OrderReferences, TakenOver, Tenure } from '../syncing/ledger.ts';
import type { SeenOrder, SeenParcel } from '../syncing/order-reader.ts';
import { isDone } from '../syncing/status.ts';
import { append } from './audit.ts';
import { breathe } from './breathe.ts';
import type { Context } from './context.ts';
import { totals } from './counters.ts';
import { liveFrom, planningTables } from './accounts.ts';
import { allocate } from './identifiers.ts';
import { holds } from './lanes.ts';
import { keepOpen } from './open-orders.ts';
import { orderRow } from './order-rows.ts';
import type { FirstKnown } from './order-rows.ts';
import { neverLeft, replan } from './replan.ts';
import type { Replanning } from './replan.ts';
import { inParts, insertRows } from './rows.ts';
import type { Tx } from './rows.ts';
import { loadDossiers, planningAccount, refresh } from './situations.ts';
import type { Dossier, StoredParcel } from './situations.ts';
import { transact } from './transact.ts';
import { move } from './transitions.ts';

/** Orders after which sockets and timers have their turn. */
const atOnce = 25;

/** Takes over one page of orders as fact; see Ledger.takeOver. */
export async function takeOver(context: Context, profiles: readonly LaneProfile[], references: OrderReferences, seen: readonly SeenOrder[], now: Instant, by?: Tenure): Promise<TakenOver> {
  if (seen.length === 0) return { fresh: 0, changed: 0, confirmed: 0 };
  return transact(context.store.db, async (tx) => {
    if (by !== undefined && !(await holds(tx, by))) return { fresh: 0, changed: 0, confirmed: 0 };
    const accounts = profiles.map((profile) => profile.account);
    const from = await liveFrom(tx, accounts);
    const known = await knownOrders(tx, seen);
    const fresh = seen.filter((order) => !known.has(keyOf(order)) && isWanted(order, from.get(order.account) ?? 0));
    await insertOrders(tx, fresh, now);
    const ids = new Map([...known, ...(await knownOrders(tx, fresh))]);
    const dossiers = await loadDossiers(tx, [...ids.values()]);
    const changed = totals();
    const tables = await planningTables(tx, context, accounts);
    let touched = 0;
    let confirmed = 0;
    for (const [index, order] of seen.entries()) {
      if (index > 0 && index % atOnce === 0) await breathe();
      const dossier = dossiers.get(ids.get(keyOf(order)) ?? -1);
      const profile = profiles.find((p) => p.account === order.account);
      if (dossier === undefined || profile === undefined) continue;
      const planning: Replanning = { account: planningAccount(context, order.account, from), offers: profile.offers, tables, totals: changed, now };
      await takeLines(tx, dossier, order);
      const factsChanged = await takeFacts(tx, dossier, order, now);
      const parcelsChanged = await takeParcels(tx, dossier, order, references);
      confirmed += await confirmSeen(tx, context, dossier, order, references, planning);
      if (factsChanged || parcelsChanged) {
        touched += 1;
        await replan(tx, dossier, planning);
      }
    }
    await keepOpen(tx, dossiers.values());
    await changed.write(tx);
    return { fresh: fresh.length, changed: touched, confirmed };
  });
}

/** Of orders whose list shows no parcels: those with something shipped, on which a sync that has not ended depends. */
export async function wanted(context: Context, account: string, seen: readonly SeenOrder[]): Promise<readonly string[]> {
  const shipped = seen.filter((order) => order.lines.some((line) => line.shipped !== 0)).map((order) => order.reference);
  const rows = await inParts(shipped, (part) =>
    context.store.db
      .selectFrom('orders')
      .innerJoin('sync', 'sync.order_id', 'orders.id')
      .select('orders.reference')
      .distinct()
      .where('orders.account', '=', account)
      .where('orders.reference', 'in', part)
      .where('sync.status', 'in', ['ready', 'delayed', 'held', 'blocked', 'rejected', 'exhausted', 'in-doubt'])
      .execute(),
  );
  return rows.map((row) => row.reference);
}

function keyOf(order: { readonly account: string; readonly reference: string }): string {
  return `${order.account}\n${order.reference}`;
}

/** Orders still to ship that the merchant fulfils; after the starting moment, whatever the merchant fulfils. */
function isWanted(order: SeenOrder, from: Instant): boolean {
  if (order.fulfilment === 'marketplace') return false;
  return order.placedAt >= from || order.status === 'pending' || order.status === 'to-ship' || order.status === 'partly-shipped';
}

async function knownOrders(tx: Tx, seen: readonly SeenOrder[]): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (const account of new Set(seen.map((order) => order.account))) {
    const references = seen.filter((order) => order.account === account).map((order) => order.reference);
    const rows = await inParts(references, (part) => tx.selectFrom('orders').select(['id', 'reference']).where('account', '=', account).where('reference', 'in', part).execute());
    for (const row of rows) ids.set(keyOf({ account, reference: row.reference }), row.id);
  }
  return ids;
}

/** Marketplaces do not tell the customer's language without personal data: their customers read the marketplace's own. */
const unknownLanguage = 'fr';

async function insertOrders(tx: Tx, fresh: readonly SeenOrder[], now: Instant): Promise<void> {
  const ids = await allocate(tx, 'order', fresh.length);
  const rows = fresh.map((order, i) => {
    const known: FirstKnown = {
      id: ids[i] ?? 0,
      account: order.account,
      reference: order.reference,
      own_reference: order.ownReference,
      placed_at: order.placedAt,
      ship_by: order.shipBy,
      payment: order.payment,
      publication: 'default',
      fulfilment: order.fulfilment,
      cancellation: order.cancellation,
      currency: order.currency,
      total: order.total,
      language: unknownLanguage,
      imported: 1,
    };
    return orderRow(known, now);
  });
  await insertRows(tx, 'orders', rows);
  await insertRows(
    tx,
    'order_line',
    fresh.flatMap((order, i) =>
      order.lines.map((line, position) => ({ order_id: ids[i] ?? 0, line_id: line.lineId, position, sku: line.sku, title: line.title, quantity: line.quantity, cancelled: line.cancelled, shipped_elsewhere: 0, unit_price: line.unitPrice })),
    ),
  );
}

/** The order's facts and lines as the marketplace has them now. What the shop said (language, publication) stays. */
async function takeFacts(tx: Tx, dossier: Dossier, seen: SeenOrder, now: Instant): Promise<boolean> {
  const { order } = dossier;
  const facts = {
    placedAt: seen.placedAt,
    shipBy: seen.shipBy ?? order.shipBy,
    payment: seen.payment,
    fulfilment: seen.fulfilment,
    cancellation: seen.cancellation,
    ownReference: order.ownReference ?? seen.ownReference,
    currency: seen.currency ?? order.currency,
    total: seen.total ?? order.total,
    imported: true,
  };
  const lines = seen.lines.map((line) => ({
    lineId: line.lineId,
    sku: line.sku,
    title: line.title,
    quantity: line.quantity,
    cancelled: line.cancelled,
    shippedElsewhere: shippedElsewhere(dossier, seen, line),
    unitPrice: line.unitPrice,
  }));
  const next = { ...order, ...facts, lines };
  const same = JSON.stringify([{ ...order, lines: [] }, order.lines]) === JSON.stringify([{ ...next, lines: [] }, lines]);
  if (same) return false;
  await tx
    .updateTable('orders')
    .set({ placed_at: next.placedAt, ship_by: next.shipBy, payment: next.payment, fulfilment: next.fulfilment, cancellation: next.cancellation, own_reference: next.ownReference, currency: next.currency, total: next.total, imported: 1, unknown_at: null, updated_at: now })
    .where('id', '=', dossier.id)
    .execute();
  if (JSON.stringify(order.lines) !== JSON.stringify(lines)) {
    await tx.deleteFrom('order_line').where('order_id', '=', dossier.id).execute();
    await insertRows(tx, 'order_line', lines.map((line, position) => ({ order_id: dossier.id, line_id: line.lineId, position, sku: line.sku, title: line.title, quantity: line.quantity, cancelled: line.cancelled, shipped_elsewhere: line.shippedElsewhere, unit_price: line.unitPrice })));
  }
  dossier.order = next;
  return true;
}

/** A parcel of ours that was told of before its order was known holds what the marketplace shows under its number: it is not told again. */
async function takeLines(tx: Tx, dossier: Dossier, seen: SeenOrder): Promise<void> {
  for (const parcel of dossier.parcels) {
    if (parcel.lines !== null || parcel.trackingNumber === null) continue;
    const tracking = normalTracking(parcel.trackingNumber);
    const shown = seen.parcels?.find((one) => one.trackingNumber !== null && normalTracking(one.trackingNumber) === tracking);
    if (shown === undefined) continue;
    const { lines } = shown;
    await tx.updateTable('parcel').set({ lines: JSON.stringify(lines) }).where('id', '=', parcel.id).execute();
    dossier.parcels = dossier.parcels.map((one) => (one === parcel ? { ...one, lines } : one));
    for (const sync of dossier.syncs.filter((one) => one.parcel_id === parcel.id && neverLeft(one))) {
      const payload = { ...sync.payload, lines };
      await tx.updateTable('sync').set({ payload: JSON.stringify(payload) }).where('id', '=', sync.id).execute();
      dossier.syncs = dossier.syncs.map((one) => (one === sync ? { ...one, payload } : one));
    }
  }
}

/** Units that are shipped there and that no parcel we know of accounts for. */
function shippedElsewhere(dossier: Dossier, seen: SeenOrder, line: SeenOrder['lines'][number]): number {
  const toldParcels = dossier.syncs.filter((sync) => sync.parcel_id !== null && (isDone(sync.status) || sync.unsettled === 1 || sync.status === 'sending' || sync.status === 'checking')).map((sync) => sync.parcel_id);
  const accounted = [...dossier.parcels.filter((p) => toldParcels.includes(p.id)).flatMap((p) => p.lines ?? []), ...(seen.parcels ?? dossier.parcels.filter((p) => p.origin === 'marketplace')).flatMap((p) => p.lines ?? [])];
  // One that is ours and that the marketplace shows would be counted twice: what counts is the larger of both views.
  const ours = units(dossier.parcels.filter((p) => toldParcels.includes(p.id)).flatMap((p) => p.lines ?? [])).get(line.lineId) ?? 0;
  const theirs = units((seen.parcels ?? []).flatMap((p) => p.lines)).get(line.lineId) ?? 0;
  if (line.shipped === null) {
    // "Some of it": eBay marks a line fulfilled with its first unit. Where nothing of it is ours, all of it was done there.
    return units(accounted).has(line.lineId) ? 0 : line.quantity - line.cancelled;
  }
  return Math.max(0, line.shipped - Math.max(ours, theirs));
}

/** Parcels that somebody told of by hand are parcels of the order: their units are not left to ship. */
async function takeParcels(tx: Tx, dossier: Dossier, seen: SeenOrder, references: OrderReferences): Promise<boolean> {
  const unknown = unknownParcels(dossier, seen.parcels ?? [], references);
  if (unknown.length === 0) return false;
  const ids = await allocate(tx, 'parcel', unknown.length);
  const taken = new Set([...dossier.parcels, ...dossier.voided].map((parcel) => parcel.reference));
  for (const [i, parcel] of unknown.entries()) {
    const { carrier, trackingNumber, lines } = parcel;
    const shippedAt = parcel.shippedAt ?? seen.updatedAt;
    const told = { carrier, tracking_number: trackingNumber, tracking_normal: trackingNumber === null ? null : normalTracking(trackingNumber), shipped_at: shippedAt, lines: JSON.stringify(lines), origin: 'marketplace', voided_at: null };
    // One of ours that was undone here is there all the same.
    const undone = dossier.voided.some((one) => one.reference === parcel.reference) ? await tx.updateTable('parcel').set(told).where('order_id', '=', dossier.id).where('reference', '=', parcel.reference).returning('id').executeTakeFirst() : undefined;
    const id = undone?.id ?? ids[i] ?? 0;
    const reference = undone === undefined ? ownReference(parcel.reference, taken) : parcel.reference;
    if (undone === undefined) await insertRows(tx, 'parcel', [{ id, order_id: dossier.id, applied_state_id: null, reference, untracked: 0, ship_from: null, ...told }]);
    taken.add(reference);
    dossier.voided = dossier.voided.filter((one) => one.id !== id);
    dossier.parcels.push({ id, reference, carrier, trackingNumber, untracked: false, shippedAt, shipFrom: null, lines, origin: 'marketplace', appliedState: null });
  }
  return true;
}

/** Parcels there that none of the order's own stands for, each for one: by what was told, by tracking number, by reference, by what it carries. */
function unknownParcels(dossier: Dossier, seen: readonly SeenParcel[], references: OrderReferences): readonly SeenParcel[] {
  const free = new Set(dossier.parcels);
  const unknown = new Set(seen);
  const pair = (isSame: (parcel: StoredParcel, shown: SeenParcel) => boolean): void => {
    for (const shown of unknown) {
      const parcel = [...free].find((one) => isSame(one, shown));
      if (parcel === undefined) continue;
      free.delete(parcel);
      unknown.delete(shown);
    }
  };
  pair((parcel, shown) => dossier.syncs.some((sync) => sync.parcel_id === parcel.id && sync.reference !== null && sync.reference === shown.reference));
  pair((parcel, shown) => parcel.trackingNumber !== null && shown.trackingNumber !== null && normalTracking(parcel.trackingNumber) === normalTracking(shown.trackingNumber));
  pair((parcel, shown) => shown.reference !== '' && parcel.reference === shown.reference && (parcel.origin === 'marketplace' || references === 'ours'));
  pair((parcel, shown) => parcel.origin === 'marketplace' && parcel.trackingNumber === shown.trackingNumber && parcel.reference.startsWith(`${shown.reference}#`) && sameLines(parcel.lines ?? [], shown.lines));
  return [...unknown];
}

/** A reference as it is shown, unless another parcel of the order has it, or there is none. */
function ownReference(shown: string, taken: ReadonlySet<string>): string {
  if (shown !== '' && !taken.has(shown)) return shown;
  let n = 1;
  while (taken.has(`${shown}#${n}`)) n += 1;
  return `${shown}#${n}`;
}

/** Syncs that the marketplace shows as done are confirmed: that is what confirmed means. */
async function confirmSeen(tx: Tx, context: Context, dossier: Dossier, seen: SeenOrder, references: OrderReferences, planning: Replanning): Promise<number> {
  if (seen.parcels === null) return 0;
  let confirmed = 0;
  for (const { id } of dossier.syncs) {
    const sync = dossier.syncs.find((one) => one.id === id);
    if (sync?.operation !== 'confirm-shipment' || ['confirmed', 'sending', 'checking', 'skipped', 'superseded', 'cancelled'].includes(sync.status)) continue;
    const claimed = dossier.syncs.filter((other) => other.id !== sync.id && other.reference !== null).map((other) => other.reference ?? '');
    const likeness = compare({ payload: sync.payload, reference: sync.reference, claimed, before: null }, seen.parcels, references);
    if (likeness.kind !== 'present') continue;
    confirmed += 1;
    await append(tx, context.audit, sync.account, planning.now, [
      { kind: 'seen', sync: sync.id, attempt: null, what: 'present', cause: null, body: { order: seen.reference, parcel: seen.parcels.find((p) => p.reference === likeness.reference) ?? null, updatedAt: seen.updatedAt } },
    ]);
    await move(tx, [{ sync, to: 'confirmed', cause: null, step: 'check', dueAt: null }], planning.offers, planning.totals, planning.now);
    await tx.updateTable('sync').set({ reference: likeness.reference, unsettled: 0, accepted_at: sync.accepted_at ?? planning.now, late: null }).where('id', '=', sync.id).execute();
    await refresh(tx, dossier);
  }
  return confirmed;
}
