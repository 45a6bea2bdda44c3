import type { Clock, Duration } from '../../runtime/clock.ts';
import { minute } from '../../runtime/clock.ts';
import type { HttpAnswer } from '../../runtime/http.ts';
import type { Random } from '../../runtime/random.ts';
import { amazonCarriers, judge } from './amazon-confirm.ts';
import { amazonMarketplaces } from './amazon-order-json.ts';
import { getOrder, searchOrders } from './amazon-orders.ts';
import { denied, failing, invalid, noContent, notFound, throttled, tokenExpired, tokenMissing, tokenUnknown } from './amazon-words.ts';
import { answerToken } from './amazon-token.ts';
import { Brain } from './brain.ts';
import { digits, pick, word } from './chance.ts';
import { simulatedCredentials } from './credentials.ts';
import type { AmazonCredentials } from './credentials.ts';
import type { Asked, Desk, Served } from './desk.ts';
import { Faults } from './faults.ts';
import type { Customs } from './order.ts';
import { TokenBucket } from './pace.ts';
import type { Published } from './pace.ts';
import { json } from './reply.ts';
import { AccessTokens } from './tokens.ts';
import { World } from './world.ts';

/** Calls per second and at once, per seller and application (Amazon: the usage plans printed in the models). */
export const amazonLimits = {
  confirmShipment: { rate: 2, burst: 10 },
  getOrder: { rate: 0.5, burst: 30 },
  searchOrders: { rate: 0.0056, burst: 20 },
  getMarketplaceParticipations: { rate: 0.016, burst: 15 },
} as const satisfies Record<string, Published>;

export interface AmazonOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** 1: buckets refill as published, and a search ends two minutes before now. 100: a hundred times as quick. */
  readonly pace: number;
  readonly credentials?: AmazonCredentials;
  /** Carrier codes taken, in place of {@link amazonCarriers}. */
  readonly carriers?: readonly string[];
}

const searchLag = 2 * minute;
const longestUserAgent = 500;

/** Amazon, as far as one seller's order states need it. */
export function simulatedAmazon(options: AmazonOptions): Brain {
  const world = new World(options.clock, options.random, customs);
  const faults = new Faults([...Object.keys(amazonLimits), 'token'], options.random, (skew) => (world.skew = skew));
  return new Brain(new AmazonDesk(options, world, faults), world, faults, options.random);
}

class AmazonDesk implements Desk {
  readonly says = { throttled, failing, roleMissing: () => denied('') };
  readonly #world: World;
  readonly #faults: Faults;
  readonly #tokens: AccessTokens;
  readonly #random: Random;
  readonly #credentials: AmazonCredentials;
  readonly #carriers: readonly string[];
  readonly #buckets: ReadonlyMap<string, TokenBucket>;
  readonly #lag: Duration;

  constructor(options: AmazonOptions, world: World, faults: Faults) {
    this.#world = world;
    this.#faults = faults;
    this.#tokens = new AccessTokens(options.clock);
    this.#random = options.random;
    this.#credentials = options.credentials ?? simulatedCredentials.amazon;
    this.#carriers = options.carriers ?? amazonCarriers;
    this.#buckets = new Map(Object.entries(amazonLimits).map(([call, published]) => [call, new TokenBucket(published, options.pace)]));
    this.#lag = searchLag / options.pace;
  }

  route(method: string, path: readonly string[]): { call: string; order: string | null } {
    const [api, version, resource, id = '', action] = path;
    const at = `${method} ${[api, version, resource].join('/')}`;
    if (path.length === 3) {
      if (at === 'POST auth/o2/token') return { call: 'token', order: null };
      if (at === 'GET orders/2026-01-01/orders') return { call: 'searchOrders', order: null };
      if (at === 'GET sellers/v1/marketplaceParticipations') return { call: 'getMarketplaceParticipations', order: null };
    }
    if (path.length === 4 && at === 'GET orders/2026-01-01/orders') return { call: 'getOrder', order: id };
    if (path.length === 5 && at === 'POST orders/v0/orders' && action === 'shipmentConfirmation') return { call: 'confirmShipment', order: id };
    return { call: 'unknown', order: null };
  }

  admit(asked: Asked): HttpAnswer | null {
    const bucket = this.#buckets.get(asked.call);
    if (bucket === undefined) return null;
    const agent = asked.headers['user-agent'] ?? '';
    if (agent === '' || agent.length > longestUserAgent) return invalid('The user-agent header must be present and at most 500 characters long.');
    const token = asked.headers['x-amz-access-token'];
    if (token === undefined || token === '') return denied(tokenMissing);
    const worth = this.#tokens.worth(token);
    if (worth !== 'good') return denied(worth === 'expired' ? tokenExpired : tokenUnknown);
    return bucket.take(this.#world.now()) ? null : throttled(null);
  }

  serve(asked: Asked): Served {
    const world = this.#world;
    const { query, order: id } = asked;
    if (id !== null && !/^\d{3}-\d{7}-\d{7}$/.test(id)) return granted(invalid('OrderId is invalid, must be in 3-7-7 format.'));
    switch (asked.call) {
      case 'token':
        return granted(this.#token(asked));
      case 'searchOrders':
        return granted(searchOrders(query, world.orders(), world.there(), this.#lag));
      case 'getOrder':
        return granted(getOrder(query, world.order(id ?? '')));
      case 'getMarketplaceParticipations':
        return granted(json(200, { payload: participations }));
      case 'confirmShipment':
        return this.#confirm(asked, id ?? '');
      default:
        return granted(notFound('resource'));
    }
  }

  sealed(answer: HttpAnswer, asked: Asked): HttpAnswer {
    const bucket = this.#buckets.get(asked.call);
    // Amazon: the rate is named on 20x, 400 and 404 only.
    const named = bucket !== undefined && (answer.status < 300 || answer.status === 400 || answer.status === 404);
    return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': asked.requestId, ...(named && { 'x-amzn-ratelimit-limit': printed(bucket.rate) }) } };
  }

  revoke(): void {
    this.#tokens.forgetAll();
  }

  expire(asked: Asked): HttpAnswer | null {
    if (asked.call === 'token') return null;
    this.#tokens.expire(asked.headers['x-amz-access-token'] ?? '');
    return denied(tokenExpired);
  }

  #token(asked: Asked): HttpAnswer {
    return answerToken(asked, this.#credentials, this.#faults.revoked, (life) => {
      const token = `Atza|${word(this.#random, 60)}`;
      this.#tokens.issue(token, life);
      return token;
    });
  }

  #confirm(asked: Asked, id: string): Served {
    if (!/^application\/json\b/i.test(asked.headers['content-type'] ?? '')) return granted(invalid('The content type must be application/json.'));
    const order = this.#world.order(id);
    const verdict = judge(asked.body, order, this.#world.there(), this.#carriers);
    if ('refusal' in verdict || order === null) return granted('refusal' in verdict ? verdict.refusal : notFound('order'));
    const { wish, edited } = verdict;
    const effect = (): void => {
      if (edited === null) this.#world.create(order, wish, asked.number);
      else this.#world.edit(order, edited, wish, asked.number);
      order.updatedAt = this.#world.there();
    };
    return { answer: noContent(), effect };
  }
}

const customs: Customs = {
  site: 'A13V1IB3VIYZZH',
  orderId: (random) => `${pick(random, ['171', '402', '403', '404', '405', '406', '407', '408'])}-${digits(random, 7)}-${digits(random, 7)}`,
  lineId: (random) => digits(random, 14),
  catalogue: (random) => `B0${word(random, 40).replace(/[^A-Za-z0-9]/g, '').slice(0, 8).toUpperCase()}`,
  // Seller Central counts an order's packages from 1.
  handReference: (order) => {
    const taken = new Set(order.parcels.map((parcel) => parcel.reference));
    let reference = 1;
    while (taken.has(String(reference))) reference += 1;
    return String(reference);
  },
};

const participations = amazonMarketplaces.map((marketplace) => ({
  marketplace,
  storeName: 'Boutique simulée',
  participation: { isParticipating: true, hasSuspendedListings: false },
}));

/** An answer that changes nothing. */
function granted(answer: HttpAnswer): Served {
  return { answer, effect: null };
}

/** `2.0`, `0.0056` */
function printed(rate: number): string {
  const rounded = Number(rate.toPrecision(6));
  return Number.isInteger(rounded) ? `${rounded}.0` : String(rounded);
}
