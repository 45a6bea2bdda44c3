import { expect, test } from 'vitest';
import { wishShape } from '../../../src/api/shapes/wishes.ts';
import { readWish } from '../../../src/sources/carrier-file/json-wish.ts';

// The API and the lines of a file read one shape in two places: the API's is documented member by member, a line may
// leave account and state to the command, and neither room may import the other.
const whole = {
  account: 'amazon-fr',
  order: '171-0000001-0000002',
  state: 'EXPEDIEE',
  appliedAt: '2026-11-23T09:12:00Z',
  sourceRef: 'erp-20931',
  parcels: [{ carrier: 'Colissimo', trackingNumber: '8R12345678901', untracked: false, shippedAt: '2026-11-23', shipFrom: 'lyon', lines: [{ lineId: '12345678901234', quantity: 2 }] }],
  comment: 'En route',
  sms: 'En route',
  publish: true,
  notifyByMail: false,
  notifyBySms: false,
  generateInvoice: false,
  cancelReason: 'no-inventory',
  refund: { reason: 'returned', lines: [{ lineId: '12345678901234', quantity: 1, amount: '24.95' }], shipping: '4.90', amount: '29.85' },
};

test('a line of a file takes every member that the API takes, and means the same by it', () => {
  const shape = wishShape.shape;
  expect(Object.keys(whole).toSorted()).toEqual(Object.keys(shape).toSorted());
  expect(Object.keys(whole.parcels[0] ?? {}).toSorted()).toEqual(Object.keys(shape.parcels.unwrap().element.shape).toSorted());
  expect(Object.keys(whole.refund).toSorted()).toEqual(Object.keys(shape.refund.unwrap().shape).toSorted());
  expect(readWish(whole)).toEqual({ wish: wishShape.parse(whole) });
});

test('and refuses, as the API does, a member that it does not know', () => {
  for (const wrong of [{ ...whole, trackingNo: 'X' }, { ...whole, parcels: [{ ...whole.parcels[0], line: [] }] }, { ...whole, refund: { ...whole.refund, sum: '1.00' } }]) {
    expect(wishShape.safeParse(wrong).success).toBe(false);
    expect(readWish(wrong)).toHaveProperty('fault.code', 'json-shape');
  }
});
