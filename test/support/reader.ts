import type { Clock } from '../../src/runtime/clock.ts';
import type { OrderReader, Read, SeenOrder } from '../../src/syncing/order-reader.ts';
import type { Evidence } from '../../src/syncing/outcome.ts';
import { refusal } from './script.ts';
import type { Kind, Remote, RemoteOrder, Script } from './script.ts';

type Answer = (call: string, order: string, syncs: readonly number[]) => { readonly script: Script; readonly evidence: Evidence };

/** Orders that one page of a sweep carries. */
const pageSize = 100;

/** Reads the marketplace in memory: its list of changed orders, and single ones. eBay's list shows no parcels. */
export function createReader(clock: Clock, kind: Kind, remote: () => Remote, answer: Answer): OrderReader {
  const calls = kind === 'amazon' ? ({ page: 'searchOrders', order: ['getOrder'] } as const) : ({ page: 'getOrders', order: ['getOrder', 'getShippingFulfillments'] } as const);
  return {
    costs: calls,
    async changed(since, page) {
      const read = reads(calls.page, page ?? '');
      if (!read.ok) return read;
      const skip = Number(page ?? '0');
      const all = [...remote().orders.values()].filter((order) => since === null || order.updatedAt > since);
      const part = all.slice(skip, skip + pageSize);
      const next = skip + pageSize < all.length ? String(skip + pageSize) : null;
      return { ok: true, evidence: read.evidence, value: { orders: part.map((order) => seenOrder(order, kind === 'amazon')), next, until: clock.now() } };
    },
    async order(account, reference) {
      const read = reads(calls.order[0], reference);
      if (!read.ok) return read;
      const order = remote().orders.get(reference);
      return { ok: true, evidence: read.evidence, value: order === undefined || order.account !== account ? null : seenOrder(order, true) };
    },
  };

  function reads(call: string, order: string): Read<null> {
    const { script, evidence } = answer(call, order, []);
    const refused = refusal(script, evidence);
    if (refused === null) return script === 'ok' ? { ok: true, value: null, evidence } : { ok: false, why: 'unavailable', cause: 'remote/no-answer', retryAfter: null, evidence: null };
    const why = refused.kind === 'unauthorized' ? (refused.what === 'role' ? 'role' : 'unauthorized') : refused.kind;
    return { ok: false, why, cause: refused.kind === 'throttled' ? 'remote/throttled' : refused.cause, retryAfter: refused.kind === 'throttled' ? refused.retryAfter : null, evidence };
  }
}

/** An order as it is shown there. */
export function seenOrder(order: RemoteOrder, withParcels: boolean): SeenOrder {
  const shipped = new Map<string, number>();
  for (const parcel of order.parcels) for (const line of parcel.lines) shipped.set(line.lineId, (shipped.get(line.lineId) ?? 0) + line.quantity);
  const left = order.lines.some((line) => (shipped.get(line.lineId) ?? 0) < line.quantity - line.cancelled);
  return {
    account: order.account,
    reference: order.reference,
    ownReference: null,
    placedAt: order.placedAt,
    updatedAt: order.updatedAt,
    shipBy: order.shipBy,
    status: order.cancellation === 'cancelled' ? 'cancelled' : shipped.size === 0 ? 'to-ship' : left ? 'partly-shipped' : 'shipped',
    payment: order.payment,
    fulfilment: order.fulfilment,
    cancellation: order.cancellation,
    currency: 'EUR',
    total: null,
    lines: order.lines.map((line) => {
      const units = shipped.get(line.lineId) ?? 0;
      // eBay's list marks a line as shipped with its first unit.
      return { lineId: line.lineId, sku: line.lineId, title: line.lineId, quantity: line.quantity, cancelled: line.cancelled, shipped: withParcels || units === 0 ? units : null, unitPrice: null };
    }),
    parcels: withParcels ? [...order.parcels] : null,
  };
}
