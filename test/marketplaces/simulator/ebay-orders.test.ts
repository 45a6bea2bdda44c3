import { describe, expect, test } from 'vitest';
import { fakeBuyer, simulatedCredentials } from '../../../src/marketplaces/simulator/credentials.ts';
import { oauthError, order, orderPage, userToken } from './ebay-shapes.ts';
import { ebayOrder, ebayStage, ebayError, fulfilPath, fulfilment, whole, withEbayOrder } from './stage.ts';
import type { Heard, Stage } from './stage.ts';

const listPath = '/sell/fulfillment/v1/order';
const day = 86_400_000;

function list(stage: Stage, query: Record<string, string>): ReturnType<typeof orderPage.parse> {
  return orderPage.parse(stage.call('GET', `${listPath}?${new URLSearchParams(query).toString()}`).body);
}

function ids(page: { orders: readonly { orderId: string }[] }): string[] {
  return page.orders.map((one) => one.orderId);
}

function many(stage: Stage, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const { id } = stage.brain.world.add({ placedAt: stage.clock.now() - (count - i) * 3_600_000, lines: [{ sku: 'MUG' }] });
    stage.clock.pass(1000);
    return id;
  });
}

describe('the orders of the simulated eBay', () => {
  test('are listed without their requests to cancel, and read one by one with them', () => {
    const stage = withEbayOrder(ebayStage());
    stage.brain.world.requestCancel(ebayOrder);
    const [listed] = list(stage, {}).orders;
    expect(listed?.cancelStatus).toEqual({ cancelState: 'IN_PROGRESS', cancelRequests: [] });
    const read = () => order.parse(stage.call('GET', `${listPath}/${ebayOrder}`).body).cancelStatus;
    expect(read()).toMatchObject({ cancelState: 'IN_PROGRESS', cancelRequests: [{ cancelRequestState: 'REQUESTED' }] });
    stage.brain.world.cancel(ebayOrder);
    expect(read()).toMatchObject({ cancelState: 'CANCELED', cancelledDate: '2026-11-23T09:00:00.000Z', cancelRequests: [{ cancelRequestState: 'COMPLETED' }] });
    expect(list(stage, {}).orders[0]?.orderPaymentStatus).toBe('FULLY_REFUNDED');
  });

  test('carry the buyer, asked for or not', () => {
    const stage = withEbayOrder(ebayStage());
    for (const path of [listPath, `${listPath}/${ebayOrder}`]) {
      const { text } = stage.call('GET', path);
      for (const personal of [fakeBuyer.name, fakeBuyer.username, fakeBuyer.email, fakeBuyer.phone, fakeBuyer.street, fakeBuyer.postalCode]) expect(text).toContain(personal);
    }
  });

  test('say what eBay ships or labels, and what is not paid', () => {
    const stage = ebayStage();
    const read = (change: object): unknown => {
      const { id } = stage.brain.world.add({ lines: [{ sku: 'MUG' }], ...change });
      const one = order.parse(stage.call('GET', `${listPath}/${id}`).body);
      return { type: one.fulfillmentStartInstructions[0]?.fulfillmentInstructionsType, payment: one.orderPaymentStatus, program: one.program };
    };
    expect(read({})).toEqual({ type: 'SHIP_TO', payment: 'PAID', program: undefined });
    expect(read({ fulfilment: 'label' })).toMatchObject({ type: 'SHIP_TO', program: { ebayShipping: { shippingLabelProvidedBy: 'EBAY' } } });
    expect(read({ fulfilment: 'marketplace' })).toMatchObject({ type: 'FULFILLED_BY_EBAY' });
    expect(read({ payment: 'pending' })).toMatchObject({ payment: 'PENDING' });
  });

  test('are found by creation or modification, both ends included; with both only the creation counts', () => {
    const stage = withEbayOrder(ebayStage());
    stage.clock.pass(3_600_000);
    const { id: newer } = stage.brain.world.add({ lines: [{ sku: 'MUG' }] });
    const found = (filter: string): string[] => ids(list(stage, { filter }));
    expect(found('creationdate:[2026-11-22T21:00:00.000Z..2026-11-22T21:00:00.000Z]')).toEqual([ebayOrder]);
    expect(found('creationdate:[2026-11-22T21:00:00.001Z..]')).toEqual([newer]);
    expect(found('lastmodifieddate:[2026-11-23T09:00:00.000Z..2026-11-23T09:59:59.999Z]')).toEqual([ebayOrder]);
    expect(found('lastmodifieddate:[2026-11-23T09:00:00.000Z..]')).toEqual([ebayOrder, newer]);
    expect(found('lastmodifieddate:[2026-11-23T09:30:00.000Z..],creationdate:[2026-11-22T20:00:00.000Z..2026-11-23T00:00:00.000Z]')).toEqual([ebayOrder]);
  });

  test('are found by the two documented pairs of states', () => {
    const stage = withEbayOrder(ebayStage());
    stage.call('POST', fulfilPath, fulfilment());
    const { id: fresh } = stage.brain.world.add({ lines: [{ sku: 'MUG' }] });
    const { id: done } = stage.brain.world.add({ lines: [{ sku: 'MUG' }] });
    stage.brain.world.shipByHand(done);
    const found = (states: string): string[] => ids(list(stage, { filter: `orderfulfillmentstatus:{${states}}` })).sort();
    expect(found('NOT_STARTED|IN_PROGRESS')).toEqual([fresh, ebayOrder].sort());
    expect(found('FULFILLED|IN_PROGRESS')).toEqual([done, ebayOrder].sort());
    expect(ids(list(stage, { filter: 'lastmodifieddate:[2026-11-23T08:00:00.000Z..],orderfulfillmentstatus:{NOT_STARTED|IN_PROGRESS}' })).sort()).toEqual([fresh, ebayOrder].sort());
  });

  test('of the last 90 days are meant where no date is given', () => {
    const stage = withEbayOrder(ebayStage(), { placedAt: '2026-08-01T00:00:00Z' });
    expect(ids(list(stage, {}))).toEqual([]);
    expect(ids(list(stage, { filter: 'creationdate:[2026-07-01T00:00:00.000Z..]' }))).toEqual([ebayOrder]);
  });

  test.each([
    ['an unknown filter', 'orderstatus:{PAID}', 30700],
    ['no filter at all', 'NOT_STARTED', 30700],
    ['a single state', 'orderfulfillmentstatus:{NOT_STARTED}', 30800],
    ['an unsupported pair', 'orderfulfillmentstatus:{NOT_STARTED|FULFILLED}', 30800],
    ['a pair without braces', 'orderfulfillmentstatus:NOT_STARTED|IN_PROGRESS', 30800],
    ['a date without brackets', 'creationdate:2026-11-01T00:00:00.000Z', 30810],
    ['half a range', 'creationdate:[2026-11-01T00:00:00.000Z]', 30810],
    ['a bare date', 'creationdate:[2026-11-01..]', 30810],
    ['no start', 'creationdate:[..2026-11-01T00:00:00.000Z]', 30820],
    ['more than two years', 'creationdate:[2024-01-01T00:00:00.000Z..]', 30830],
    ['an end before the start', 'creationdate:[2026-11-02T00:00:00.000Z..2026-11-01T00:00:00.000Z]', 30840],
    ['an end to come', 'lastmodifieddate:[2026-11-01T00:00:00.000Z..2026-11-23T09:00:00.001Z]', 30850],
    ['a start to come', 'lastmodifieddate:[2026-11-24T00:00:00.000Z..]', 30850],
  ])('are not listed by %s', (_, filter, errorId) => {
    expect(ebayError(ebayStage().call('GET', `${listPath}?${new URLSearchParams({ filter }).toString()}`))).toEqual([400, errorId]);
  });

  test('are not listed where brackets, braces or pipes are not percent-encoded', () => {
    const stage = ebayStage();
    expect(ebayError(stage.call('GET', `${listPath}?filter=creationdate:[2026-11-01T00:00:00.000Z..]`))).toEqual([400, 30800]);
    expect(ebayError(stage.call('GET', `${listPath}?filter=orderfulfillmentstatus:%7BNOT_STARTED|IN_PROGRESS%7D`))).toEqual([400, 30800]);
    expect(stage.call('GET', `${listPath}?filter=creationdate:%5B2026-11-01T00:00:00.000Z..%5D`).status).toBe(200);
  });

  test.each([
    ['limit=0', 31100],
    ['limit=201', 31100],
    ['limit=ten', 31100],
    ['offset=-1', 31000],
    ['fieldGroups=ALL', 32800],
    [`orderIds=${Array.from({ length: 51 }, (_, i) => i).join()}`, 30900],
  ])('are not listed with %s', (query, errorId) => {
    expect(ebayError(ebayStage().call('GET', `${listPath}?${query}`))).toEqual([400, errorId]);
  });

  test('are listed by their numbers, whatever else is asked', () => {
    const stage = withEbayOrder(ebayStage(), { placedAt: '2026-01-01T00:00:00Z' });
    many(stage, 2);
    expect(ids(list(stage, { orderIds: `${ebayOrder},00-00000-00000`, filter: 'nonsense' }))).toEqual([ebayOrder]);
  });

  test('come in pages that lead to one another', () => {
    const stage = ebayStage();
    const all = many(stage, 5);
    const first = list(stage, { limit: '2', filter: 'creationdate:[2026-11-01T00:00:00.000Z..]' });
    expect([ids(first), first.total, first.prev]).toEqual([all.slice(0, 2), 5, undefined]);
    const follow = (href: string | undefined): typeof first => orderPage.parse(stage.call('GET', (href ?? '').replace('https://api.ebay.com', '')).body);
    const second = follow(first.next);
    const third = follow(second.next);
    expect([ids(second), ids(third), third.next, third.offset]).toEqual([all.slice(2, 4), all.slice(4), undefined, 4]);
    expect(ids(follow(third.prev))).toEqual(ids(second));
    expect(list(stage, { limit: '5' }).next).toBeUndefined();
    expect(list(stage, {}).limit).toBe(50);
    expect(list(stage, { offset: '99' })).toMatchObject({ orders: [], total: 5 });
  });

  test('slip through the pages of a window when one of them leaves it in between', () => {
    const stage = ebayStage();
    const all = many(stage, 5);
    const until = Temporal.Instant.fromEpochMilliseconds(stage.clock.now()).toString({ smallestUnit: 'millisecond' });
    const page = (offset: number): ReturnType<typeof list> => list(stage, { limit: '2', offset: String(offset), filter: `lastmodifieddate:[2026-11-01T00:00:00.000Z..${until}]` });
    const first = page(0);
    stage.clock.pass(1000);
    stage.brain.world.requestCancel(all[0] ?? '');
    const seen = [...ids(first), ...ids(page(2)), ...ids(page(4))];
    // The third order moved up to where the first page has been: a reader that trusts offsets never sees it.
    expect(all.filter((id) => !seen.includes(id))).toEqual([all[2]]);
    expect(page(2).total).toBe(4);
  });

  test('that do not exist are answered 404', () => {
    expect(ebayError(ebayStage().call('GET', `${listPath}/00-00000-00000`))).toEqual([404, 32100]);
  });
});

describe('the simulated eBay lets in', () => {
  function exchanged(form: Record<string, string>, headers: Record<string, string> = {}): Heard {
    const { brain, exchange } = ebayStage();
    return whole(brain, { ...exchange, headers: { ...exchange.headers, ...headers }, body: new URLSearchParams(form).toString() });
  }
  const good = { grant_type: 'refresh_token', refresh_token: simulatedCredentials.ebay.refreshToken };

  test('whoever exchanges the refresh token, for two hours', () => {
    const stage = withEbayOrder(ebayStage());
    userToken.parse(exchanged({ ...good, scope: 'https://api.ebay.com/oauth/api_scope/sell.fulfillment' }).body);
    stage.clock.pass(7_200_000 - 1);
    expect(stage.call('GET', listPath).status).toBe(200);
    stage.clock.pass(1);
    expect(ebayError(stage.call('GET', listPath))).toEqual([401, 1001]);
    stage.renew();
    expect(stage.call('GET', listPath).status).toBe(200);
  });

  test.each([
    ['a wrong key', good, { authorization: 'Basic eDp5' }, 401, 'invalid_client'],
    ['another refresh token', { ...good, refresh_token: 'x' }, {}, 400, 'invalid_grant'],
    ['a scope that was not consented to', { ...good, scope: 'https://api.ebay.com/oauth/api_scope/sell.finances' }, {}, 400, 'invalid_scope'],
    ['another grant', { grant_type: 'password' }, {}, 400, 'unsupported_grant_type'],
    ['JSON', good, { 'content-type': 'application/json' }, 400, 'invalid_request'],
  ])('not %s', (_, form, headers, status, error) => {
    const answer = exchanged(form, headers);
    expect(answer.status).toBe(status);
    expect(oauthError.parse(answer.body).error).toBe(error);
  });

  test('no call without a token, with a made-up one, or with an application’s', () => {
    const stage = ebayStage();
    expect(ebayError(stage.call('GET', listPath, undefined, { authorization: '' }))).toEqual([401, 1002]);
    expect(ebayError(stage.call('GET', listPath, undefined, { authorization: 'Bearer made-up' }))).toEqual([401, 1001]);
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope: 'https://api.ebay.com/oauth/api_scope' }).toString();
    const { access_token: token } = whole(stage.brain, { ...stage.exchange, body: form }).body;
    expect(ebayError(stage.call('GET', listPath, undefined, { authorization: `Bearer ${token}` }))).toEqual([403, 1100]);
  });

  test('nobody after the seller withdrew the authorization', () => {
    const stage = ebayStage();
    stage.brain.faults.add({ fault: { kind: 'revoked' } });
    expect(ebayError(stage.call('GET', listPath))).toEqual([401, 1001]);
    expect(oauthError.parse(stage.renew().body).error).toBe('invalid_grant');
    stage.brain.faults.repair();
    stage.renew();
    expect(stage.call('GET', listPath).status).toBe(200);
  });

  test('so many calls a day, all calls together, afresh at midnight in the Pacific zone', () => {
    const stage = withEbayOrder(ebayStage({ dailyCalls: 3 }));
    expect([stage.call('GET', listPath).status, stage.call('POST', fulfilPath, fulfilment()).status, stage.call('GET', fulfilPath).status]).toEqual([200, 201, 200]);
    const refused = stage.call('POST', fulfilPath, fulfilment({ trackingNumber: '8R2' }));
    expect(ebayError(refused)).toEqual([429, 2001]);
    expect(refused.headers).not.toHaveProperty('retry-after');
    expect(stage.brain.ledger.requests().at(-1)).toMatchObject({ call: 'createShippingFulfillment', order: ebayOrder, status: 429, throttled: true });
    // 09:00 UTC is 01:00 in the Pacific zone; the next midnight there is 08:00 UTC.
    stage.clock.pass(23 * 3_600_000 - 1);
    stage.renew();
    expect(ebayError(stage.call('GET', listPath))).toEqual([429, 2001]);
    stage.clock.pass(1);
    expect(stage.call('GET', listPath).status).toBe(200);
    stage.clock.pass(day);
    stage.renew();
    expect(stage.call('GET', listPath).status).toBe(200);
    expect(stage.brain.ledger.packages()).toHaveLength(1);
  });

  test('nobody to addresses that it does not know', () => {
    const stage = ebayStage();
    expect(ebayError(stage.call('POST', `${listPath}/${ebayOrder}/issue_refund`, {}))).toEqual([404, 2002]);
    expect(ebayError(stage.call('PUT', `${fulfilPath}/1`, {}))).toEqual([404, 2002]);
    expect(ebayError(stage.call('GET', `${listPath}/%E0%A4%A`))).toEqual([404, 2002]);
  });
});
