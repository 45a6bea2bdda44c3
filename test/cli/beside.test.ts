import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../../src/marketplaces/simulator/simulator.ts';
import { openRoom, openSimulator, orderLine, until } from './room.ts';
import type { Room } from './room.ts';

let simulator: Simulator;
let room: Room;
beforeAll(async () => {
  simulator = await openSimulator();
  room = openRoom({ amazon: simulator.amazon.endpoint, ebay: simulator.ebay.endpoint });
});
afterAll(async () => {
  await room.close();
  await simulator.close();
});

test('what is applied beside the running daemon is told at the marketplace within two seconds, and what is the shop’s own is not', async () => {
  const { world, ledger } = simulator.amazon.brain;
  const there = world.add({ lines: [{ sku: 'MUG', quantity: 2 }] });
  const daemon = await room.daemon();
  room.write('orders.jsonl', orderLine('B-10482', { account: 'shop' }));
  const made = await Promise.all([room.run('states', 'add', 'EXPEDIEE', '--grace', '0'), room.run('orders', 'import', 'orders.jsonl')]);
  expect(made.map(({ code }) => code)).toEqual([0, 0]);

  const [own, applied] = await Promise.all([
    room.run('apply', 'EXPEDIEE', '--order', 'B-10482', '--carrier', 'Colissimo', '--tracking', '8R00000000001'),
    room.run('apply', 'EXPEDIEE', '--order', there.id, '--account', 'amazon-fr', '--carrier', 'Chronopost', '--tracking', 'XY100000001FR'),
  ]);
  await until(() => ledger.packages().length > 0, 'the parcel is there', 2_000);

  expect([own.code, applied.code]).toEqual([0, 0]);
  expect(own.out).toContain('no marketplace has to be told');
  expect(ledger.packages()).toMatchObject([{ order: there.id, tracking: 'XY100000001FR' }]);
  daemon.kill('SIGTERM');
  expect((await daemon.ended).code).toBe(0);
});
