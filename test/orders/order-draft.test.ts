import { describe, expect, it } from 'vitest';
import { orderFaults } from '../../src/orders/order-draft.ts';
import type { OrderDraft } from '../../src/orders/order-draft.ts';
import { day, minute, now } from './made.ts';

const item = { lineId: '1', sku: 'MUG', title: 'Mug', quantity: 2, unitPrice: '24.95' };
const drafted = (more: Partial<OrderDraft> = {}): OrderDraft => ({ account: 'amazon-fr', reference: '171-0000001-0000002', placedAt: now - day, lines: [item], ...more });
const faults = (more: Partial<OrderDraft>): string[] => orderFaults(drafted(more), ['amazon-fr', 'ebay-fr'], now).map(({ field, code }) => `${field} ${code}`);

describe('an order as a shop gives it', () => {
  it('is taken where nothing is wrong', () => {
    expect(faults({ currency: 'EUR', total: '49.90', language: 'fr', shipBy: now + day, payment: 'in-progress' })).toEqual([]);
  });

  it('belongs to an account that is known, or to the shop', () => {
    expect(faults({ account: 'shop' })).toEqual([]);
    expect(orderFaults(drafted({ account: 'amazon-de' }), ['amazon-fr'], now)).toEqual([{ code: 'unknown-account', field: 'account', found: 'amazon-de', expected: 'shop, amazon-fr' }]);
  });

  it('has a number of at most 64 characters', () => {
    expect(faults({ reference: ' ' })).toEqual(['reference required']);
    expect(faults({ reference: 'x'.repeat(64) })).toEqual([]);
    expect(faults({ reference: 'x'.repeat(65) })).toEqual(['reference too-long']);
  });

  it('was placed before now, give or take five minutes', () => {
    expect(faults({ placedAt: now + 5 * minute })).toEqual([]);
    expect(faults({ placedAt: now + 5 * minute + 1 })).toEqual(['placedAt placed-in-future']);
  });

  it('is not to be shipped before it was placed', () => {
    expect(faults({ shipBy: now - day - 1 })).toEqual(['shipBy date-before-order']);
    expect(faults({ shipBy: now - day })).toEqual([]);
  });

  it.each([['currency', 'eur'], ['currency', 'EURO'], ['total', '49,90'], ['total', '-1'], ['total', '1e3'], ['language', 'fr-FR']])('has no %s like %s', (field, value) => {
    expect(faults({ [field]: value })).toEqual([`${field} ${field === 'language' ? 'language' : 'malformed'}`]);
  });

  it('has lines, each once, each with whole units and a price that is one', () => {
    expect(faults({ lines: [{ ...item, quantity: 1 }, { ...item, lineId: '2', quantity: 100_000 }] })).toEqual([]);
    expect(faults({ lines: [] })).toEqual(['lines required']);
    expect(faults({ lines: [{ ...item, lineId: ' ' }] })).toEqual(['lines[0].lineId required']);
    expect(faults({ lines: [item, item] })).toEqual(['lines[1].lineId line-twice']);
    expect(faults({ lines: [{ ...item, unitPrice: '24,95 €' }] })).toEqual(['lines[0].unitPrice malformed']);
  });

  it.each([[0, 'quantity-not-whole'], [-1, 'quantity-not-whole'], [1.5, 'quantity-not-whole'], [2 ** 53, 'quantity-not-whole'], [NaN, 'quantity-not-whole'], [100_001, 'out-of-range']])('has no line of %d units', (quantity, code) => {
    expect(faults({ lines: [{ ...item, quantity }] })).toEqual([`lines[0].quantity ${code}`]);
  });
});
