import { expect, test } from 'vitest';
import { day } from '../../src/runtime/clock.ts';
import { applyStates } from '../../src/store/intake.ts';
import { putOrders } from '../../src/store/orders.ts';
import { undoApplied } from '../../src/store/undo.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

async function openUntil(stage: Stage, reference: string): Promise<number | null> {
  const row = await stage.shop.context.store.db.selectFrom('orders').select('open_until').where('reference', '=', reference).executeTakeFirstOrThrow();
  return row.open_until;
}

test('an order is open until its ship-by as long as something of it is left to ship', async () => {
  const stage = await openStage();
  const until = stage.clock.now() + 2 * day;
  await stage.sell('A', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }] });
  expect(await openUntil(stage, 'A')).toBe(until);
  await stage.ship('A', { lines: [{ lineId: 'L1', quantity: 1 }] });
  expect(await openUntil(stage, 'A')).toBe(until);
  const rest = await stage.ship('A', { lines: [{ lineId: 'L1', quantity: 1 }], trackingNumber: 'T-A-2' }, { byHand: true });
  expect(await openUntil(stage, 'A')).toBeNull();
  await undoApplied(stage.shop.context, rest.id, 'Ana', stage.clock.now());
  expect(await openUntil(stage, 'A')).toBe(until);
});

test('what is cancelled, shipped or paid back elsewhere is open no more', async () => {
  const stage = await openStage();
  for (const name of ['A', 'B', 'C']) await stage.sell(name);
  stage.remote.change('A', { cancellation: 'cancelled' });
  stage.remote.shipByHand('B', { trackingNumber: 'HAND' });
  stage.remote.change('C', { payment: 'refunded' });
  await stage.read();
  expect([await openUntil(stage, 'A'), await openUntil(stage, 'B'), await openUntil(stage, 'C')]).toEqual([null, null, null]);
});

test('an order that only a state has named is open once it is imported', async () => {
  const stage = await openStage();
  await stage.sell('A', { imported: false });
  await applyStates(stage.shop.context, [{ account: 'amazon-fr', order: 'A', state: 'PREPARATION' }], { source: 'test', author: 'Ana', byHand: false }, stage.clock.now());
  expect(await openUntil(stage, 'A')).toBeNull();
  await stage.read();
  expect(await openUntil(stage, 'A')).toBe(stage.clock.now() + 2 * day);
});

test('the shop’s own orders have a deadline where the shop names one', async () => {
  const stage = await openStage();
  const now = stage.clock.now();
  const order = { account: 'shop', placedAt: now, lines: [{ lineId: 'L1', sku: 'S', title: 'T', quantity: 1 }] };
  await putOrders(stage.shop.context, [{ ...order, reference: 'S-1' }, { ...order, reference: 'S-2', shipBy: now + day }], now);
  expect([await openUntil(stage, 'S-1'), await openUntil(stage, 'S-2')]).toEqual([null, now + day]);
});
