import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { account, api, connect, destinationOf, errorBody, fulfilmentsPath, grants, granted, intent, order, permit, secrets, tokenPath } from './room.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const signal = new AbortController().signal;
const ordersPath = '/sell/fulfillment/v1/order';
const basic = Buffer.from(`${account.appId}:${account.certId}`).toString('base64');
const forbidden = [secrets.certId, secrets.refreshToken, secrets.accessToken, basic].flatMap((secret) => [secret, encodeURIComponent(secret)]);
const buyer = { username: 'acheteur_42', buyerRegistrationAddress: { fullName: 'Jeanne Martin', email: 'jeanne@example.org', primaryPhone: { phoneNumber: '0612345678' }, contactAddress: { addressLine1: '3 rue des Lilas' } } };
const personal = ['acheteur_42', 'Jeanne Martin', 'jeanne@example.org', '0612345678', 'rue des Lilas', 'Sonnez fort'];

/** The words that are found in `value`, as it would be stored. */
function found(value: unknown, words: readonly string[]): readonly string[] {
  const written = JSON.stringify(value);
  return words.filter((word) => written.includes(word));
}

const echo = `your headers were: Bearer ${secrets.accessToken} Basic ${basic} ${secrets.certId} ${encodeURIComponent(secrets.refreshToken)}`;

describe('no secret is kept', () => {
  it.each([
    ['an error', { errors: [{ errorId: 32300, message: echo, longMessage: echo, parameters: [{ name: echo, value: echo }], inputRefIds: [echo] }] }],
    ['a page', `<html>${echo}</html>`],
    ['JSON of another kind', { [echo]: echo }],
  ])('that eBay, or something on the way, repeats in %s', async (_, body) => {
    for (const status of [200, 400, 500]) {
      grants();
      nock(api).post(fulfilmentsPath).reply(status, body, { 'X-EBAY-C-REQUEST-ID': echo });
      nock(api).get(fulfilmentsPath).reply(status, body);
      const destination = destinationOf(connect());
      const told = await destination.send([intent()], permit());
      const looked = await destination.check([intent({ step: 'check' })], permit());
      expect(told).toMatchObject([{ evidence: { answer: { status } } }]);
      expect(found([told, looked], forbidden)).toEqual([]);
    }
  });

  it('whatever an access token looks like', async () => {
    nock(api).post(tokenPath).reply(200, { ...granted, access_token: 'opaque/token+of=another-kind' });
    nock(api).post(fulfilmentsPath).reply(400, { errors: [{ errorId: 32300, message: 'you sent opaque/token+of=another-kind or opaque%2Ftoken%2Bof%3Danother-kind' }] });
    const told = await destinationOf(connect()).send([intent()], permit());
    expect(told).toMatchObject([{ evidence: { answer: { body: { errors: [{ message: 'you sent […] or […]' }] } } } }]);
  });

  it('that a Location repeats', async () => {
    grants();
    nock(api).post(fulfilmentsPath).reply(400, '', { Location: `${api}/?${secrets.accessToken}` });
    expect(found(await destinationOf(connect()).send([intent()], permit()), forbidden)).toEqual([]);
  });

  it.each([400, 401, 500])('that the token endpoint repeats with %i', async (status) => {
    nock(api).post(tokenPath).reply(status, { error: 'invalid_grant', error_description: echo, access_token: secrets.accessToken });
    const told = await destinationOf(connect()).send([intent()], permit());
    expect(told).toMatchObject([{ evidence: { call: 'oauth2/token' } }]);
    expect(found(told, forbidden)).toEqual([]);
  });

  it('of the call that a renewed token made good', async () => {
    nock(api).post(tokenPath).reply(200, granted);
    nock(api).post(tokenPath).reply(200, { ...granted, access_token: 'v^1.1#the-second-token' });
    nock(api).post(fulfilmentsPath).times(2).reply(401, { errors: [{ errorId: 1001, message: `Invalid access token ${secrets.accessToken} v^1.1#the-second-token` }] });
    expect(found(await destinationOf(connect()).send([intent()], permit()), [...forbidden.filter((word) => !word.includes('access-of')), 'v^1.1#the-second-token'])).toEqual([]);
  });

  it('in what DEBUG makes the library print', async () => {
    const room = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
    const program = `
      const { ebay } = await import(${room('../../../src/marketplaces/ebay/marketplace.ts')});
      const { systemClock } = await import(${room('../../../src/runtime/clock.ts')});
      const answers = [[200, ${JSON.stringify(granted)}], [401, ${JSON.stringify(errorBody(1001))}], [200, ${JSON.stringify(granted)}], [500, 'no']];
      const transport = async () => {
        const [status, body] = answers.shift();
        return { status, headers: {}, body: new TextEncoder().encode(JSON.stringify(body)) };
      };
      const { destinations } = ebay.connect([${JSON.stringify(account)}], { transport, clock: systemClock, timeout: 5000 });
      const outcomes = await destinations.get('ebay-fr').send([${JSON.stringify(intent())}], { signal: new AbortController().signal, more: async () => true });
      console.log(outcomes[0].cause, answers.length);
    `;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env: { ...process.env, DEBUG: '*' } });
    expect(stdout).toContain('ebay/server-error 0');
    expect(stderr).toContain('ebay:request');
    expect(found([stdout, stderr], [...forbidden, account.appId])).toEqual([]);
  });
});

describe('nothing of a buyer is kept', () => {
  const whole = {
    orderId: order,
    creationDate: '2026-11-20T10:00:00.000Z',
    buyer,
    buyerCheckoutNotes: 'Sonnez fort',
    fulfillmentStartInstructions: [{ fulfillmentInstructionsType: 'SHIP_TO', shippingStep: { shipTo: buyer.buyerRegistrationAddress } }],
    lineItems: [{ lineItemId: '1', quantity: 1, giftDetails: { recipientEmail: 'jeanne@example.org', message: 'Sonnez fort' } }],
  };

  it.each([
    ['whole', 200, { total: 1, orders: [whole] }],
    ['with an order that cannot be read', 200, { total: 1, orders: [{ ...whole, orderId: buyer, lineItems: null }] }],
    ['cut short', 200, JSON.stringify({ total: 1, orders: [whole] }).slice(0, -20)],
    ['of another shape', 200, { total: buyer, list: [whole] }],
    ['under an error', 500, { orders: [whole] }],
    ['under a refusal', 400, { ...errorBody(30800), orders: [whole] }],
  ])('of a page %s', async (_, status, body) => {
    grants();
    nock(api).get(ordersPath).query(true).reply(status, body);
    const read = await connect().orders.changed(null, null, signal);
    expect(read.evidence).toMatchObject({ call: 'getOrders', answer: { status } });
    expect(found(read, personal)).toEqual([]);
  });

  it.each([
    ['whole', 200, whole],
    ['cut short', 200, JSON.stringify(whole).slice(0, -5)],
    ['under an error', 503, whole],
  ])('of an order %s', async (_, status, body) => {
    grants();
    nock(api).get(`${ordersPath}/${order}`).reply(status, body);
    nock(api).get(fulfilmentsPath).reply(200, { total: 1, fulfillments: [{ fulfillmentId: '1', lineItems: [], shipTo: buyer }], buyer });
    const read = await connect().orders.order('ebay-fr', order, signal);
    expect(read.evidence).toMatchObject({ call: 'getOrder', answer: { status } });
    expect(found(read, personal)).toEqual([]);
  });

  it('of a look at fulfilments, and of an answer that is none to a telling', async () => {
    grants();
    nock(api).get(fulfilmentsPath).reply(200, { total: 1, fulfillments: [{ fulfillmentId: '1', lineItems: [], shipTo: buyer }], buyer });
    nock(api).post(fulfilmentsPath).reply(200, whole);
    const destination = destinationOf(connect());
    expect(found(await destination.check([intent({ step: 'check' })], permit()), personal)).toEqual([]);
    expect(found(await destination.send([intent()], permit()), personal)).toEqual([]);
  });
});

it('a long answer is cut before it is kept, and holds nothing up', async () => {
  grants();
  nock(api).post(fulfilmentsPath).reply(502, `<html>${'x'.repeat(5_000_000)}</html>`);
  const [outcome] = await destinationOf(connect()).send([intent()], permit());
  expect(JSON.stringify(outcome).length).toBeLessThan(4_000);
});
