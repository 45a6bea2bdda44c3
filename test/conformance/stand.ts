import { afterEach, expect } from 'vitest';
import type { AccountSettings, Connection, Marketplace } from '../../src/marketplaces/marketplace.ts';
import { fakeBuyer, simulatedCredentials } from '../../src/marketplaces/simulator/credentials.ts';
import type { NewOrder, Order } from '../../src/marketplaces/simulator/order.ts';
import { startSimulator } from '../../src/marketplaces/simulator/simulator.ts';
import type { Reachable, Simulator, SimulatorOptions } from '../../src/marketplaces/simulator/simulator.ts';
import type { Operation } from '../../src/planning/operation.ts';
import { hour, systemClock } from '../../src/runtime/clock.ts';
import type { Clock, Duration } from '../../src/runtime/clock.ts';
import { fetchTransport, sendTo } from '../../src/runtime/http.ts';
import type { HttpAnswer, Transport } from '../../src/runtime/http.ts';
import type { Destination, Intent, Offered, Permit } from '../../src/syncing/destination.ts';
import type { Outcome } from '../../src/syncing/outcome.ts';
import { createRandom } from '../support/random.ts';

/** What the suite must be told of a marketplace, because it is the marketplace's own. */
export interface Own {
  /** An account as accounts.json has it, its secrets read already. */
  readonly settings: unknown;
  /** Names of its fields that are secret. */
  readonly secret: readonly string[];
  /** Orders on one page of a sweep. */
  readonly pageSize: number;
  /** Whether this is the yes that the marketplace documents: whatever else is answered, nothing may be taken for accepted. */
  readonly isYes: (answer: HttpAnswer) => boolean;
  readonly simulated: (simulator: Simulator) => Reachable;
}

const { amazon, ebay } = simulatedCredentials;

/** A third marketplace adds its line here, and its simulation. */
const owns: Readonly<Record<string, Own>> = {
  amazon: {
    settings: { id: 'one', marketplace: 'amazon', ...amazon },
    secret: ['clientSecret', 'refreshToken'],
    pageSize: 100,
    isYes: ({ status }) => status === 204,
    simulated: (simulator) => simulator.amazon,
  },
  ebay: {
    settings: { id: 'one', marketplace: 'ebay', ...ebay },
    secret: ['certId', 'refreshToken'],
    pageSize: 200,
    isYes: ({ status, headers }) => status === 201 && /\/shipping_fulfillment\/[^/?#]+/.test(headers['location'] ?? ''),
    simulated: (simulator) => simulator.ebay,
  },
};

export function ownOf({ name }: Marketplace): Own {
  const own = owns[name];
  if (own === undefined) throw new Error(`the suite was not told of the marketplace "${name}": see test/conformance/stand.ts`);
  return own;
}

/** An account of it, as its own schema makes it. */
export function settingsOf(marketplace: Marketplace): AccountSettings {
  return marketplace.settings.parse(ownOf(marketplace).settings);
}

/** The real clock, and as much later as a test says: for the marketplace and for us. */
export interface PassingClock extends Clock {
  pass(ms: Duration): void;
}

function passingClock(): PassingClock {
  let passed = 0;
  return { ...systemClock, now: () => systemClock.now() + passed, monotonic: () => systemClock.monotonic() + passed, pass: (ms) => void (passed += ms) };
}

/** A marketplace connected to its simulation over loopback. Whatever it says is looked through for secrets and people. */
export interface Stand {
  readonly settings: AccountSettings;
  readonly clock: PassingClock;
  readonly there: Reachable;
  readonly connection: Connection;
  readonly destination: Destination;
  /** API calls: the one that tells of a dispatch, the one that looks, a page of a sweep. */
  readonly calls: { readonly tell: string; readonly look: string; readonly page: string };
  /** Connects anew, as after a restart. */
  reconnect(timeout?: number): Connection;
  sell(order?: Partial<NewOrder>): Order;
  send(intent: Intent, permit?: Permit): Promise<Outcome>;
  check(intent: Intent, permit?: Permit): Promise<Outcome>;
  /** Everything said so far, by whichever door. */
  readonly said: unknown[];
  /** The same, noted: for what does not go through `send` and `check`. */
  note<T>(value: T): T;
}

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

export interface StandPlan {
  readonly simulator?: Partial<SimulatorOptions>;
  /** Longest time of one request (ms). */
  readonly timeout?: number;
  readonly endpoint?: string;
  /** How calls leave, if not over sockets to the simulation. */
  readonly transport?: Transport;
}

export async function openStand(marketplace: Marketplace, plan: StandPlan = {}): Promise<Stand> {
  const own = ownOf(marketplace);
  const settings = settingsOf(marketplace);
  const clock = passingClock();
  const simulator = await startSimulator({ clock, random: createRandom(11), pace: 1_000, ...plan.simulator });
  const there = own.simulated(simulator);
  const tokens = new Set<string>();
  const transport = plan.transport ?? listening(fetchTransport(sendTo(plan.endpoint ?? there.endpoint)), tokens);
  const connect = (timeout = plan.timeout ?? 5_000): Connection => marketplace.connect([settings], { transport, clock, timeout });
  const connection = connect();
  const destination = connection.destinations.get(settings.id);
  if (destination === undefined) throw new Error(`${marketplace.name} did not connect the account`);
  const offer = offerOf(destination);
  const said: unknown[] = [];
  const note = <T>(value: T): T => {
    said.push(value);
    return value;
  };
  closing.push(async () => {
    await simulator.close();
    expectDiscreet(said, [...own.secret.map((name) => String((settings as unknown as Record<string, unknown>)[name])), ...tokens]);
  });
  return {
    settings,
    clock,
    there,
    connection,
    destination,
    calls: { tell: offer.send[0], look: offer.check[0], page: connection.orders.costs.page },
    reconnect: connect,
    sell: (order = {}) => there.brain.world.add({ placedAt: clock.now() - 26 * hour, shipBy: clock.now() + 20 * hour, lines: [{ sku: 'MUG', quantity: 3 }], ...order }),
    send: async (intent, permit = permits()) => only(note(await destination.send([intent], permit))),
    check: async (intent, permit = permits()) => only(note(await destination.check([{ ...intent, step: 'check' }], permit))),
    said,
    note,
  };
}

function offerOf(destination: Destination, operation: Operation = 'confirm-shipment'): Offered {
  const offer = destination.offers[operation];
  if (offer === 'not-offered') throw new Error(`${operation} is not offered`);
  return offer;
}

/** Takes note of the access tokens that are given out, so that they can be looked for. */
function listening(transport: Transport, tokens: Set<string>): Transport {
  return async (request, signal) => {
    const answer = await transport(request, signal);
    const token = /"access_token":"([^"]+)"/.exec(new TextDecoder().decode(answer.body))?.[1];
    if (token !== undefined) tokens.add(token);
    return answer;
  };
}

/** Nothing secret and nobody's name, address, mail or telephone is in anything that is handed on. */
function expectDiscreet(said: unknown, secrets: readonly string[]): void {
  const written = JSON.stringify(said) ?? '';
  for (const secret of secrets) for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) expect(written.includes(form), 'a secret in what was said').toBe(false);
  for (const word of [fakeBuyer.name, fakeBuyer.username, fakeBuyer.email, fakeBuyer.phone, fakeBuyer.street, fakeBuyer.city]) expect(written.includes(word), `"${word}" in what was said`).toBe(false);
}

/** A dispatch of `quantity` units of an order's first line. */
export function intentOf(order: Pick<Order, 'id' | 'lines'>, tracking = 'XC000000001FR', quantity = 2): Intent {
  const parcel = { reference: '1795424400', carrier: 'Chronopost', carrierCode: 'Chronopost', carrierName: null, trackingNumber: tracking, shippedAt: new Date(systemClock.now() - hour).toISOString(), shipFrom: null };
  return { sync: 1, attempt: 1, step: 'send', operation: 'confirm-shipment', payload: { order: order.id, parcel, lines: [{ lineId: order.lines[0]?.lineId ?? '', quantity }] }, reference: null, claimed: [], before: null, toldAt: null };
}

/** @param more whether a further request may be made */
export function permits(more = true, signal: AbortSignal = new AbortController().signal): Permit {
  return { signal, more: () => Promise.resolve(more) };
}

function only(outcomes: readonly Outcome[]): Outcome {
  const [outcome] = outcomes;
  if (outcome === undefined || outcomes.length !== 1) throw new Error('one intent, one outcome');
  return outcome;
}
