import { describe, expect, it } from 'vitest';
import { isPublished, visible } from '../../src/orders/publication.ts';
import { payments, publications } from '../../src/orders/order.ts';

describe('may the customer see the order', () => {
  // product.md, 4: the shop's own orders, paid or with the payment in progress; forced either way per order.
  const byDefault = { shop: { 'in-progress': true, 'confirmed': true, 'refused': false, 'cancelled': false, 'refunded': false }, 'amazon-fr': { 'in-progress': false, 'confirmed': false, 'refused': false, 'cancelled': false, 'refunded': false } } as const;
  const cases = (['shop', 'amazon-fr'] as const).flatMap((account) => payments.flatMap((payment) => publications.map((publication) => ({ account, payment, publication, seen: publication === 'yes' || (publication === 'default' && byDefault[account][payment]) }))));

  it.each(cases)('$account, payment $payment, publication $publication: $seen', ({ seen, ...order }) => {
    expect(isPublished(order)).toBe(seen);
  });
});

describe('the history that the customer sees', () => {
  const order = { account: 'shop', payment: 'confirmed', publication: 'default' } as const;
  const applied = (name: string, appliedAt: number, more: object = {}) => ({ name, appliedAt, publish: true, undoneAt: null, graceUntil: null, ...more });
  const names = (history: ReturnType<typeof applied>[], at = 100): string[] => visible(order, history, at).map(({ name }) => name);

  it('has what is published, oldest first', () => {
    expect(names([applied('second', 20), applied('first', 10), applied('internal', 15, { publish: false })])).toEqual(['first', 'second']);
  });

  it('has nothing that was undone', () => {
    expect(names([applied('undone', 10, { undoneAt: 12 })])).toEqual([]);
  });

  it('has nothing that can still be undone: publication waits for the end of the grace', () => {
    expect(names([applied('hot', 50, { graceUntil: 110 })], 109)).toEqual([]);
    expect(names([applied('hot', 50, { graceUntil: 110 })], 110)).toEqual(['hot']);
  });

  it('has nothing from the future', () => {
    expect(names([applied('later', 101)], 100)).toEqual([]);
    expect(names([applied('now', 100)], 100)).toEqual(['now']);
  });

  it('is empty where the order itself is not published', () => {
    expect(visible({ ...order, publication: 'no' }, [applied('one', 1)], 100)).toEqual([]);
  });
});
