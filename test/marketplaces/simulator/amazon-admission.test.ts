import { describe, expect, test } from 'vitest';
import { amazonLimits } from '../../../src/marketplaces/simulator/amazon.ts';
import { simulatedCredentials } from '../../../src/marketplaces/simulator/credentials.ts';
import { amazonOrder, amazonStage, confirmation, confirmPath, amazonError, whole, withAmazonOrder } from './stage.ts';
import type { Heard, Stage } from './stage.ts';

const getPath = `/orders/2026-01-01/orders/${amazonOrder}`;
const denied = { code: 'Unauthorized', message: 'Access to requested resource is denied.' };

function exchanged(stage: Stage, change: Record<string, string | undefined>, type = 'application/json'): Heard {
  const { clientId, clientSecret, refreshToken } = simulatedCredentials.amazon;
  const fields = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId, client_secret: clientSecret, ...change };
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  const body = type === 'application/json' ? JSON.stringify(Object.fromEntries(given)) : new URLSearchParams(given).toString();
  return whole(stage.brain, { ...stage.exchange, headers: { 'content-type': type }, body });
}

describe('the simulated Amazon lets in', () => {
  test('whoever exchanges the refresh token, as JSON or as a form, for an hour', () => {
    const stage = withAmazonOrder(amazonStage());
    for (const type of ['application/json', 'application/x-www-form-urlencoded;charset=UTF-8']) {
      const { status, body } = exchanged(stage, {}, type);
      expect(status).toBe(200);
      expect(body).toEqual({ access_token: expect.stringMatching(/^Atza\|/), token_type: 'bearer', expires_in: 3600, refresh_token: simulatedCredentials.amazon.refreshToken });
    }
    stage.clock.pass(3_600_000 - 1);
    expect(stage.call('GET', getPath).status).toBe(200);
    stage.clock.pass(1);
    const late = stage.call('GET', getPath);
    expect(late.status).toBe(403);
    expect(late.body.errors).toEqual([{ ...denied, details: 'The access token you provided has expired.' }]);
  });

  test.each([
    ['an unknown client', { client_id: 'x' }, 401, 'invalid_client'],
    ['a wrong secret', { client_secret: 'x' }, 401, 'invalid_client'],
    ['another refresh token', { refresh_token: 'x' }, 400, 'invalid_grant'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['no grant', { grant_type: undefined }, 400, 'invalid_request'],
    ['no refresh token', { refresh_token: undefined }, 400, 'invalid_request'],
  ])('not %s', (_, change, status, error) => {
    const answer = exchanged(amazonStage(), change);
    expect(answer).toMatchObject({ status, body: { error, error_description: expect.any(String) } });
    expect(answer.text).not.toContain(simulatedCredentials.amazon.clientSecret);
  });

  test.each([
    ['without an access token', { 'x-amz-access-token': '' }, 'Access token is missing in the request header.'],
    ['with a made-up one', { 'x-amz-access-token': 'Atza|made-up' }, 'The access token you provided is revoked, malformed or invalid.'],
  ])('no call %s', (_, headers, details) => {
    const stage = withAmazonOrder(amazonStage());
    const answer = stage.call('POST', confirmPath, confirmation(), headers);
    expect(answer).toMatchObject({ status: 403, body: { errors: [{ ...denied, details }] } });
    expect(answer.headers).not.toHaveProperty('x-amzn-ratelimit-limit');
    expect(stage.brain.ledger.effects()).toEqual([]);
  });

  test('no call that hides who is calling', () => {
    const stage = withAmazonOrder(amazonStage());
    expect(amazonError(stage.call('GET', getPath, undefined, { 'user-agent': '' }), 400)).toMatch(/user-agent/);
    expect(amazonError(stage.call('GET', getPath, undefined, { 'user-agent': 'x'.repeat(501) }), 400)).toMatch(/user-agent/);
  });

  test('nobody after the seller withdrew the authorization, and new tokens once it is repaired', () => {
    const stage = withAmazonOrder(amazonStage());
    stage.brain.faults.add({ fault: { kind: 'revoked' } });
    for (let i = 0; i < 2; i += 1) {
      expect(stage.call('GET', getPath).body.errors).toEqual([{ ...denied, details: 'The access token you provided is revoked, malformed or invalid.' }]);
      expect(stage.renew()).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    }
    stage.brain.faults.repair();
    expect(stage.call('GET', getPath).status).toBe(403);
    expect(stage.renew().status).toBe(200);
    expect(stage.call('GET', getPath).status).toBe(200);
  });

  test('a seller on his marketplaces', () => {
    const { body } = amazonStage().call('GET', '/sellers/v1/marketplaceParticipations');
    expect(body.payload.map((one: { marketplace: { id: string } }) => one.marketplace.id)).toEqual(['A13V1IB3VIYZZH', 'A1PA6795UKMFR9']);
  });
});

describe('the pace of the simulated Amazon', () => {
  const calls = {
    confirmShipment: (stage: Stage) => stage.call('POST', confirmPath, confirmation()),
    getOrder: (stage: Stage) => stage.call('GET', getPath),
    searchOrders: (stage: Stage) => stage.call('GET', '/orders/2026-01-01/orders?createdAfter=2026-11-01T00:00:00Z'),
    getMarketplaceParticipations: (stage: Stage) => stage.call('GET', '/sellers/v1/marketplaceParticipations'),
  };

  test.each(Object.entries(amazonLimits))('%s: a burst, then one call each time the published rate allows', (call, { rate, burst }) => {
    const stage = withAmazonOrder(amazonStage());
    const make = calls[call as keyof typeof calls];
    for (let i = 0; i < burst; i += 1) expect(make(stage).status).toBeLessThan(300);
    const refused = make(stage);
    expect(refused).toMatchObject({ status: 429, body: { errors: [{ code: 'QuotaExceeded', message: 'You exceeded your quota for the requested resource.' }] } });
    expect(refused.headers).not.toHaveProperty('retry-after');
    stage.clock.pass(Math.ceil(1000 / rate) - 1);
    expect(make(stage).status).toBe(429);
    stage.clock.pass(1);
    expect(make(stage).status).toBeLessThan(300);
    expect(make(stage).status).toBe(429);
    const { ledger } = stage.brain;
    expect(ledger.requests().filter((entry) => entry.throttled)).toHaveLength(3);
    // What was throttled was not done.
    expect(ledger.effects()).toHaveLength(call === 'confirmShipment' ? burst + 1 : 0);
  });

  test('can be quickened: the rate and the wait of a search, and the rate that it names', () => {
    const stage = withAmazonOrder(amazonStage({ pace: 100 }));
    for (let i = 0; i < 10; i += 1) calls.confirmShipment(stage);
    expect(calls.confirmShipment(stage).status).toBe(429);
    stage.clock.pass(5);
    expect(calls.confirmShipment(stage).headers['x-amzn-ratelimit-limit']).toBe('200.0');
    const found = calls.searchOrders(stage);
    expect(found.headers['x-amzn-ratelimit-limit']).toBe('0.56');
    expect(Temporal.Instant.from(found.body.createdBefore).epochMilliseconds).toBe(stage.clock.now() - 1200);
  });

  test('buckets of different calls are different, and never fuller than the burst', () => {
    const stage = withAmazonOrder(amazonStage());
    for (let i = 0; i < 11; i += 1) calls.confirmShipment(stage);
    expect(calls.getOrder(stage).status).toBe(200);
    stage.clock.pass(3_000_000);
    expect(Array.from({ length: 11 }, () => calls.confirmShipment(stage).status).filter((status) => status === 204)).toHaveLength(10);
  });

  test('a clock that goes back refills nothing, and refills again from there', () => {
    const stage = withAmazonOrder(amazonStage());
    for (let i = 0; i < 10; i += 1) calls.confirmShipment(stage);
    stage.clock.pass(-3_000);
    expect(calls.confirmShipment(stage).status).toBe(429);
    stage.clock.pass(500);
    expect(calls.confirmShipment(stage).status).not.toBe(429);
  });
});
