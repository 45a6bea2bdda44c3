import { afterBySleep } from '../../support/after.ts';
import nock from 'nock';
import { expect } from 'vitest';
import type { Payload, ParcelPayload } from '../../../src/planning/operation.ts';
import type { Clock, Instant } from '../../../src/runtime/clock.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { fetchTransport, sendTo } from '../../../src/runtime/http.ts';
import type { Transport } from '../../../src/runtime/http.ts';
import type { Intent, Permit } from '../../../src/syncing/destination.ts';
import type { Outcome } from '../../../src/syncing/outcome.ts';
import type { Connection, InForce } from '../../../src/marketplaces/marketplace.ts';
import { amazon } from '../../../src/marketplaces/amazon/marketplace.ts';
import type { AmazonSettings } from '../../../src/marketplaces/amazon/settings.ts';

export const france: AmazonSettings = {
  id: 'amazon-fr',
  marketplace: 'amazon',
  region: 'eu',
  marketplaceId: 'A13V1IB3VIYZZH',
  sellerId: 'A1EXAMPLE',
  clientId: 'amzn1.application-oa2-client.0123456789',
  clientSecret: 'amzn1.oa2-cs.v1.client-secret-value',
  refreshToken: 'Atzr|refresh-token-value',
};

export const germany: AmazonSettings = { ...france, id: 'amazon-de', marketplaceId: 'A1PA6795UKMFR9' };

export const accessToken = 'Atza|access-token-value';
export const renewedToken = 'Atza|renewed-token-value';

export const order = '171-0000001-0000002';
export const confirmPath = `/orders/v0/orders/${order}/shipmentConfirmation`;
export const orderPath = `/orders/2026-01-01/orders/${order}`;
export const ordersPath = '/orders/2026-01-01/orders';
export const participationsPath = '/sellers/v1/marketplaceParticipations';
export const api = 'https://sellingpartnerapi-eu.amazon.com';
export const lwa = 'https://api.amazon.com';

/** 2026-11-23T09:12:00Z */
export const start: Instant = Date.UTC(2026, 10, 23, 9, 12, 0);

/** A clock that moves when told. Sleepers wake as it passes them. */
export interface TestClock extends Clock {
  pass(ms: number): void;
  jump(ms: number): void;
  /** Who still sleeps. */
  sleeping(): number;
}

export function testClock(at: Instant = start): TestClock {
  let wall = at;
  let steady = 1_000;
  const sleepers = new Set<{ until: number; wake: () => void }>();
  const sleep: Clock['sleep'] = (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper = { until: steady + ms, wake: end };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', end, { once: true });
      function end(): void {
        sleepers.delete(sleeper);
        resolve();
      }
    });
  return {
    now: () => wall,
    monotonic: () => steady,
    sleep,
    after: afterBySleep(sleep),
    pass(ms) {
      wall += ms;
      steady += ms;
      for (const sleeper of sleepers) if (sleeper.until <= steady) sleeper.wake();
    },
    jump(ms) {
      wall += ms;
    },
    sleeping: () => sleepers.size,
  };
}

/** Amazon, connected through Node's fetch, which nock answers. */
export function connected(options: { accounts?: readonly AmazonSettings[]; clock?: Clock; transport?: Transport; timeout?: number } = {}): Amazon {
  const { accounts = [france], clock = testClock(), transport = fetchTransport(), timeout = 15_000 } = options;
  return new Amazon(amazon.connect(accounts, { transport, clock, timeout }));
}

/** The same on a server of ours, on the real clock: for what nock cannot do. */
export function connectedTo(endpoint: string, timeout: number, accounts: readonly AmazonSettings[] = [france]): Amazon {
  return connected({ accounts, clock: systemClock, transport: fetchTransport(sendTo(endpoint)), timeout });
}

/** A connection that looks for secrets in everything it gives. */
class Amazon {
  readonly connection: Connection;
  constructor(connection: Connection) {
    this.connection = connection;
  }
  async send(change: IntentChange = {}, permit: Permit = permits(), account = 'amazon-fr'): Promise<Outcome> {
    return only(await this.destination(account).send([intent(change)], permit));
  }
  async check(change: IntentChange = {}, permit: Permit = permits(), account = 'amazon-fr'): Promise<Outcome> {
    return only(await this.destination(account).check([intent({ step: 'check', attempt: 2, ...change })], permit));
  }
  async changed(since: Instant | null, page: string | null = null, signal = new AbortController().signal) {
    return withoutSecrets(await this.connection.orders.changed(since, page, signal));
  }
  async order(reference: string = order, account = 'amazon-fr', signal = new AbortController().signal) {
    return withoutSecrets(await this.connection.orders.order(account, reference, signal));
  }
  async examine(account = 'amazon-fr', signal = new AbortController().signal, inForce?: InForce) {
    return withoutSecrets(await this.connection.examine(account, signal, inForce));
  }
  destination(account: string) {
    const destination = this.connection.destinations.get(account);
    if (destination === undefined) throw new Error(`no destination ${account}`);
    return destination;
  }
}

function only(outcomes: readonly Outcome[]): Outcome {
  const [outcome, ...more] = outcomes;
  if (outcome === undefined || more.length > 0) throw new Error('one outcome was expected');
  return withoutSecrets(outcome);
}

export const secrets = [france.clientSecret, france.refreshToken, accessToken, renewedToken];

export function withoutSecrets<T>(value: T): T {
  const written = JSON.stringify(value);
  for (const secret of [...secrets, 'Atza|', 'Atzr|']) expect(written).not.toContain(secret);
  return value;
}

export interface IntentChange extends Partial<Omit<Intent, 'payload'>> {
  readonly payload?: Partial<Payload>;
  readonly parcel?: Partial<ParcelPayload> | null;
}

export const parcel: ParcelPayload = {
  reference: '1764000000',
  carrier: 'La Poste',
  carrierCode: 'La Poste',
  carrierName: null,
  trackingNumber: '8R12345678901',
  shippedAt: '2026-11-23T09:00:00Z',
  shipFrom: null,
};

export function intent({ payload, parcel: change, ...rest }: IntentChange = {}): Intent {
  const told = change === null ? null : { ...parcel, ...change };
  return {
    sync: 7,
    attempt: 1,
    step: 'send',
    operation: 'confirm-shipment',
    payload: { order, parcel: told, lines: [{ lineId: '12345678901234', quantity: 2 }], ...payload },
    reference: null,
    claimed: [],
    before: null,
    toldAt: null,
    ...rest,
  };
}

/** A permit with as many further requests as said, and a note of what was asked for. */
export function permits(more = 0, signal: AbortSignal = new AbortController().signal): Permit & { readonly asked: string[] } {
  const asked: string[] = [];
  let left = more;
  return {
    signal,
    asked,
    more: (call) => {
      asked.push(call);
      left -= 1;
      return Promise.resolve(left >= 0);
    },
  };
}

export function grantToken(value = accessToken, times = 1): nock.Scope {
  return nock(lwa).post('/auth/o2/token').times(times).reply(200, { access_token: value, token_type: 'bearer', expires_in: 3600, refresh_token: france.refreshToken });
}

/** An order of Amazon's model, with what is not ours to keep in it. */
export function amazonOrder(change: Record<string, unknown> = {}) {
  return {
    orderId: order,
    orderAliases: [{ aliasId: 'C-20931', aliasType: 'SELLER_ORDER_ID' }],
    createdTime: '2026-11-22T18:30:00.123Z',
    lastUpdatedTime: '2026-11-23T08:00:00.456Z',
    programs: ['PRIME'],
    salesChannel: { channelName: 'AMAZON', marketplaceId: france.marketplaceId, marketplaceName: 'Amazon.fr' },
    fulfillment: {
      fulfillmentStatus: 'UNSHIPPED',
      fulfilledBy: 'MERCHANT',
      fulfillmentServiceLevel: 'STANDARD',
      shipByWindow: { earliestDateTime: '2026-11-23T00:00:00Z', latestDateTime: '2026-11-24T22:59:59Z' },
    },
    orderItems: [amazonItem()],
    ...change,
  };
}

export function amazonItem(change: Record<string, unknown> = {}) {
  return {
    orderItemId: '12345678901234',
    quantityOrdered: 2,
    product: { asin: 'B08C1W5N87', title: 'Mug bleu', sellerSku: 'MUG-BLEU', price: { unitPrice: { amount: '24.95', currencyCode: 'EUR' } } },
    fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 2, packing: { giftOption: { giftMessage: personal.gift } } },
    ...change,
  };
}

export function amazonPackage(change: Record<string, unknown> = {}) {
  return {
    packageReferenceId: parcel.reference,
    createdTime: '2026-11-23T09:05:00Z',
    packageStatus: { status: 'SHIPPED' },
    carrier: 'La Poste',
    shipTime: '2026-11-23T09:00:00Z',
    shippingService: 'Colissimo',
    trackingNumber: parcel.trackingNumber,
    shipFromAddress: { name: personal.name, addressLine1: personal.street, city: 'Lyon' },
    packageItems: [{ orderItemId: '12345678901234', quantity: 2 }],
    ...change,
  };
}

/** Obviously false people, to be found again where they must not be. */
export const personal = { name: 'Faustine Personne', street: '1 rue de Nulle Part', gift: 'Joyeux anniversaire Faustine', reason: 'Je me suis trompée de taille' };

export function withoutPeople(value: unknown): void {
  const written = JSON.stringify(value);
  for (const word of Object.values(personal)) expect(written).not.toContain(word);
}

export const problem = (message: string, code = 'InvalidInput', details = '') => ({ errors: [{ code, message, details }] });
