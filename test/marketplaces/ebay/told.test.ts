import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { causes } from '../../../src/marketplaces/ebay/causes.ts';
import { api, connect, destinationOf, errorBody, fulfilmentsPath, grants, intent, lines, order, parcel, permit, toldAgainst, tracking, untracked } from './room.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const location = `${api}${fulfilmentsPath}/${tracking}`;

describe('a parcel is told of', () => {
  it('as eBay wants it, and accepted under the id that Location ends in', async () => {
    grants();
    let sent: unknown;
    nock(api)
      .post(fulfilmentsPath, (body) => {
        sent = body;
        return true;
      })
      .reply(201, {}, { Location: location, Date: 'Mon, 23 Nov 2026 09:12:00 GMT', 'X-EBAY-C-REQUEST-ID': 'ri=abc', rlogid: 'rlog' });
    const [outcome] = await destinationOf(connect()).send([intent()], permit());
    expect(sent).toEqual({ lineItems: [{ lineItemId: '10025013718219', quantity: 2 }], shippedDate: '2026-11-23T09:00:00.000Z', shippingCarrierCode: 'Colissimo', trackingNumber: tracking });
    expect(outcome).toEqual({
      kind: 'accepted',
      reference: tracking,
      evidence: {
        call: 'createShippingFulfillment',
        request: { method: 'POST', path: fulfilmentsPath, body: sent },
        answer: { status: 201, body: { location } },
        fault: null,
        requestId: 'ri=abc',
        date: Date.UTC(2026, 10, 23, 9, 12),
        rate: null,
      },
    });
    expect(nock.isDone()).toBe(true);
  });

  it.each([
    [`${api}${fulfilmentsPath}/999`, '999'],
    [`${api}${fulfilmentsPath}/8R%201`, '8R 1'],
    [`/sell/fulfillment/v1/order/${order}/shipping_fulfillment/8R1/`, '8R1'],
    [`${api}${fulfilmentsPath}/8R1?x=1`, '8R1'],
  ])('under the reference in %s', async (written, reference) => {
    expect(await toldAgainst(201, '', { Location: written })).toMatchObject({ kind: 'accepted', reference });
  });

  it.each([['none', undefined], ['of another kind', `${api}/sell/fulfillment/v1/order/${order}`], ['without an id', `${api}${fulfilmentsPath}/`], ['that cannot be decoded', `${api}${fulfilmentsPath}/%E0%A4`]])(
    'and not taken for accepted with a Location that is %s',
    async (_, written) => {
      expect(await toldAgainst(201, '', written === undefined ? {} : { Location: written })).toMatchObject({ kind: 'unknown', cause: 'ebay/reference-missing' });
    },
  );

  it.each([
    [200, '{}'],
    [202, ''],
    [204, ''],
    [200, '<html><body>Maintenance</body></html>'],
  ])('and not taken for accepted with %i %s', async (status, body) => {
    expect(await toldAgainst(status, body, { Location: location })).toMatchObject({ kind: 'unknown', cause: 'ebay/answer-unreadable' });
  });

  it('and not taken for accepted when 201 comes with errors', async () => {
    expect(await toldAgainst(201, errorBody(32300), { Location: location })).toMatchObject({ kind: 'unknown' });
  });
});

describe('a refusal', () => {
  it.each([
    [32100, 'ebay/order-unknown'],
    [32200, 'ebay/line-unknown'],
    [32210, 'ebay/line-twice'],
    [32300, 'ebay/tracking-or-carrier'],
    [32500, 'ebay/date-refused'],
    [32600, 'ebay/request-refused'],
    [34100, 'ebay/too-many-parcels'],
    [34200, 'ebay/gsp-mixed'],
    [34300, 'ebay/gsp-several'],
    [99999, 'ebay/refused'],
  ])('with error %i is final, under %s', async (id, cause) => {
    const outcome = await toldAgainst(400, errorBody(id));
    expect(outcome).toMatchObject({ kind: 'rejected', cause, evidence: { answer: { status: 400, body: { errors: [{ errorId: id, message: `error ${id}`, parameters: [{ name: 'p', value: 'v' }] }] } } } });
    expect(causes).toContain(cause);
  });

  it('keeps all of its errors, and takes the first that is known', async () => {
    expect(await toldAgainst(400, errorBody(99999, 32300, 32500))).toMatchObject({
      kind: 'rejected',
      cause: 'ebay/tracking-or-carrier',
      evidence: { answer: { body: { errors: [{ errorId: 99999 }, { errorId: 32300 }, { errorId: 32500 }] } } },
    });
  });

  it('without an error id is a refusal all the same', async () => {
    expect(await toldAgainst(400, { errors: [{ message: 'no' }] })).toMatchObject({ kind: 'rejected', cause: 'ebay/refused' });
  });

  it.each([
    [404, '', { kind: 'rejected', cause: 'ebay/order-unknown' }],
    [404, errorBody(32110), { kind: 'rejected', cause: 'ebay/order-unknown' }],
    [404, errorBody(), { kind: 'unknown', cause: 'ebay/answer-unreadable' }],
    [404, '<html>Not found</html>', { kind: 'unknown', cause: 'ebay/answer-unreadable' }],
    [404, { message: 'no Route matched' }, { kind: 'unknown', cause: 'ebay/answer-unreadable' }],
  ])('%i %j is an unknown order only where eBay itself says so', async (status, body, outcome) => {
    expect(await toldAgainst(status, body)).toMatchObject(outcome);
  });

  it.each([405, 413, 415, 422])('%i with errors is a request that eBay does not take', async (status) => {
    expect(await toldAgainst(status, errorBody(1))).toMatchObject({ kind: 'rejected', cause: 'ebay/request-refused' });
  });

  it('of a suspended seller makes the account wait, not its orders fail', async () => {
    expect(await toldAgainst(400, errorBody(32400))).toMatchObject({ kind: 'unauthorized', what: 'credentials', cause: 'ebay/account-suspended' });
  });

  it.each([errorBody(1100), {}, ''])('403 %j is a missing role', async (body) => {
    expect(await toldAgainst(403, body)).toMatchObject({ kind: 'unauthorized', what: 'role', cause: 'ebay/access-denied' });
  });

  it('403 with an error about what was sent is that error', async () => {
    expect(await toldAgainst(403, errorBody(32300))).toMatchObject({ kind: 'rejected', cause: 'ebay/tracking-or-carrier' });
  });
});

describe('what may have been executed is never taken for an answer', () => {
  it.each([
    [409, '', 'ebay/conflict'],
    [409, errorBody(32100), 'ebay/conflict'],
    [400, errorBody(34500), 'ebay/already-there'],
    [400, errorBody(32300, 34500), 'ebay/already-there'],
    [400, errorBody(30500), 'ebay/server-error'],
    [500, errorBody(30500), 'ebay/server-error'],
    [500, errorBody(32300), 'ebay/server-error'],
    [500, '', 'ebay/server-error'],
    [502, '<html>Bad gateway</html>', 'ebay/server-error'],
    [503, '', 'ebay/server-error'],
    [504, errorBody(2001), 'ebay/server-error'],
    [400, '', 'ebay/answer-unreadable'],
    [400, '{"errors":[{"errorId":32300', 'ebay/answer-unreadable'],
    [400, '<html>', 'ebay/answer-unreadable'],
    [400, '[]', 'ebay/answer-unreadable'],
    [400, 'null', 'ebay/answer-unreadable'],
    [403, '<html>Access Denied</html>', 'ebay/answer-unreadable'],
    [408, '', 'ebay/answer-unreadable'],
    [302, '', 'ebay/answer-unreadable'],
    [302, errorBody(32300), 'ebay/answer-unreadable'],
  ])('%i %j', async (status, body, cause) => {
    expect(await toldAgainst(status, body, status === 302 ? { Location: `${api}/elsewhere` } : {})).toMatchObject({ kind: 'unknown', cause });
  });
});

describe('eBay asks to wait', () => {
  it.each([
    [429, errorBody(2001), {}, null],
    [429, '', { 'Retry-After': '120' }, 120_000],
    [429, '<html>', { 'Retry-After': 'Mon, 23 Nov 2026 09:05:00 GMT', Date: 'Mon, 23 Nov 2026 09:00:00 GMT' }, 300_000],
    [429, '', { 'Retry-After': 'Mon, 23 Nov 2026 08:00:00 GMT', Date: 'Mon, 23 Nov 2026 09:00:00 GMT' }, null],
    [429, '', { 'Retry-After': '0' }, null],
    [429, '', { 'Retry-After': 'soon' }, null],
    [429, '', { 'Retry-After': '-5' }, null],
    [403, errorBody(2001), {}, null],
  ])('%i %j %j', async (status, body, headers, retryAfter) => {
    expect(await toldAgainst(status, body, headers as Record<string, string>)).toMatchObject({ kind: 'throttled', retryAfter });
  });
});

describe('what eBay would refuse does not leave', () => {
  it.each([
    ['a carrier without a code', intent({ parcel: { carrierCode: null } }), 'ebay/carrier-missing'],
    ['a tracking number without letters or digits', intent({ parcel: { trackingNumber: ' - ' } }), 'ebay/tracking-invalid'],
    ['a tracking number in letters that eBay does not take', intent({ parcel: { trackingNumber: '8Ré123' } }), 'ebay/tracking-invalid'],
    ['a parcel without lines', intent({ payload: { order, parcel, lines: [] } }), 'ebay/lines-missing'],
    ['a line without units', intent({ payload: { order, parcel, lines: [{ lineId: '1', quantity: 0 }] } }), 'ebay/lines-missing'],
    ['no parcel', intent({ payload: { order, parcel: null, lines } }), 'ebay/lines-missing'],
    ['a date that is none', intent({ parcel: { shippedAt: 'yesterday' } }), 'ebay/date-refused'],
    ['an order without a number', intent({ payload: { order: '', parcel, lines } }), 'ebay/order-unknown'],
    ['an order that is a step in a path', intent({ payload: { order: '..', parcel, lines } }), 'ebay/order-unknown'],
    ['another operation', intent({ operation: 'cancel-order' }), 'ebay/not-offered'],
  ])('%s', async (_, wrong, cause) => {
    expect(await destinationOf(connect()).send([wrong], permit())).toEqual([{ kind: 'rejected', cause, evidence: null }]);
  });
});

describe('a group', () => {
  it('gets its outcomes in order, and pays for each call after the first', async () => {
    grants();
    nock(api).post(fulfilmentsPath).reply(201, '', { Location: location });
    nock(api).post(fulfilmentsPath).reply(400, errorBody(32300));
    const allowed = permit();
    const outcomes = await destinationOf(connect()).send([intent(), intent({ sync: 2, parcel: untracked })], allowed);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'rejected']);
    expect(allowed.asked).toEqual(['createShippingFulfillment']);
  });

  it('makes no call that nobody paid for', async () => {
    grants();
    nock(api).post(fulfilmentsPath).reply(201, '', { Location: location });
    const outcomes = await destinationOf(connect()).send([intent(), intent({ sync: 2 })], permit(() => false));
    expect(outcomes).toMatchObject([{ kind: 'accepted' }, { kind: 'throttled', evidence: null }]);
  });

  it('of nothing is nothing', async () => {
    expect(await destinationOf(connect()).send([], permit())).toEqual([]);
  });
});

it('offers what eBay has, and says of the rest that it is not offered', () => {
  const { offers, width } = destinationOf(connect());
  expect(width).toBe(8);
  expect(offers['confirm-shipment']).toEqual({ send: ['createShippingFulfillment'], check: ['getShippingFulfillments'], batch: 1, again: 'twice', untracked: 'look-first' });
  expect(Object.values(offers).filter((offer) => offer !== 'not-offered')).toHaveLength(1);
});
