import { Agent } from 'node:https';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { SellingPartner } from 'amazon-sp-api';
import { eBayApi } from 'ebay-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator } from '../../../src/marketplaces/simulator/simulator.ts';
import type { Simulator } from '../../../src/marketplaces/simulator/simulator.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { amazonOrder, ebayOrder, seeded } from './stage.ts';

/** The clients that the marketplaces' own rooms are built on, raw, with the settings that tame them. */

let simulator: Simulator;
beforeAll(async () => {
  const placedAt = systemClock.now() - 3_600_000;
  simulator = await startSimulator({
    clock: systemClock,
    random: seeded(5),
    pace: 1000,
    orders: {
      amazon: [{ id: amazonOrder, placedAt, lines: [{ lineId: '10000000000001', sku: 'MUG', title: 'Mug d’Orléans', quantity: 2 }] }],
      ebay: [{ id: ebayOrder, placedAt, lines: [{ lineId: '20000000000001', sku: 'MUG', quantity: 2 }] }],
    },
  });
});
afterAll(() => simulator.close());

const shippedAt = (): string => Temporal.Instant.fromEpochMilliseconds(systemClock.now() - 1_800_000).toString({ smallestUnit: 'millisecond' });

describe('amazon-sp-api', () => {
  interface Raw {
    readonly statusCode: number;
    readonly headers: Record<string, string>;
    readonly chunks: Buffer[];
  }

  /** The library speaks https to Amazon's names only: its connections are led to the simulator. */
  class Detour extends Agent {
    override createConnection(): Socket {
      return connect(Number(new URL(simulator.amazon.endpoint).port), '127.0.0.1');
    }
  }

  function seller(): { readonly call: (operation: string, rest: object) => Promise<Raw>; readonly refresh: () => Promise<void> } {
    const { clientId, clientSecret, refreshToken, region } = simulator.credentials.amazon;
    const client = new SellingPartner({
      region,
      refresh_token: refreshToken,
      endpoints_versions: { orders: '2026-01-01' },
      credentials: { SELLING_PARTNER_APP_CLIENT_ID: clientId, SELLING_PARTNER_APP_CLIENT_SECRET: clientSecret },
      options: {
        auto_request_tokens: false,
        auto_request_throttled: false,
        retry_remote_timeout: false,
        timeouts: { deadline: 10_000 },
        https_proxy_agent: new Detour(),
      },
    });
    return {
      call: (operation, rest) => client.callAPI({ operation, endpoint: operation === 'getMarketplaceParticipations' ? 'sellers' : 'orders', ...rest, options: { raw_result: true } }),
      refresh: () => client.refreshAccessToken(),
    };
  }

  const read = (raw: Raw): any => JSON.parse(Buffer.concat(raw.chunks).toString('utf8') || 'null'); // oxlint-disable-line typescript/no-explicit-any -- tests look into bodies freely

  test('is let in, reads, confirms and reads it back', async () => {
    const { call, refresh } = seller();
    await refresh();
    const found = await call('searchOrders', {
      query: { createdAfter: '2026-01-01T00:00:00Z', marketplaceIds: ['A13V1IB3VIYZZH'], fulfillmentStatuses: ['UNSHIPPED', 'PARTIALLY_SHIPPED'], includedData: ['FULFILLMENT', 'PACKAGES', 'CANCELLATION'] },
    });
    expect(found.statusCode).toBe(200);
    expect(read(found)).toMatchObject({ orders: [{ orderId: amazonOrder, fulfillment: { fulfillmentStatus: 'UNSHIPPED' }, packages: [], orderItems: [{ product: { title: 'Mug d’Orléans' } }] }] });

    const packageDetail = { packageReferenceId: '1795424400', carrierCode: 'GLS', trackingNumber: 'GLS1', shipDate: shippedAt(), orderItems: [{ orderItemId: '10000000000001', quantity: 2 }] };
    const confirmed = await call('confirmShipment', { path: { orderId: amazonOrder }, body: { marketplaceId: 'A13V1IB3VIYZZH', packageDetail } });
    expect(confirmed).toMatchObject({ statusCode: 204, chunks: [], headers: { 'x-amzn-ratelimit-limit': '2000.0', 'x-amzn-requestid': expect.any(String) } });

    const shown = read(await call('getOrder', { path: { orderId: amazonOrder }, query: { includedData: ['PACKAGES', 'FULFILLMENT'] } }));
    expect(shown.order).toMatchObject({ fulfillment: { fulfillmentStatus: 'SHIPPED' }, packages: [{ packageReferenceId: '1795424400', trackingNumber: 'GLS1' }] });

    const participations = read(await call('getMarketplaceParticipations', {}));
    expect(participations.payload[0]).toMatchObject({ marketplace: { id: 'A13V1IB3VIYZZH' }, participation: { isParticipating: true } });
    expect(simulator.amazon.brain.ledger.packages()).toHaveLength(1);
  });

  test('hears refusals with their status and body, and makes each call once', async () => {
    const { call, refresh } = seller();
    await refresh();
    const refused = await call('confirmShipment', { path: { orderId: amazonOrder }, body: { marketplaceId: 'A13V1IB3VIYZZH', packageDetail: { packageReferenceId: 1 } } });
    expect(refused.statusCode).toBe(400);
    expect(read(refused).errors[0].code).toBe('InvalidInput');
    const { ledger, faults } = simulator.amazon.brain;
    const before = ledger.requests().length;
    faults.add({ call: 'getOrder', fault: { kind: '429' } });
    expect((await call('getOrder', { path: { orderId: amazonOrder } })).statusCode).toBe(429);
    faults.add({ call: 'getOrder', fault: { kind: 'cut-before' } });
    await expect(call('getOrder', { path: { orderId: amazonOrder } })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(ledger.requests().length - before).toBe(2);
    faults.add({ call: 'token', fault: { kind: 'revoked' } });
    await expect(refresh()).rejects.toMatchObject({ code: 'invalid_grant' });
    faults.repair();
  });
});

describe('ebay-api', () => {
  function seller(): eBayApi {
    const { appId, certId, refreshToken } = simulator.credentials.ebay;
    const client = new eBayApi({
      appId,
      certId,
      sandbox: false,
      autoRefreshToken: false,
      scope: ['https://api.ebay.com/oauth/api_scope/sell.fulfillment'],
      axiosConfig: { timeout: 10_000, proxy: false, maxRedirects: 0 },
    });
    // The library speaks https to eBay's names only: its calls are led to the simulator.
    (client.req as any).instance.interceptors.request.use((config: { url: string }) => ({ ...config, url: config.url.replace(/^https:\/\/[a-z]+\.ebay\.com/, simulator.ebay.endpoint) })); // oxlint-disable-line typescript/no-explicit-any -- not in the library's types
    client.OAuth2.setCredentials({ access_token: 'over', refresh_token: refreshToken, expires_in: 7200, refresh_token_expires_in: 47_304_000, token_type: 'User Access Token' });
    return client;
  }

  test('is let in, reads, ships and reads it back', async () => {
    const client = seller();
    const api = client.sell.fulfillment.api({ returnResponse: true });
    await expect(api.getOrders()).rejects.toMatchObject({ name: 'EBayInvalidAccessToken' });
    await client.OAuth2.refreshToken();

    const filter = 'creationdate:[2026-01-01T00:00:00.000Z..],orderfulfillmentstatus:{NOT_STARTED|IN_PROGRESS}';
    const found = await api.getOrders({ filter, limit: 200, offset: 0 });
    expect(found).toMatchObject({ status: 200, data: { total: 1, orders: [{ orderId: ebayOrder, orderFulfillmentStatus: 'NOT_STARTED' }] } });

    const body = { lineItems: [{ lineItemId: '20000000000001', quantity: 2 }], shippedDate: shippedAt(), shippingCarrierCode: 'Colissimo', trackingNumber: '8R12345678901' };
    const created = await api.createShippingFulfillment(ebayOrder, body);
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe(`${simulator.ebay.endpoint}/sell/fulfillment/v1/order/${ebayOrder}/shipping_fulfillment/8R12345678901`);
    expect((await api.getShippingFulfillments(ebayOrder)).data).toMatchObject({ total: 1, fulfillments: [{ shipmentTrackingNumber: '8R12345678901' }] });
    expect((await api.getOrder(ebayOrder)).data).toMatchObject({ orderFulfillmentStatus: 'FULFILLED' });
    expect(simulator.ebay.brain.ledger.packages()).toHaveLength(1);
  });

  test('hears refusals with their ids, and makes each call once', async () => {
    const client = seller();
    await client.OAuth2.refreshToken();
    const api = client.sell.fulfillment.api({ returnResponse: true });
    const refusal = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => null, (error: { errorCode?: number; meta?: { res?: { status: number } }; code?: string }) => [error.meta?.res?.status, error.errorCode ?? error.code]);
    const ship = (trackingNumber: string): Promise<unknown> => refusal(api.createShippingFulfillment(ebayOrder, { lineItems: [{ lineItemId: '20000000000001', quantity: 1 }], shippingCarrierCode: 'GLS', trackingNumber }));
    const { faults, ledger } = simulator.ebay.brain;
    const before = ledger.requests().length;
    expect(await ship('with spaces')).toEqual([400, 32300]);
    faults.add({ fault: { kind: '429' } });
    expect(await ship('GLS1')).toEqual([429, 2001]);
    faults.add({ fault: { kind: 'role-missing' } });
    expect(await ship('GLS1')).toEqual([403, 1100]);
    faults.add({ fault: { kind: '500' } });
    expect(await ship('GLS1')).toEqual([500, 30500]);
    faults.add({ fault: { kind: 'cut-before' } });
    expect(await ship('GLS1')).toEqual([undefined, 'ECONNRESET']);
    expect(ledger.requests().length - before).toBe(5);
    faults.add({ call: 'token', fault: { kind: 'revoked' } });
    await expect(client.OAuth2.refreshToken()).rejects.toMatchObject({ response: { status: 400, data: { error: 'invalid_grant' } } });
    faults.repair();
  });
});
