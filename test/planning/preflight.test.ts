import { describe, expect, it } from 'vitest';
import type { StateType } from '../../src/orders/order-state.ts';
import { plan } from '../../src/planning/plan.ts';
import type { Application } from '../../src/planning/plan.ts';
import { preflight } from '../../src/planning/preflight.ts';
import type { Warning } from '../../src/planning/preflight.ts';
import type { Situation } from '../../src/planning/situation.ts';
import { day, line, minute, now, order, parcel, unimported } from '../orders/made.ts';
import { account, application, earlier, situation, tables, toldNow } from './made.ts';

/** The warnings of applying a state of this Type, planned as it would be. */
function warnings(type: StateType, more: Partial<Situation> = {}, applied: Partial<Application> = {}): readonly Warning[] {
  const of = situation(more);
  return preflight(type, plan(application(type, applied), of, tables), of);
}

const codes = (...of: Parameters<typeof warnings>): string[] => warnings(...of).map(({ code }) => code);
const ebay = account('ebay');

describe('warnings at the moment of applying', () => {
  it('are none where all is well', () => {
    expect(codes('order-shipped')).toEqual([]);
    expect(codes('none')).toEqual([]);
  });

  it('say what a parcel lacks, of which parcel, and which carrier', () => {
    const parcels = [toldNow({ id: 1, trackingNumber: null }), toldNow({ id: 2, carrier: 'Delivengo' }), toldNow({ id: 3, carrier: null }), toldNow({ id: 4, trackingNumber: null, untracked: true, carrier: null })];
    expect(warnings('order-shipped', {}, { parcels })).toEqual([
      { code: 'tracking-missing', parcel: 1, found: 'Colissimo' },
      { code: 'carrier-unknown', parcel: 2, found: 'Delivengo' },
      { code: 'carrier-missing', parcel: 3 },
      { code: 'tracking-required', parcel: 4 },
    ]);
  });

  it.each<[string, Partial<Situation>]>([
    ['not-imported', { order: unimported() }],
    ['cancel-requested', { order: order({ cancellation: 'requested' }) }],
    ['order-cancelled', { order: order({ cancellation: 'cancelled' }) }],
    ['fulfilled-by-marketplace', { order: order({ fulfilment: 'marketplace' }) }],
    ['labelled-by-marketplace', { order: order({ fulfilment: 'label' }) }],
    ['payment-pending', { order: order({ payment: 'in-progress' }) }],
    ['payment-refused', { order: order({ payment: 'refused' }) }],
    ['not-offered', { account: { ...ebay, offers: { ...ebay.offers, 'confirm-shipment': 'not-offered' } } }],
    ['before-start', { account: account('amazon', { from: now + 1 }) }],
  ])('%s', (code, more) => {
    expect(codes('order-shipped', more)).toEqual([code]);
  });

  it('already-shipped, where nothing is left', () => {
    expect(codes('order-shipped', {}, { parcels: [] })).toEqual(['already-shipped']);
  });

  it('say that the ship-by has passed, for what will be sent', () => {
    expect(codes('order-shipped', { order: order({ shipBy: now - 1 }) })).toEqual(['past-deadline']);
    expect(codes('order-shipped', { order: order({ shipBy: now - 1 }) }, { graceUntil: now + minute })).toEqual(['past-deadline']);
    expect(codes('order-shipped', { order: order({ shipBy: now }) })).toEqual([]);
    expect(codes('order-shipped', { order: order({ shipBy: now - 1, cancellation: 'cancelled' }) })).toEqual(['order-cancelled']);
  });

  it('need none for what is no surprise', () => {
    expect(codes('order-shipped', {}, { parcels: [], noParcels: 'order/parcel-known' })).toEqual([]);
    expect(codes('order-delivered', { account: account(null), order: order({ account: 'shop' }) })).toEqual([]);
  });
});

describe('an order said to be delivered or invoiced', () => {
  it.each(['order-delivered', 'invoice-issued'] as const)('%s: the marketplace does not know of the dispatch, so that it is not paid', (type) => {
    expect(codes(type)).toEqual(['never-confirmed']);
    expect(codes(type, { earlier: [earlier('confirm-shipment', 'unsettled', { parcel: 1 })] })).toContain('never-confirmed');
    expect(codes(type, { earlier: [earlier('cancel-order', 'not-done')] })).toContain('never-confirmed');
  });

  it.each<[string, Partial<Situation>]>([
    ['we told it', { earlier: [earlier('confirm-shipment', 'done', { parcel: 1 })] }],
    ['somebody else told it of a parcel', { parcels: [parcel({ origin: 'marketplace' })] }],
    ['it shows units as shipped', { order: order({ lines: [line('A', 2, { shippedElsewhere: 1 })] }) }],
    ['we cannot know yet', { order: unimported({ placedAt: now - day }) }],
  ])('no warning where %s', (_, more) => {
    expect(codes('order-delivered', more)).toEqual([]);
  });

  it('a parcel of ours that was not told of yet is no dispatch', () => {
    expect(codes('order-delivered', { parcels: [parcel({ origin: 'ours' })] })).toEqual(['never-confirmed']);
  });
});
