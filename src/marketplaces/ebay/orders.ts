import type { Clock } from '../../runtime/clock.ts';
import type { OrderReader, Read, SeenOrder } from '../../syncing/order-reader.ts';
import type { Evidence } from '../../syncing/outcome.ts';
import { failedRead, judge } from './answers.ts';
import { field } from './body.ts';
import { getOrder, getOrders, getShippingFulfillments, isOrderNumber } from './calls.ts';
import type { Call } from './calls.ts';
import type { Client, Reply } from './client.ts';
import { number, text } from './fields.ts';
import { fulfilmentsOf } from './fulfilments.ts';
import { readOrder } from './seen-order.ts';
import type { ReadOrder } from './seen-order.ts';
import type { EbaySettings } from './settings.ts';
import { firstPage, nextPage, pageSize, readCursor, written } from './sweep.ts';

/** Reads the orders of one seller, and gives each to the account of its site. */
export function orderReader(accounts: readonly EbaySettings[], client: Client, clock: Clock): OrderReader {
  /** A read has no permit to ask: the one call more that a renewed token costs is made. */
  const read = async (call: Call, signal: AbortSignal): Promise<Came> => came(await client.call(call, signal, async () => true), clock);

  return {
    costs: { page: 'getOrders', order: ['getOrder', 'getShippingFulfillments'] },

    changed: async (since, page, signal) => {
      if (page === null) {
        // The exchange of a token tells eBay's time before the first window is drawn.
        const token = await client.ready(signal);
        if (token.kind === 'no-token') return failed(token, clock);
      }
      const cursor = page === null ? firstPage(since, clock.now(), client.skew()) : readCursor(page);
      const answer = await read(getOrders(pageSize, cursor.offset, cursor.filter), signal);
      // A 404 on a list is about no order.
      if (!answer.ok) return answer.cause === 'ebay/order-unknown' ? { ...answer, cause: 'ebay/filter-refused' } : answer;
      const listed = listOf(answer.value);
      if (listed === null) return unreadable(answer.evidence);
      const found = listed.map((order) => readOrder(order, null));
      const orders = found.flatMap((order) => (order === null ? [] : ofAccounts(order, accounts)));
      const next = nextPage(cursor, answer.value, listed.length);
      // One order that cannot be read does not cost the others; its number stays in the audit.
      const unread = listed.filter((_, position) => found[position] === null).map((order) => text(field(order, 'orderId')));
      return { ok: true, value: { orders, next: next === null ? null : written(next), until: cursor.until }, evidence: noting(answer.evidence, unread) };
    },

    order: async (account, reference, signal) => {
      if (!isOrderNumber(reference)) return { ok: true, value: null, evidence: notAsked };
      const answer = await read(getOrder(reference), signal);
      if (!answer.ok) return unknownOrder(answer);
      const shipped = await read(getShippingFulfillments(reference), signal);
      // It has just been shown: whatever is said of its parcels, it is no unknown order.
      if (!shipped.ok) return shipped.cause === 'ebay/order-unknown' ? unreadable(shipped.evidence) : shipped;
      const parcels = fulfilmentsOf({ kind: 'json', value: shipped.value });
      if (parcels === null) return unreadable(shipped.evidence);
      const found = readOrder(answer.value, parcels);
      if (found === null) return unreadable(answer.evidence);
      return { ok: true, value: ofAccounts(found, accounts).find((order) => order.account === account) ?? null, evidence: answer.evidence };
    },
  };
}

type Failed = Extract<Read<never>, { ok: false }>;
type Came = { readonly ok: true; readonly value: unknown; readonly evidence: Evidence } | Failed;

/** A read came where it is a 200 with JSON. */
export function came(reply: Reply, clock: Clock): Came {
  if (reply.kind !== 'answer') return failed(reply, clock);
  const verdict = judge(reply, clock.now());
  if (verdict.kind !== 'answered') return failedRead(verdict, reply.evidence);
  return verdict.status === 200 && verdict.body.kind === 'json' ? { ok: true, value: verdict.body.value, evidence: reply.evidence } : unreadable(reply.evidence);
}

function failed(reply: Exclude<Reply, { kind: 'answer' }>, clock: Clock): Failed {
  const verdict = judge(reply, clock.now());
  return verdict.kind === 'answered' ? unreadable(reply.evidence) : failedRead(verdict, reply.evidence);
}

function unreadable(evidence: Evidence | null): Failed {
  return failedRead({ kind: 'unknown', cause: 'ebay/answer-unreadable' }, evidence);
}

/** eBay knows no such order: an answer too. */
function unknownOrder(read: Failed): Read<null> {
  return read.cause === 'ebay/order-unknown' && read.evidence !== null ? { ok: true, value: null, evidence: read.evidence } : read;
}

/** The orders of a page; null where the answer does not list them. */
function listOf(answer: unknown): readonly unknown[] | null {
  const orders = field(answer, 'orders');
  if (orders === undefined || orders === null) return number(field(answer, 'total')) === 0 ? [] : null;
  return Array.isArray(orders) ? orders : null;
}

/** The order under the account of its site; a seller's only account has them all; other sites' orders are left out. */
function ofAccounts({ order, sites }: ReadOrder, accounts: readonly EbaySettings[]): SeenOrder[] {
  const [only, ...others] = accounts;
  const account = others.length === 0 ? only : sites.map((site) => accounts.find((one) => one.site === site)).find((one) => one !== undefined);
  return account === undefined ? [] : [{ account: account.id, ...order }];
}

function noting(evidence: Evidence, unread: readonly (string | null)[]): Evidence {
  if (unread.length === 0 || evidence.answer === null) return evidence;
  return { ...evidence, answer: { ...evidence.answer, body: { ...(evidence.answer.body as object), unread } } };
}

const notAsked: Evidence = { call: 'getOrder', request: null, answer: null, fault: null, requestId: null, date: null, rate: null };
