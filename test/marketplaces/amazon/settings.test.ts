import { describe, expect, it } from 'vitest';
import { amazon } from '../../../src/marketplaces/amazon/marketplace.ts';
import { connected, france, germany } from './setup.ts';

const faults = (change: Record<string, unknown>): string[] => {
  const read = amazon.settings.safeParse({ ...france, ...change });
  return read.success ? [] : read.error.issues.map((issue) => issue.message);
};

describe('the settings of an account', () => {
  it('are taken as they are, without what other rooms added, and without blanks around', () => {
    expect(amazon.settings.parse({ ...france, mode: 'live', from: '2026-11-23T00:00:00Z', refreshToken: ` ${france.refreshToken}\n`, sellerId: ' A1EXAMPLE ' })).toEqual(france);
  });

  it.each([
    ['region', 'europe', 'region: write "eu"'],
    ['region', undefined, 'region: write "eu"'],
    ['marketplaceId', 'amazon.fr', 'marketplaceId: write the id'],
    ['sellerId', 'A1/EXAMPLE', 'sellerId: write your merchant token'],
    ['sellerId', '', 'sellerId: write your merchant token'],
    ['clientId', undefined, '"clientId": {"env": "AMAZON_CLIENT_ID"}'],
    ['clientSecret', '', '"clientSecret": {"env": "AMAZON_CLIENT_SECRET"}'],
    ['refreshToken', 42, '"refreshToken": {"env": "AMAZON_REFRESH_TOKEN"}'],
    ['id', '', 'id: give the account'],
    ['marketplace', 'ebay', 'marketplace: "amazon" is expected'],
  ])('%s %j is refused, by name and with the remedy', (field, value, message) => {
    const found = faults({ [field]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
    expect(found[0]?.startsWith(`${field}:`)).toBe(true);
  });

  it('a secret with a blank inside is refused without being repeated', () => {
    const [message] = faults({ clientSecret: 'two secrets' });
    expect(message).toContain('has blanks inside');
    expect(message).not.toContain('two secrets');
  });

  it('a site of another region is refused, by its name', () => {
    expect(faults({ region: 'na' })).toEqual([expect.stringContaining('A13V1IB3VIYZZH (France) belongs to "eu", not to "na"')]);
    expect(faults({ marketplaceId: 'AMEN7PMS3EDWL', region: 'eu' })).toEqual([]);
  });

  it('every fault is told together', () => {
    expect(faults({ region: 'x', sellerId: 'x y', clientId: '' })).toHaveLength(3);
  });
});

describe('the scope', () => {
  it('is the seller, the application and the region; its name holds no secret', () => {
    const { sweep, quota } = amazon.scope(france);
    expect(sweep).toMatch(/^amazon\/eu\/A1EXAMPLE\/[0-9a-f]{8}$/);
    expect(quota).toBe(sweep);
    expect(amazon.scope(germany)).toEqual(amazon.scope(france));
    expect(sweep).not.toContain(france.clientId);
  });

  it.each([
    ['another seller', { sellerId: 'A2OTHER' }],
    ['another application', { clientId: 'another' }],
    ['another region', { region: 'na' as const }],
  ])('is another for %s', (_name, change) => {
    expect(amazon.scope({ ...france, ...change }).quota).not.toBe(amazon.scope(france).quota);
  });
});

describe('the marketplace', () => {
  it('gives each account a destination, and wants at least one', () => {
    expect([...connected({ accounts: [france, germany] }).connection.destinations.keys()]).toEqual(['amazon-fr', 'amazon-de']);
    expect(() => connected({ accounts: [] })).toThrow('at least one account');
  });

  it('makes no call to connect', () => {
    let calls = 0;
    connected({ transport: () => Promise.reject(new Error(`call ${(calls += 1)}`)) });
    expect(calls).toBe(0);
  });

  it('has a published limit for every call that it makes', () => {
    const { connection } = connected();
    const offer = connection.destinations.get('amazon-fr')?.offers['confirm-shipment'];
    const calls = [connection.orders.costs.page, ...connection.orders.costs.order, ...(typeof offer === 'object' ? [...offer.send, ...offer.check] : [])];
    expect(Object.keys(amazon.limits)).toEqual(expect.arrayContaining(calls));
    expect(amazon.limits).toEqual({
      confirmShipment: { rate: 2, burst: 10 },
      getOrder: { rate: 0.5, burst: 30 },
      searchOrders: { rate: 0.0056, burst: 20 },
      getMarketplaceParticipations: { rate: 0.016, burst: 15 },
    });
  });
});
