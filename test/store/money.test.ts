import { expect, test } from 'vitest';
import { day, hour } from '../../src/runtime/clock.ts';
import { applyStates } from '../../src/store/intake.ts';
import { putOrders } from '../../src/store/orders.ts';
import { waitingMoney } from '../../src/store/views/money.ts';
import { createTestClock } from '../support/clock.ts';
import { openShop } from '../support/shop.ts';

test('money waits for what is to be shipped, to be told or was refused lately; what was refused long ago is history', async () => {
  const clock = createTestClock(Date.parse('2026-11-23T08:00:00Z'));
  const shop = await openShop(clock);
  const { context } = shop;
  const { db } = context.store;
  const sell = (references: readonly string[]) => putOrders(context, references.map((reference) => ({ account: 'amazon-fr', reference, placedAt: clock.now() - hour, payment: 'confirmed', currency: 'EUR', total: '10.10', language: 'fr', lines: [{ lineId: `${reference}-1`, sku: 'A', title: 'A', quantity: 1 }] })), clock.now());
  const ship = (references: readonly string[]) => applyStates(context, references.map((order) => ({ account: 'amazon-fr', order, state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${order}` }] })), { source: 'test', author: 'Ana', byHand: false }, clock.now());
  const refuse = () => db.updateTable('sync').set({ status: 'rejected', ended_at: clock.now() }).where('ended_at', 'is', null).execute();
  await sell(['A-1', 'A-2']);
  await ship(['A-1', 'A-2']);
  await refuse();
  await clock.advance(31 * day);
  await sell(['B-1', 'B-2', 'B-3']);
  await ship(['B-1']);
  await refuse();
  await ship(['B-2']);
  expect(await waitingMoney(db, clock.now())).toEqual([{ account: 'amazon-fr', currency: 'EUR', orders: 3, total: '30.30', ofGoods: false }]);
  await clock.advance(31 * day);
  // What was never told of still waits; nothing was refused since.
  expect(await waitingMoney(db, clock.now())).toEqual([{ account: 'amazon-fr', currency: 'EUR', orders: 2, total: '20.20', ofGoods: false }]);
  await shop.close();
});

test('where a marketplace gives no total, the articles stand for it; without a price of each the order is left out', async () => {
  const clock = createTestClock(Date.parse('2026-11-23T08:00:00Z'));
  const shop = await openShop(clock);
  const { context } = shop;
  const line = (lineId: string, quantity: number, unitPrice?: string) => ({ lineId, sku: 'A', title: 'A', quantity, ...(unitPrice === undefined ? {} : { unitPrice }) });
  const sell = (reference: string, lines: readonly ReturnType<typeof line>[]) => putOrders(context, [{ account: 'amazon-fr', reference, placedAt: clock.now() - hour, payment: 'confirmed', currency: 'EUR', language: 'fr', lines }], clock.now());
  await sell('C-1', [line('C-1-1', 3, '24.95'), line('C-1-2', 1, '0.15')]);
  await sell('C-2', [line('C-2-1', 1, '10.00'), line('C-2-2', 1)]);
  expect(await waitingMoney(context.store.db, clock.now())).toEqual([{ account: 'amazon-fr', currency: 'EUR', orders: 1, total: '75.00', ofGoods: true }]);
  await shop.close();
});
