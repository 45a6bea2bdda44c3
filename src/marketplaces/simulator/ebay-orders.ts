import { day } from '../../runtime/clock.ts';
import type { Instant } from '../../runtime/clock.ts';
import type { HttpAnswer } from '../../runtime/http.ts';
import type { Asked } from './desk.ts';
import { readFilter } from './ebay-filter.ts';
import { ebayOrder, orderStatus } from './ebay-order-json.ts';
import { no } from './ebay-words.ts';
import type { EbaySchemas } from './ebay-words.ts';
import type { Order } from './order.ts';
import { json } from './reply.ts';

const usualLimit = 50;
const mostPerPage = 200;
const mostIds = 50;
/** Orders older than two years are not shown (eBay: getOrders). */
const oldest = 2 * 366 * day;

/**
 * getOrders: one page, counted by offset. The list is made anew for each page, so that an order which leaves the window
 * between two pages moves those behind it one place up, and the reader misses one: eBay promises nothing better.
 */
export function getOrders(asked: Asked, orders: readonly Order[], now: Instant): HttpAnswer {
  const { query, rawQuery, origin } = asked;
  const groups = query.get('fieldGroups');
  if (groups !== null && groups !== 'TAX_BREAKDOWN') return no(32800, groups);
  const ids = query.get('orderIds');
  if (ids !== null) return byIds(asked, ids.split(','), orders);
  const limit = wholeNumber(query.get('limit') ?? String(usualLimit));
  if (limit === null || limit < 1 || limit > mostPerPage) return no(31100, query.get('limit') ?? '');
  const offset = wholeNumber(query.get('offset') ?? '0');
  if (offset === null) return no(31000, query.get('offset') ?? '');
  const wanted = readFilter(query.get('filter'), rawQuery, now);
  if ('refusal' in wanted) return wanted.refusal;
  const moment = (order: Order): Instant => (wanted.by === 'created' ? order.placedAt : order.updatedAt);
  const found = orders
    .filter((order) => order.placedAt > now - oldest && moment(order) >= wanted.from && moment(order) <= wanted.to)
    .filter((order) => wanted.statuses === null || wanted.statuses.includes(orderStatus(order)))
    .sort((a, b) => moment(a) - moment(b) || (a.id < b.id ? -1 : 1));
  const at = (offset: number): string => pageHref(asked, limit, offset);
  const page: EbaySchemas['OrderSearchPagedCollection'] = {
    href: at(offset),
    total: found.length,
    limit,
    offset,
    ...(offset + limit < found.length && { next: at(offset + limit) }),
    ...(offset > 0 && { prev: at(Math.max(0, offset - limit)) }),
    orders: found.slice(offset, offset + limit).map((order) => ebayOrder(order, origin, false)),
  };
  return json(200, page);
}

/** getOrder. */
export function getOrder(asked: Asked, id: string, order: Order | null): HttpAnswer {
  const groups = asked.query.get('fieldGroups');
  if (groups !== null && groups !== 'TAX_BREAKDOWN') return no(32800, groups);
  return order === null ? no(32100, id, 404) : json(200, ebayOrder(order, asked.origin, true));
}

/** The list of numbers overrides every other parameter. */
function byIds(asked: Asked, ids: readonly string[], orders: readonly Order[]): HttpAnswer {
  if (ids.length > mostIds) return no(30900);
  const found = orders.filter((order) => ids.includes(order.id));
  const page: EbaySchemas['OrderSearchPagedCollection'] = {
    href: `${asked.origin}/sell/fulfillment/v1/order?${asked.rawQuery}`,
    total: found.length,
    limit: usualLimit,
    offset: 0,
    orders: found.map((order) => ebayOrder(order, asked.origin, false)),
  };
  return json(200, page);
}

function pageHref(asked: Asked, limit: number, offset: number): string {
  const query = new URLSearchParams(asked.query);
  query.set('limit', String(limit));
  query.set('offset', String(offset));
  return `${asked.origin}/sell/fulfillment/v1/order?${query.toString()}`;
}

function wholeNumber(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
