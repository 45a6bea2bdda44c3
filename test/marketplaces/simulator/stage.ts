import { simulatedAmazon } from '../../../src/marketplaces/simulator/amazon.ts';
import type { AmazonOptions } from '../../../src/marketplaces/simulator/amazon.ts';
import type { SimulatedMarketplace } from '../../../src/marketplaces/simulator/brain.ts';
import { simulatedCredentials } from '../../../src/marketplaces/simulator/credentials.ts';
import { simulatedEbay } from '../../../src/marketplaces/simulator/ebay.ts';
import type { EbayOptions } from '../../../src/marketplaces/simulator/ebay.ts';
import type { Clock, Duration, Instant } from '../../../src/runtime/clock.ts';
import type { HttpAnswer, HttpRequest } from '../../../src/runtime/http.ts';
import type { Random } from '../../../src/runtime/random.ts';
import { afterBySleep } from '../../support/after.ts';
import { examine } from './models.ts';

/** Time that stands still until it is told to move on. Whoever sleeps moves it on himself. */
export class HandClock implements Clock {
  #now: Instant;
  constructor(start = '2026-11-23T09:00:00Z') {
    this.#now = Temporal.Instant.from(start).epochMilliseconds;
  }
  now(): Instant {
    return this.#now;
  }
  monotonic(): number {
    return this.#now;
  }
  async sleep(ms: Duration, signal?: AbortSignal): Promise<void> {
    if (!signal?.aborted) this.#now += ms;
  }
  after(ms: Duration, then: () => void): () => void {
    return afterBySleep((length, signal) => this.sleep(length, signal))(ms, then);
  }
  pass(ms: Duration): void {
    this.#now += ms;
  }
}

/** Chance that repeats itself (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { next, bytes: (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256)) };
}

/** An answer as a test reads it. */
export interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body's JSON, or null where there is none. */
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any -- tests look into bodies freely
}

export function heard(answer: HttpAnswer): Heard {
  const text = new TextDecoder().decode(answer.body);
  return { status: answer.status, headers: answer.headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const amazonOrder = '171-1111111-2222222';
export const ebayOrder = '12-34567-89012';

/** A marketplace without sockets, with what a test asks of it. */
export interface Stage {
  readonly clock: HandClock;
  readonly brain: SimulatedMarketplace;
  /** Asks with a good token; every whole answer is held against the official models where there are any. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Heard;
  /** The token exchange that is right here. */
  readonly exchange: HttpRequest;
  /** Exchanges the refresh token once more, and uses the new access token from then on. */
  renew(): Heard;
  /** A request with a good token, for tests that look at the reply itself. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): HttpRequest;
}

export function amazonStage(options: Partial<AmazonOptions> = {}): Stage {
  const clock = new HandClock();
  const brain = simulatedAmazon({ clock, random: seeded(7), pace: 1, ...options });
  const { clientId, clientSecret, refreshToken } = simulatedCredentials.amazon;
  const exchange: HttpRequest = {
    method: 'POST',
    url: 'https://api.amazon.com/auth/o2/token',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId, client_secret: clientSecret }),
  };
  return staged(clock, brain, 'https://sellingpartnerapi-eu.amazon.com', exchange, (token) => ({ 'x-amz-access-token': token, 'user-agent': 'Test/1.0' }));
}

export function ebayStage(options: Partial<EbayOptions> = {}): Stage {
  const clock = new HandClock();
  const brain = simulatedEbay({ clock, random: seeded(7), pace: 1, ...options });
  const { appId, certId, refreshToken } = simulatedCredentials.ebay;
  const exchange: HttpRequest = {
    method: 'POST',
    url: 'https://api.ebay.com/identity/v1/oauth2/token',
    headers: { authorization: `Basic ${btoa(`${appId}:${certId}`)}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }).toString(),
  };
  return staged(clock, brain, 'https://api.ebay.com', exchange, (token) => ({ authorization: `Bearer ${token}` }));
}

function staged(clock: HandClock, brain: SimulatedMarketplace, host: string, exchange: HttpRequest, letIn: (token: string) => Record<string, string>): Stage {
  let usual = letIn(whole(brain, exchange).body.access_token);
  const request: Stage['request'] = (method, path, body, headers = {}) => ({
    method,
    url: host + path,
    headers: { ...usual, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const call: Stage['call'] = (...asked) => {
    const answer = whole(brain, request(...asked));
    examine(request(...asked), answer);
    return answer;
  };
  const renew = (): Heard => {
    const answer = whole(brain, exchange);
    if (answer.status === 200) usual = letIn(answer.body.access_token);
    return answer;
  };
  return { clock, brain, exchange, request, call, renew };
}

export function whole(brain: SimulatedMarketplace, request: HttpRequest): Heard {
  const reply = brain.answer(request);
  if (reply.ending !== 'whole') throw new Error(`expected a whole answer, not "${reply.ending}"`);
  return heard(reply.answer());
}

/** The body of a confirmShipment that is right for the order of {@link withAmazonOrder}. */
export function confirmation(change: Record<string, unknown> = {}): { marketplaceId: string; packageDetail: Record<string, unknown> } {
  return {
    marketplaceId: 'A13V1IB3VIYZZH',
    packageDetail: {
      packageReferenceId: '1',
      carrierCode: 'Chronopost',
      trackingNumber: 'XY000000001FR',
      shipDate: '2026-11-23T08:00:00Z',
      orderItems: [{ orderItemId: '10000000000001', quantity: 1 }],
      ...change,
    },
  };
}

/** An order of two lines: three mugs and a poster. Placed the evening before. */
export function withAmazonOrder(stage: Stage, change: Parameters<SimulatedMarketplace['world']['add']>[0] | object = {}): Stage {
  stage.brain.world.add({
    id: amazonOrder,
    placedAt: stage.clock.now() - 12 * 3_600_000,
    lines: [
      { lineId: '10000000000001', sku: 'MUG', title: 'Mug bleu', quantity: 3, unitPrice: '24.95' },
      { lineId: '10000000000002', sku: 'POSTER', quantity: 1 },
    ],
    ...change,
  });
  return stage;
}

export function withEbayOrder(stage: Stage, change: object = {}): Stage {
  stage.brain.world.add({
    id: ebayOrder,
    placedAt: stage.clock.now() - 12 * 3_600_000,
    lines: [
      { lineId: '20000000000001', sku: 'MUG', title: 'Mug bleu', quantity: 3, unitPrice: '24.95' },
      { lineId: '20000000000002', sku: 'POSTER', quantity: 1 },
    ],
    ...change,
  });
  return stage;
}

export const confirmPath = `/orders/v0/orders/${amazonOrder}/shipmentConfirmation`;
export const fulfilPath = `/sell/fulfillment/v1/order/${ebayOrder}/shipping_fulfillment`;

/** The body of a createShippingFulfillment that is right for the order of {@link withEbayOrder}. */
export function fulfilment(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    lineItems: [{ lineItemId: '20000000000001', quantity: 1 }],
    shippedDate: '2026-11-23T08:00:00.000Z',
    shippingCarrierCode: 'Colissimo',
    trackingNumber: '8R12345678901',
    ...change,
  };
}

/** What Amazon's error says, where it has this status; otherwise which status it has. */
export function amazonError(answer: Heard, status: number): string {
  return answer.status === status ? String(answer.body?.errors?.[0]?.message) : `a ${answer.status}: ${answer.text}`;
}

/** The status and the id of eBay's error. */
export function ebayError(answer: Heard): [number, unknown] {
  return [answer.status, answer.body?.errors?.[0]?.errorId];
}
