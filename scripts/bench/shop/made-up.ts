import type { Wish } from '../../../src/orders/applied-state.ts';
import { day, hour } from '../../../src/runtime/clock.ts';
import type { Instant } from '../../../src/runtime/clock.ts';
import type { SeenOrder } from '../../../src/syncing/order-reader.ts';

/** Orders and parcels that never were, numbered so that each is another. */

export const state = 'EXPEDIEE';

export function reference(n: number): string {
  return `171-${String(Math.floor(n / 10_000_000)).padStart(7, '0')}-${String(n % 10_000_000).padStart(7, '0')}`;
}

/** Of the parcel of order `n`: it tells which order a call is about. */
export function tracking(n: number): string {
  return `8R${String(n).padStart(11, '0')}`;
}

export function orderOf(n: number, account: string, now: Instant): SeenOrder {
  return {
    account,
    reference: reference(n),
    ownReference: `C-${n}`,
    placedAt: now - 20 * hour,
    updatedAt: now - hour,
    shipBy: now + day + (n % 1_000),
    status: 'to-ship',
    payment: 'confirmed',
    fulfilment: 'merchant',
    cancellation: 'none',
    currency: 'EUR',
    total: '49.90',
    lines: [{ lineId: `6${String(n).padStart(13, '0')}`, sku: 'MUG-BLEU', title: 'Mug en grès bleu de Bretagne', quantity: 2, shipped: 0, cancelled: 0, unitPrice: '24.95' }],
    parcels: [],
  };
}

/** Order `n` is shipped whole, in one parcel. */
export function wishOf(n: number, account: string): Wish {
  return { account, order: reference(n), state, sourceRef: `shop-${n}`, parcels: [{ carrier: 'Chronopost', trackingNumber: tracking(n) }] };
}
