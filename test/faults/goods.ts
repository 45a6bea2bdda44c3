import type { Simulator } from '../../src/marketplaces/simulator/simulator.ts';
import { hour, minute, systemClock } from '../../src/runtime/clock.ts';

export const sides = ['amazon', 'ebay'] as const;
export type Side = (typeof sides)[number];

/** What a parcel's number looks like here; nothing else in a request does. */
export const telling = { amazon: 'confirmShipment', ebay: 'createShippingFulfillment' } as const;

/** One dispatch, to be applied once and to be there once. */
export interface Dispatch {
  readonly side: Side;
  readonly order: string;
  readonly tracking: string;
  /** As POST /applied-states takes it. */
  readonly wish: { readonly sourceRef: string } & Readonly<Record<string, unknown>>;
}

/**
 * Orders at a simulated marketplace, and the dispatches of each in the order in which they are to be applied.
 * The earlier an order's place, the sooner it is to be shipped, so that it is told of first.
 */
export function sell(simulator: Simulator, side: Side, count: number, parcels: (place: number) => number = () => 1): Dispatch[][] {
  const { world } = simulator[side].brain;
  const now = systemClock.now();
  const first = world.orders().length;
  return Array.from({ length: count }, (_, n) => {
    const place = first + n;
    const lines = Array.from({ length: parcels(n) }, (_, line) => ({ sku: `SKU-${line}`, quantity: 1 }));
    const order = world.add({ placedAt: now - 24 * hour, shipBy: now + 6 * hour + place * minute, lines });
    return order.lines.map((line, n): Dispatch => {
      const tracking = `${side === 'amazon' ? 'XA' : 'XE'}${String(place).padStart(5, '0')}P${n}FR`;
      const parcel = { carrier: 'Chronopost', trackingNumber: tracking, shippedAt: iso(now - 2 * hour), lines: [{ lineId: line.lineId, quantity: 1 }] };
      return { side, order: order.id, tracking, wish: { account: `${side}-fr`, order: order.id, state: 'EXPEDIEE', appliedAt: iso(now - 2 * hour), sourceRef: `ref-${tracking}`, parcels: [parcel] } };
    });
  });
}

/** One dispatch of one order. */
export function sellOne(simulator: Simulator, side: Side): Dispatch {
  const [[dispatch] = []] = sell(simulator, side, 1);
  if (dispatch === undefined) throw new Error('nothing was sold');
  return dispatch;
}

/** Asks the API for dispatches to be applied. @throws where they are not all taken, or no answer comes */
export async function apply(address: string, token: string, dispatches: readonly Dispatch[], patience = 60_000): Promise<void> {
  const answer = await fetch(`${address}/api/v1/applied-states`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(dispatches.map(({ wish }) => wish)),
    signal: AbortSignal.timeout(patience),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${text}`);
  const items = JSON.parse(text) as { readonly error?: unknown }[];
  const refused = items.find((item) => item.error !== undefined);
  if (refused !== undefined || items.length !== dispatches.length) throw new Refused(text);
}

/** An answer that says no: asking again would not help. */
export class Refused extends Error {}

function iso(at: number): string {
  return new Date(at).toISOString();
}
