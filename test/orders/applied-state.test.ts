import { describe, expect, it } from 'vitest';
import { accept, isAllShipped } from '../../src/orders/applied-state.ts';
import type { AppliedState, Wish } from '../../src/orders/applied-state.ts';
import type { Fault } from '../../src/orders/fault.ts';
import type { Order } from '../../src/orders/order.ts';
import type { OrderState } from '../../src/orders/order-state.ts';
import { day, draft, hour, minute, now, order, parcel, paris, state, unimported } from './made.ts';

const wish = (more: Partial<Wish> = {}): Wish => ({ account: 'amazon-fr', order: '171-0000001-0000002', state: 'EXPEDIEE', ...more });

interface Given {
  readonly order?: Order;
  readonly state?: OrderState;
}

function applied(more: Partial<Wish>, given: Given = {}): AppliedState {
  const verdict = accept(wish(more), given.order ?? order(), given.state ?? state(), [], now, paris);
  if ('faults' in verdict) throw new Error(JSON.stringify(verdict.faults));
  return verdict.accepted.applied;
}

function faults(more: Partial<Wish>, given: Given = {}): readonly Fault[] {
  const verdict = accept(wish(more), given.order ?? order(), given.state ?? state(), [], now, paris);
  return 'faults' in verdict ? verdict.faults : [];
}

const own = order({ account: 'shop' });

describe('what is stored is what takes effect', () => {
  it('the state’s own text and flags, where the wish says nothing', () => {
    expect(applied({}, { order: own })).toEqual({ appliedAt: now, comment: 'Votre commande {{order}} est en route.', sms: 'En route', publish: true, notifyByMail: true, notifyBySms: true, generateInvoice: false, cancelReason: null, refund: null });
  });

  it('the wish’s, where it changes them one last time', () => {
    const refund = { reason: 'customer-return', amount: '10.00' };
    expect(applied({ comment: 'Parti ce matin.', sms: '', publish: false, notifyByMail: false, notifyBySms: false, generateInvoice: true, cancelReason: 'no-inventory', refund }, { order: own })).toEqual({ appliedAt: now, comment: 'Parti ce matin.', sms: '', publish: false, notifyByMail: false, notifyBySms: false, generateInvoice: true, cancelReason: 'no-inventory', refund });
  });

  it('an empty comment is a comment', () => {
    expect(applied({ comment: '' }).comment).toBe('');
  });

  it('texts keep their variables: the tracking number may come later', () => {
    expect(applied({ comment: 'Suivi : {{tracking}}' }).comment).toBe('Suivi : {{tracking}}');
  });
});

describe('the language of the text', () => {
  const texts = (language: string) => ({ name: language, comment: `in ${language}`, sms: '' });
  const of = (languages: readonly string[]): OrderState => state('none', { texts: Object.fromEntries(languages.map((language) => [language, texts(language)])) });
  it.each([
    ['de', ['fr', 'en', 'de'], 'in de'],
    ['de', ['en', 'fr'], 'in fr'],
    ['de', ['en', 'it'], 'in en'],
    ['en', ['fr'], 'in fr'],
  ])('a customer who reads %s, of %j, gets the text %s', (language, languages, comment) => {
    expect(applied({}, { order: order({ language }), state: of(languages) }).comment).toBe(comment);
  });
});

describe('notices to the customer', () => {
  it('of a marketplace’s order are off unless the merchant insists', () => {
    expect(applied({})).toMatchObject({ notifyByMail: false, notifyBySms: false, publish: true });
    expect(applied({ notifyByMail: true, notifyBySms: true })).toMatchObject({ notifyByMail: true, notifyBySms: true });
  });

  it('of the own shop’s order are the state’s', () => {
    expect(applied({}, { order: own })).toMatchObject({ notifyByMail: true, notifyBySms: true });
    expect(applied({}, { order: own, state: state('order-shipped', { actions: { ...draft().actions, notifyByMail: false } }) })).toMatchObject({ notifyByMail: false });
  });

  it('an invoice is the state’s wherever the order was sold', () => {
    expect(applied({}, { state: state('none', { actions: { ...draft().actions, generateInvoice: true } }) }).generateInvoice).toBe(true);
  });
});

describe('when it was applied', () => {
  it('is now, where the wish does not say', () => {
    expect(applied({}).appliedAt).toBe(now);
  });

  it('is what the wish says, between the order and now', () => {
    expect(applied({ appliedAt: now - hour }).appliedAt).toBe(now - hour);
  });

  it('is now, where the caller’s clock is up to five minutes ahead', () => {
    expect(applied({ appliedAt: now + 5 * minute }).appliedAt).toBe(now);
    expect(faults({ appliedAt: now + 5 * minute + 1 })).toEqual([{ code: 'date-in-future', field: 'appliedAt', found: '2026-11-23T09:05:00.001Z' }]);
  });

  it('is not before the order, give or take five minutes', () => {
    expect(faults({ appliedAt: now - day - 5 * minute })).toEqual([]);
    expect(faults({ appliedAt: now - day - 5 * minute - 1 })).toEqual([{ code: 'date-before-order', field: 'appliedAt', found: '2026-11-22T08:54:59.999Z', expected: '2026-11-22T09:00:00Z' }]);
  });

  it('may be any time before for an order that is not imported yet', () => {
    expect(applied({ appliedAt: now - 9 * day }, { order: unimported() }).appliedAt).toBe(now - 9 * day);
  });
});

describe('a wish is refused', () => {
  it('with an archived state', () => {
    expect(faults({}, { state: state('order-shipped', { archivedAt: now - day }) })).toEqual([{ code: 'archived-state', field: 'state', found: 'EXPEDIEE' }]);
  });

  it('with parcels where the state tells of none', () => {
    expect(faults({ parcels: [{ trackingNumber: 'T1' }] }, { state: state('order-cancelled', { mnemonic: 'ANNULEE' }) })).toEqual([{ code: 'parcels-not-wanted', field: 'parcels', found: 'ANNULEE' }]);
    expect(faults({ parcels: [] }, { state: state('order-cancelled') })).toEqual([]);
  });

  it('with texts that are too long: a comment as long as a state’s, an SMS as long as a state’s', () => {
    expect(faults({ comment: 'é'.repeat(4_000), sms: 'é'.repeat(640) })).toEqual([]);
    expect(faults({ comment: 'é'.repeat(4_001), sms: 'é'.repeat(641) })).toEqual([{ code: 'too-long', field: 'comment', limit: 4_000 }, { code: 'too-long', field: 'sms', limit: 640 }]);
  });

  it('with variables that do not exist', () => {
    expect(faults({ comment: '{{client}}', sms: '{{order' }).map(({ field, code }) => `${field} ${code}`)).toEqual(['comment text-variable', 'sms text-braces']);
  });

  it('with all its faults at once', () => {
    const more = { appliedAt: now + day, comment: '{{x}}', parcels: [{ trackingNumber: '8,12E+12', lines: [{ lineId: 'Z', quantity: 0 }] }] };
    expect(faults(more, { state: state('order-shipped', { archivedAt: 1 }) }).map(({ code }) => code)).toEqual(['archived-state', 'date-in-future', 'text-variable', 'quantity-not-whole', 'tracking-malformed', 'unknown-line']);
  });
});

describe('all of an order is shipped', () => {
  it('once parcels carry every unit', () => {
    expect(isAllShipped(order(), [parcel({ lines: [{ lineId: 'A', quantity: 2 }] })])).toBe(false);
    expect(isAllShipped(order(), [parcel({ lines: [{ lineId: 'A', quantity: 2 }, { lineId: 'B', quantity: 1 }] })])).toBe(true);
  });
  it('never while the order is not imported', () => {
    expect(isAllShipped(unimported(), [parcel({ lines: null })])).toBe(false);
  });
});
