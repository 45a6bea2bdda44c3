import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, destinationOf, errorBody, fulfilmentsPath, grants, intent, lines, lookedAgainst, order, permit, tracking, untracked } from './room.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

interface Shown {
  readonly fulfillmentId?: string | number;
  readonly shipmentTrackingNumber?: string;
  readonly lineItems?: readonly { readonly lineItemId: string; readonly quantity?: number }[];
}

function shown(...fulfillments: readonly Shown[]): object {
  return { fulfillments: fulfillments.map((one) => ({ shippedDate: '2026-11-23T09:00:00.000Z', shippingCarrierCode: 'colissimo', ...one })), total: fulfillments.length, warnings: [] };
}

const ours: Shown = { fulfillmentId: tracking, shipmentTrackingNumber: tracking, lineItems: [{ lineItemId: '10025013718219', quantity: 2 }] };
const plain: Shown = { fulfillmentId: '999', lineItems: [{ lineItemId: '10025013718219', quantity: 2 }] };

describe('a tracked parcel', () => {
  it('is present with our tracking, lines and quantities, however carrier and tracking are spelt', async () => {
    const outcome = await lookedAgainst(200, shown({ ...ours, shipmentTrackingNumber: '8r12345678901' }));
    expect(outcome).toMatchObject({ kind: 'present', reference: tracking, evidence: { call: 'getShippingFulfillments', request: { method: 'GET', path: fulfilmentsPath, body: null } } });
    expect(outcome.evidence?.answer?.body).toEqual({
      total: 1,
      fulfillments: [{ fulfillmentId: tracking, shipmentTrackingNumber: '8r12345678901', shippingCarrierCode: 'colissimo', shippedDate: '2026-11-23T09:00:00Z', lineItems: [{ lineItemId: '10025013718219', quantity: 2 }] }],
    });
  });

  it('is absent where others are, and says which', async () => {
    expect(await lookedAgainst(200, shown({ ...ours, fulfillmentId: 'X1', shipmentTrackingNumber: 'X1' }))).toMatchObject({ kind: 'absent', seen: ['X1'] });
  });

  it.each([
    ['other quantities', { ...ours, lineItems: [{ lineItemId: '10025013718219', quantity: 1 }] }],
    ['other lines', { ...ours, lineItems: [{ lineItemId: '7', quantity: 2 }] }],
    ['no lines', { fulfillmentId: tracking, shipmentTrackingNumber: tracking }],
  ])('is different with %s', async (_, fulfilment) => {
    expect(await lookedAgainst(200, shown(fulfilment))).toMatchObject({ kind: 'different', cause: 'ebay/fulfilment-different' });
  });

  it('claimed by another sync of ours is not ours', async () => {
    expect(await lookedAgainst(200, shown(ours), { claimed: [tracking] })).toMatchObject({ kind: 'absent' });
  });

  it('of which the number is left out is known by its id, which is that number', async () => {
    const { fulfillmentId, lineItems } = ours;
    expect(await lookedAgainst(200, JSON.stringify({ fulfillments: [{ fulfillmentId, lineItems, shipmentTrackingNumber: null }], total: 1 }))).toMatchObject({ kind: 'present', reference: tracking });
    expect(await lookedAgainst(200, shown({ fulfillmentId: tracking, lineItems: [{ lineItemId: '7', quantity: 2 }] }))).toMatchObject({ kind: 'different' });
    expect(await lookedAgainst(200, shown(plain))).toMatchObject({ kind: 'absent' });
  });

  it('with ids that are numbers is read exactly', async () => {
    const body = `{"fulfillments":[{"fulfillmentId":94055096999370034574,"shipmentTrackingNumber":"${tracking}","lineItems":[{"lineItemId":10025013718219,"quantity":2}]}],"total":1}`;
    expect(await lookedAgainst(200, body)).toMatchObject({ kind: 'present', reference: '94055096999370034574' });
  });
});

describe('nothing there has to be said', () => {
  it.each([{ fulfillments: [], total: 0 }, { total: 0 }, { fulfillments: [] }])('%j is absent', async (body) => {
    expect(await lookedAgainst(200, body)).toMatchObject({ kind: 'absent', seen: [] });
  });

  it.each([
    '{}',
    '',
    '[]',
    'null',
    '<html>',
    '{"total":1}',
    '{"fulfillments":{},"total":0}',
    '{"fulfillments":[],"total":2}',
    '{"fulfillments":[{}],"total":1}',
    '{"fulfillments":["8R12345678901"],"total":1}',
    '{"fulfillments":[{"fulfillmentId":"1","lineItems":[{}]}],"total":1}',
    '{"fulfillments":[{"fulfillmentId":"8R1',
  ])('%s is not', async (body) => {
    expect(await lookedAgainst(200, body)).toMatchObject({ kind: 'unknown', cause: 'ebay/answer-unreadable' });
  });

  it('nor is another 2xx', async () => {
    expect(await lookedAgainst(206, shown())).toMatchObject({ kind: 'unknown' });
  });
});

describe('a parcel without tracking', () => {
  const bare = { parcel: untracked };

  it('is present where it is new since the look before it was told', async () => {
    expect(await lookedAgainst(200, shown(plain), { ...bare, before: [] })).toMatchObject({ kind: 'present', reference: '999' });
  });

  it('is in doubt where nobody looked before', async () => {
    expect(await lookedAgainst(200, shown(plain), bare)).toMatchObject({ kind: 'different' });
  });

  it('is absent where all was there before', async () => {
    expect(await lookedAgainst(200, shown(plain), { ...bare, before: ['999'] })).toMatchObject({ kind: 'absent', seen: ['999'] });
  });

  it('is found again under the id it was accepted with', async () => {
    expect(await lookedAgainst(200, shown(plain), { ...bare, reference: '999', before: ['999'] })).toMatchObject({ kind: 'present', reference: '999' });
  });

  it('under the id it was accepted with, but with other lines, is different', async () => {
    expect(await lookedAgainst(200, shown({ ...plain, lineItems: [{ lineItemId: '7', quantity: 1 }] }), { ...bare, reference: '999' })).toMatchObject({ kind: 'different' });
  });

  it('is in doubt, not absent, where eBay gave two of them one id', async () => {
    const both = shown(plain, { ...plain, lineItems: [{ lineItemId: '7', quantity: 1 }] });
    expect(await lookedAgainst(200, both, { ...bare, before: ['999'], claimed: ['999'] })).toMatchObject({ kind: 'different' });
    expect(await lookedAgainst(200, both, { ...bare, reference: '999', claimed: ['999'] })).toMatchObject({ kind: 'present', reference: '999' });
  });
});

describe('a look that fails says nothing of what is there', () => {
  it.each([
    [404, ''],
    [400, errorBody(32100)],
  ])('unless the order is unknown: %i %j', async (status, body) => {
    expect(await lookedAgainst(status, body)).toMatchObject({ kind: 'rejected', cause: 'ebay/order-unknown' });
  });

  it.each([
    [400, errorBody(32600), { kind: 'unknown', cause: 'ebay/request-refused' }],
    [409, '', { kind: 'unknown', cause: 'ebay/conflict' }],
    [500, errorBody(30500), { kind: 'unknown', cause: 'ebay/server-error' }],
    [429, errorBody(2001), { kind: 'throttled' }],
    [403, errorBody(1100), { kind: 'unauthorized', what: 'role', cause: 'ebay/access-denied' }],
  ])('%i %j', async (status, body, outcome) => {
    expect(await lookedAgainst(status, body)).toMatchObject(outcome);
  });
});

it('each intent of a group is looked for, and each look after the first is paid for', async () => {
  grants();
  nock('https://api.ebay.com').get(fulfilmentsPath).times(2).reply(200, shown(ours));
  const allowed = permit();
  const outcomes = await destinationOf(connect()).check([intent({ step: 'check' }), intent({ step: 'check', sync: 2, parcel: { trackingNumber: 'OTHER' } })], allowed);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['present', 'absent']);
  expect(allowed.asked).toEqual(['getShippingFulfillments']);
});

it("an order's number goes into the address encoded", async () => {
  grants();
  nock('https://api.ebay.com').get('/sell/fulfillment/v1/order/1%2F2%3F%23/shipping_fulfillment').reply(200, { total: 0 });
  const [outcome] = await destinationOf(connect()).check([intent({ step: 'check', payload: { order: '1/2?#', parcel: intent().payload.parcel, lines } })], permit());
  expect(outcome).toMatchObject({ kind: 'absent' });
  expect(order).not.toContain('/');
});
