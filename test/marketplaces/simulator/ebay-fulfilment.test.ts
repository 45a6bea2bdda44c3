import { describe, expect, test } from 'vitest';
import { errors, fulfillment, fulfillments, order } from './ebay-shapes.ts';
import { ebayOrder, ebayStage, ebayError, fulfilment, fulfilPath, withEbayOrder } from './stage.ts';

const mugs = '20000000000001';
const poster = '20000000000002';
const orderPath = `/sell/fulfillment/v1/order/${ebayOrder}`;

describe('a shipment told to the simulated eBay', () => {
  test('is created, and its id is the tracking number', () => {
    const stage = withEbayOrder(ebayStage());
    const answer = stage.call('POST', fulfilPath, fulfilment());
    expect(answer).toMatchObject({ status: 201, text: '{}' });
    expect(answer.headers).toMatchObject({ location: `https://api.ebay.com${fulfilPath}/8R12345678901`, date: 'Mon, 23 Nov 2026 09:00:00 GMT', 'x-ebay-c-request-id': expect.any(String) });
    const page = fulfillments.parse(stage.call('GET', fulfilPath).body);
    expect(page.fulfillments).toEqual([
      {
        fulfillmentId: '8R12345678901',
        lineItems: [{ lineItemId: mugs, quantity: 1 }],
        shipmentTrackingNumber: '8R12345678901',
        shippedDate: '2026-11-23T08:00:00.000Z',
        shippingCarrierCode: 'Colissimo',
      },
    ]);
    expect(fulfillment.parse(stage.call('GET', `${fulfilPath}/8R12345678901`).body)).toEqual(page.fulfillments[0]);
    expect(ebayError(stage.call('GET', `${fulfilPath}/none`))).toEqual([404, 32110]);
  });

  test('may lack carrier, tracking number, date and quantity', () => {
    const stage = withEbayOrder(ebayStage());
    const answer = stage.call('POST', fulfilPath, { lineItems: [{ lineItemId: poster }] });
    const id = /\/(\d+)$/.exec(answer.headers['location'] ?? '')?.[1];
    expect(fulfillments.parse(stage.call('GET', fulfilPath).body).fulfillments).toEqual([
      { fulfillmentId: id, lineItems: [{ lineItemId: poster, quantity: 1 }], shippedDate: '2026-11-23T09:00:00.000Z' },
    ]);
    expect(stage.brain.ledger.packages()).toMatchObject([{ reference: id, tracking: null, carrier: null }]);
  });

  test.each([
    ['an item of another order', { lineItems: [{ lineItemId: '9', quantity: 1 }] }, 32200],
    ['an item twice', { lineItems: [{ lineItemId: mugs, quantity: 1 }, { lineItemId: mugs, quantity: 1 }] }, 32210],
    ['a carrier without a number', { trackingNumber: undefined }, 32300],
    ['a number without a carrier', { shippingCarrierCode: undefined }, 32300],
    ['spaces in the number', { trackingNumber: '8R 1234 5678' }, 32300],
    ['a hyphen in the number', { trackingNumber: '8R-12345678' }, 32300],
    ['an empty number', { trackingNumber: '' }, 32300],
    ['a carrier that eBay does not know', { shippingCarrierCode: 'COLIS_PRIVE' }, 32300],
    ['a carrier spelt otherwise', { shippingCarrierCode: 'COLISSIMO' }, 32300],
    ['a date without milliseconds', { shippedDate: '2026-11-23T08:00:00Z' }, 32500],
    ['a date before the order', { shippedDate: '2026-11-22T20:59:59.999Z' }, 32500],
    ['a date to come', { shippedDate: '2026-11-23T09:00:00.001Z' }, 32500],
    ['no items', { lineItems: undefined }, 32600],
    ['an empty list of items', { lineItems: [] }, 32600],
    ['no unit', { lineItems: [{ lineItemId: mugs, quantity: 0 }] }, 32600],
    ['half a unit', { lineItems: [{ lineItemId: mugs, quantity: 0.5 }] }, 32600],
    ['more than was ordered', { lineItems: [{ lineItemId: mugs, quantity: 4 }] }, 32600],
  ])('with %s is refused', (_, change, errorId) => {
    const stage = withEbayOrder(ebayStage());
    const answer = stage.call('POST', fulfilPath, fulfilment(change));
    expect(ebayError(answer)).toEqual([400, errorId]);
    errors.parse(answer.body);
    expect(stage.brain.ledger.effects()).toEqual([]);
  });

  test.each([
    ['one item in place of a list', { lineItems: { lineItemId: mugs, quantity: 1 } }],
    ['a quantity in letters', { lineItems: [{ lineItemId: mugs, quantity: '1' }] }],
    ['a number for a tracking number', { trackingNumber: 12345678 }],
    ['a field that is not for writing', { fulfillmentId: '1' }],
  ])('with %s ends in a system error, as was seen', (_, change) => {
    const stage = withEbayOrder(ebayStage());
    const answer = stage.call('POST', fulfilPath, fulfilment(change));
    expect(ebayError(answer)).toEqual([500, 30500]);
    errors.parse(answer.body);
    expect(stage.brain.ledger.effects()).toEqual([]);
  });

  test('that is no JSON, or for no order of this seller, is refused', () => {
    const stage = withEbayOrder(ebayStage());
    expect(ebayError(stage.call('POST', fulfilPath, '{'))).toEqual([400, 32600]);
    expect(ebayError(stage.call('POST', fulfilPath, fulfilment(), { 'content-type': 'text/plain' }))).toEqual([400, 32600]);
    expect(ebayError(stage.call('POST', '/sell/fulfillment/v1/order/00-00000-00000/shipping_fulfillment', fulfilment()))).toEqual([400, 32100]);
    expect(ebayError(stage.call('GET', '/sell/fulfillment/v1/order/00-00000-00000/shipping_fulfillment'))).toEqual([400, 32100]);
    stage.brain.world.cancel(ebayOrder);
    expect(ebayError(stage.call('POST', fulfilPath, fulfilment()))).toEqual([400, 32600]);
  });

  test('for a suspended seller, over the most numbers, or across the Global Shipping Program is refused', () => {
    expect(ebayError(withEbayOrder(ebayStage({ rules: { suspended: true } })).call('POST', fulfilPath, fulfilment()))).toEqual([400, 32400]);

    const full = withEbayOrder(ebayStage({ rules: { mostTracking: 1 } }));
    expect(full.call('POST', fulfilPath, fulfilment()).status).toBe(201);
    expect(ebayError(full.call('POST', fulfilPath, fulfilment({ trackingNumber: '8R2' })))).toEqual([400, 34100]);

    const lines = [{ lineId: mugs, sku: 'A', global: true }, { lineId: poster, sku: 'B', global: true }, { lineId: '3', sku: 'C' }];
    const mixed = withEbayOrder(ebayStage(), { lines });
    const items = (...ids: string[]): object => fulfilment({ lineItems: ids.map((lineItemId) => ({ lineItemId, quantity: 1 })) });
    expect(ebayError(mixed.call('POST', fulfilPath, items(mugs, '3')))).toEqual([400, 34200]);
    expect(ebayError(mixed.call('POST', fulfilPath, items(mugs, poster)))).toEqual([400, 34300]);
    expect(mixed.call('POST', fulfilPath, items(mugs)).status).toBe(201);
    expect(mixed.call('POST', fulfilPath, items('3')).status).toBe(201);
  });

  test('told twice is two packages, which is the worst that eBay may do', () => {
    const stage = withEbayOrder(ebayStage());
    expect(stage.call('POST', fulfilPath, fulfilment()).status).toBe(201);
    expect(stage.call('POST', fulfilPath, fulfilment()).status).toBe(201);
    expect(fulfillments.parse(stage.call('GET', fulfilPath).body).total).toBe(2);
    expect(stage.brain.ledger.packages()).toHaveLength(2);
    expect(stage.brain.ledger.effects().map((effect) => effect.kind)).toEqual(['created', 'created']);
  });

  test('told twice is a conflict with an empty body, or a matter for PUT, where a test chooses so', () => {
    const conflict = withEbayOrder(ebayStage({ rules: { sameTracking: '409' } }));
    conflict.call('POST', fulfilPath, fulfilment());
    expect(conflict.call('POST', fulfilPath, fulfilment())).toMatchObject({ status: 409, text: '' });
    expect(conflict.call('POST', fulfilPath, fulfilment({ trackingNumber: '8R2' })).status).toBe(201);
    const put = withEbayOrder(ebayStage({ rules: { sameTracking: '34500' } }));
    put.call('POST', fulfilPath, fulfilment());
    expect(ebayError(put.call('POST', fulfilPath, fulfilment()))).toEqual([400, 34500]);
    expect(put.brain.ledger.packages()).toHaveLength(1);
  });

  test('of one unit of three marks the line fulfilled, and the order only once every line has a parcel', () => {
    const stage = withEbayOrder(ebayStage());
    const read = () => order.parse(stage.call('GET', orderPath).body);
    const states = () => [read().orderFulfillmentStatus, ...read().lineItems.map((line) => line.lineItemFulfillmentStatus)];
    expect(states()).toEqual(['NOT_STARTED', 'NOT_STARTED', 'NOT_STARTED']);
    stage.call('POST', fulfilPath, fulfilment());
    expect(states()).toEqual(['IN_PROGRESS', 'FULFILLED', 'NOT_STARTED']);
    stage.call('POST', fulfilPath, fulfilment({ lineItems: [{ lineItemId: poster, quantity: 1 }], trackingNumber: '8R2' }));
    expect(states()).toEqual(['FULFILLED', 'FULFILLED', 'FULFILLED']);
    expect(read().fulfillmentHrefs).toEqual([`https://api.ebay.com${fulfilPath}/8R12345678901`, `https://api.ebay.com${fulfilPath}/8R2`]);
  });

  test('changes the order’s last modification only where a test chooses so', () => {
    for (const touchesOrder of [false, true]) {
      const stage = withEbayOrder(ebayStage({ touchesOrder }));
      stage.clock.pass(60_000);
      stage.call('POST', fulfilPath, fulfilment());
      expect(order.parse(stage.call('GET', orderPath).body).lastModifiedDate).toBe(touchesOrder ? '2026-11-23T09:01:00.000Z' : '2026-11-23T09:00:00.000Z');
    }
  });

  test('by the merchant’s own hand shows like any other', () => {
    const stage = withEbayOrder(ebayStage());
    stage.brain.world.shipByHand(ebayOrder, { carrier: 'LAPOSTE', tracking: '1L0001', lines: [{ lineId: poster, quantity: 1 }] });
    stage.brain.world.shipByHand(ebayOrder);
    expect(fulfillments.parse(stage.call('GET', fulfilPath).body).fulfillments.map((one) => [one.shipmentTrackingNumber, one.lineItems])).toEqual([
      ['1L0001', [{ lineItemId: poster, quantity: 1 }]],
      [undefined, [{ lineItemId: mugs, quantity: 3 }]],
    ]);
    expect(stage.brain.ledger.effects().map((effect) => effect.by)).toEqual(['hand', 'hand']);
    expect(() => stage.brain.world.shipByHand(ebayOrder)).toThrow(/left to ship/);
    expect(() => stage.brain.world.shipByHand(ebayOrder, { lines: [{ lineId: mugs, quantity: 1 }] })).toThrow(/left to ship/);
  });
});
