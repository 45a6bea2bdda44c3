import { setTimeout as wait } from 'node:timers/promises';
import type { Destination, Intent } from '../../../src/syncing/destination.ts';
import type { OrderReader } from '../../../src/syncing/order-reader.ts';
import type { Evidence, Outcome } from '../../../src/syncing/outcome.ts';

/** A marketplace in memory: it says yes at once, shows no change, and tells when a call begins. */
export interface Marketplace {
  destination(like: Destination, width: number): Destination;
  readonly orders: OrderReader;
}

/** @param onCall as the engine hands a call over, its intent on disk: what would be the first byte */
export function createMarketplace(onCall: (intent: Intent) => void, latency = 0): Marketplace {
  return {
    destination: (like, width) => ({
      offers: like.offers,
      width,
      async send(intents) {
        for (const intent of intents) onCall(intent);
        if (latency > 0) await wait(latency);
        return intents.map(accepted);
      },
      check: (intents) => Promise.resolve(intents.map(() => ({ kind: 'absent', seen: [], evidence: null }) as const)),
    }),
    orders: {
      costs: { page: 'searchOrders', order: ['getOrder'] },
      changed: () => Promise.resolve({ ok: true, value: { orders: [], next: null, until: Date.now() }, evidence: evidenceOf('searchOrders', 'GET', '/orders/2026-01-01/orders', null) }),
      order: () => Promise.resolve({ ok: true, value: null, evidence: evidenceOf('getOrder', 'GET', '/orders/2026-01-01/orders', null) }),
    },
  };
}

/** As long as what is kept of a real confirmShipment. */
function accepted({ payload }: Intent): Outcome {
  const { order, parcel, lines } = payload;
  const body = {
    marketplaceId: 'A13V1IB3VIYZZH',
    packageDetail: { packageReferenceId: parcel?.reference, carrierCode: parcel?.carrierCode, trackingNumber: parcel?.trackingNumber, shipDate: parcel?.shippedAt, orderItems: lines.map(({ lineId, quantity }) => ({ orderItemId: lineId, quantity })) },
  };
  return { kind: 'accepted', reference: parcel?.reference ?? null, evidence: evidenceOf('confirmShipment', 'POST', `/orders/v0/orders/${order}/shipmentConfirmation`, body) };
}

function evidenceOf(call: string, method: string, path: string, body: unknown): Evidence {
  return { call, request: { method, path, body }, answer: { status: method === 'POST' ? 204 : 200, body: null }, fault: null, requestId: '3f2b6c1e-8d0a-4c57-9a4e-0f6f2d1b7a90', date: Date.now(), rate: null };
}
