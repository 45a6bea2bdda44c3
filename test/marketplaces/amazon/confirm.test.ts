import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { amazonOrder, api, confirmPath, connected, grantToken, parcel, permits, personal, problem, start, withoutPeople } from './setup.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

function answering(status: number, body: nock.Body = '', headers: nock.ReplyHeaders = {}): nock.Scope {
  grantToken();
  return nock(api).post(confirmPath).reply(status, body, headers);
}

describe('a confirmation that Amazon takes', () => {
  it('is accepted on 204, under the reference that we gave the parcel', async () => {
    answering(204, '', { 'x-amzn-RequestId': 'amzn-1', 'x-amzn-RateLimit-Limit': '2.0', date: 'Mon, 23 Nov 2026 09:12:03 GMT' });
    const outcome = await connected().send();
    expect(outcome).toMatchObject({
      kind: 'accepted',
      reference: parcel.reference,
      evidence: {
        call: 'confirmShipment',
        request: { method: 'POST', path: confirmPath, body: { marketplaceId: 'A13V1IB3VIYZZH', packageDetail: { packageReferenceId: '1764000000' } } },
        answer: { status: 204, body: null },
        fault: null,
        requestId: 'amzn-1',
        date: start + 3_000,
        rate: 2,
      },
    });
  });

  it('is sent to the v0 path with the body of the model and the header fields that Amazon wants', async () => {
    grantToken();
    let seen: { headers: Headers; body: unknown } | undefined;
    nock(api)
      .post(confirmPath)
      .reply(async (request: Request) => {
        seen = { headers: request.headers, body: await request.clone().json() };
        return [204, ''];
      });
    expect((await connected().send({ parcel: { shipFrom: 'lyon-1', shippedAt: '2026-11-23T10:00:00.123+01:00' } })).kind).toBe('accepted');
    expect(seen?.body).toEqual({
      marketplaceId: 'A13V1IB3VIYZZH',
      packageDetail: {
        packageReferenceId: '1764000000',
        carrierCode: 'La Poste',
        trackingNumber: '8R12345678901',
        shipDate: '2026-11-23T09:00:00Z',
        shipFromSupplySourceId: 'lyon-1',
        orderItems: [{ orderItemId: '12345678901234', quantity: 2 }],
      },
    });
    expect(seen?.headers.get('user-agent')).toBe('Suivi/0.1 (Language=TypeScript)');
    expect(seen?.headers.get('x-amz-access-token')).toBe('Atza|access-token-value');
    expect(seen?.headers.get('x-amz-date')).toBe('20261123T091200Z');
    expect(seen?.headers.get('content-type')).toContain('application/json');
  });
});

describe('a refusal is final, with its cause', () => {
  it.each([
    ['The carrierCode is not valid.', 'amazon/carrier-unknown'],
    ['Please check the fields with invalid type [packageDetail.packageReferenceId]', 'amazon/reference-invalid'],
    ['PackageReferenceId: is invalid, must be a positive numeric value.', 'amazon/reference-invalid'],
    ['OrderItemId is invalid, please obtain the value through the getOrderItems API', 'amazon/line-unknown'],
    ['The quantity to ship exceeds the quantity left.', 'amazon/quantity-refused'],
    ['Ship+ orders cannot be confirmed.', 'amazon/ship-plus'],
    ['Order belongs to program FBM_SHIP_PLUS', 'amazon/ship-plus'],
    ['Invalid shipDate', 'amazon/date-refused'],
    ['trackingNumber is too long', 'amazon/tracking-refused'],
    ['Unknown shipFromSupplySourceId', 'amazon/ship-from-unknown'],
    ['Transparency codes are required for this item.', 'amazon/transparency-codes'],
    ['The order was Canceled', 'amazon/order-cancelled'],
    ['Invalid marketplaceId for this order.', 'amazon/marketplace-mismatch'],
    ['AmazonOrderId is invalid', 'amazon/order-unknown'],
    ['Invalid Input', 'amazon/refused'],
  ])('400 "%s" is %s', async (message, cause) => {
    answering(400, problem(message));
    const outcome = await connected().send();
    expect(outcome).toMatchObject({ kind: 'rejected', cause, evidence: { answer: { status: 400, body: problem(message) } } });
  });

  it('reads the text wherever Amazon puts it, and from every error of the list', async () => {
    answering(400, { errors: [{ code: 'InvalidInput', message: 'Invalid Input', details: '' }, { code: 'InvalidInput', message: '', details: 'packageDetail.carrierCode' }] });
    expect(await connected().send()).toMatchObject({ kind: 'rejected', cause: 'amazon/carrier-unknown' });
  });

  it.each([
    ['without errors', {}],
    ['with errors that are none', { errors: 'none' }],
    ['with errors without text', { errors: [null, 3, {}] }],
  ])('400 %s is refused all the same', async (_name, body) => {
    answering(400, body);
    expect(await connected().send()).toMatchObject({ kind: 'rejected', cause: 'amazon/refused' });
  });

  it.each([
    [404, 'amazon/order-unknown'],
    [413, 'amazon/request-refused'],
    [415, 'amazon/request-refused'],
  ])('%i is %s', async (status, cause) => {
    answering(status, problem('', 'SomeCode'));
    expect(await connected().send()).toMatchObject({ kind: 'rejected', cause });
  });
});

describe('no retry follows a 429', () => {
  it.each([
    ['seconds', '120', 120_000],
    ['fractions of a second', '0.5', 500],
    ['an HTTP date', 'Mon, 23 Nov 2026 09:14:00 GMT', 60_000],
    ['a date that is past', 'Mon, 23 Nov 2026 09:00:00 GMT', null],
    ['words', 'soon', null],
  ])('Retry-After in %s', async (_name, value, wait) => {
    answering(429, problem('You exceeded your quota for the requested resource.', 'QuotaExceeded'), { 'retry-after': value, date: 'Mon, 23 Nov 2026 09:13:00 GMT' });
    expect(await connected().send()).toMatchObject({ kind: 'throttled', retryAfter: wait });
  });

  it('says so without Retry-After and without a body', async () => {
    answering(429);
    expect(await connected().send()).toMatchObject({ kind: 'throttled', retryAfter: null, evidence: { answer: { status: 429, body: null }, rate: null } });
  });
});

describe('what is no answer is unknown, whatever its status', () => {
  const page = '<html><body>503 Service Unavailable</body></html>';
  it.each<[string, number, nock.Body, string]>([
    ['500 of Amazon', 500, problem('We encountered an internal error. Please try again.', 'InternalFailure'), 'amazon/server-error'],
    ['500 without a body', 500, '', 'amazon/server-error'],
    ['503 with a page', 503, page, 'amazon/server-error'],
    ['504', 504, '', 'amazon/server-error'],
    ['200 with a page', 200, page, 'amazon/unreadable-answer'],
    ['200 without a body', 200, '', 'amazon/unreadable-answer'],
    ['200 with a JSON body', 200, { success: true }, 'amazon/unexpected-answer'],
    ['202', 202, { payload: {} }, 'amazon/unexpected-answer'],
    ['201 with broken JSON', 201, '{"errors":[', 'amazon/unreadable-answer'],
    ['302', 302, '', 'amazon/unreadable-answer'],
    ['400 with a page', 400, page, 'amazon/unreadable-answer'],
    ['400 without a body', 400, '', 'amazon/unreadable-answer'],
    ['400 with broken JSON', 400, '{"errors":[{"code":"Inval', 'amazon/unreadable-answer'],
    ['400 with a list', 400, '[]', 'amazon/unreadable-answer'],
    ['403 with a page', 403, page, 'amazon/unreadable-answer'],
    ['401 with a page', 401, page, 'amazon/unreadable-answer'],
    ['404 with a page', 404, page, 'amazon/unreadable-answer'],
    ['409', 409, problem('Conflict'), 'amazon/unexpected-answer'],
    ['408', 408, problem('Timeout'), 'amazon/unexpected-answer'],
  ])('%s', async (_name, status, body, cause) => {
    answering(status, body);
    const permit = permits(5);
    expect(await connected().send({}, permit)).toMatchObject({ kind: 'unknown', cause });
    expect(permit.asked).toEqual([]);
  });

  it.each([
    'Failed to create package due to not finding a matching package or order already fulfilled. errorMetric=PackageToUpdateNotFound',
    'The order item has already been shipped.',
  ])('400 "%s" is settled by a look', async (message) => {
    answering(400, problem(message));
    expect(await connected().send()).toMatchObject({ kind: 'unknown', cause: 'amazon/package-not-found' });
  });

  it('keeps the beginning of a page, two kilobytes of it, and no half character at its end', async () => {
    answering(502, `<p>${'é'.repeat(3_000)}</p>`);
    const outcome = await connected().send();
    const body = outcome.evidence?.answer?.body;
    expect(body).toMatch(/^<p>é+…$/);
    expect(Buffer.byteLength(String(body))).toBeLessThanOrEqual(2_048 + 3);
  });

  it('keeps the beginning of JSON that is long', async () => {
    answering(400, problem('x'.repeat(5_000)));
    const body = (await connected().send()).evidence?.answer?.body;
    expect(String(body).length).toBeLessThan(2_100);
  });
});

describe('what the evidence never holds', () => {
  it('takes out secrets that an answer repeats, however it writes them', async () => {
    const page = `<pre>x-amz-access-token: Atza|access-token-value, Atza%7Caccess-token-value, Atza&#124;access-token-value, {"s":"amzn1.oa2-cs.v1.client-secret-value"}</pre>`;
    answering(502, page);
    const outcome = await connected().send();
    expect(outcome.evidence?.answer?.body).toContain('[removed]');
    expect(JSON.stringify(outcome)).not.toContain('token-value');
    expect(JSON.stringify(outcome)).not.toContain('secret-value');
  });

  it('keeps an order that Amazon answers by mistake out of the evidence of a read', async () => {
    grantToken();
    const half = JSON.stringify({ order: amazonOrder() }).slice(0, -5);
    nock(api).get(/.*/).reply(200, half);
    const outcome = await connected().check();
    expect(outcome).toMatchObject({ kind: 'unknown', cause: 'amazon/unreadable-answer' });
    expect(half).toContain(personal.gift);
    withoutPeople(outcome);
  });
});
