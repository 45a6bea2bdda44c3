import type { z } from 'zod';
import { linksOf } from '../../store/customer-links.ts';
import { findOrders } from '../../store/find-orders.ts';
import { orderHistory } from '../../store/history.ts';
import type { OrderHistory } from '../../store/history.ts';
import { searchSyncs } from '../../store/log.ts';
import { putOrders } from '../../store/orders.ts';
import type { OrderPut } from '../../store/orders.ts';
import { base } from '../base.ts';
import { name } from '../fields.ts';
import { orderJson } from '../order-json.ts';
import { inPlaces, together } from '../places.ts';
import { Problem } from '../problem.ts';
import { route } from '../route.ts';
import type { Call } from '../route.ts';
import { sayRefused } from '../said.ts';
import { orderDraftShape, orderPutShape, orderShape } from '../shapes/orders.ts';

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
      const links = await linksOf(ports.context.store.db, puts.flatMap((put) => ('id' in put ? [put.id] : [])));
      return puts.map((put) => ('faults' in put ? sayRefused(language, put.faults) : { id: put.id, account: put.account, reference: put.reference, created: put.fresh, customerUrl: ports.customerUrl({ id: put.id, link: links.get(put.id) ?? 0 }) }));
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
      return withSyncs(history, call);
    },
  }),
];

/** So many syncs of one order are shown with it; older ones are in the sync log. */
const mostSyncs = 500;

async function withSyncs(history: OrderHistory, { ports, language }: Call<unknown, unknown, unknown>): Promise<z.output<typeof orderShape>> {
  const { account, reference } = history.order;
  const { rows } = await searchSyncs(ports.context.store.db, { account, order: reference }, null, mostSyncs);
  return orderJson(history, rows.filter((row) => row.order_id === history.id), ports.customerUrl(history), ports.diagnoses, language);
}
