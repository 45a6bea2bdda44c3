import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { amazonItem, amazonOrder, amazonPackage, api, connected, grantToken, orderPath, parcel, permits, problem, withoutPeople } from './setup.ts';
import type { IntentChange } from './setup.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

async function looking(at: object, change: IntentChange = {}) {
  grantToken();
  nock(api).get(orderPath).query({ includedData: 'FULFILLMENT,PACKAGES,CANCELLATION' }).reply(200, { order: at }, { 'x-amzn-RequestId': 'read-1' });
  const outcome = await connected().check(change);
  withoutPeople(outcome);
  return outcome;
}

const shippedItem = amazonItem({ fulfillment: { quantityFulfilled: 2, quantityUnfulfilled: 0 } });
const shipped = { fulfillmentStatus: 'SHIPPED', fulfilledBy: 'MERCHANT' };

describe('a look at the order says of our parcel that it is', () => {
  it('present, with our tracking, lines and quantities, however the carrier is spelt', async () => {
    const seen = amazonOrder({ fulfillment: shipped, orderItems: [shippedItem], packages: [amazonPackage({ carrier: 'LAPOSTE', trackingNumber: '8r 1234 5678 901' })] });
    expect(await looking(seen)).toMatchObject({ kind: 'present', reference: parcel.reference, evidence: { call: 'getOrder', requestId: 'read-1', answer: { status: 200, body: { order: { packages: [{ trackingNumber: '8r 1234 5678 901' }] } } } } });
  });

  it('present under another reference, where somebody confirmed the same parcel by hand', async () => {
    const seen = amazonOrder({ fulfillment: shipped, orderItems: [shippedItem], packages: [amazonPackage({ packageReferenceId: '1' })] });
    expect(await looking(seen)).toMatchObject({ kind: 'present', reference: '1' });
  });

  it('present where Amazon lists no items in the order’s only package', async () => {
    const seen = amazonOrder({ fulfillment: shipped, orderItems: [shippedItem], packages: [amazonPackage({ packageItems: undefined })] });
    expect(await looking(seen)).toMatchObject({ kind: 'present' });
  });

  it.each([
    ['another tracking number', { trackingNumber: 'XX999' }],
    ['no tracking number', { trackingNumber: null }],
    ['other quantities', { packageItems: [{ orderItemId: '12345678901234', quantity: 1 }] }],
    ['other lines', { packageItems: [{ orderItemId: '999', quantity: 2 }] }],
  ])('different, with %s under our reference', async (_name, change) => {
    expect(await looking(amazonOrder({ packages: [amazonPackage(change)] }))).toMatchObject({ kind: 'different', cause: 'amazon/package-different' });
  });

  it('absent, with what is there instead', async () => {
    const other = { orderItemId: '55555555555555', quantity: 1 };
    const items = [amazonItem(), amazonItem({ orderItemId: '55555555555555', quantityOrdered: 1, fulfillment: { quantityFulfilled: 1, quantityUnfulfilled: 0 } })];
    const seen = amazonOrder({ orderItems: items, packages: [amazonPackage({ packageReferenceId: '3', trackingNumber: 'OTHER', packageItems: [other] })] });
    expect(await looking(seen)).toMatchObject({ kind: 'absent', seen: ['3'] });
  });

  it('absent where no packages are shown and everything is still to ship', async () => {
    expect(await looking(amazonOrder())).toMatchObject({ kind: 'absent', seen: [] });
  });

  it('never another sync’s parcel', async () => {
    const items = [amazonItem({ quantityOrdered: 4, fulfillment: { quantityFulfilled: 2, quantityUnfulfilled: 2 } })];
    const seen = amazonOrder({ orderItems: items, packages: [amazonPackage({ packageReferenceId: '3' })] });
    expect(await looking(seen, { claimed: ['3'] })).toMatchObject({ kind: 'absent', seen: ['3'] });
  });
});

describe('a parcel that is absent and can no longer be told', () => {
  it('on a cancelled order: never will be', async () => {
    expect(await looking(amazonOrder({ fulfillment: { fulfillmentStatus: 'CANCELLED' } }))).toMatchObject({ kind: 'rejected', cause: 'amazon/order-cancelled' });
  });

  it('but a cancelled order that shows it has it', async () => {
    expect(await looking(amazonOrder({ fulfillment: { fulfillmentStatus: 'CANCELLED' }, packages: [amazonPackage()] }))).toMatchObject({ kind: 'present' });
  });

  it('whose units were cancelled: never will be', async () => {
    const items = [amazonItem({ fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 1 }, cancellation: { cancellationExecution: { cancelledBy: 'BUYER' } } }), amazonItem({ orderItemId: '2', quantityOrdered: 1, fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 1 } })];
    expect(await looking(amazonOrder({ orderItems: items }))).toMatchObject({ kind: 'rejected', cause: 'amazon/line-cancelled' });
  });

  it('whose units another parcel holds: a person decides, nothing is sent against it', async () => {
    const seen = amazonOrder({ fulfillment: shipped, orderItems: [shippedItem], packages: [amazonPackage({ packageReferenceId: '1', trackingNumber: 'BY-HAND' })] });
    expect(await looking(seen)).toMatchObject({ kind: 'different', cause: 'amazon/already-shipped' });
  });

  it('whose units count as shipped with no parcel to show for it: looked for again, not sent again', async () => {
    expect(await looking(amazonOrder({ fulfillment: shipped, orderItems: [shippedItem] }))).toMatchObject({ kind: 'unknown', cause: 'amazon/package-not-visible' });
  });

  it('whose package was cancelled there: a person decides', async () => {
    expect(await looking(amazonOrder({ packages: [amazonPackage({ packageStatus: { status: 'CANCELLED' } })] }))).toMatchObject({ kind: 'different', cause: 'amazon/package-cancelled' });
  });

  it('a cancelled package of somebody else does not hold its units', async () => {
    expect(await looking(amazonOrder({ packages: [amazonPackage({ packageReferenceId: '1', trackingNumber: 'OTHER', packageStatus: { status: 'CANCELLED' } })] }))).toMatchObject({ kind: 'absent', seen: [] });
  });
});

describe('a look that fails', () => {
  it.each<[string, number, nock.Body, object]>([
    ['404', 404, problem('not found', 'NotFound'), { kind: 'rejected', cause: 'amazon/order-unknown' }],
    ['400', 400, problem('Invalid Input'), { kind: 'different', cause: 'amazon/read-refused' }],
    ['429', 429, problem('quota', 'QuotaExceeded'), { kind: 'throttled' }],
    ['403 for want of a role', 403, problem('Access to requested resource is denied.', 'Unauthorized'), { kind: 'unauthorized', what: 'role' }],
    ['500', 500, problem('internal', 'InternalFailure'), { kind: 'unknown', cause: 'amazon/server-error' }],
    ['409', 409, problem('Conflict'), { kind: 'unknown', cause: 'amazon/unexpected-answer' }],
    ['a page', 200, '<html>maintenance</html>', { kind: 'unknown', cause: 'amazon/unreadable-answer', evidence: { answer: { body: '<html>maintenance</html>' } } }],
    ['404 with a page', 404, '<html></html>', { kind: 'unknown', cause: 'amazon/unreadable-answer' }],
    ['204', 204, '', { kind: 'unknown', cause: 'amazon/unreadable-answer' }],
    ['no order', 200, {}, { kind: 'unknown', cause: 'amazon/unreadable-answer' }],
    ['an order without its lines', 200, { order: amazonOrder({ orderItems: undefined }) }, { kind: 'unknown', cause: 'amazon/unreadable-answer' }],
    ['packages that are none', 200, { order: amazonOrder({ packages: 'none' }) }, { kind: 'unknown', cause: 'amazon/unreadable-answer' }],
    ['another order', 200, { order: amazonOrder({ orderId: '171-9999999-9999999' }) }, { kind: 'unknown', cause: 'amazon/unreadable-answer' }],
  ])('%s', async (_name, status, body, expected) => {
    grantToken();
    nock(api).get(orderPath).query(true).reply(status, body);
    const permit = permits(9);
    const outcome = await connected().check({}, permit);
    expect(outcome).toMatchObject(expected);
    expect(permit.asked).toEqual([]);
    withoutPeople(outcome);
  });

  it('for an expired token is made once more, and paid for', async () => {
    grantToken();
    grantToken('Atza|renewed-token-value');
    nock(api).get(orderPath).query(true).reply(403, problem('The access token you provided has expired.', 'Unauthorized')).get(orderPath).query(true).reply(200, { order: amazonOrder() });
    const permit = permits(1);
    expect(await connected().check({}, permit)).toMatchObject({ kind: 'absent' });
    expect(permit.asked).toEqual(['getOrder']);
  });

  it('at a number that is no order’s asks nobody', async () => {
    expect(await connected().check({ payload: { order: 'C-20931' } })).toEqual({ kind: 'rejected', cause: 'amazon/order-number-invalid', evidence: null });
  });
});
