import type { Operation } from '../../src/planning/operation.ts';
import type { Destination, Offer, Offered } from '../../src/syncing/destination.ts';
import type { Kind } from './script.ts';

/** What is offered today: the confirmation of a parcel, and nothing else. */
export function offersOf(kind: Kind): Destination['offers'] {
  const none = { 'acknowledge-order': 'not-offered', 'correct-shipment': 'not-offered', 'cancel-order': 'not-offered', 'refund-order': 'not-offered', 'update-pickup': 'not-offered', 'upload-invoice': 'not-offered' } as const;
  return kind === 'amazon'
    ? { ...none, 'confirm-shipment': { send: ['confirmShipment'], check: ['getOrder'], batch: 1, again: 'edit', untracked: 'refused' } }
    : { ...none, 'confirm-shipment': { send: ['createShippingFulfillment'], check: ['getShippingFulfillments'], batch: 1, again: 'twice', untracked: 'look-first' } };
}

/** Every operation is offered, each by calls of its own; none may be told twice. */
export function everyOffer(kind: Kind): Record<Operation, Offer> {
  const one = (call: string): Offered => ({ send: [call], check: [`${call}Status`], batch: 1, again: 'twice', untracked: 'fine' });
  return {
    'confirm-shipment': offersOf(kind)['confirm-shipment'],
    'acknowledge-order': one('acknowledge'),
    'correct-shipment': one('correctShipment'),
    'cancel-order': one('cancelOrder'),
    'refund-order': one('refundOrder'),
    'update-pickup': one('updatePickup'),
    'upload-invoice': one('uploadInvoice'),
  };
}
