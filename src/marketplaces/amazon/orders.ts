import { z } from 'zod';
import type { Instant } from '../../runtime/clock.ts';
import { day, hour, minute } from '../../runtime/clock.ts';
import type { ChangedPage, OrderReader, Read, SeenOrder } from '../../syncing/order-reader.ts';
import { evidenceOf, judge, readWithoutAnswer } from './answers.ts';
import { isObject } from './body.ts';
import type { Client } from './client.ts';
import { answerDate, instantOf, isoSeconds } from './headers.ts';
import type { Answered, Reply } from './reply.ts';
import { isOrderNumber, orderRead, pageRead } from './requests.ts';
import { marketplaceOf, readOrder, seenOrder } from './seen-order.ts';
import type { AmazonSettings } from './settings.ts';

/** An order that the merchant has not shipped by then was cancelled by Amazon (ship-by plus 7 business days). */
const firstImport = 30 * day;
/** Amazon: an upper bound lies at least two minutes before the request; its index of changes lags as much. */
const lag = 2 * minute;
/** A page's token ends after 24 hours; a little earlier the sweep starts again. */
const pageLasts = 23 * hour;

/** What the next page needs: Amazon wants all parameters as they were when it gave the token. */
const pageSchema = z.object({
  token: z.string().min(1),
  filter: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
  until: z.number(),
  issuedAt: z.number(),
});

type Page = z.infer<typeof pageSchema>;

/** Reads the orders of all accounts of one seller, application and region. */
export function readOrders(client: Client, accounts: readonly AmazonSettings[]): OrderReader {
  const byMarketplace = new Map<string, string>();
  for (const { id, marketplaceId } of accounts) if (!byMarketplace.has(marketplaceId)) byMarketplace.set(marketplaceId, id);

  /** Without a site named, an order can only be given to an only account. */
  function accountOf(marketplaceId: string | null): string | null {
    if (marketplaceId !== null) return byMarketplace.get(marketplaceId) ?? null;
    const [only, ...more] = new Set(byMarketplace.values());
    return more.length === 0 ? (only ?? null) : null;
  }

  function filterOf(since: Instant | null, now: Instant): Page['filter'] {
    const all = { marketplaceIds: [...byMarketplace.keys()].sort(), fulfilledBy: ['MERCHANT'], maxResultsPerPage: 100 };
    // Pending orders are left to the sweeps: becoming payable is a change.
    if (since === null) return { ...all, createdAfter: isoSeconds(now - firstImport), fulfillmentStatuses: ['UNSHIPPED', 'PARTIALLY_SHIPPED'] };
    return { ...all, lastUpdatedAfter: isoSeconds(Math.min(since, now - lag)) };
  }

  return {
    costs: { page: 'searchOrders', order: ['getOrder'] },

    async changed(since, page, signal) {
      const began = client.now();
      const asked = resume(page, began) ?? { token: null, filter: filterOf(since, began), until: Number.POSITIVE_INFINITY, issuedAt: began };
      const reply = await client.call(pageRead(asked.filter, asked.token), signal, unpaid);
      const answer = answerOf(reply, began, 'amazon/page-refused');
      if (!answer.ok) return answer;
      const found = pageOf(answer.value);
      if (found === null) return unreadable(reply);
      const { orders, elsewhere, broken } = sort(found.orders, accountOf);
      const until = Math.min(asked.until, seenUpTo(found, since, began, answer.value));
      const next = found.token === null ? null : JSON.stringify({ token: found.token, filter: asked.filter, until, issuedAt: began } satisfies Page);
      const shown = { orders: orders.map((order) => order.reference), elsewhere, unreadable: broken, until: isoSeconds(until), more: next !== null };
      const value: ChangedPage = { orders, next, until };
      return { ok: true, value, evidence: evidenceOf(reply, shown) };
    },

    async order(account, reference, signal) {
      if (!isOrderNumber(reference)) return { ok: false, why: 'rejected', cause: 'amazon/order-number-invalid', retryAfter: null, evidence: null };
      const reply = await client.call(orderRead(reference), signal, unpaid);
      const answer = answerOf(reply, client.now(), 'amazon/read-refused');
      if (!answer.ok) return answer;
      if (answer.value.status === 404) return { ok: true, value: null, evidence: evidenceOf(reply) };
      const read = singleOrder(answer.value, reference);
      if (read === null) return unreadable(reply);
      const site = marketplaceOf(read);
      const ours = site === null || accounts.some(({ id, marketplaceId }) => id === account && marketplaceId === site);
      return { ok: true, value: ours ? seenOrder(read, account) : null, evidence: evidenceOf(reply, { order: read }) };
    },
  };
}

/** A reader is given no permit: the one repetition after a renewed token is not counted. It comes at most once an hour. */
const unpaid = (): Promise<boolean> => Promise.resolve(true);

/** 200, or 404 for a single order; the rest are reasons why nothing was read. */
function answerOf(reply: Reply, now: Instant, refused: 'amazon/page-refused' | 'amazon/read-refused'): Read<Answered> {
  const verdict = judge(reply, now);
  const evidence = evidenceOf(reply);
  if (verdict.kind !== 'answer') return readWithoutAnswer(verdict, evidence);
  const { status } = verdict.answer;
  if (status === 200 || (status === 404 && reply.call === 'getOrder')) return { ok: true, value: verdict.answer, evidence };
  if (status === 204) return unreadable(reply);
  return { ok: false, why: 'rejected', cause: refused, retryAfter: null, evidence };
}

function unreadable(reply: Reply): Read<never> {
  return { ok: false, why: 'unavailable', cause: 'amazon/unreadable-answer', retryAfter: null, evidence: evidenceOf(reply) };
}

/** The order that this getOrder answered; null where the body is not that order. */
export function singleOrder(answer: Answered, reference: string): ReturnType<typeof readOrder> {
  if (answer.body.kind !== 'json' || !isObject(answer.body.value)) return null;
  const order = readOrder(answer.body.value['order']);
  return order?.orderId === reference ? order : null;
}

/** One page of searchOrders, its orders not yet looked into. */
interface FoundPage {
  readonly orders: readonly unknown[];
  readonly token: string | null;
  readonly before: Instant | null;
}

function pageOf({ body }: Answered): FoundPage | null {
  if (body.kind !== 'json' || !isObject(body.value) || !Array.isArray(body.value['orders'])) return null;
  const { orders, pagination, lastUpdatedBefore, createdBefore } = body.value;
  const token = isObject(pagination) ? pagination['nextToken'] : null;
  const before = lastUpdatedBefore ?? createdBefore;
  return { orders, token: typeof token === 'string' && token !== '' ? token : null, before: typeof before === 'string' ? instantOf(before) : null };
}

/**
 * Up to which moment a sweep that begins with this page saw everything: what Amazon says. Where it says nothing, and
 * on the first import, whose bound is of creation and not of change: two minutes before it began, by the earlier clock.
 */
function seenUpTo(found: FoundPage, since: Instant | null, began: Instant, answer: Answered): Instant {
  const theirNow = answerDate(answer.headers) ?? began;
  const careful = Math.min(began, theirNow) - lag;
  if (found.before === null) return careful;
  return Math.min(found.before, since === null ? careful : theirNow);
}

/** One order that breaks the model does not cost the others: it is left out, and named in the evidence. */
function sort(found: readonly unknown[], accountOf: (site: string | null) => string | null): { orders: SeenOrder[]; elsewhere: number; broken: string[] } {
  const orders: SeenOrder[] = [];
  const broken: string[] = [];
  let elsewhere = 0;
  for (const value of found) {
    const read = readOrder(value);
    if (read === null) {
      broken.push(isObject(value) && typeof value['orderId'] === 'string' && isOrderNumber(value['orderId']) ? value['orderId'] : 'without a number');
      continue;
    }
    const account = accountOf(marketplaceOf(read));
    if (account === null) elsewhere += 1;
    else orders.push(seenOrder(read, account));
  }
  return { orders, elsewhere, broken };
}

/** A page whose token has ended, or that an older version wrote, is none: the sweep starts again from `since`. */
function resume(page: string | null, now: Instant): Page | null {
  if (page === null) return null;
  const read = pageSchema.safeParse(parsed(page)).data;
  return read === undefined || now - read.issuedAt >= pageLasts ? null : read;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

