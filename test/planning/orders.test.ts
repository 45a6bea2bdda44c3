import { describe, expect, it } from 'vitest';
import { plan } from '../../src/planning/plan.ts';
import type { PlannedSync } from '../../src/planning/plan.ts';
import type { Situation } from '../../src/planning/situation.ts';
import type { StateType } from '../../src/orders/order-state.ts';
import { line, minute, now, order, parcel, unimported } from '../orders/made.ts';
import { account, application, earlier, situation, tables } from './made.ts';

function one(type: StateType, more: Partial<Situation> = {}, graceUntil: number | null = null): PlannedSync {
  const [planned, ...others] = plan(application(type, { graceUntil, cancelReason: type === 'order-cancelled' ? 'no-inventory' : null }), situation(more), tables);
  if (planned === undefined || others.length > 0) throw new Error('expected one sync');
  return planned;
}

const perOrder = [['order-accepted', 'acknowledge-order'], ['order-cancelled', 'cancel-order'], ['order-refunded', 'refund-order'], ['picked-up', 'update-pickup'], ['invoice-issued', 'upload-invoice']] as const;

describe('what concerns a whole order', () => {
  it('tells of all its lines without the cancelled units, and of the reason where there is one', () => {
    const of = order({ lines: [line('A', 3, { cancelled: 1 }), line('B', 1)] });
    expect(one('order-cancelled', { order: of }).payload).toEqual({ order: '171-0000001-0000002', parcel: null, lines: [{ lineId: 'A', quantity: 2 }, { lineId: 'B', quantity: 1 }], reason: 'no-inventory' });
    expect(one('order-refunded', { order: of }).payload).not.toHaveProperty('reason');
  });

  it.each(perOrder)('%s goes at once, or after the time in which it can be undone', (type, operation) => {
    expect(one(type)).toMatchObject({ operation, status: 'ready', dueAt: null });
    expect(one(type, {}, now + minute)).toMatchObject({ operation, status: 'delayed', dueAt: now + minute });
    expect(one(type, {}, now)).toMatchObject({ status: 'ready', dueAt: null });
  });

  it.each(perOrder)('%s is held while the order is not imported', (type) => {
    expect(one(type, { order: unimported() })).toMatchObject({ status: 'held', cause: 'order/not-imported' });
  });

  it.each(perOrder)('%s is held, not dropped, where its marketplace’s room cannot do it', (type, operation) => {
    const offers = { ...account('amazon').offers, [operation]: 'not-offered' };
    expect(one(type, { account: account('amazon', { offers }) })).toMatchObject({ operation, status: 'held', cause: 'operation/not-offered' });
  });

  it.each(perOrder)('%s has nothing to tell of an order that the marketplace ships itself, or that is cancelled', (type) => {
    expect(one(type, { order: order({ fulfilment: 'marketplace' }) })).toMatchObject({ status: 'skipped', cause: 'order/fulfilled-by-marketplace' });
    expect(one(type, { order: order({ cancellation: 'cancelled' }) })).toMatchObject({ status: 'skipped', cause: 'order/cancelled' });
  });

  it('is asked for with a label bought there too: an invoice is still owed', () => {
    expect(one('invoice-issued', { order: order({ fulfilment: 'label' }) }).status).toBe('ready');
  });
});

describe('a cancellation', () => {
  it('takes the place of confirmations that never left', () => {
    const waiting = earlier('confirm-shipment', 'never-left', { parcel: 1 });
    expect(one('order-cancelled', { earlier: [waiting] })).toMatchObject({ status: 'ready', supersedes: [waiting.id] });
  });

  it('waits for what is not settled', () => {
    const underWay = earlier('confirm-shipment', 'unsettled', { parcel: 1 });
    expect(one('order-cancelled', { earlier: [underWay] }, now + minute)).toMatchObject({ status: 'blocked', waitsFor: [underWay.id], dueAt: now + minute });
  });

  it('of a confirmed order is refused: refund instead', () => {
    expect(one('order-cancelled', { earlier: [earlier('confirm-shipment', 'done', { parcel: 1 })] })).toMatchObject({ status: 'rejected', cause: 'order/already-shipped', supersedes: [] });
  });

  it('is refused as well where somebody else told the marketplace of the dispatch', () => {
    expect(one('order-cancelled', { parcels: [parcel({ origin: 'marketplace' })] })).toMatchObject({ status: 'rejected', cause: 'order/already-shipped' });
    expect(one('order-cancelled', { order: order({ lines: [line('A', 2, { shippedElsewhere: 1 })] }) })).toMatchObject({ status: 'rejected', cause: 'order/already-shipped' });
    expect(one('order-refunded', { parcels: [parcel({ origin: 'marketplace' })] }).status).toBe('ready');
  });

  it('is refused the second time', () => {
    expect(one('order-cancelled', { earlier: [earlier('cancel-order', 'done')] })).toMatchObject({ status: 'rejected', cause: 'order/already-cancelled' });
  });
});

describe('an invoice', () => {
  it('waits for the dispatch', () => {
    const dispatch = earlier('confirm-shipment', 'never-left', { parcel: 1 });
    expect(one('invoice-issued', { earlier: [dispatch] })).toMatchObject({ status: 'blocked', waitsFor: [dispatch.id] });
    expect(one('invoice-issued', { earlier: [earlier('confirm-shipment', 'done', { parcel: 1 })] })).toMatchObject({ status: 'ready' });
  });
});
