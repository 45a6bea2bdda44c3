import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { confirmShipment } from '../../../src/marketplaces/ebay/requests.ts';
import { normalTracking, units } from '../../../src/orders/parcel.ts';
import { intent, order, parcel, untracked } from './room.ts';

/** eBay's rules for the body of createShippingFulfillment, written from its documentation and not from our code. */
const rules = z
  .strictObject({
    lineItems: z
      .array(z.strictObject({ lineItemId: z.string().min(1), quantity: z.number().int().positive() }))
      .min(1)
      .refine((items) => new Set(items.map(({ lineItemId }) => lineItemId)).size === items.length, 'each line once'),
    shippedDate: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
    shippingCarrierCode: z.string().min(1).optional(),
    trackingNumber: z.string().regex(/^[A-Za-z0-9]+$/).optional(),
  })
  .refine((body) => (body.shippingCarrierCode === undefined) === (body.trackingNumber === undefined), 'carrier and tracking: both or neither');

const anyTracking = fc.option(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[A-Z0-9 -]{1,20}$/)));
const anyLines = fc.array(fc.record({ lineId: fc.constantFrom('', '1', '2', '10025013718219'), quantity: fc.constantFrom(-1, 0, 1, 2, 1.5, Number.NaN) }), { maxLength: 4 });

const now = Date.parse('2026-11-23T12:00:00Z');

describe('a body', () => {
  it('keeps eBay’s rules whatever the parcel, or is not made', () => {
    fc.assert(
      fc.property(anyTracking, fc.option(fc.constantFrom('', ' ', 'Colissimo', 'Other')), anyLines, fc.constantFrom('2026-11-23T09:00:00Z', '2026-11-23T10:00:00.123456+01:00', '', 'now'), (trackingNumber, carrierCode, lines, shippedAt) => {
        const prepared = confirmShipment({ order, parcel: { ...parcel, trackingNumber, carrierCode, shippedAt }, lines }, now);
        if (!prepared.ok) return;
        expect(rules.safeParse(JSON.parse(JSON.stringify(prepared.body))).error).toBeUndefined();
        // What is sent must be found again: otherwise it would be sent twice.
        expect(normalTracking(prepared.body.trackingNumber ?? '')).toBe(normalTracking(trackingNumber ?? ''));
        expect(new Map(prepared.body.lineItems.map(({ lineItemId, quantity }) => [lineItemId, quantity]))).toEqual(units(lines));
      }),
      { numRuns: 2_000 },
    );
  });

  it('names a line once, with all its units', () => {
    const { payload } = intent();
    const prepared = confirmShipment({ ...payload, lines: [{ lineId: '1', quantity: 1 }, { lineId: '2', quantity: 1 }, { lineId: '1', quantity: 2 }] }, now);
    expect(prepared).toMatchObject({ ok: true, body: { lineItems: [{ lineItemId: '1', quantity: 3 }, { lineItemId: '2', quantity: 1 }] } });
  });

  it('has neither carrier nor tracking where the parcel has no tracking', () => {
    const bare = confirmShipment({ ...intent().payload, parcel: { ...parcel, trackingNumber: null } }, now);
    expect(bare).toEqual(confirmShipment(intent({ parcel: untracked }).payload, now));
    expect(bare.ok && Object.keys(bare.body)).toEqual(['lineItems', 'shippedDate']);
  });

  it('has tracking as a keyboard of another script writes it', () => {
    expect(confirmShipment(intent({ parcel: { trackingNumber: '８Ｒ 123' } }).payload, now)).toMatchObject({ body: { trackingNumber: '8R123' } });
  });

  it('has its date in UTC', () => {
    expect(confirmShipment(intent({ parcel: { shippedAt: '2026-11-23T10:00:00.5+01:00' } }).payload, now)).toMatchObject({ body: { shippedDate: '2026-11-23T09:00:00.500Z' } });
  });

  it('never left in the future of eBay’s own clock', () => {
    const left = intent({ parcel: { shippedAt: '2026-11-23T09:00:00Z' } }).payload;
    expect(confirmShipment(left, Date.parse('2026-11-23T08:58:30.900Z'))).toMatchObject({ body: { shippedDate: '2026-11-23T08:58:30.900Z' } });
  });
});
