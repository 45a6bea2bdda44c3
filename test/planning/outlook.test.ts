import { describe, expect, it } from 'vitest';
import { stateTypes } from '../../src/orders/order-state.ts';
import type { StateType } from '../../src/orders/order-state.ts';
import { outlook } from '../../src/planning/outlook.ts';
import type { Outlook } from '../../src/planning/outlook.ts';
import type { PlanningAccount } from '../../src/planning/situation.ts';
import { now } from '../orders/made.ts';
import { account as made, tables } from './made.ts';

const account = (marketplace: 'amazon' | 'ebay', more: Partial<PlanningAccount> = {}): PlanningAccount => made(marketplace, { acknowledge: false, ...more });
const seen = (type: StateType, at: PlanningAccount, graceS = 60): Outlook => outlook({ type, graceS }, at, tables, now);

describe('what a state will bring about', () => {
  it('a shipment leaves after its grace, waits for its number at Amazon, and for two hours at most at eBay', () => {
    expect(seen('order-shipped', account('amazon'))).toEqual({ told: { operation: 'confirm-shipment', status: 'delayed', cause: null, after: 60_000 }, untracked: { operation: 'confirm-shipment', status: 'held', cause: 'order/tracking-missing', after: null } });
    expect(seen('order-shipped', account('ebay'), 0)).toEqual({ told: { operation: 'confirm-shipment', status: 'ready', cause: null, after: null }, untracked: { operation: 'confirm-shipment', status: 'held', cause: 'order/tracking-missing', after: 7_200_000 } });
  });

  it('a cancellation comes before the dispatch, an invoice and a refund after it', () => {
    for (const [type, operation] of [['order-cancelled', 'cancel-order'], ['order-refunded', 'refund-order'], ['invoice-issued', 'upload-invoice']] as const) {
      expect(seen(type, account('amazon'), 0)).toEqual({ told: { operation, status: 'ready', cause: null, after: null }, untracked: null });
    }
  });

  it('what is not offered yet is held, and says so', () => {
    expect(seen('order-cancelled', account('amazon', { offers: { ...account('amazon').offers, 'cancel-order': 'not-offered' } })).told).toMatchObject({ operation: 'cancel-order', status: 'held', cause: 'operation/not-offered' });
  });

  it.each(stateTypes)('%s asks what the table asks, at both marketplaces', (type) => {
    for (const marketplace of ['amazon', 'ebay'] as const) {
      const asked = tables.stateTypes[type][marketplace];
      if (asked === undefined) throw new Error('no answer');
      const wanted = 'nothing' in asked ? { operation: 'nothing', cause: asked.nothing } : asked.onlyIf === 'acknowledge' ? { operation: 'nothing', cause: asked.otherwise } : { operation: asked.operation, cause: null };
      expect(seen(type, account(marketplace)).told).toMatchObject(wanted);
    }
  });
});
