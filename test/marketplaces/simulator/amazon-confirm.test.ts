import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amazonOrder, amazonStage, confirmation, confirmPath, amazonError, withAmazonOrder } from './stage.ts';

const mugs = '10000000000001';
const poster = '10000000000002';

describe('a shipment confirmed to the simulated Amazon', () => {
  test('is taken with an empty 204, and is there when the order is read', () => {
    const stage = withAmazonOrder(amazonStage());
    const answer = stage.call('POST', confirmPath, confirmation({ shippingMethod: 'Chrono 13', orderItems: [{ orderItemId: mugs, quantity: 2 }] }));
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(answer.headers).toEqual({
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-amzn-ratelimit-limit': '2.0',
      date: 'Mon, 23 Nov 2026 09:00:00 GMT',
    });
    const { order } = stage.call('GET', `/orders/2026-01-01/orders/${amazonOrder}?includedData=FULFILLMENT,PACKAGES`).body;
    expect(order.fulfillment.fulfillmentStatus).toBe('PARTIALLY_SHIPPED');
    expect(order.orderItems[0].fulfillment).toEqual({ quantityFulfilled: 2, quantityUnfulfilled: 1 });
    expect(order.packages).toEqual([
      {
        packageReferenceId: '1',
        createdTime: '2026-11-23T09:00:00.000Z',
        packageStatus: { status: 'SHIPPED' },
        carrier: 'Chronopost',
        shipTime: '2026-11-23T08:00:00.000Z',
        shippingService: 'Chrono 13',
        trackingNumber: 'XY000000001FR',
        packageItems: [{ orderItemId: mugs, quantity: 2 }],
      },
    ]);
  });

  test('is an edit of its package under the same reference, and another package under a new one', () => {
    const stage = withAmazonOrder(amazonStage());
    stage.call('POST', confirmPath, confirmation());
    stage.clock.pass(60_000);
    expect(stage.call('POST', confirmPath, confirmation({ trackingNumber: 'XY000000009FR', orderItems: [{ orderItemId: mugs, quantity: 3 }] })).status).toBe(204);
    expect(stage.call('POST', confirmPath, confirmation({ packageReferenceId: '2', orderItems: [{ orderItemId: poster, quantity: 1 }] })).status).toBe(204);
    expect(stage.brain.ledger.packages()).toMatchObject([
      { reference: '1', tracking: 'XY000000009FR', edits: 1, lines: [{ lineId: mugs, quantity: 3 }] },
      { reference: '2', edits: 0, lines: [{ lineId: poster, quantity: 1 }] },
    ]);
    expect(stage.brain.ledger.effects().map((effect) => [effect.kind, effect.reference, effect.by, effect.moment - stage.clock.now()])).toEqual([
      ['created', '1', 'api', -60_000],
      ['edited', '1', 'api', 0],
      ['created', '2', 'api', 0],
    ]);
    expect(stage.call('GET', `/orders/2026-01-01/orders/${amazonOrder}?includedData=FULFILLMENT`).body.order.fulfillment.fulfillmentStatus).toBe('SHIPPED');
  });

  test('under a new reference when nothing is left, is refused as a package that cannot be found', () => {
    const stage = withAmazonOrder(amazonStage());
    stage.brain.world.shipByHand(amazonOrder, { carrier: 'La Poste', tracking: '1L00000000001' });
    expect(amazonError(stage.call('POST', confirmPath, confirmation({ packageReferenceId: '1795424400' })), 400)).toMatch(/PackageToUpdateNotFound/);
    // Seller Central counts from 1: the same reference would be an edit of what the merchant made there.
    expect(stage.call('POST', confirmPath, confirmation({ orderItems: [{ orderItemId: mugs, quantity: 3 }] })).status).toBe(204);
    expect(stage.brain.ledger.packages()).toMatchObject([{ reference: '1', by: 'hand', edits: 1, tracking: 'XY000000001FR' }]);
  });

  test.each([
    ['without a reference', { packageReferenceId: undefined }, /PackageReferenceId: is invalid, must be a positive numeric value\./],
    ['with a number for a reference', { packageReferenceId: 1 }, /invalid type \[packageDetail\.packageReferenceId\]/],
    ['with a reference that is no number', { packageReferenceId: 'P-1' }, /must be a positive numeric value/],
    ['with the reference 0', { packageReferenceId: '0' }, /must be a positive numeric value/],
    ['without a carrier', { carrierCode: undefined }, /carrierCode/],
    ['with a carrier that is not on the list', { carrierCode: 'Colissimo' }, /CarrierCode Colissimo/],
    ['with a carrier spelt otherwise', { carrierCode: 'CHRONOPOST' }, /CarrierCode CHRONOPOST/],
    ['with "Other" and no name', { carrierCode: 'Other' }, /CarrierName/],
    ['without a tracking number', { trackingNumber: undefined }, /trackingNumber/],
    ['with an empty tracking number', { trackingNumber: ' ' }, /TrackingNumber/],
    ['with a number for a tracking number', { trackingNumber: 112345678 }, /invalid type \[packageDetail\.trackingNumber\]/],
    ['with a date as Americans write it', { shipDate: '02/21/2022' }, /ShipDate/],
    ['with a date without a time', { shipDate: '2026-11-23' }, /ShipDate/],
    ['with a day that is none', { shipDate: '2026-11-31T08:00:00Z' }, /ShipDate/],
    ['with a date before the order', { shipDate: '2026-11-22T20:59:59Z' }, /ShipDate/],
    ['with a date to come', { shipDate: '2026-11-23T09:00:01Z' }, /ShipDate/],
    ['without items', { orderItems: undefined }, /orderItems/],
    ['with an empty list of items', { orderItems: [] }, /OrderItems/],
    ['with one item in place of a list', { orderItems: { orderItemId: mugs, quantity: 1 } }, /OrderItemId {2}is invalid, please obtain the value/],
    ['with an item of another order', { orderItems: [{ orderItemId: '99999999999999', quantity: 1 }] }, /OrderItemId 99999999999999 is invalid/],
    ['with no unit', { orderItems: [{ orderItemId: mugs, quantity: 0 }] }, /Quantity 0/],
    ['with less than no unit', { orderItems: [{ orderItemId: mugs, quantity: -1 }] }, /Quantity -1/],
    ['with half a unit', { orderItems: [{ orderItemId: mugs, quantity: 0.5 }] }, /invalid type \[packageDetail\.orderItems\.0\.quantity\]/],
    ['with a quantity in letters', { orderItems: [{ orderItemId: mugs, quantity: '1' }] }, /invalid type/],
    ['with more than was ordered', { orderItems: [{ orderItemId: mugs, quantity: 4 }] }, /more than is left/],
    ['with more than was ordered, in two entries', { orderItems: [{ orderItemId: mugs, quantity: 2 }, { orderItemId: mugs, quantity: 2 }] }, /more than is left/],
    ['with a misspelt field', { trackingNo: 'X' }, /not known \[packageDetail\.trackingNo\]/],
  ])('%s is refused', (_, change, text) => {
    const stage = withAmazonOrder(amazonStage());
    const answer = stage.call('POST', confirmPath, confirmation(change));
    expect(amazonError(answer, 400)).toMatch(text);
    expect(answer.body.errors[0].code).toBe('InvalidInput');
    expect(stage.brain.ledger.effects()).toEqual([]);
  });

  test.each([
    ['with the marketplace of another country', { ...confirmation(), marketplaceId: 'A1PA6795UKMFR9' }, /MarketplaceId/],
    ['with cash on delivery outside Japan', { ...confirmation(), codCollectionMethod: 'DirectPayment' }, /JP/],
    ['that is no JSON', '{"marketplaceId":', /cannot be parsed/],
    ['that is nothing', '', /cannot be parsed/],
    ['that is a list', [], /not valid/],
    ['without a package', { marketplaceId: 'A13V1IB3VIYZZH' }, /packageDetail/],
  ])('a body %s is refused', (_, body, text) => {
    const stage = withAmazonOrder(amazonStage());
    expect(amazonError(stage.call('POST', confirmPath, body), 400)).toMatch(text);
    expect(stage.brain.ledger.effects()).toEqual([]);
  });

  test.each([
    ['cancelled', { cancellation: 'cancelled' }, /canceled/],
    ['not paid yet', { payment: 'pending' }, /pending/],
    ['shipped by Amazon', { fulfilment: 'marketplace' }, /fulfilled by Amazon/],
    ['of Ship+', { fulfilment: 'label' }, /FBM_SHIP_PLUS/],
    ['of Ship+ by its programs', { programs: ['PRIME', 'FBM_SHIP_PLUS'] }, /FBM_SHIP_PLUS/],
  ])('for an order that is %s is refused', (_, change, text) => {
    const stage = withAmazonOrder(amazonStage(), change);
    expect(amazonError(stage.call('POST', confirmPath, confirmation()), 400)).toMatch(text);
    expect(stage.brain.ledger.effects()).toEqual([]);
  });

  test('is taken although the buyer has asked to cancel: the merchant was quicker', () => {
    const stage = withAmazonOrder(amazonStage(), { cancellation: 'requested' });
    expect(stage.call('POST', confirmPath, confirmation()).status).toBe(204);
  });

  test('for an order that the seller has not is answered 404, and 400 where the number is none', () => {
    const stage = withAmazonOrder(amazonStage());
    expect(stage.call('POST', '/orders/v0/orders/171-0000000-0000000/shipmentConfirmation', confirmation()).status).toBe(404);
    expect(amazonError(stage.call('POST', '/orders/v0/orders/17111111112222222/shipmentConfirmation', confirmation()), 400)).toMatch(/3-7-7/);
  });

  test('may use a carrier that the merchant finds on his own list', () => {
    const stage = withAmazonOrder(amazonStage({ carriers: ['Colissimo', 'Other'] }));
    expect(stage.call('POST', confirmPath, confirmation({ carrierCode: 'Colissimo' })).status).toBe(204);
    expect(stage.call('POST', confirmPath, confirmation({ packageReferenceId: '2', carrierCode: 'Other', carrierName: 'Relais Colis' })).status).toBe(204);
    expect(stage.brain.ledger.packages().map((parcel) => parcel.carrier)).toEqual(['Colissimo', 'Relais Colis']);
  });

  test('as Amazon’s own sandbox publishes it is accepted where such an order exists, and its wrong twin is not', () => {
    const stage = amazonStage();
    const path = '/orders/v0/orders/902-1106328-1059050/shipmentConfirmation';
    stage.brain.world.add({ id: '902-1106328-1059050', site: 'ATVPDKIKX0DER', placedAt: '2022-02-09T12:00:00Z', lines: [{ lineId: '79039765272157', sku: 'BOOK' }] });
    const published = {
      marketplaceId: 'ATVPDKIKX0DER',
      packageDetail: {
        packageReferenceId: '1',
        carrierCode: 'FedEx',
        carrierName: 'FedEx',
        shippingMethod: 'FedEx Ground',
        trackingNumber: '112345678',
        shipDate: '2022-02-11T01:00:00.000Z',
        shipFromSupplySourceId: '057d3fcc-b750-419f-bbcd-4d340c60c430',
        orderItems: [{ orderItemId: '79039765272157', quantity: 1, transparencyCodes: ['09876543211234567890'] }],
      },
    };
    expect(stage.call('POST', path, { ...published, packageDetail: { ...published.packageDetail, shipDate: '02/21/2022' } }).status).toBe(400);
    expect(stage.call('POST', path, published)).toMatchObject({ status: 204, text: '' });
    expect(stage.brain.ledger.packages()).toMatchObject([{ reference: '1', tracking: '112345678', lines: [{ lineId: '79039765272157', quantity: 1 }] }]);
  });

  test('whatever is asked, never ships more than was ordered, and what is accepted is right by the models', () => {
    const odd = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<unknown> => fc.oneof<fc.MaybeWeightedArbitrary<unknown>[]>({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: fc.jsonValue() });
    const items = fc.array(fc.record({ orderItemId: odd(fc.constantFrom(mugs, poster)), quantity: odd(fc.integer({ min: 1, max: 3 })) }), { minLength: 1, maxLength: 2 });
    const parcel = fc.record(
      {
        packageReferenceId: odd(fc.constantFrom('1', '2', '3', '007')),
        carrierCode: odd(fc.constantFrom('Chronopost', 'Other')),
        carrierName: odd(fc.constant('Relais Colis')),
        trackingNumber: odd(fc.stringMatching(/^[A-Z0-9]{8,13}$/)),
        shipDate: odd(fc.constantFrom('2026-11-23T08:00:00Z', '2026-11-23T09:30:00.25+01:00')),
        orderItems: odd(items),
      },
      { requiredKeys: ['packageReferenceId', 'carrierCode', 'trackingNumber', 'shipDate', 'orderItems'] },
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.array(parcel, { minLength: 1, maxLength: 8 }), (parcels) => {
        const stage = withAmazonOrder(amazonStage());
        for (const packageDetail of parcels) {
          // The stage holds every answer, and every request that was accepted, against the models.
          const { status } = stage.call('POST', confirmPath, { marketplaceId: 'A13V1IB3VIYZZH', packageDetail });
          taken += status === 204 ? 1 : 0;
        }
        const shipped = stage.brain.ledger.packages().flatMap((one) => one.lines);
        const units = (lineId: string): number => shipped.reduce((sum, line) => sum + (line.lineId === lineId ? line.quantity : 0), 0);
        expect(units(mugs)).toBeLessThanOrEqual(3);
        expect(units(poster)).toBeLessThanOrEqual(1);
        stage.call('GET', `/orders/2026-01-01/orders/${amazonOrder}?includedData=FULFILLMENT,PACKAGES`);
      }),
      { numRuns: 200, seed: 20261123 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});
