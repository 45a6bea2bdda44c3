import { limits as ebayLimits } from '../../src/marketplaces/ebay/limits.ts';
import type { Wish } from '../../src/orders/applied-state.ts';
import type { OrderDraft } from '../../src/orders/order-draft.ts';
import { hour, minute, second } from '../../src/runtime/clock.ts';
import { applyBulk } from '../../src/store/bulk.ts';
import { applyStates } from '../../src/store/intake.ts';
import { findOrders } from '../../src/store/find-orders.ts';
import { putOrders } from '../../src/store/orders.ts';
import { addState, editState } from '../../src/store/states.ts';
import { perform } from '../../src/store/verbs.ts';
import { run } from '../../src/syncing/daemon.ts';
import type { Destination, Intent } from '../../src/syncing/destination.ts';
import type { SeenOrder } from '../../src/syncing/order-reader.ts';
import type { Cause, Evidence, Outcome } from '../../src/syncing/outcome.ts';
import type { TestClock } from '../support/clock.ts';
import { offersOf } from '../support/offers.ts';
import { openShop } from '../support/shop.ts';
import type { Shop } from '../support/shop.ts';

/** The moment that a filled house stands at: Monday 23 November 2026, 14:32 in Paris. */
const moment = Date.parse('2026-11-23T13:32:00Z');

/** Where the accounts of a filled house are. */
const accounts = [
  { id: 'amazon-fr', marketplace: 'amazon' },
  { id: 'amazon-de', marketplace: 'amazon', limits: { getOrder: { rate: 5, burst: 30, configured: true } } },
  { id: 'ebay-fr', marketplace: 'ebay', limits: ebayLimits },
] as const;

/** What a marketplace says to a telling of an order: yes unless it stands here. */
type Reply = 'unreachable-once' | 'silent-once' | 'silent-different' | { readonly refused: Cause };

const names = { PREPARATION: ['Commande en préparation', '#e0b23c', 'to-prepare'], EXPEDIEE: ['Commande expédiée', '#2e7d5b', 'to-deliver'], EXPEDIEE_PART: ['Commande partiellement expédiée', '#8fbf6a', 'to-deliver'], LIVREE: ['Commande livrée', '#274c77', 'delivered'], ANNULEE: ['Commande annulée', '#70757a', 'cancelled'], REMBOURSEE: ['Remboursement effectué', '#7d4fa0', null], VALIDEE: ['Règlement reçu', '#8cc0e0', 'to-prepare'] } as const;

/**
 * A merchant's day: orders in every state, syncs in every status, at 14:32.
 * @param clock begins at 8:00 and is led to 14:32
 * @param before done before the day begins
 */
export async function fill(clock: TestClock, file: string | undefined, before: (shop: Shop) => Promise<void>): Promise<Shop> {
  const shop = await openShop(clock, accounts.map((account) => ({ ...account, patience: { settle: 60 * second, timeout: 10 * minute } })), file === undefined ? {} : { file });
  await before(shop);
  const { context, ledger } = shop;
  await context.store.db.updateTable('account').set({ live_from: clock.now() - 7 * 24 * hour }).execute();
  for (const [mnemonic, [name, colour, indicator]] of Object.entries(names)) {
    await editState(context, mnemonic, { colour, indicator, texts: { fr: { name, comment: `${name}.`, sms: '' }, en: { name: english[mnemonic as keyof typeof names], comment: '', sms: '' } } }, 'Claire', clock.now());
  }
  for (const [mnemonic, name, colour] of [['LITIGE-TRANSP', 'Réclamation ouverte auprès du transporteur', '#b5452f'], ['RETARD-FOURN.', 'Réapprovisionnement en cours', '#f0a8b8']] as const) {
    await addState(context, { mnemonic, type: 'none', texts: { fr: { name, comment: '', sms: '' } }, colour, indicator: mnemonic.startsWith('LITIGE') ? 'in-dispute' : null, actions: { publish: true, notifyByMail: false, notifyBySms: false, generateInvoice: false }, graceS: 60 }, 'Claire', clock.now());
  }

  const replies = new Map<string, Reply>();
  const lanes = accounts.map(({ id, marketplace }) => shop.lane(id, talker(clock, marketplace, replies)));
  for (const { id } of accounts) await ledger.swept(shop.profile(id).scope.sweep, { until: clock.now(), startedAt: clock.now() });
  const stop = new AbortController();
  const running = run(shop.daemon(lanes, [], 2 * minute), stop.signal, new AbortController().signal);
  const until = (time: string): Promise<void> => clock.advance(Math.max(0, Date.parse(`2026-11-23T${time}:00+01:00`) - clock.now()));
  const apply = async (wishes: readonly Wish[], author: string, source = 'console'): Promise<void> => {
    await applyStates(context, wishes, { source, author, byHand: source === 'console' }, clock.now());
    for (const lane of lanes) lane.bell.ring();
  };
  const ship = (order: Sold, more: Partial<NonNullable<Wish['parcels']>[number]> = {}, state = 'EXPEDIEE'): Wish => ({ account: order.account, order: order.reference, state, parcels: [{ carrier: 'Colissimo', trackingNumber: `6A2291833${order.n}`, ...more }] });

  const sold = sales();
  await putOrders(context, sold.map(draftOf), clock.now());
  const [shopOrders, marketOrders] = [sold.filter(({ account }) => account === 'shop'), sold.filter(({ account }) => account !== 'shop')];
  await apply(sold.map(({ account, reference }) => ({ account, order: reference, state: 'PREPARATION' })), 'api/boutique', 'api/boutique');

  // The morning: most go through, some are refused, one is told twice over.
  for (const [index, order] of marketOrders.slice(0, 22).entries()) {
    if (index === 3) replies.set(order.reference, 'unreachable-once');
    if (index === 5) replies.set(order.reference, 'silent-once');
    if (index === 11) replies.set(order.reference, 'silent-different');
    if (index === 7 || index === 8 || index === 9) replies.set(order.reference, { refused: order.account.startsWith('amazon') ? 'amazon/tracking-refused' : 'ebay/tracking-invalid' });
    if (index === 10) replies.set(order.reference, { refused: order.account.startsWith('amazon') ? 'amazon/quantity-refused' : 'ebay/tracking-invalid' });
    await clock.advance(9 * minute);
    await apply([ship(order)], index % 3 === 0 ? 'Marc' : 'Claire');
  }
  await apply(shopOrders.slice(0, 4).map((order) => ship(order)), 'Claire');
  await until('12:40');
  for (const { id } of accounts) {
    const profile = shop.profile(id);
    await ledger.takeOver([profile], profile.references, await seen(shop, sold.filter((order) => order.account === id).slice(0, 6)), clock.now());
  }
  await until('13:20');

  // The afternoon: a carrier without a code, missing numbers, a buyer's change of mind.
  const [a, b, c, d, e, f, g] = marketOrders.slice(22);
  if (a === undefined || b === undefined || c === undefined || d === undefined || e === undefined || f === undefined || g === undefined) throw new Error('too few orders');
  await apply([a, b, c].map((order) => ship(order, { carrier: 'Colis Privé Relais', trackingNumber: `CPR00418822${order.n}` })), 'Marc');
  await apply([{ account: d.account, order: d.reference, state: 'EXPEDIEE', parcels: [{ carrier: 'Chronopost' }] }, { account: e.account, order: e.reference, state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo' }] }], 'Marc');
  const profile = shop.profile(f.account);
  const [asked] = await seen(shop, [f], { cancellation: 'requested', parcels: [] });
  if (asked !== undefined) await ledger.takeOver([profile], profile.references, [asked], clock.now());
  await apply([ship(f)], 'Claire');
  for (const { id } of accounts) if (id !== 'amazon-de') await ledger.swept(shop.profile(id).scope.sweep, { until: clock.now(), startedAt: clock.now() });
  await until('14:05');
  const [stopped] = await context.store.db.selectFrom('sync').select('id').where('cause', '=', 'ebay/tracking-invalid').execute();
  if (stopped !== undefined) await perform(context, { verb: 'cancel', filter: { ids: [stopped.id] }, author: 'Claire', reason: 'Déjà confirmé à la main' }, clock.now());
  await until('14:30');
  await apply([ship(g)], 'Marc', 'api/erp');
  await until('14:32');
  await applyBulk(context, { state: 'EXPEDIEE', author: 'Marc', source: 'console', wishes: marketOrders.slice(29, 34).map((order) => ship(order)) }, clock.now());
  stop.abort();
  await clock.advance(second);
  await running;
  return shop;
}

const english = { PREPARATION: 'Being prepared', EXPEDIEE: 'Order shipped', EXPEDIEE_PART: 'Partly shipped', LIVREE: 'Delivered', ANNULEE: 'Cancelled', REMBOURSEE: 'Refunded', VALIDEE: 'Payment received' } as const;

interface Sold {
  readonly n: number;
  readonly account: string;
  readonly reference: string;
  readonly shipBy: number;
  readonly total: string;
}

/** Forty-five orders: by what is left of their time, the earliest first. */
function sales(): readonly Sold[] {
  return Array.from({ length: 45 }, (_, i): Sold => {
    const n = 1001 + i * 7;
    const account = i % 9 === 8 ? 'shop' : i % 4 === 3 ? 'ebay-fr' : i % 5 === 4 ? 'amazon-de' : 'amazon-fr';
    const reference = account === 'shop' ? `AB-${10_391 + i}` : account === 'ebay-fr' ? `${17 + (i % 6)}-${12_830 + i}-${60_418 + n}` : `${['171', '408', '305'][i % 3] ?? ''}-${1_167_720 + n * 31}-${2_265_147 + n * 17}`;
    const left = i < 22 ? (18 + i) * hour : i === 24 ? -92 * minute : i === 28 ? 23 * minute : [-152, -32, 23, 28, 58, 97, 208, 600, 1_300][(i - 22) % 9]! * minute;
    return { n, account, reference, shipBy: moment + left, total: `${18 + ((n * 13) % 160)}.${n % 2 === 0 ? '40' : '90'}` };
  });
}

const goods = ['Assiette plate en grès, bleu de nuit, 26 cm', 'Bol à bouillon en grès, lot de quatre', 'Torchon métis lavé, écru', 'Mug émaillé, vert sauge'] as const;

function draftOf({ n, account, reference, shipBy, total }: Sold): OrderDraft {
  return {
    account,
    reference,
    ...(account === 'shop' ? {} : { ownReference: `AB-${9_400 + n}` }),
    placedAt: Math.min(moment - 26 * hour, shipBy - 20 * hour),
    shipBy,
    payment: 'confirmed',
    currency: 'EUR',
    total,
    language: 'fr',
    lines: [{ lineId: `${n}-1`, sku: `GRES-${n % 4}`, title: goods[n % 4] ?? goods[0], quantity: 1 + (n % 3) }],
  };
}

/** Orders as their marketplace shows them, with the parcels that it was told of. */
async function seen({ context }: Shop, orders: readonly Sold[], over: Partial<SeenOrder> = {}): Promise<readonly SeenOrder[]> {
  const { db } = context.store;
  const found = await findOrders(db, context, orders.map(({ account, reference }) => ({ account, order: reference })));
  return Promise.all(orders.map(async (order, index): Promise<SeenOrder> => {
    const one = found[index];
    const id = one !== undefined && 'id' in one ? one.id : 0;
    const row = await db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    const lines = await db.selectFrom('order_line').selectAll().where('order_id', '=', id).execute();
    const told = await db.selectFrom('sync').innerJoin('parcel', 'parcel.id', 'sync.parcel_id').select(['parcel.reference', 'parcel.tracking_number', 'parcel.carrier', 'parcel.shipped_at']).where('sync.order_id', '=', id).where('sync.status', '=', 'accepted').execute();
    const all = lines.map((line) => ({ lineId: line.line_id, quantity: line.quantity }));
    return {
      account: order.account, reference: order.reference, ownReference: null, placedAt: row.placed_at, updatedAt: context.clock.now(), shipBy: order.shipBy, status: told.length > 0 ? 'shipped' : 'to-ship', payment: 'confirmed', fulfilment: 'merchant', cancellation: 'none', currency: 'EUR', total: order.total,
      lines: lines.map((line) => ({ lineId: line.line_id, sku: line.sku, title: line.title, quantity: line.quantity, cancelled: 0, shipped: told.length > 0 ? line.quantity : 0, unitPrice: null })),
      parcels: told.map((parcel) => ({ reference: parcel.reference, trackingNumber: parcel.tracking_number, carrier: parcel.carrier, shippedAt: parcel.shipped_at, lines: all })),
      ...over,
    };
  }));
}

/** A marketplace that answers as it is told to. */
function talker(clock: TestClock, marketplace: 'amazon' | 'ebay', replies: Map<string, Reply>): Destination {
  let calls = 0;
  const told = new Set<string>();
  const evidence = (intent: Intent, status: number | null, body: unknown): Evidence => {
    calls += 1;
    const { order, parcel, lines } = intent.payload;
    const amazon = marketplace === 'amazon';
    return {
      call: amazon ? 'confirmShipment' : 'createShippingFulfillment',
      request: { method: 'POST', path: amazon ? `/orders/v0/orders/${order}/shipmentConfirmation` : `/sell/fulfillment/v1/order/${order}/shipping_fulfillment`, body: amazon ? { packageDetail: { packageReferenceId: parcel?.reference, carrierCode: parcel?.carrierCode, trackingNumber: parcel?.trackingNumber, orderItems: lines.map(({ lineId, quantity }) => ({ orderItemId: lineId, quantity })) } } : { lineItems: lines, shippingCarrierCode: parcel?.carrierCode, trackingNumber: parcel?.trackingNumber } },
      answer: status === null ? null : { status, body },
      fault: status === null ? 'ENOTFOUND' : null,
      requestId: status === null ? null : `5f1b0c4e-7d0a-4b1c-9a51-${String(200_000_000_000 + calls)}`,
      date: status === null ? null : clock.now(),
      rate: amazon ? 2 : null,
    };
  };
  const send = async (intent: Intent): Promise<Outcome> => {
    await clock.sleep(400);
    const reply = replies.get(intent.payload.order);
    if (reply === 'unreachable-once' || reply === 'silent-once') replies.delete(intent.payload.order);
    if (reply === 'unreachable-once') return { kind: 'unavailable', cause: `${marketplace}/unreachable`, evidence: evidence(intent, null, null) };
    if (reply === 'silent-once' || reply === 'silent-different') return { kind: 'unknown', cause: `${marketplace}/no-answer`, evidence: { ...evidence(intent, null, null), fault: 'TIMEOUT' } };
    if (typeof reply === 'object') return { kind: 'rejected', cause: reply.refused, evidence: evidence(intent, 400, { errors: [{ code: 'InvalidInput', message: 'Tracking number is invalid.', details: '' }] }) };
    told.add(intent.payload.order);
    return { kind: 'accepted', reference: marketplace === 'amazon' ? (intent.payload.parcel?.reference ?? null) : `94055${intent.sync}`, evidence: evidence(intent, marketplace === 'amazon' ? 204 : 201, null) };
  };
  const check = async (intent: Intent): Promise<Outcome> => {
    await clock.sleep(200);
    if (replies.get(intent.payload.order) === 'silent-different') return { kind: 'different', cause: marketplace === 'amazon' ? 'amazon/package-different' : 'ebay/fulfilment-different', evidence: evidence(intent, 200, null) };
    return told.has(intent.payload.order) ? { kind: 'present', reference: intent.reference ?? intent.payload.parcel?.reference ?? null, evidence: evidence(intent, 200, null) } : { kind: 'absent', seen: [], evidence: evidence(intent, 200, null) };
  };
  return { offers: offersOf(marketplace), width: 8, send: (intents) => Promise.all(intents.map(send)), check: (intents) => Promise.all(intents.map(check)) };
}
