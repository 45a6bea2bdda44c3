import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { amazonOrder, api, connected, france, germany, grantToken, lwa, ordersPath, participationsPath, personal, problem, start, testClock, withoutPeople } from './setup.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const site = (id: string, countryCode: string, domainName: string, isParticipating = true, hasSuspendedListings = false) => ({
  marketplace: { id, name: domainName, countryCode, defaultCurrencyCode: 'EUR', defaultLanguageCode: 'fr_FR', domainName },
  storeName: personal.name,
  participation: { isParticipating, hasSuspendedListings },
});
const amazonFr = site(france.marketplaceId, 'FR', 'www.amazon.fr');
const amazonDe = site(germany.marketplaceId, 'DE', 'www.amazon.de');

const now = 'Mon, 23 Nov 2026 09:12:00 GMT';

interface Answers {
  readonly sites?: [number, nock.Body, nock.ReplyHeaders?];
  readonly orders?: [number, nock.Body, nock.ReplyHeaders?];
}

function answering({ sites = [200, { payload: [amazonFr] }, { date: now }], orders = [200, { orders: [amazonOrder()] }] }: Answers = {}): void {
  grantToken(undefined, 3);
  nock(api).get(participationsPath).times(2).reply(...sites);
  nock(api).get(ordersPath).query({ marketplaceIds: france.marketplaceId, lastUpdatedAfter: '2026-11-23T08:12:00Z', maxResultsPerPage: '1', includedData: 'FULFILLMENT,PACKAGES,CANCELLATION' }).times(2).reply(...orders);
}

const keys = (findings: readonly { key: string; ok: boolean }[]) => findings.filter((f) => !f.key.startsWith('amazon/limit')).map((f) => `${f.ok ? 'ok' : 'no'} ${f.key}`);

describe('accounts check', () => {
  it('tells of token, account, role, clock and limits when all is well', async () => {
    answering({ sites: [200, { payload: [amazonFr] }, { date: now, 'x-amzn-RateLimit-Limit': '0.016' }], orders: [200, { orders: [] }, { 'x-amzn-RateLimit-Limit': '0.02' }] });
    const findings = await connected().examine();
    expect(findings).toEqual([
      { what: 'token', ok: true, key: 'amazon/token-ok', details: {} },
      { what: 'account', ok: true, key: 'amazon/account-ok', details: { marketplaceId: france.marketplaceId, country: 'FR', site: 'www.amazon.fr' } },
      { what: 'role', ok: true, key: 'amazon/role-ok', details: { call: 'searchOrders' } },
      { what: 'clock', ok: true, key: 'amazon/clock-ok', details: { secondsAhead: 0 } },
      { what: 'limit', ok: true, key: 'amazon/limit-published', details: { call: 'confirmShipment', rate: 1.9, burst: 10, published: 2 } },
      { what: 'limit', ok: true, key: 'amazon/limit-published', details: { call: 'getOrder', rate: 0.475, burst: 30, published: 0.5 } },
      { what: 'limit', ok: true, key: 'amazon/limit-told', details: { call: 'searchOrders', rate: 0.019, burst: 20, published: 0.0056 } },
      { what: 'limit', ok: true, key: 'amazon/limit-told', details: { call: 'getMarketplaceParticipations', rate: 0.0152, burst: 15, published: 0.016 } },
    ]);
    withoutPeople(findings);
  });

  it('says of each limit who named it: the documentation, the settings in its place, Amazon’s own answers before both', async () => {
    answering({ sites: [200, { payload: [amazonFr] }, { date: now, 'x-amzn-RateLimit-Limit': '0.016' }] });
    const findings = await connected().examine('amazon-fr', undefined, { confirmShipment: { rate: 47.5, burst: 10, source: 'told' }, getOrder: { rate: 4.75, burst: 40, source: 'configured' }, getMarketplaceParticipations: { rate: 0.475, burst: 15, source: 'configured' } });
    expect(findings.filter(({ what }) => what === 'limit').map(({ key, details }) => [key, details['call'], details['rate'], details['burst'], details['published']])).toEqual([
      ['amazon/limit-told', 'confirmShipment', 47.5, 10, 2],
      ['amazon/limit-configured', 'getOrder', 4.75, 40, 0.5],
      ['amazon/limit-published', 'searchOrders', 0.00532, 20, 0.0056],
      ['amazon/limit-told', 'getMarketplaceParticipations', 0.0152, 15, 0.016],
    ]);
  });

  it.each<[string, unknown[], string[]]>([
    ['another site that nobody follows', [amazonFr, amazonDe], ['ok amazon/account-ok', 'ok amazon/other-marketplaces']],
    ['another site where nothing is sold', [amazonFr, site('X', 'DE', 'www.amazon.de', false)], ['ok amazon/account-ok']],
    ['a site that the authorization does not cover', [amazonDe], ['no amazon/account-not-found', 'ok amazon/other-marketplaces']],
    ['no site at all', [], ['no amazon/account-not-found']],
    ['a site where the seller does not sell', [site(france.marketplaceId, 'FR', 'www.amazon.fr', false)], ['no amazon/account-not-participating']],
    ['listings that are suspended', [site(france.marketplaceId, 'FR', 'www.amazon.fr', true, true)], ['ok amazon/account-ok', 'ok amazon/listings-suspended']],
  ])('tells of %s', async (_name, payload, expected) => {
    answering({ sites: [200, { payload }, { date: now }] });
    const findings = await connected().examine();
    expect(keys(findings)).toEqual(['ok amazon/token-ok', ...expected, 'ok amazon/role-ok', 'ok amazon/clock-ok']);
    withoutPeople(findings);
  });

  it('names the other sites', async () => {
    answering({ sites: [200, { payload: [amazonFr, amazonDe] }] });
    const findings = await connected().examine();
    expect(findings.find((f) => f.key === 'amazon/other-marketplaces')?.details).toEqual({ marketplaces: 'www.amazon.de (A1PA6795UKMFR9)' });
  });

  it('does not name a site that another account follows', async () => {
    answering({ sites: [200, { payload: [amazonFr, amazonDe] }] });
    expect((await connected({ accounts: [france, germany] }).examine()).map((f) => f.key)).not.toContain('amazon/other-marketplaces');
  });

  it('says that the list of sites wants another role, and that orders can be read all the same', async () => {
    answering({ sites: [403, problem('Access to requested resource is denied.', 'Unauthorized'), { date: now }] });
    expect(keys(await connected().examine())).toEqual(['ok amazon/token-ok', 'no amazon/participations-refused', 'ok amazon/role-ok', 'ok amazon/clock-ok']);
  });

  it('says that the role for orders is missing', async () => {
    answering({ orders: [403, problem('Access to requested resource is denied.', 'Unauthorized')] });
    expect(keys(await connected().examine())).toContain('no amazon/access-denied');
  });

  it.each<[string, Answers, string[]]>([
    ['sites', { sites: [503, '', { date: now }] }, ['no amazon/account-unread', 'ok amazon/role-ok', 'ok amazon/clock-ok']],
    ['sites, by a page', { sites: [200, '<html></html>', { date: now }] }, ['no amazon/account-unread', 'ok amazon/role-ok', 'ok amazon/clock-ok']],
    ['sites, by JSON of another shape', { sites: [200, { payload: {} }, { date: now }] }, ['no amazon/account-unread', 'ok amazon/role-ok', 'ok amazon/clock-ok']],
    ['orders', { orders: [429, ''] }, ['ok amazon/account-ok', 'no amazon/role-unread', 'ok amazon/clock-ok']],
    ['the clock', { sites: [200, { payload: [amazonFr] }] }, ['ok amazon/account-ok', 'ok amazon/role-ok', 'no amazon/clock-unread']],
  ])('says what could not be read: %s', async (_name, answers, expected) => {
    answering(answers);
    expect(keys(await connected().examine())).toEqual(['ok amazon/token-ok', ...expected]);
  });

  it.each([
    [120_000, 'ok amazon/clock-ok', 120],
    [121_000, 'no amazon/clock-off', 121],
    [-121_000, 'no amazon/clock-off', -121],
  ])('a clock %i ms ahead of Amazon’s', async (ahead, expected, secondsAhead) => {
    grantToken();
    nock(api).get(participationsPath).reply(200, { payload: [amazonFr] }, { date: now }).get(ordersPath).query(true).reply(200, { orders: [] });
    const findings = await connected({ clock: testClock(start + ahead) }).examine();
    expect(keys(findings)).toContain(expected);
    expect(findings.find((f) => f.what === 'clock')?.details).toEqual({ secondsAhead });
  });

  it.each([
    [400, { error: 'invalid_grant' }, 'no amazon/authorization-refused'],
    [401, { error: 'invalid_client' }, 'no amazon/application-refused'],
    [503, '', 'no amazon/token-unavailable'],
  ])('stops at a token that does not come (%i)', async (status, body, expected) => {
    nock(lwa).post('/auth/o2/token').times(2).reply(status, body);
    expect(keys(await connected().examine())).toEqual([expected]);
  });

  it('stops at a token that Amazon refuses', async () => {
    answering({ sites: [403, problem('The access token you provided has expired.', 'Unauthorized')] });
    expect(keys(await connected().examine())).toEqual(['no amazon/token-refused']);
  });

  it('points at accounts whose credentials differ, and at two for one site', async () => {
    answering();
    const twin = { ...france, id: 'amazon-fr-2', refreshToken: 'Atzr|another-token-value' };
    const findings = await connected({ accounts: [france, twin] }).examine('amazon-fr-2');
    expect(findings.filter((f) => f.what === 'settings')).toEqual([
      { what: 'settings', ok: false, key: 'amazon/credentials-differ', details: { used: 'amazon-fr' } },
      { what: 'settings', ok: false, key: 'amazon/marketplace-twice', details: { other: 'amazon-fr', marketplaceId: france.marketplaceId } },
    ]);
    expect(() => connected().connection.examine('nobody', new AbortController().signal)).toThrow('nobody');
  });
});
