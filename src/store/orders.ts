import { orderFaults } from '../orders/order-draft.ts';
import type { OrderDraft } from '../orders/order-draft.ts';
import type { Fault } from '../orders/fault.ts';
import { units } from '../orders/parcel.ts';
import type { Publication } from '../orders/order.ts';
import type { Instant } from '../runtime/clock.ts';
import { append, journalLane } from './audit.ts';
import { breathe } from './breathe.ts';
import type { Context } from './context.ts';
import { allocateOne } from './identifiers.ts';
import { keepOpen } from './open-orders.ts';
import { orderRow } from './order-rows.ts';
import type { FirstKnown } from './order-rows.ts';
import { inParts, insertRows } from './rows.ts';
import type { Tx } from './rows.ts';
import { loadDossiers } from './situations.ts';
import type { Dossier } from './situations.ts';
import { transact } from './transact.ts';
import { replanOrders } from './waiting.ts';

export type OrderPut = { readonly id: number; readonly account: string; readonly reference: string; readonly fresh: boolean } | { readonly faults: readonly Fault[] };

/** Orders after which sockets and timers have their turn. */
const atOnce = 50;

/** Stores orders that a shop or an ERP gives, or brings them up to date. An order that is refused leaves the others alone. */
export async function putOrders(context: Context, drafts: readonly OrderDraft[], now: Instant): Promise<readonly OrderPut[]> {
  return transact(context.store.db, async (tx) => {
    const accounts = [...context.profiles.keys()];
    const ids = await existing(tx, drafts);
    const dossiers = await loadDossiers(tx, [...ids.values()]);
    const twice = repeated(drafts.map(keyOf));
    const results: OrderPut[] = [];
    const touched: number[] = [];
    for (const [index, draft] of drafts.entries()) {
      if (index > 0 && index % atOnce === 0) await breathe();
      const faults = orderFaults(draft, accounts, now);
      const id = ids.get(keyOf(draft));
      const dossier = id === undefined ? undefined : dossiers.get(id);
      if (dossier !== undefined) faults.push(...parcelFaults(draft, dossier));
      if (faults.length > 0) {
        results.push({ faults });
        continue;
      }
      if (dossier === undefined) {
        const fresh = await insertOne(tx, draft, now);
        ids.set(keyOf(draft), fresh);
        // The same order twice in one request: the second brings the first up to date.
        if (twice.has(keyOf(draft))) for (const [key, one] of await loadDossiers(tx, [fresh])) dossiers.set(key, one);
        results.push({ id: fresh, account: draft.account, reference: draft.reference, fresh: true });
        continue;
      }
      await updateOne(tx, dossier, draft, now);
      touched.push(dossier.id);
      results.push({ id: dossier.id, account: draft.account, reference: draft.reference, fresh: false });
    }
    await keepOpen(tx, (await loadDossiers(tx, results.flatMap((result) => ('id' in result ? [result.id] : [])))).values());
    for (let from = 0; from < touched.length; from += atOnce) {
      if (from > 0) await breathe();
      await replanOrders(tx, context, touched.slice(from, from + atOnce), now);
    }
    return results;
  });
}

function keyOf(draft: { readonly account: string; readonly reference: string }): string {
  return `${draft.account}\n${draft.reference}`;
}

function repeated(keys: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(keys.filter((key) => seen.size === seen.add(key).size));
}

async function existing(tx: Tx, drafts: readonly OrderDraft[]): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (const account of new Set(drafts.map((draft) => draft.account))) {
    const references = drafts.filter((draft) => draft.account === account).map((draft) => draft.reference);
    const rows = await inParts(references, (part) => tx.selectFrom('orders').select(['id', 'reference']).where('account', '=', account).where('reference', 'in', part).execute());
    for (const row of rows) ids.set(keyOf({ account, reference: row.reference }), row.id);
  }
  return ids;
}

/** Units that a parcel carries cannot be taken off an order. */
function parcelFaults(draft: OrderDraft, dossier: Dossier): Fault[] {
  const packed = units(dossier.parcels.flatMap((parcel) => parcel.lines ?? []));
  const faults: Fault[] = [];
  for (const [lineId, quantity] of packed) {
    const index = draft.lines.findIndex((line) => line.lineId === lineId);
    if (index < 0) faults.push({ code: 'lines-in-parcel', field: 'lines', found: lineId, limit: quantity });
    else if ((draft.lines[index]?.quantity ?? 0) < quantity) faults.push({ code: 'lines-in-parcel', field: `lines[${index}].quantity`, found: lineId, limit: quantity });
  }
  return faults;
}

async function insertOne(tx: Tx, draft: OrderDraft, now: Instant): Promise<number> {
  const id = await allocateOne(tx, 'order');
  const known: FirstKnown = {
    id,
    account: draft.account,
    reference: draft.reference,
    own_reference: draft.ownReference ?? null,
    placed_at: draft.placedAt,
    ship_by: draft.shipBy ?? null,
    payment: draft.payment ?? 'confirmed',
    publication: draft.publication ?? 'default',
    fulfilment: 'merchant',
    cancellation: 'none',
    currency: draft.currency ?? null,
    total: draft.total ?? null,
    language: draft.language ?? 'fr',
    imported: 1,
  };
  await insertRows(tx, 'orders', [orderRow(known, now)]);
  await insertLines(tx, id, draft, new Map());
  return id;
}

/** What the draft leaves out keeps what is known; what only the marketplace knows (cancelled, shipped) stays. */
async function updateOne(tx: Tx, dossier: Dossier, draft: OrderDraft, now: Instant): Promise<void> {
  const { order } = dossier;
  await tx
    .updateTable('orders')
    .set({
      own_reference: draft.ownReference ?? order.ownReference,
      placed_at: draft.placedAt,
      ship_by: draft.shipBy ?? order.shipBy,
      payment: draft.payment ?? order.payment,
      publication: draft.publication ?? order.publication,
      currency: draft.currency ?? order.currency,
      total: draft.total ?? order.total,
      language: draft.language ?? order.language,
      imported: 1,
      unknown_at: null,
      updated_at: now,
    })
    .where('id', '=', dossier.id)
    .execute();
  await tx.deleteFrom('order_line').where('order_id', '=', dossier.id).execute();
  await insertLines(tx, dossier.id, draft, new Map(order.lines.map((line) => [line.lineId, line])));
}

async function insertLines(tx: Tx, order: number, draft: OrderDraft, known: ReadonlyMap<string, { readonly cancelled: number; readonly shippedElsewhere: number }>): Promise<void> {
  await insertRows(
    tx,
    'order_line',
    draft.lines.map((line, position) => ({
      order_id: order,
      line_id: line.lineId,
      position,
      sku: line.sku,
      title: line.title,
      quantity: line.quantity,
      cancelled: Math.min(line.quantity, known.get(line.lineId)?.cancelled ?? 0),
      shipped_elsewhere: known.get(line.lineId)?.shippedElsewhere ?? 0,
      unit_price: line.unitPrice ?? null,
    })),
  );
}

/** Forces an order's publication either way, or leaves it to the rule again. */
export async function publishOrder(context: Context, id: number, publication: Publication, author: string, now: Instant): Promise<void> {
  await transact(context.store.db, async (tx) => {
    await tx.updateTable('orders').set({ publication, updated_at: now }).where('id', '=', id).execute();
    await append(tx, context.audit, journalLane, now, [{ kind: 'publication', sync: null, attempt: null, what: publication, cause: null, body: { by: author, order: id, publication } }]);
  });
}
