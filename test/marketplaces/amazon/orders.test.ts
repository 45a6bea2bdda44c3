import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day, hour, minute } from '../../../src/runtime/clock.ts';
import { NoAnswer } from '../../../src/runtime/http.ts';
import { amazonItem, amazonOrder, amazonPackage, api, connected, france, germany, grantToken, lwa, order, orderPath, ordersPath, personal, problem, start, testClock, withoutPeople } from './setup.ts';
import type { AmazonSettings } from '../../../src/marketplaces/amazon/settings.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

type Query = Record<string, string>;

/** Answers searchOrders in turn, and notes the queries. */
function searching(...answers: { status?: number; body: nock.Body; headers?: nock.ReplyHeaders }[]): Query[] {
  grantToken(undefined, answers.length);
  const queries: Query[] = [];
  for (const { status = 200, body, headers = {} } of answers) {
    nock(api)
      .get(ordersPath)
      .query((query) => queries.push(query as Query) > 0)
      .reply(status, body, headers);
  }
  return queries;
}

const page = (orders: unknown[], more: Record<string, unknown> = {}) => ({ body: { orders, lastUpdatedBefore: '2026-11-23T09:09:30.500Z', ...more } });
const since = start - hour;

async function swept(orders: unknown[], accounts: readonly AmazonSettings[] = [france]) {
  searching(page(orders));
  const read = await connected({ accounts }).changed(since);
  if (!read.ok) throw new Error(`the read failed: ${read.cause}`);
  withoutPeople(read);
  return read;
}

describe('the first import', () => {
  it('asks for what the merchant still has to ship, of thirty days, and for nobody’s data', async () => {
    const queries = searching(page([], { lastUpdatedBefore: undefined, createdBefore: '2026-11-23T09:10:00Z' }));
    const read = await connected({ accounts: [france, germany] }).changed(null);
    expect(queries).toEqual([
      {
        marketplaceIds: 'A13V1IB3VIYZZH,A1PA6795UKMFR9',
        createdAfter: '2026-10-24T09:12:00Z',
        fulfillmentStatuses: 'UNSHIPPED,PARTIALLY_SHIPPED',
        fulfilledBy: 'MERCHANT',
        includedData: 'FULFILLMENT,PACKAGES,CANCELLATION',
        maxResultsPerPage: '100',
      },
    ]);
    expect(read).toMatchObject({ ok: true, value: { orders: [], next: null, until: start - 2 * minute } });
  });

  it('sees up to the moment it began, not to the last creation: an order that changes meanwhile is swept again', async () => {
    const clock = testClock();
    searching(page([amazonOrder()], { lastUpdatedBefore: undefined, createdBefore: '2026-11-23T09:11:30Z', pagination: { nextToken: 'P2' } }), page([], { lastUpdatedBefore: undefined, createdBefore: '2026-11-23T09:11:30Z' }));
    const amazon = connected({ clock });
    const first = await amazon.changed(null);
    clock.pass(10 * minute);
    expect(first).toMatchObject({ ok: true, value: { until: start - 2 * minute } });
    const second = await amazon.changed(null, first.ok ? first.value.next : null);
    expect(second).toMatchObject({ ok: true, value: { next: null, until: start - 2 * minute } });
  });
});

describe('a sweep of what changed', () => {
  it('asks for changes since the cursor, whatever their status, and hands on Amazon’s own moment', async () => {
    const queries = searching(page([]));
    const read = await connected().changed(since);
    expect(queries).toEqual([{ marketplaceIds: 'A13V1IB3VIYZZH', lastUpdatedAfter: '2026-11-23T08:12:00Z', fulfilledBy: 'MERCHANT', includedData: 'FULFILLMENT,PACKAGES,CANCELLATION', maxResultsPerPage: '100' }]);
    expect(read).toMatchObject({ ok: true, value: { orders: [], next: null, until: Date.UTC(2026, 10, 23, 9, 9, 30, 500) } });
  });

  it.each<[string, Record<string, unknown>, nock.ReplyHeaders, number]>([
    ['without a moment in the answer', { lastUpdatedBefore: undefined }, {}, start - 2 * minute],
    ['with a moment that is none', { lastUpdatedBefore: 'yesterday' }, {}, start - 2 * minute],
    ['without one, by Amazon’s clock where ours is ahead', { lastUpdatedBefore: undefined }, { date: 'Mon, 23 Nov 2026 08:12:00 GMT' }, start - hour - 2 * minute],
    ['with a moment in Amazon’s future', { lastUpdatedBefore: '2027-01-01T00:00:00Z' }, { date: 'Mon, 23 Nov 2026 09:12:00 GMT' }, start],
  ])('%s never claims to have seen more than it can have', async (_name, more, headers, until) => {
    searching({ ...page([], more), headers });
    expect(await connected().changed(since)).toMatchObject({ ok: true, value: { until } });
  });

  it('does not ask for the future', async () => {
    const queries = searching(page([]));
    await connected().changed(start + day);
    expect(queries[0]?.['lastUpdatedAfter']).toBe('2026-11-23T09:10:00Z');
  });

  it('repeats every parameter on the next page, and keeps the first page’s moment', async () => {
    const clock = testClock();
    const queries = searching(page([amazonOrder()], { pagination: { nextToken: 'P/2+=' } }), page([amazonOrder({ orderId: '171-0000001-0000003' })], { lastUpdatedBefore: '2026-11-23T09:15:00Z', pagination: { nextToken: '' } }));
    const amazon = connected({ clock, accounts: [france, germany] });
    const first = await amazon.changed(since);
    clock.pass(3 * minute);
    // A restart, with one account less: the page goes on as it was begun.
    const second = await connected({ clock, accounts: [france] }).changed(since, first.ok ? first.value.next : null);
    expect(queries[1]).toEqual({ ...queries[0], paginationToken: 'P/2+=' });
    expect(second).toMatchObject({ ok: true, value: { orders: [{ reference: '171-0000001-0000003' }], next: null, until: Date.UTC(2026, 10, 23, 9, 9, 30, 500) } });
    expect(JSON.stringify(second)).not.toContain('P/2');
    expect(second.evidence?.request?.path).toContain('paginationToken=…');
    expect(second.evidence?.request?.path).not.toContain('P%2F2');
  });

  it.each<[string, (next: string) => string, number]>([
    ['whose token has ended', (next) => next, 23 * hour],
    ['that nobody can read', () => 'page=2', 0],
    ['that is cut short', (next) => next.slice(0, -3), 0],
    ['of another shape', () => '{"token":"P2"}', 0],
  ])('starts again from the cursor at a page %s', async (_name, spoil, passed) => {
    const clock = testClock();
    const queries = searching(page([], { pagination: { nextToken: 'P2' } }), page([]));
    const amazon = connected({ clock });
    const first = await amazon.changed(since);
    if (!first.ok || first.value.next === null) throw new Error('a page was expected');
    clock.pass(passed);
    await amazon.changed(since, spoil(first.value.next));
    expect(queries[1]).toEqual(queries[0]);
  });

  it('gives each order to the account of its site, and leaves out the others', async () => {
    const site = (marketplaceId: string | undefined, orderId: string) => amazonOrder({ orderId, salesChannel: { channelName: 'AMAZON', marketplaceId } });
    const read = await swept([site(france.marketplaceId, '171-0000001-0000001'), site(germany.marketplaceId, '302-0000001-0000002'), site('A1F83G8C2ARO7P', '202-0000001-0000003'), site(undefined, '171-0000001-0000004')], [france, germany]);
    expect(read.value.orders.map((o) => [o.account, o.reference])).toEqual([
      ['amazon-fr', '171-0000001-0000001'],
      ['amazon-de', '302-0000001-0000002'],
    ]);
    expect(read.evidence.answer?.body).toMatchObject({ elsewhere: 2 });
  });

  it('gives an order that names no site to an only account', async () => {
    const read = await swept([amazonOrder({ salesChannel: undefined })]);
    expect(read.value.orders).toMatchObject([{ account: 'amazon-fr', reference: order }]);
  });

  it.each<[string, unknown]>([
    ['without a number', amazonOrder({ orderId: undefined })],
    ['without lines', amazonOrder({ orderItems: undefined })],
    ['with a line without its id', amazonOrder({ orderItems: [amazonItem({ orderItemId: undefined })] })],
    ['with a quantity in words', amazonOrder({ orderItems: [amazonItem({ quantityOrdered: 'two' })] })],
    ['with a date that is none', amazonOrder({ createdTime: '23/11/2026' })],
    ['that is null', null],
    ['that is a list', []],
  ])('does not lose the others to an order %s', async (_name, broken) => {
    const read = await swept([broken, amazonOrder()]);
    expect(read.value.orders.map((o) => o.reference)).toEqual([order]);
    expect(read.evidence.answer?.body).toMatchObject({ unreadable: [expect.any(String)], orders: [order] });
  });
});

describe('a read that fails', () => {
  it.each<[string, number, nock.Body, nock.ReplyHeaders, object]>([
    ['429', 429, problem('quota', 'QuotaExceeded'), { 'retry-after': '179' }, { why: 'throttled', cause: 'amazon/throttled', retryAfter: 179_000 }],
    ['503', 503, '', { 'retry-after': '60' }, { why: 'unavailable', cause: 'amazon/server-error', retryAfter: 60_000 }],
    ['403 for want of a role', 403, problem('Access to requested resource is denied.', 'Unauthorized'), {}, { why: 'role', cause: 'amazon/access-denied' }],
    ['400', 400, problem('Invalid Input'), {}, { why: 'rejected', cause: 'amazon/page-refused' }],
    ['404', 404, problem('Not Found'), {}, { why: 'rejected', cause: 'amazon/page-refused' }],
    ['a page', 200, '<html></html>', {}, { why: 'unavailable', cause: 'amazon/unreadable-answer' }],
    ['no list of orders', 200, { orders: {} }, {}, { why: 'unavailable', cause: 'amazon/unreadable-answer' }],
    ['204', 204, '', {}, { why: 'unavailable', cause: 'amazon/unreadable-answer' }],
  ])('%s', async (_name, status, body, headers, expected) => {
    searching({ status, body, headers });
    expect(await connected().changed(since)).toMatchObject({ ok: false, ...expected });
  });

  it('for credentials that are refused', async () => {
    nock(lwa).post('/auth/o2/token').reply(400, { error: 'invalid_grant' });
    expect(await connected().changed(since)).toMatchObject({ ok: false, why: 'unauthorized', cause: 'amazon/authorization-refused' });
  });

  it('because everything stops', async () => {
    const cut = new AbortController();
    const amazon = connected({
      transport: (request, signal) => {
        if (request.url.includes('token')) return Promise.resolve({ status: 200, headers: {}, body: Buffer.from('{"access_token":"Atza|a"}') });
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new NoAnswer('ABORTED', true)));
          cut.abort();
        });
      },
    });
    expect(await amazon.changed(since, null, cut.signal)).toMatchObject({ ok: false, why: 'unavailable', cause: 'amazon/interrupted' });
  });
});

describe('one order', () => {
  it('comes with its parcels and without anything of its buyer', async () => {
    grantToken();
    nock(api)
      .get(orderPath)
      .query({ includedData: 'FULFILLMENT,PACKAGES,CANCELLATION' })
      .reply(200, { order: amazonOrder({ buyer: { buyerName: personal.name }, packages: [amazonPackage()] }) });
    const read = await connected().order();
    withoutPeople(read);
    expect(read).toMatchObject({
      ok: true,
      value: {
        account: 'amazon-fr',
        reference: order,
        ownReference: 'C-20931',
        placedAt: Date.UTC(2026, 10, 22, 18, 30, 0, 123),
        updatedAt: Date.UTC(2026, 10, 23, 8, 0, 0, 456),
        shipBy: Date.UTC(2026, 10, 24, 22, 59, 59),
        status: 'to-ship',
        payment: 'confirmed',
        fulfilment: 'merchant',
        cancellation: 'none',
        currency: 'EUR',
        total: null,
        lines: [{ lineId: '12345678901234', sku: 'MUG-BLEU', title: 'Mug bleu', quantity: 2, shipped: 0, cancelled: 0, unitPrice: '24.95' }],
        parcels: [{ reference: '1764000000', trackingNumber: '8R12345678901', carrier: 'La Poste', shippedAt: Date.UTC(2026, 10, 23, 9), lines: [{ lineId: '12345678901234', quantity: 2 }] }],
      },
    });
  });

  it('is null where Amazon knows none', async () => {
    grantToken();
    nock(api).get(orderPath).query(true).reply(404, problem('not found', 'NotFound'));
    expect(await connected().order()).toMatchObject({ ok: true, value: null, evidence: { answer: { status: 404 } } });
  });

  it('is null where it belongs to another site', async () => {
    grantToken();
    nock(api).get(orderPath).query(true).reply(200, { order: amazonOrder() });
    expect(await connected({ accounts: [france, germany] }).order(order, 'amazon-de')).toMatchObject({ ok: true, value: null });
  });

  it('under a number that is none asks nobody', async () => {
    expect(await connected().order('../sellers')).toMatchObject({ ok: false, why: 'rejected', cause: 'amazon/order-number-invalid', evidence: null });
  });

  it('that Amazon refuses to show', async () => {
    grantToken();
    nock(api).get(orderPath).query(true).reply(400, problem('Invalid Input'));
    expect(await connected().order()).toMatchObject({ ok: false, why: 'rejected', cause: 'amazon/read-refused' });
  });
});
