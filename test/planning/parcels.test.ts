import { describe, expect, it } from 'vitest';
import type { Order } from '../../src/orders/order.ts';
import type { Parcel } from '../../src/orders/parcel.ts';
import { addBusinessDays } from '../../src/planning/deadline.ts';
import { ofParcel } from '../../src/planning/plan.ts';
import type { PlannedSync } from '../../src/planning/plan.ts';
import type { Situation } from '../../src/planning/situation.ts';
import { day, hour, minute, now, order, unimported } from '../orders/made.ts';
import { account, earlier, situation, tables, toldNow } from './made.ts';

interface Given extends Partial<Situation> {
  readonly parcel?: Partial<Parcel>;
  readonly graceUntil?: number | null;
  readonly word?: boolean;
  readonly mapped?: Readonly<Record<string, string>>;
}

/** Plans the confirmation of one parcel. */
function confirm({ parcel, graceUntil = null, word = false, mapped = {}, ...more }: Given = {}): PlannedSync {
  const of = situation(more);
  const codes = new Map(Object.entries(mapped).map(([name, code]) => [name, { code, name: null, verified: true }]));
  return ofParcel('confirm-shipment', toldNow(parcel), graceUntil, of, { ...tables, mappedCarriers: new Map([[of.account.id, codes]]) }, word);
}

const amazon = account('amazon');
const ebay = account('ebay');
const sold = (more: Partial<Order>): Order => order({ shipBy: now + 3 * day, ...more });
const noNumber = { trackingNumber: null } as const;
const untracked = { trackingNumber: null, untracked: true } as const;

describe('what a confirmation tells', () => {
  it('is all that the call needs, frozen', () => {
    expect(confirm({ parcel: { id: 7, reference: '1795424400', trackingNumber: '8R 0001', shipFrom: 'lyon', shippedAt: now - hour, lines: [{ lineId: 'A', quantity: 2 }] } })).toEqual({
      operation: 'confirm-shipment',
      parcel: 7,
      status: 'ready',
      cause: null,
      payload: {
        order: '171-0000001-0000002',
        parcel: { reference: '1795424400', carrier: 'Colissimo', carrierCode: 'Colissimo', carrierName: null, trackingNumber: '8R 0001', shippedAt: '2026-11-23T08:00:00.000Z', shipFrom: 'lyon' },
        lines: [{ lineId: 'A', quantity: 2 }],
      },
      shipBy: now + 3 * day,
      uselessAfter: addBusinessDays(now + 3 * day, 7),
      dueAt: null,
      firstStep: 'send',
      waitsFor: [],
      supersedes: [],
    });
  });

  it('never says that it left before the order was placed, though it was told of before the order was imported', () => {
    expect(confirm({ parcel: { shippedAt: now - 9 * day }, order: sold({ placedAt: now - day }) }).payload.parcel?.shippedAt).toBe(new Date(now - day).toISOString());
    // A marketplace that is told whole seconds would find the very second of the order before it.
    expect(confirm({ parcel: { shippedAt: now - 9 * day }, order: sold({ placedAt: now - day + 102 }) }).payload.parcel?.shippedAt).toBe(new Date(now - day + 1000).toISOString());
  });

  it('has a name beside the code Other, and only there', () => {
    expect(confirm({ parcel: { carrier: 'Delivengo' }, mapped: { delivengo: 'Other' } }).payload.parcel).toMatchObject({ carrierCode: 'Other', carrierName: 'Delivengo' });
    expect(confirm({ parcel: { carrier: 'Delivengo' }, mapped: { delivengo: 'La Poste' } }).payload.parcel).toMatchObject({ carrierCode: 'La Poste', carrierName: null });
  });
});

describe('a confirmation is held, under one cause', () => {
  it.each<[string, Given]>([
    ['order/not-imported', { order: unimported() }],
    ['order/not-imported', { parcel: { lines: null } }],
    ['order/cancel-requested', { order: sold({ cancellation: 'requested' }) }],
    ['order/payment-pending', { order: sold({ payment: 'in-progress' }) }],
    ['order/payment-refused', { order: sold({ payment: 'refused' }) }],
    ['order/tracking-missing', { parcel: noNumber }],
    ['order/tracking-missing', { account: ebay, parcel: noNumber }],
    ['amazon/tracking-required', { parcel: untracked }],
    ['amazon/carrier-missing', { parcel: { carrier: null } }],
    ['ebay/carrier-missing', { account: ebay, parcel: { carrier: null } }],
    ['amazon/carrier-unknown', { parcel: { carrier: 'Delivengo' } }],
    ['ebay/carrier-unknown', { account: ebay, parcel: { carrier: 'Delivengo' } }],
    ['amazon/carrier-unknown', { parcel: { carrier: 'Mondial Relay' } }],
    ['operation/not-offered', { account: { ...amazon, offers: { ...amazon.offers, 'confirm-shipment': 'not-offered' } } }],
  ])('%s', (cause, given) => {
    expect(confirm(given)).toMatchObject({ status: 'held', cause });
  });

  it('of several missing things, the order comes before its payment, and that before the parcel', () => {
    const given: Given = { order: sold({ cancellation: 'requested', payment: 'in-progress' }), parcel: { carrier: null, trackingNumber: null } };
    expect(confirm({ ...given, order: unimported({ cancellation: 'requested' }) }).cause).toBe('order/not-imported');
    expect(confirm(given).cause).toBe('order/cancel-requested');
    expect(confirm({ ...given, order: sold({ payment: 'in-progress' }) }).cause).toBe('order/payment-pending');
    expect(confirm({ ...given, order: sold({}) }).cause).toBe('order/tracking-missing');
  });

  it('has no end to its waiting where the marketplace cannot do without', () => {
    expect(confirm({ parcel: noNumber, graceUntil: now + minute })).toMatchObject({ status: 'held', dueAt: null });
    expect(confirm({ parcel: { carrier: 'Delivengo' }, graceUntil: now + minute })).toMatchObject({ status: 'held', dueAt: null });
  });

  it('lets the merchant’s word overrule an open request to cancel, and nothing else', () => {
    expect(confirm({ order: sold({ cancellation: 'requested' }), word: true })).toMatchObject({ status: 'ready', cause: null });
    expect(confirm({ parcel: noNumber, word: true })).toMatchObject({ status: 'held', cause: 'order/tracking-missing' });
  });

  it.each(['confirmed', 'refunded', 'cancelled'] as const)('a payment that is %s does not hold it', (payment) => {
    expect(confirm({ order: sold({ payment }) }).status).toBe('ready');
  });
});

describe('a confirmation has nothing to tell', () => {
  it.each<[string, Partial<Order>]>([
    ['order/fulfilled-by-marketplace', { fulfilment: 'marketplace' }],
    ['order/labelled-by-marketplace', { fulfilment: 'label' }],
    ['order/cancelled', { cancellation: 'cancelled' }],
  ])('%s', (cause, more) => {
    expect(confirm({ order: sold(more), parcel: noNumber })).toMatchObject({ status: 'skipped', cause, dueAt: null });
  });
});

describe('a parcel without a tracking number', () => {
  it('that was declared untracked goes at once where the marketplace can do without, after a look', () => {
    expect(confirm({ account: ebay, parcel: untracked })).toMatchObject({ status: 'ready', firstStep: 'check' });
    expect(confirm({ account: ebay })).toMatchObject({ status: 'ready', firstStep: 'send' });
  });

  it('waits for it there as long as the account’s grace', () => {
    expect(confirm({ account: ebay, parcel: noNumber })).toMatchObject({ status: 'held', cause: 'order/tracking-missing', dueAt: now + 2 * hour });
  });

  it('waits no longer when it is planned anew: the grace counts from when the parcel was told of', () => {
    const parcel = { ...noNumber, reference: String((now - hour) / 1000) };
    expect(confirm({ account: ebay, parcel })).toMatchObject({ status: 'held', dueAt: now + hour });
    expect(confirm({ account: ebay, parcel: { ...noNumber, reference: String((now - 2 * hour) / 1000) } })).toMatchObject({ status: 'ready', cause: null, dueAt: null, firstStep: 'check' });
  });

  it('waits no longer than the grace where the clock was ahead when it was told of', () => {
    expect(confirm({ account: ebay, parcel: { ...noNumber, reference: String((now + 9 * day) / 1000) } }).dueAt).toBe(now + 2 * hour);
  });

  it('never waits past an hour before the deadline', () => {
    expect(confirm({ account: ebay, parcel: noNumber, order: sold({ shipBy: now + 2 * hour }) })).toMatchObject({ status: 'held', dueAt: now + hour });
    expect(confirm({ account: ebay, parcel: noNumber, order: sold({ shipBy: now + hour }) })).toMatchObject({ status: 'ready', firstStep: 'check' });
    expect(confirm({ account: ebay, parcel: noNumber, order: sold({ shipBy: now - day }) })).toMatchObject({ status: 'ready' });
  });

  it('is not told before it can no longer be undone', () => {
    expect(confirm({ account: ebay, parcel: noNumber, order: sold({ shipBy: now + hour }), graceUntil: now + minute })).toMatchObject({ status: 'held', dueAt: now + minute });
  });

  it('still waits for what else is missing once the grace is over', () => {
    expect(confirm({ account: ebay, parcel: { ...noNumber, reference: '1' }, order: sold({ payment: 'in-progress' }) })).toMatchObject({ status: 'held', cause: 'order/payment-pending', dueAt: null });
  });
});

describe('the time in which it can be undone', () => {
  it('delays it', () => {
    expect(confirm({ graceUntil: now + minute })).toMatchObject({ status: 'delayed', dueAt: now + minute });
  });
  it('is over when it is over', () => {
    expect(confirm({ graceUntil: now })).toMatchObject({ status: 'ready', dueAt: null });
  });
});

describe('beside other syncs of its order', () => {
  it('waits for an unsettled one of its own parcel, and for no other parcel', () => {
    const own = earlier('confirm-shipment', 'unsettled', { parcel: 7 });
    const other = earlier('confirm-shipment', 'unsettled', { parcel: 8 });
    expect(confirm({ parcel: { id: 7 }, earlier: [own, other], graceUntil: now + minute })).toMatchObject({ status: 'blocked', cause: null, waitsFor: [own.id], dueAt: now + minute });
  });

  it('takes the place of one of its own parcel that never left', () => {
    const own = earlier('confirm-shipment', 'never-left', { parcel: 7 });
    expect(confirm({ parcel: { id: 7 }, earlier: [own] })).toMatchObject({ status: 'ready', supersedes: [own.id] });
    expect(confirm({ parcel: { id: 7, trackingNumber: null }, earlier: [own] })).toMatchObject({ status: 'held', supersedes: [own.id] });
  });

  it('is refused where its lines were cancelled, and then takes nobody’s place', () => {
    const done = earlier('cancel-order', 'done', { lines: [{ lineId: 'A', quantity: 1 }] });
    const waiting = earlier('cancel-order', 'never-left', { lines: [{ lineId: 'A', quantity: 1 }] });
    expect(confirm({ earlier: [done, waiting] })).toMatchObject({ status: 'rejected', cause: 'order/cancelled', supersedes: [], waitsFor: [] });
    expect(confirm({ earlier: [earlier('cancel-order', 'done', { lines: [{ lineId: 'B', quantity: 1 }] })] }).status).toBe('ready');
  });

  it('what is missing comes before what it depends on, and both are kept', () => {
    const own = earlier('confirm-shipment', 'unsettled', { parcel: 7 });
    expect(confirm({ parcel: { id: 7, carrier: null }, earlier: [own] })).toMatchObject({ status: 'held', cause: 'amazon/carrier-missing', waitsFor: [own.id] });
  });
});

describe('by when it matters', () => {
  it('is the ship-by, or two days after the order', () => {
    expect(confirm({ order: sold({ shipBy: null, placedAt: now - day }) }).shipBy).toBe(now + day);
  });
  it('ends at eBay thirty days after that', () => {
    expect(confirm({ account: ebay }).uselessAfter).toBe(now + 33 * day);
  });
});
