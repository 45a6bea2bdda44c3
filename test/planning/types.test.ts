import { describe, expect, it } from 'vitest';
import { stateTypes } from '../../src/orders/order-state.ts';
import type { StateType } from '../../src/orders/order-state.ts';
import { plan } from '../../src/planning/plan.ts';
import { order } from '../orders/made.ts';
import { account, application, situation, tables, toldNow } from './made.ts';

/** The table of engine.md, "What each Type asks for", by hand: an operation, or the reason for nothing. */
const asked: Readonly<Record<StateType, { readonly amazon: string; readonly ebay: string }>> = {
  'none': { amazon: 'planning/internal-state', ebay: 'planning/internal-state' },
  'order-accepted': { amazon: 'acknowledge-order', ebay: 'planning/no-such-call' },
  'order-shipped': { amazon: 'confirm-shipment', ebay: 'confirm-shipment' },
  'order-partially-shipped': { amazon: 'confirm-shipment', ebay: 'confirm-shipment' },
  'order-cancelled': { amazon: 'cancel-order', ebay: 'cancel-order' },
  'order-refunded': { amazon: 'refund-order', ebay: 'refund-order' },
  'ready-for-pickup': { amazon: 'update-pickup', ebay: 'planning/no-such-call' },
  'picked-up': { amazon: 'update-pickup', ebay: 'planning/no-such-call' },
  'pickup-refused': { amazon: 'update-pickup', ebay: 'planning/no-such-call' },
  'invoice-issued': { amazon: 'upload-invoice', ebay: 'planning/no-such-call' },
  'order-delivered': { amazon: 'planning/carriers-report-it', ebay: 'planning/carriers-report-it' },
};

describe('what each Type asks for', () => {
  const cases = stateTypes.flatMap((type) => (['amazon', 'ebay'] as const).map((marketplace) => ({ type, marketplace, expected: asked[type][marketplace] })));

  it.each(cases)('$type at $marketplace: $expected', ({ type, marketplace, expected }) => {
    const planned = plan(application(type), situation({ account: account(marketplace) }), tables);
    const sync = expected.includes('/') ? { operation: 'nothing', status: 'skipped', cause: expected, parcel: null } : { operation: expected, status: 'ready', cause: null, firstStep: 'send' };
    expect(planned).toEqual([expect.objectContaining(sync)]);
  });

  it.each(stateTypes)('%s on an order of the own shop: nothing, and the log says why', (type) => {
    expect(plan(application(type), situation({ account: account(null), order: order({ account: 'shop' }) }), tables)).toMatchObject([{ operation: 'nothing', status: 'skipped', cause: 'planning/own-shop' }]);
  });

  it.each(stateTypes)('%s has a reason or an operation at a marketplace that the table does not know yet', (type) => {
    expect(plan(application(type), situation({ account: { ...account('amazon'), marketplace: 'cdiscount' } }), tables)).toMatchObject([{ operation: 'nothing', status: 'skipped', cause: 'planning/no-such-call' }]);
  });
});

describe('the acknowledgement of an order', () => {
  it('is sent only where the account asks for it', () => {
    expect(plan(application('order-accepted'), situation({ account: account('amazon', { acknowledge: false }) }), tables)).toMatchObject([{ operation: 'nothing', status: 'skipped', cause: 'planning/acknowledgement-not-asked' }]);
  });
});

describe('a dispatch', () => {
  it('is told parcel by parcel', () => {
    const parcels = [toldNow({ id: 1, lines: [{ lineId: 'A', quantity: 2 }] }), toldNow({ id: 2, lines: [{ lineId: 'B', quantity: 1 }] })];
    expect(plan(application('order-partially-shipped', { parcels }), situation(), tables).map(({ operation, parcel, payload }) => [operation, parcel, payload.lines])).toEqual([
      ['confirm-shipment', 1, [{ lineId: 'A', quantity: 2 }]],
      ['confirm-shipment', 2, [{ lineId: 'B', quantity: 1 }]],
    ]);
  });

  it('without parcels has nothing to tell, for the reason that is known', () => {
    expect(plan(application('order-shipped', { parcels: [] }), situation(), tables)).toMatchObject([{ operation: 'confirm-shipment', status: 'skipped', cause: 'order/already-shipped' }]);
    expect(plan(application('order-shipped', { parcels: [], noParcels: 'order/parcel-known' }), situation(), tables)).toMatchObject([{ status: 'skipped', cause: 'order/parcel-known' }]);
  });
});

describe('what was applied before an account began', () => {
  it('is history: shown, never sent', () => {
    const begun = situation({ account: account('amazon', { from: 1_000 }) });
    expect(plan(application('order-shipped', { appliedAt: 999 }), begun, tables)).toMatchObject([{ operation: 'confirm-shipment', status: 'skipped', cause: 'planning/before-start' }]);
    expect(plan(application('order-cancelled', { appliedAt: 999 }), begun, tables)).toMatchObject([{ operation: 'cancel-order', status: 'skipped', cause: 'planning/before-start' }]);
    expect(plan(application('order-shipped', { appliedAt: 1_000 }), begun, tables)).toMatchObject([{ status: 'ready' }]);
  });

  it('is told as nothing where nothing was asked anyway', () => {
    expect(plan(application('none', { appliedAt: 0 }), situation({ account: account('amazon', { from: 1 }) }), tables)).toMatchObject([{ cause: 'planning/internal-state' }]);
  });
});
