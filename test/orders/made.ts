import type { Order, OrderLine } from '../../src/orders/order.ts';
import type { OrderState, StateDraft, StateType } from '../../src/orders/order-state.ts';
import type { Parcel } from '../../src/orders/parcel.ts';

/** Monday 23 November 2026, 10:00 in Paris. */
export const now = Date.parse('2026-11-23T09:00:00Z');
export const hour = 3_600_000;
export const day = 24 * hour;
export const minute = 60_000;
export const paris = 'Europe/Paris';

export function line(lineId: string, quantity: number, more: Partial<OrderLine> = {}): OrderLine {
  return { lineId, sku: `SKU-${lineId}`, title: `Article ${lineId}`, quantity, cancelled: 0, shippedElsewhere: 0, unitPrice: '10.00', ...more };
}

/** Two mugs (A) and one bowl (B), sold on Amazon yesterday. */
export function order(more: Partial<Order> = {}): Order {
  return {
    account: 'amazon-fr',
    reference: '171-0000001-0000002',
    ownReference: 'C-20931',
    placedAt: now - day,
    shipBy: now + day,
    payment: 'confirmed',
    publication: 'default',
    fulfilment: 'merchant',
    cancellation: 'none',
    currency: 'EUR',
    total: '30.00',
    language: 'fr',
    imported: true,
    lines: [line('A', 2), line('B', 1)],
    ...more,
  };
}

/** An order that is known only because a state named it. */
export function unimported(more: Partial<Order> = {}): Order {
  return order({ imported: false, lines: [], placedAt: now, shipBy: null, ...more });
}

let id = 0;
export function parcel(more: Partial<Parcel> = {}): Parcel {
  id += 1;
  return {
    id,
    reference: String(Math.floor(now / 1000) + id),
    carrier: 'Colissimo',
    trackingNumber: `8R${String(id).padStart(11, '0')}`,
    untracked: false,
    shippedAt: now,
    shipFrom: null,
    lines: [{ lineId: 'A', quantity: 1 }],
    origin: 'ours',
    ...more,
  };
}

export function draft(more: Partial<StateDraft> = {}): StateDraft {
  return {
    mnemonic: 'EXPEDIEE',
    type: 'order-shipped',
    texts: { fr: { name: 'Commande expédiée', comment: 'Votre commande {{order}} est en route.', sms: 'En route' } },
    colour: '#2e7d5b',
    indicator: 'to-deliver',
    actions: { publish: true, notifyByMail: true, notifyBySms: true, generateInvoice: false },
    graceS: 60,
    ...more,
  };
}

export function state(type: StateType = 'order-shipped', more: Partial<OrderState> = {}): OrderState {
  return { ...draft({ type }), id: 1, position: 1, archivedAt: null, ...more };
}
