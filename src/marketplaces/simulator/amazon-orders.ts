import { day, hour } from '../../runtime/clock.ts';
import type { Duration, Instant } from '../../runtime/clock.ts';
import type { HttpAnswer } from '../../runtime/http.ts';
import { amazonOrder, datasets, fulfilledBy, fulfillmentStatus, fulfillmentStatuses } from './amazon-order-json.ts';
import type { Dataset } from './amazon-order-json.ts';
import { invalid, notFound } from './amazon-words.ts';
import { iso, readMoment } from './moments.ts';
import type { Order } from './order.ts';
import { json } from './reply.ts';

/** Pages end after a day; orders older than two years are not shown (Amazon: Orders 2026-01-01). */
const tokenLife = 24 * hour;
const oldest = 2 * 365 * day;
const mostPerPage = 100;

type Family = 'created' | 'lastUpdated';

/** A search, its window frozen. */
interface Search {
  readonly family: Family;
  readonly after: Instant;
  readonly before: Instant;
  readonly statuses: ReadonlySet<string> | null;
  readonly marketplaces: ReadonlySet<string> | null;
  readonly fulfilledBy: ReadonlySet<string> | null;
  readonly pageSize: number;
  readonly included: ReadonlySet<Dataset>;
}

/** Where a page ended. `question` is everything that must be asked again with the token. */
interface Cursor {
  readonly question: string;
  readonly before: Instant;
  readonly at: Instant;
  readonly id: string;
  readonly madeAt: Instant;
}

const known = [
  'createdAfter', 'createdBefore', 'lastUpdatedAfter', 'lastUpdatedBefore', 'fulfillmentStatuses', 'marketplaceIds', 'fulfilledBy',
  'maxResultsPerPage', 'paginationToken', 'includedData',
];

/**
 * searchOrders: one page of the orders that were created, or changed, within a window that ends `lag` before now.
 * @param lag two minutes at Amazon; shorter where the simulator's pace is quicker
 */
export function searchOrders(query: URLSearchParams, orders: readonly Order[], now: Instant, lag: Duration): HttpAnswer {
  const search = readSearch(query, now, lag);
  if ('refusal' in search) return search.refusal;
  const question = questionOf(query);
  const token = query.get('paginationToken');
  const cursor = token === null ? null : readCursor(token);
  if (token !== null && (cursor === null || cursor.question !== question || now - cursor.madeAt > tokenLife)) {
    return invalid('PaginationToken is invalid or has expired.');
  }
  const window: Search = cursor === null ? search : { ...search, before: cursor.before };
  const rest = matching(window, orders, now).filter((order) => cursor === null || isPast(order, cursor, window.family));
  const page = rest.slice(0, window.pageSize);
  const last = page.at(-1);
  const more = rest.length > page.length && last !== undefined;
  return json(200, {
    orders: page.map((order) => amazonOrder(order, window.included)),
    ...(more && { pagination: { nextToken: writeCursor({ question, before: window.before, at: moment(last, window.family), id: last.id, madeAt: now }) } }),
    [`${window.family}Before`]: iso(window.before),
  });
}

/** getOrder. */
export function getOrder(query: URLSearchParams, order: Order | null): HttpAnswer {
  const wrong = misasked(query, ['includedData']);
  if (wrong !== null) return invalid(wrong);
  const included = listed(query, 'includedData', datasets);
  if (included === 'wrong') return invalid('IncludedData is invalid.');
  return order === null ? notFound('order') : json(200, { order: amazonOrder(order, new Set(included ?? [])) });
}

function readSearch(query: URLSearchParams, now: Instant, lag: Duration): Search | { readonly refusal: HttpAnswer } {
  const wrong = misasked(query, known);
  if (wrong !== null) return refused(wrong);
  const families = (['created', 'lastUpdated'] as const).filter((family) => query.has(`${family}After`) || query.has(`${family}Before`));
  const [family] = families;
  if (family === undefined || families.length > 1 || !query.has(`${family}After`)) return refused('Exactly one of createdAfter and lastUpdatedAfter must be provided.');
  const after = readMoment(query.get(`${family}After`) ?? '');
  const latest = now - lag;
  const before = query.has(`${family}Before`) ? readMoment(query.get(`${family}Before`) ?? '') : latest;
  if (after === null || before === null) return refused('The date must be in ISO 8601 format.');
  if (before > latest) return refused(`${family}Before must be at least two minutes before the time of the request.`);
  if (after > before) return refused(`${family}Before must be equal to or after ${family}After.`);
  const size = query.get('maxResultsPerPage') ?? String(mostPerPage);
  const pageSize = /^\d+$/.test(size) ? Number(size) : 0;
  if (pageSize < 1 || pageSize > mostPerPage) return refused('MaxResultsPerPage must be between 1 and 100.');
  const statuses = listed(query, 'fulfillmentStatuses', fulfillmentStatuses);
  const parties = listed(query, 'fulfilledBy', ['MERCHANT', 'AMAZON'] as const);
  const included = listed(query, 'includedData', datasets);
  const marketplaces = listed(query, 'marketplaceIds', null);
  if (statuses === 'wrong' || parties === 'wrong' || included === 'wrong' || marketplaces === 'wrong') return refused('A list of values is invalid.');
  if (marketplaces !== null && marketplaces.length > 50) return refused('MarketplaceIds may hold 50 values.');
  return {
    family,
    after,
    before,
    statuses: asSet(statuses),
    marketplaces: asSet(marketplaces),
    fulfilledBy: asSet(parties),
    pageSize,
    included: new Set(included ?? []),
  };
}

/** A parameter that the model does not know, or that is there twice (a list is one parameter with commas), or empty. */
function misasked(query: URLSearchParams, known: readonly string[]): string | null {
  for (const [name, value] of query) {
    if (!known.includes(name)) return `The parameter ${name} is not known.`;
    if (value === '' || query.getAll(name).length > 1) return `The parameter ${name} must have one value.`;
  }
  return null;
}

function listed<T extends string>(query: URLSearchParams, name: string, allowed: readonly T[] | null): readonly T[] | null | 'wrong' {
  const value = query.get(name);
  if (value === null) return null;
  const values = value.split(',') as T[];
  return values.every((one) => one !== '' && (allowed === null || allowed.includes(one))) ? values : 'wrong';
}

function matching(search: Search, orders: readonly Order[], now: Instant): Order[] {
  const allows = (set: ReadonlySet<string> | null, value: string): boolean => set === null || set.has(value);
  return orders
    .filter((order) => {
      const at = moment(order, search.family);
      return (
        at >= search.after &&
        at <= search.before &&
        order.placedAt > now - oldest &&
        allows(search.statuses, fulfillmentStatus(order)) &&
        allows(search.marketplaces, order.site) &&
        allows(search.fulfilledBy, fulfilledBy(order))
      );
    })
    .sort((a, b) => moment(a, search.family) - moment(b, search.family) || (a.id < b.id ? -1 : 1));
}

function moment(order: Order, family: Family): Instant {
  return family === 'created' ? order.placedAt : order.updatedAt;
}

function isPast(order: Order, cursor: Cursor, family: Family): boolean {
  const at = moment(order, family);
  return at > cursor.at || (at === cursor.at && order.id > cursor.id);
}

/** Everything but the token, the page size and the datasets must be asked again as it was. */
function questionOf(query: URLSearchParams): string {
  const free = new Set(['paginationToken', 'maxResultsPerPage', 'includedData']);
  return JSON.stringify([...query].filter(([name]) => !free.has(name)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function readCursor(token: string): Cursor | null {
  try {
    const read: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    return typeof read === 'object' && read !== null && 'question' in read ? (read as Cursor) : null;
  } catch {
    return null;
  }
}

function asSet(values: readonly string[] | null): ReadonlySet<string> | null {
  return values === null ? null : new Set(values);
}

function refused(message: string): { readonly refusal: HttpAnswer } {
  return { refusal: invalid(message) };
}
