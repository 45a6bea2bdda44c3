import { describe, expect, it } from 'vitest';
import type { SeenOrder } from '../../../src/syncing/order-reader.ts';
import { readOrder, seenOrder } from '../../../src/marketplaces/amazon/seen-order.ts';
import { amazonItem, amazonOrder, amazonPackage, order, personal, withoutPeople } from './setup.ts';

/** An order as Amazon shows it, in our words. */
function seen(change: Record<string, unknown> = {}): SeenOrder {
  return inOurWords(amazonOrder(change));
}

function inOurWords(value: unknown): SeenOrder {
  const read = readOrder(JSON.parse(JSON.stringify(value)));
  if (read === null) throw new Error('the order could not be read');
  const found = seenOrder(read, 'amazon-fr');
  withoutPeople([read, found]);
  return found;
}

describe('an order in our words', () => {
  it.each([
    ['PENDING_AVAILABILITY', 'pending', 'in-progress'],
    ['PENDING', 'pending', 'in-progress'],
    ['UNSHIPPED', 'to-ship', 'confirmed'],
    ['PARTIALLY_SHIPPED', 'partly-shipped', 'confirmed'],
    ['SHIPPED', 'shipped', 'confirmed'],
    ['CANCELLED', 'cancelled', 'confirmed'],
    ['UNFULFILLABLE', 'unfulfillable', 'confirmed'],
    ['SOMETHING_NEW', 'pending', 'in-progress'],
  ])('%s is %s', (fulfillmentStatus, status, payment) => {
    expect(seen({ fulfillment: { fulfillmentStatus } })).toMatchObject({ status, payment });
  });

  it.each([
    [2, 0, 'shipped'],
    [1, 1, 'partly-shipped'],
    [0, 2, 'pending'],
  ])('a status that is not known is read from %i units shipped and %i to ship', (quantityFulfilled, quantityUnfulfilled, status) => {
    expect(seen({ fulfillment: { fulfillmentStatus: 'NEW' }, orderItems: [amazonItem({ fulfillment: { quantityFulfilled, quantityUnfulfilled } })] })).toMatchObject({ status });
  });

  it.each([
    [{ fulfillment: { fulfillmentStatus: 'UNSHIPPED', fulfilledBy: 'AMAZON' } }, 'marketplace'],
    [{ programs: ['PRIME', 'AMAZON_EASY_SHIP'] }, 'label'],
    [{ programs: ['FBM_SHIP_PLUS'] }, 'label'],
    [{ programs: ['IN_STORE_PICK_UP'] }, 'merchant'],
    [{ programs: [{ name: 'PRIME' }, null] }, 'merchant'],
    [{ programs: undefined, fulfillment: undefined }, 'merchant'],
    [{ fulfillment: { fulfillmentStatus: 'UNSHIPPED', fulfilledBy: 'SOMEBODY' } }, 'merchant'],
  ])('who ships: %j is %s', (change, fulfilment) => {
    expect(seen(change)).toMatchObject({ fulfilment });
  });

  const request = { cancellationRequest: { requester: 'BUYER', cancelReason: personal.reason } };
  const execution = { cancellationExecution: { cancelledBy: 'MERCHANT', cancelReason: personal.reason } };
  const units = (quantityFulfilled?: number, quantityUnfulfilled?: number) => ({ fulfillment: { quantityFulfilled, quantityUnfulfilled } });
  it.each<[string, string, object[], string]>([
    ['the buyer asks', 'UNSHIPPED', [{ cancellation: request, ...units(0, 2) }], 'requested'],
    ['the buyer asks for one line', 'UNSHIPPED', [{ ...units(0, 2) }, { cancellation: request, ...units(0, 2) }], 'requested'],
    ['the buyer asks, units unknown', 'UNSHIPPED', [{ cancellation: request, ...units() }], 'requested'],
    ['the buyer asked for what has left', 'PARTIALLY_SHIPPED', [{ cancellation: request, ...units(2, 0) }, { ...units(0, 2) }], 'none'],
    ['the buyer asked, and everything has left', 'SHIPPED', [{ cancellation: request, ...units() }], 'none'],
    ['asked for and done, on one line', 'UNSHIPPED', [{ cancellation: { ...request, ...execution }, ...units(0, 0) }, { ...units(0, 2) }], 'none'],
    ['asked for and done, on one line, units unknown', 'UNSHIPPED', [{ cancellation: { ...request, ...execution }, ...units() }, { ...units(0, 2) }], 'none'],
    ['done on every line', 'UNSHIPPED', [{ cancellation: execution, ...units(0, 0) }], 'cancelled'],
    ['cancelled', 'CANCELLED', [{ ...units(0, 0) }], 'cancelled'],
    ['nothing', 'UNSHIPPED', [{ cancellation: {}, ...units(0, 2) }], 'none'],
    ['no lines', 'UNSHIPPED', [], 'none'],
  ])('cancellation: %s', (_name, fulfillmentStatus, items, cancellation) => {
    expect(seen({ fulfillment: { fulfillmentStatus }, orderItems: items.map((item) => amazonItem({ ...item })) })).toMatchObject({ cancellation });
  });

  it.each<[string, string, object, number | null, number]>([
    ['to ship', 'UNSHIPPED', units(0, 2), 0, 0],
    ['shipped in part', 'PARTIALLY_SHIPPED', units(1, 1), 1, 0],
    ['shipped', 'SHIPPED', units(2, 0), 2, 0],
    ['one shipped, one cancelled', 'SHIPPED', units(1, 0), 1, 1],
    ['one to ship, one cancelled', 'UNSHIPPED', units(0, 1), 0, 1],
    ['cancelled', 'CANCELLED', units(0, 0), 0, 2],
    ['cancelled, units still counted as to ship', 'CANCELLED', units(0, 2), 0, 2],
    ['pending, counted nowhere', 'PENDING', units(0, 0), 0, 0],
    ['units not told, to ship', 'UNSHIPPED', units(), 0, 0],
    ['units not told, shipped', 'SHIPPED', units(), 2, 0],
    ['units not told, shipped in part', 'PARTIALLY_SHIPPED', units(), null, 0],
    ['units not told, cancelled by somebody', 'UNSHIPPED', { ...units(), cancellation: execution }, 0, 2],
    ['units that are none', 'UNSHIPPED', { fulfillment: { quantityFulfilled: -1, quantityUnfulfilled: 'two' } }, 0, 0],
  ])('units: %s', (_name, fulfillmentStatus, item, shipped, cancelled) => {
    const { lines } = seen({ fulfillment: { fulfillmentStatus }, orderItems: [amazonItem({ ...item })] });
    expect(lines).toMatchObject([{ quantity: 2, shipped, cancelled }]);
  });

  it('does without everything that may be missing, and with nulls in its place', () => {
    const bare = { orderId: order, createdTime: '2026-11-22T18:30:00Z', lastUpdatedTime: '2026-11-23T08:00:00+01:00', salesChannel: { channelName: 'AMAZON' }, orderItems: [{ orderItemId: 7, quantityOrdered: 1, product: {} }] };
    const expected = { ownReference: null, shipBy: null, status: 'pending', currency: null, parcels: [], updatedAt: Date.UTC(2026, 10, 23, 7), lines: [{ lineId: '7', sku: '', title: '', unitPrice: null }] };
    expect(inOurWords(bare)).toMatchObject(expected);
    const nulls = { ...bare, orderAliases: null, programs: null, fulfillment: null, packages: null, orderItems: [{ orderItemId: '7', quantityOrdered: 1, product: null, fulfillment: null, cancellation: null }] };
    expect(inOurWords(nulls)).toMatchObject(expected);
  });

  it('shows parcels, without those that were cancelled, and with the items of an only one', () => {
    const { parcels } = seen({
      fulfillment: { fulfillmentStatus: 'SHIPPED' },
      orderItems: [amazonItem(units(2, 0)), amazonItem({ orderItemId: '2', ...units(0, 1) })],
      packages: [amazonPackage({ packageReferenceId: '1', packageStatus: { status: 'CANCELLED' } }), amazonPackage({ packageReferenceId: 2, packageItems: null, shipTime: 'soon', carrier: '', trackingNumber: ' ' })],
    });
    expect(parcels).toEqual([{ reference: '2', trackingNumber: null, carrier: null, shippedAt: null, lines: [{ lineId: '12345678901234', quantity: 2 }] }]);
  });

  it('does not guess which of two parcels holds what', () => {
    const { parcels } = seen({ orderItems: [amazonItem(units(2, 0))], packages: [amazonPackage({ packageReferenceId: '1', packageItems: [{ quantity: 1 }] }), amazonPackage({ packageReferenceId: '2' })] });
    expect(parcels?.map((p) => p.lines.length)).toEqual([0, 1]);
  });
});
