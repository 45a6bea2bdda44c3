import type { z } from 'zod';
import { leftToShip } from '../../orders/order.ts';
import { isPublished } from '../../orders/publication.ts';
import { findOrders } from '../../store/find-orders.ts';
import { orderHistory } from '../../store/history.ts';
import type { AppliedEntry, OrderHistory } from '../../store/history.ts';
import { searchSyncs } from '../../store/log.ts';
import { putOrders } from '../../store/orders.ts';
import type { OrderPut } from '../../store/orders.ts';
import type { StoredParcel } from '../../store/situations.ts';
import { base } from '../base.ts';
import { iso, name, withValues } from '../fields.ts';
import { inPlaces, together } from '../places.ts';
import { Problem } from '../problem.ts';
import { route } from '../route.ts';
import type { Call } from '../route.ts';
import { sayRefused } from '../said.ts';
import { orderDraftShape, orderPutShape, orderShape } from '../shapes/orders.ts';
import { syncJson } from '../sync-json.ts';

export const orderRoutes = [
  route({
    method: 'put',
    path: `${base}/orders`,
    scope: 'write',
    operation: 'putOrders',
    summary: 'Store orders, or bring them up to date',
    description: 'An order that is refused leaves the others alone; the answer has one element for each, in the same order.',
    items: orderDraftShape,
    answer: orderPutShape.array(),
    async handle({ ports, items, language, now, failed }) {
      const puts = await inPlaces<z.output<typeof orderDraftShape>, OrderPut>(items, together, (drafts) => putOrders(ports.context, drafts, now), failed);
      // What waited for an order may go now.
      ports.notify([...new Set(puts.flatMap((put) => ('account' in put && ports.context.profiles.has(put.account) ? [put.account] : [])))]);
      return puts.map((put) => ('faults' in put ? sayRefused(language, put.faults) : { id: put.id, account: put.account, reference: put.reference, created: put.fresh, customerUrl: ports.customerUrl({ id: put.id }) }));
    },
  }),
  route({
    method: 'get',
    path: `${base}/orders/:account/:reference`,
    scope: 'read',
    operation: 'getOrder',
    summary: 'One order with the states applied to it, its parcels and its syncs',
    parts: { account: 'An account’s id, or "shop"', reference: 'The order’s number there, or the shop’s own' },
    answer: orderShape,
    problems: ['unknown-account', 'unknown-order'],
    async handle(call) {
      const { context } = call.ports;
      const account = call.part('account');
      const reference = name(100).safeParse(call.part('reference')).data ?? '';
      const [found] = await findOrders(context.store.db, context, [{ account, order: reference }]);
      if (found !== undefined && 'fault' in found && found.fault.code === 'unknown-account') return new Problem('unknown-account', { values: { found: account } });
      const history = found !== undefined && 'id' in found ? await orderHistory(context.store.db, found.id) : null;
      if (history === null) return new Problem('unknown-order', { values: { account, found: reference } });
      return orderJson(history, call);
    },
  }),
];

/** So many syncs of one order are shown with it; older ones are in the sync log. */
const mostSyncs = 500;

async function orderJson({ id, order, unknownAt, state, indicator, applied, parcels }: OrderHistory, { ports, language }: Call<unknown, unknown, unknown>): Promise<z.output<typeof orderShape>> {
  const { rows } = await searchSyncs(ports.context.store.db, { account: order.account, order: order.reference }, null, mostSyncs);
  const left = leftToShip(order.lines, parcels);
  return {
    id,
    account: order.account,
    reference: order.reference,
    ...withValues({ ownReference: order.ownReference }),
    imported: order.imported,
    ...(unknownAt === null ? {} : { unknownThereAt: iso(unknownAt) }),
    placedAt: iso(order.placedAt),
    ...(order.shipBy === null ? {} : { shipBy: iso(order.shipBy) }),
    payment: order.payment,
    publication: order.publication,
    published: isPublished(order),
    customerUrl: ports.customerUrl({ id }),
    fulfilment: order.fulfilment,
    cancellation: order.cancellation,
    ...withValues({ currency: order.currency, total: order.total }),
    language: order.language,
    ...withValues({ state, indicator }),
    lines: order.lines.map(({ unitPrice, ...line }) => ({ ...line, left: left.get(line.lineId) ?? 0, ...withValues({ unitPrice }) })),
    states: applied.map(appliedJson),
    parcels: parcels.map(parcelJson),
    syncs: rows.filter((row) => row.order_id === id).map((row) => syncJson(row, ports.diagnoses, language)),
  };
}

function appliedJson({ appliedAt, receivedAt, cancelReason, refund, graceUntil, undoneAt, undoneBy, ...applied }: AppliedEntry) {
  return {
    ...applied,
    appliedAt: iso(appliedAt),
    receivedAt: iso(receivedAt),
    ...withValues({ cancelReason, undoneBy }),
    ...(refund === null ? {} : { refund }),
    ...(graceUntil === null ? {} : { graceUntil: iso(graceUntil) }),
    ...(undoneAt === null ? {} : { undoneAt: iso(undoneAt) }),
  };
}

function parcelJson({ carrier, trackingNumber, shippedAt, shipFrom, lines, appliedState, ...parcel }: StoredParcel) {
  return { ...parcel, ...withValues({ carrier, trackingNumber, shipFrom, appliedState }), shippedAt: iso(shippedAt), ...(lines === null ? {} : { lines: [...lines] }) };
}
