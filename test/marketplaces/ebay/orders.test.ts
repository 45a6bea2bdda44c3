import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EbaySettings } from '../../../src/marketplaces/ebay/settings.ts';
import { minute, second } from '../../../src/runtime/clock.ts';
import type { ChangedPage, Read } from '../../../src/syncing/order-reader.ts';
import { account, api, connect, errorBody, fulfilmentsPath, grants, granted, handClock, order, tokenPath } from './room.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const ordersPath = '/sell/fulfillment/v1/order';
const now = Date.UTC(2026, 10, 23, 9);
const signal = new AbortController().signal;
const germany: EbaySettings = { ...account, id: 'ebay-de', site: 'EBAY_DE' };

/** An order as eBay's documentation shows one, buyer and all. */
function ebayOrder(change: object = {}, line: object = {}): Record<string, unknown> {
  return {
    orderId: order,
    creationDate: '2026-11-20T10:00:00.000Z',
    lastModifiedDate: '2026-11-22T10:00:00.000Z',
    orderFulfillmentStatus: 'NOT_STARTED',
    orderPaymentStatus: 'PAID',
    buyer: { username: 'acheteur_42', buyerRegistrationAddress: { fullName: 'Jeanne Martin', email: 'jeanne@example.org' } },
    pricingSummary: { total: { value: '49.90', currency: 'EUR' } },
    cancelStatus: { cancelState: 'NONE_REQUESTED', cancelRequests: [] },
    fulfillmentStartInstructions: [{ fulfillmentInstructionsType: 'SHIP_TO', shippingStep: { shipTo: { fullName: 'Jeanne Martin', primaryPhone: { phoneNumber: '0612345678' } } } }],
    lineItems: [
      {
        lineItemId: '10025013718219',
        sku: 'MUG-BLEU',
        title: 'Mug bleu',
        quantity: 2,
        lineItemCost: { value: '49.90', currency: 'EUR' },
        lineItemFulfillmentStatus: 'NOT_STARTED',
        listingMarketplaceId: 'EBAY_FR',
        purchaseMarketplaceId: 'EBAY_FR',
        lineItemFulfillmentInstructions: { shipByDate: '2026-11-24T22:59:59.000Z' },
        ...line,
      },
    ],
    ...change,
  };
}

function page(...orders: readonly unknown[]): object {
  return { href: 'x', limit: 200, offset: 0, total: orders.length, orders };
}

function value<T>(read: Read<T>): T {
  if (!read.ok) throw new Error(`not read: ${read.cause}`);
  return read.value;
}

/** Reads one page against one answer. */
async function changed(status: number, body: nock.Body | undefined, accounts: readonly EbaySettings[] = [account], headers: Record<string, string> = {}) {
  grants();
  nock(api).get(ordersPath).query(true).reply(status, body, headers);
  return connect({ clock: handClock(now) }, accounts).orders.changed(now - minute, null, signal);
}

async function onlyOrder(change: object = {}, line: object = {}) {
  const [only] = value(await changed(200, page(ebayOrder(change, line)))).orders;
  if (only === undefined) throw new Error('no order');
  return only;
}

describe('an order of the list', () => {
  it('is read without its buyer', async () => {
    expect(await onlyOrder()).toEqual({
      account: 'ebay-fr',
      reference: order,
      ownReference: null,
      placedAt: Date.UTC(2026, 10, 20, 10),
      updatedAt: Date.UTC(2026, 10, 22, 10),
      shipBy: Date.UTC(2026, 10, 24, 22, 59, 59),
      status: 'to-ship',
      payment: 'confirmed',
      fulfilment: 'merchant',
      cancellation: 'none',
      currency: 'EUR',
      total: '49.90',
      lines: [{ lineId: '10025013718219', sku: 'MUG-BLEU', title: 'Mug bleu', quantity: 2, shipped: 0, cancelled: 0, unitPrice: '24.95' }],
      parcels: null,
    });
  });

  it.each([
    ['NOT_STARTED', 2, 0],
    ['FULFILLED', 1, 1],
    ['FULFILLED', 2, null],
    ['IN_PROGRESS', 1, null],
    ['SOMETHING_NEW', 1, null],
  ])('with a line %s of %i units has %s shipped', async (lineItemFulfillmentStatus, quantity, shipped) => {
    expect((await onlyOrder({}, { lineItemFulfillmentStatus, quantity })).lines).toMatchObject([{ quantity, shipped }]);
  });

  it.each([
    [{ orderFulfillmentStatus: 'NOT_STARTED' }, 'to-ship'],
    [{ orderFulfillmentStatus: 'IN_PROGRESS' }, 'partly-shipped'],
    [{ orderFulfillmentStatus: 'FULFILLED' }, 'shipped'],
    [{ orderFulfillmentStatus: 'SOMETHING_NEW' }, 'to-ship'],
    [{ orderPaymentStatus: 'PENDING' }, 'pending'],
    [{ orderPaymentStatus: 'FAILED' }, 'pending'],
    [{ cancelStatus: { cancelState: 'CANCELED' }, orderPaymentStatus: 'FULLY_REFUNDED' }, 'cancelled'],
  ])('%j is %s', async (change, status) => {
    expect(await onlyOrder(change)).toMatchObject({ status });
  });

  it.each([
    ['PAID', 'confirmed'],
    ['PARTIALLY_REFUNDED', 'confirmed'],
    ['PENDING', 'in-progress'],
    ['FAILED', 'refused'],
    ['FULLY_REFUNDED', 'refunded'],
    ['SOMETHING_NEW', 'in-progress'],
  ])('paid %s is %s', async (orderPaymentStatus, payment) => {
    expect(await onlyOrder({ orderPaymentStatus })).toMatchObject({ payment });
  });

  it.each([
    ['NONE_REQUESTED', 'none', 0],
    ['IN_PROGRESS', 'requested', 0],
    ['CANCELED', 'cancelled', 2],
  ])('with a cancellation %s is %s', async (cancelState, cancellation, cancelled) => {
    expect(await onlyOrder({ cancelStatus: { cancelState } })).toMatchObject({ cancellation, lines: [{ cancelled }] });
  });

  it.each([
    [{ fulfillmentStartInstructions: [{ fulfillmentInstructionsType: 'FULFILLED_BY_EBAY' }] }, 'marketplace'],
    [{ program: { fulfillmentProgram: { fulfilledBy: 'EBAY' } } }, 'marketplace'],
    [{ program: { ebayShipping: { shippingLabelProvidedBy: 'EBAY' } } }, 'label'],
    [{ program: { ebayShipping: { shippingLabelProvidedBy: 'SELLER' } } }, 'merchant'],
    [{ fulfillmentStartInstructions: [{ fulfillmentInstructionsType: 'PREPARE_FOR_PICKUP' }] }, 'merchant'],
    [{ fulfillmentStartInstructions: [{ fulfillmentInstructionsType: 'DIGITAL' }] }, 'merchant'],
  ])('with %j is shipped by: %s', async (change, fulfilment) => {
    expect(await onlyOrder(change)).toMatchObject({ fulfilment });
  });

  it('is due when the first of its lines still to ship is', async () => {
    const [line] = ebayOrder()['lineItems'] as object[];
    const due = (shipByDate: string, lineItemFulfillmentStatus: string) => ({ ...line, lineItemFulfillmentStatus, lineItemFulfillmentInstructions: { shipByDate } });
    const [early, middle, late] = ['2026-11-24T10:00:00.000Z', '2026-11-25T10:00:00.000Z', '2026-11-26T10:00:00.000Z'] as const;
    expect(await onlyOrder({ lineItems: [due(late, 'NOT_STARTED'), due(early, 'FULFILLED'), due(middle, 'NOT_STARTED')] })).toMatchObject({ shipBy: Date.parse(middle) });
    expect(await onlyOrder({ lineItems: [due(late, 'FULFILLED'), due(early, 'FULFILLED')] })).toMatchObject({ shipBy: Date.parse(early) });
    expect(await onlyOrder({}, { lineItemFulfillmentInstructions: {} })).toMatchObject({ shipBy: null });
  });

  it.each([
    ['49.90', 1, '49.90'],
    ['49.90', 2, '24.95'],
    ['10', 4, '2.50'],
    ['0.05', 5, '0.01'],
    ['10.00', 3, null],
    ['10.00', 0, null],
    ['10.001', 2, null],
  ])('whose line costs %s for %i units has the unit price %s', async (cost, quantity, unitPrice) => {
    expect((await onlyOrder({}, { quantity, lineItemCost: { value: cost, currency: 'EUR' } })).lines).toMatchObject([{ unitPrice }]);
  });

  it('with next to nothing in it is read all the same', async () => {
    const bare = { orderId: order, creationDate: '2026-11-20T10:00:00Z', lineItems: [{ lineItemId: 10025013718219, quantity: 1 }], program: null, cancelStatus: 'odd', pricingSummary: [] };
    const { orders } = value(await changed(200, page(bare)));
    expect(orders).toMatchObject([{ reference: order, updatedAt: Date.UTC(2026, 10, 20, 10), shipBy: null, status: 'to-ship', payment: 'in-progress', currency: null, total: null, lines: [{ lineId: '10025013718219', sku: '', title: '', shipped: null, unitPrice: null }] }]);
  });
});

describe('a page', () => {
  it('with an order that cannot be read has the others, and names it in the audit', async () => {
    const broken = [ebayOrder({ orderId: 'no-date', creationDate: 'soon' }), ebayOrder({ orderId: 'no-lines', lineItems: null }), ebayOrder({ orderId: 'no-units' }, { quantity: 'two' }), null];
    const read = await changed(200, page(ebayOrder(), ...broken));
    expect(value(read).orders.map(({ reference }) => reference)).toEqual([order]);
    expect(read.evidence?.answer?.body).toEqual({ total: 5, orders: [order, 'no-date', 'no-lines', 'no-units', null], unread: ['no-date', 'no-lines', 'no-units', null] });
  });

  it('gives each order to the account of its site, and leaves out other sites', async () => {
    const on = (orderId: string, listingMarketplaceId: string, purchaseMarketplaceId = listingMarketplaceId) => ebayOrder({ orderId }, { listingMarketplaceId, purchaseMarketplaceId });
    const { orders } = value(await changed(200, page(on('a', 'EBAY_FR'), on('b', 'EBAY_DE'), on('c', 'EBAY_IT'), on('d', 'EBAY_IT', 'EBAY_DE'), on('e', 'EBAY_FR', 'EBAY_DE')), [account, germany]));
    expect(orders.map((one) => [one.reference, one.account])).toEqual([['a', 'ebay-fr'], ['b', 'ebay-de'], ['d', 'ebay-de'], ['e', 'ebay-fr']]);
  });

  it('gives all orders to a seller’s only account', async () => {
    expect(value(await changed(200, page(ebayOrder({}, { listingMarketplaceId: 'EBAY_DE', purchaseMarketplaceId: 'EBAY_DE' })))).orders).toMatchObject([{ account: 'ebay-fr' }]);
  });

  it.each([[{ total: 0 }], [{ total: 0, orders: [] }]])('%j is empty', async (body) => {
    expect(value(await changed(200, body))).toMatchObject({ orders: [], next: null });
  });

  it.each(['{}', '', '[]', '{"total":3}', '{"orders":{}}', '<html>', '{"orders":[{"orderId":"12'])('%s did not come', async (body) => {
    expect(await changed(200, body)).toMatchObject({ ok: false, why: 'unavailable', cause: 'ebay/answer-unreadable' });
  });

  it.each([
    [400, errorBody(30850), { why: 'rejected', cause: 'ebay/window-in-future' }],
    [400, errorBody(30830), { why: 'rejected', cause: 'ebay/filter-refused' }],
    [403, errorBody(1100), { why: 'role', cause: 'ebay/access-denied' }],
    [429, errorBody(2001), { why: 'throttled', cause: 'ebay/throttled', retryAfter: null }],
    [404, '', { why: 'rejected', cause: 'ebay/filter-refused' }],
    [500, errorBody(30500), { why: 'unavailable', cause: 'ebay/server-error' }],
    [400, errorBody(32400), { why: 'unauthorized', cause: 'ebay/account-suspended' }],
  ])('%i %j did not come, and says why', async (status, body, failed) => {
    expect(await changed(status, body)).toMatchObject({ ok: false, ...failed, evidence: { answer: { status } } });
  });

  it('without a token did not come', async () => {
    nock(api).post(tokenPath).reply(400, { error: 'invalid_grant' });
    expect(await connect().orders.changed(null, null, signal)).toMatchObject({ ok: false, why: 'unauthorized', cause: 'ebay/consent-ended' });
  });

  it('cut off did not come', async () => {
    expect(await connect().orders.changed(null, null, AbortSignal.abort())).toMatchObject({ ok: false, why: 'unavailable', cause: 'ebay/interrupted' });
  });
});

describe('a sweep', () => {
  /** Answers every page, and keeps the addresses as they were on the wire. */
  function pages(totals: readonly number[]): string[] {
    const seen: string[] = [];
    nock(api)
      .get(ordersPath)
      .query(true)
      .times(totals.length)
      .reply(200, (request: Request) => {
        const total = totals[seen.length] ?? 0;
        seen.push(request.url.slice(api.length));
        const offset = Number(new URL(request.url).searchParams.get('offset'));
        return { total, limit: 200, offset, orders: Array.from({ length: Math.max(0, Math.min(200, total - offset)) }, (_, nth) => ebayOrder({ orderId: `o${offset + nth}` })) };
      });
    return seen;
  }

  it('reads page after page in one window, however long it takes', async () => {
    grants();
    const clock = handClock(now);
    const seen = pages([450, 450, 450]);
    const { orders } = connect({ clock });
    const found: string[] = [];
    let at: string | null = null;
    let until = 0;
    do {
      const read: ChangedPage = value(await orders.changed(now - minute, at, signal));
      found.push(...read.orders.map(({ reference }) => reference));
      at = read.next;
      until = read.until;
      clock.forward(minute);
    } while (at !== null);
    expect(found).toEqual(Array.from({ length: 450 }, (_, nth) => `o${nth}`));
    expect(until).toBe(now - 5 * second);
    const filter = 'lastmodifieddate%3A%5B2026-11-23T08%3A59%3A00.000Z..2026-11-23T08%3A59%3A55.000Z%5D';
    expect(seen).toEqual([0, 200, 400].map((offset) => `${ordersPath}?filter=${filter}&limit=200&offset=${offset}`));
  });

  it('steps back where orders have left its window', async () => {
    grants();
    const seen = pages([450, 447, 447, 447]);
    const { orders } = connect({ clock: handClock(now) });
    let at: string | null = null;
    do {
      const read: ChangedPage = value(await orders.changed(now - minute, at, signal));
      at = read.next;
    } while (at !== null);
    expect(seen.map((path) => Number(new URL(path, api).searchParams.get('offset')))).toEqual([0, 200, 197, 397]);
  });

  it('of the first import asks for what is still to ship, encoded', async () => {
    grants();
    const seen = pages([0]);
    await connect({ clock: handClock(now) }).orders.changed(null, null, signal);
    expect(seen).toEqual([`${ordersPath}?filter=creationdate%3A%5B2026-08-25T08%3A59%3A55.000Z..2026-11-23T08%3A59%3A55.000Z%5D%2Corderfulfillmentstatus%3A%7BNOT_STARTED%7CIN_PROGRESS%7D&limit=200&offset=0`]);
  });

  it('ends before eBay’s now, by the clock of the token’s answer, when ours is fast', async () => {
    nock(api).post(tokenPath).reply(200, granted, { Date: 'Mon, 23 Nov 2026 08:50:00 GMT' });
    pages([0]);
    const { until } = value(await connect({ clock: handClock(now) }).orders.changed(now - 60 * minute, null, signal));
    expect(until).toBe(now - 10 * minute - 5 * second);
  });
});

describe('one order', () => {
  const orderPath = `${ordersPath}/${order}`;

  async function read(body: object, fulfilments: object, accounts: readonly EbaySettings[] = [account], of = 'ebay-fr') {
    grants();
    nock(api).get(orderPath).reply(200, body);
    nock(api).get(fulfilmentsPath).reply(200, fulfilments);
    return connect({ clock: handClock(now) }, accounts).orders.order(of, order, signal);
  }

  const shipped = (quantity: number) => ({ total: 1, fulfillments: [{ fulfillmentId: 'X1', shipmentTrackingNumber: 'X1', shippingCarrierCode: 'Colissimo', shippedDate: '2026-11-22T09:00:00.000Z', lineItems: [{ lineItemId: '10025013718219', quantity }] }] });

  it('comes with its parcels, and with units counted over them', async () => {
    const found = value(await read(ebayOrder({ orderFulfillmentStatus: 'FULFILLED' }, { lineItemFulfillmentStatus: 'FULFILLED' }), shipped(1)));
    expect(found).toMatchObject({
      status: 'partly-shipped',
      lines: [{ quantity: 2, shipped: 1 }],
      parcels: [{ reference: 'X1', trackingNumber: 'X1', carrier: 'Colissimo', shippedAt: Date.UTC(2026, 10, 22, 9), lines: [{ lineId: '10025013718219', quantity: 1 }] }],
    });
  });

  it.each([
    [2, { status: 'shipped', lines: [{ shipped: 2 }] }],
    [3, { status: 'shipped', lines: [{ shipped: 2 }] }],
  ])('with all %i units in parcels is shipped', async (quantity, found) => {
    expect(value(await read(ebayOrder({ orderFulfillmentStatus: 'FULFILLED' }, { lineItemFulfillmentStatus: 'FULFILLED' }), shipped(quantity)))).toMatchObject(found);
  });

  it('marked as shipped without any parcel is shipped, in units that nobody knows', async () => {
    expect(value(await read(ebayOrder({ orderFulfillmentStatus: 'FULFILLED' }, { lineItemFulfillmentStatus: 'FULFILLED' }), { total: 0 }))).toMatchObject({ status: 'shipped', lines: [{ shipped: null }], parcels: [] });
  });

  it('of another account’s site is none of this one', async () => {
    expect(value(await read(ebayOrder({}, { listingMarketplaceId: 'EBAY_DE' }), { total: 0 }, [account, germany], 'ebay-fr'))).toBeNull();
    expect(value(await read(ebayOrder({}, { listingMarketplaceId: 'EBAY_DE' }), { total: 0 }, [account, germany], 'ebay-de'))).toMatchObject({ account: 'ebay-de' });
  });

  it.each([
    [404, ''],
    [400, errorBody(32100)],
  ])('that eBay does not know is null: %i %j', async (status, body) => {
    grants();
    nock(api).get(orderPath).reply(status, body);
    expect(await connect().orders.order('ebay-fr', order, signal)).toMatchObject({ ok: true, value: null, evidence: { answer: { status } } });
  });

  it('that cannot be an order is null, and eBay is not asked', async () => {
    for (const reference of ['', '.', '..']) expect(await connect().orders.order('ebay-fr', reference, signal)).toMatchObject({ ok: true, value: null });
  });

  it.each([
    [500, '', 'ebay/server-error'],
    [200, '{}', 'ebay/answer-unreadable'],
    [404, '', 'ebay/answer-unreadable'],
  ])('whose parcels did not come did not come: %i %s', async (status, body, cause) => {
    grants();
    nock(api).get(orderPath).reply(200, ebayOrder());
    nock(api).get(fulfilmentsPath).reply(status, body);
    expect(await connect().orders.order('ebay-fr', order, signal)).toMatchObject({ ok: false, why: 'unavailable', cause });
  });

  it('that cannot be read did not come', async () => {
    expect(await read({ orderId: order }, { total: 0 })).toMatchObject({ ok: false, why: 'unavailable', cause: 'ebay/answer-unreadable' });
  });

  it('goes into the address encoded', async () => {
    grants();
    nock(api).get(`${ordersPath}/a%2Fb`).reply(404, '');
    expect(await connect().orders.order('ebay-fr', 'a/b', signal)).toMatchObject({ ok: true, value: null });
  });
});

it('reads cost what they cost', () => {
  expect(connect().orders.costs).toEqual({ page: 'getOrders', order: ['getOrder', 'getShippingFulfillments'] });
});
