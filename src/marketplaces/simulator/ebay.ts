import type { Clock } from '../../runtime/clock.ts';
import type { HttpAnswer } from '../../runtime/http.ts';
import type { Random } from '../../runtime/random.ts';
import { Brain } from './brain.ts';
import { digits, word } from './chance.ts';
import { simulatedCredentials } from './credentials.ts';
import type { EbayCredentials } from './credentials.ts';
import type { Asked, Desk, Served } from './desk.ts';
import { created, ebayCarriers, judge, listFulfilments, oneFulfilment } from './ebay-fulfilment.ts';
import type { ShippingRules } from './ebay-fulfilment.ts';
import { getOrder, getOrders } from './ebay-orders.ts';
import { answerToken } from './ebay-token.ts';
import { denied, failing, noResource, throttled, tokenInvalid, tokenMissing } from './ebay-words.ts';
import { Faults } from './faults.ts';
import type { Customs } from './order.ts';
import { DayBudget } from './pace.ts';
import { AccessTokens } from './tokens.ts';
import { World } from './world.ts';

const ebayCalls = ['createShippingFulfillment', 'getShippingFulfillments', 'getShippingFulfillment', 'getOrders', 'getOrder'] as const;

export interface EbayOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** 1: the day's budget as published. 100: a hundred times as many calls a day. */
  readonly pace: number;
  readonly credentials?: EbayCredentials;
  /** Calls a day to the Fulfillment API, all together, before `pace` (eBay: 100,000 per application). */
  readonly dailyCalls?: number;
  readonly rules?: Partial<ShippingRules>;
  /** Whether a fulfilment that came by the API changes `lastModifiedDate`: not documented, so by default it does not. */
  readonly touchesOrder?: boolean;
}

const publishedDailyCalls = 100_000;

/** eBay, as far as one seller's order states need it. */
export function simulatedEbay(options: EbayOptions): Brain {
  const world = new World(options.clock, options.random, customs);
  const faults = new Faults([...ebayCalls, 'token'], options.random, (skew) => (world.skew = skew));
  return new Brain(new EbayDesk(options, world, faults), world, faults, options.random);
}

class EbayDesk implements Desk {
  readonly says = { throttled, failing, roleMissing: denied };
  readonly #world: World;
  readonly #faults: Faults;
  readonly #tokens: AccessTokens;
  readonly #random: Random;
  readonly #credentials: EbayCredentials;
  readonly #budget: DayBudget;
  readonly #rules: ShippingRules;
  readonly #touchesOrder: boolean;

  constructor(options: EbayOptions, world: World, faults: Faults) {
    this.#world = world;
    this.#faults = faults;
    this.#tokens = new AccessTokens(options.clock);
    this.#random = options.random;
    this.#credentials = options.credentials ?? simulatedCredentials.ebay;
    this.#budget = new DayBudget((options.dailyCalls ?? publishedDailyCalls) * options.pace);
    this.#rules = { carriers: ebayCarriers, sameTracking: 'another-package', mostTracking: 100, suspended: false, ...options.rules };
    this.#touchesOrder = options.touchesOrder ?? false;
  }

  route(method: string, path: readonly string[]): { call: string; order: string | null } {
    const [api, resource, version, kind, id = '', below] = path;
    if (method === 'POST' && path.join('/') === 'identity/v1/oauth2/token') return { call: 'token', order: null };
    if ([api, resource, version, kind].join('/') !== 'sell/fulfillment/v1/order') return { call: 'unknown', order: null };
    if (method === 'GET' && path.length === 4) return { call: 'getOrders', order: null };
    if (method === 'GET' && path.length === 5) return { call: 'getOrder', order: id };
    if (below !== 'shipping_fulfillment') return { call: 'unknown', order: null };
    if (path.length === 6) {
      if (method === 'GET') return { call: 'getShippingFulfillments', order: id };
      if (method === 'POST') return { call: 'createShippingFulfillment', order: id };
    }
    if (method === 'GET' && path.length === 7) return { call: 'getShippingFulfillment', order: id };
    return { call: 'unknown', order: null };
  }

  admit(asked: Asked): HttpAnswer | null {
    if (asked.call === 'token' || asked.call === 'unknown') return null;
    const token = bearer(asked);
    if (token === null) return tokenMissing();
    if (this.#tokens.worth(token) !== 'good') return tokenInvalid();
    if (this.#tokens.purpose(token) !== 'user') return denied();
    return this.#budget.take(this.#world.there()) ? null : throttled(null);
  }

  serve(asked: Asked): Served {
    const world = this.#world;
    const id = asked.order ?? '';
    switch (asked.call) {
      case 'token':
        return granted(this.#token(asked));
      case 'getOrders':
        return granted(getOrders(asked, world.orders(), world.there()));
      case 'getOrder':
        return granted(getOrder(asked, id, world.order(id)));
      case 'getShippingFulfillments':
        return granted(listFulfilments(id, world.order(id)));
      case 'getShippingFulfillment':
        return granted(oneFulfilment(id, world.order(id), asked.path[6] ?? ''));
      case 'createShippingFulfillment':
        return this.#create(asked, id);
      default:
        return granted(noResource());
    }
  }

  sealed(answer: HttpAnswer, asked: Asked): HttpAnswer {
    return { ...answer, headers: { ...answer.headers, 'x-ebay-c-request-id': `ri=${asked.requestId}`, rlogid: `t6n-${asked.requestId}` } };
  }

  revoke(): void {
    this.#tokens.forgetAll();
  }

  expire(asked: Asked): HttpAnswer | null {
    if (asked.call === 'token') return null;
    this.#tokens.expire(bearer(asked) ?? '');
    return tokenInvalid();
  }

  #token(asked: Asked): HttpAnswer {
    return answerToken(asked, this.#credentials, this.#faults.revoked, (life, purpose) => {
      const token = `v^1.1#i^1#${word(this.#random, 60)}`;
      this.#tokens.issue(token, life, purpose);
      return token;
    });
  }

  #create(asked: Asked, id: string): Served {
    const order = this.#world.order(id);
    const json = /^application\/json\b/i.test(asked.headers['content-type'] ?? '');
    // "An arbitrary number such as 999": one that stays the same when the same request is judged again later.
    const verdict = judge(json ? asked.body : '', id, order, this.#world.there(), this.#rules, String(900 + asked.number));
    if ('refusal' in verdict || order === null) return granted('refusal' in verdict ? verdict.refusal : noResource());
    const effect = (): void => {
      this.#world.create(order, verdict.wish, asked.number);
      if (this.#touchesOrder) order.updatedAt = this.#world.there();
    };
    return { answer: created(asked.origin, order, verdict.wish.reference), effect };
  }
}

const customs: Customs = {
  site: 'EBAY_FR',
  orderId: (random) => `${digits(random, 2)}-${digits(random, 5)}-${digits(random, 5)}`,
  lineId: (random) => digits(random, 14),
  catalogue: (random) => digits(random, 12),
  handReference: (order, tracking) => tracking ?? String(100 + order.parcels.length),
};

function bearer(asked: Asked): string | null {
  const [, token] = /^Bearer (.+)$/.exec(asked.headers['authorization'] ?? '') ?? [];
  return token ?? null;
}

/** An answer that changes nothing. */
function granted(answer: HttpAnswer): Served {
  return { answer, effect: null };
}
