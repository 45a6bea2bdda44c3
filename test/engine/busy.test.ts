import { expect, test } from 'vitest';
import { day, hour, systemClock } from '../../src/runtime/clock.ts';
import { applyStates } from '../../src/store/intake.ts';
import { run } from '../../src/syncing/daemon.ts';
import type { Destination } from '../../src/syncing/destination.ts';
import type { SeenOrder } from '../../src/syncing/order-reader.ts';
import { openShop } from '../support/shop.ts';

const account = 'amazon-fr';
const count = 1_500;

function seen(reference: string, now: number): SeenOrder {
  return { account, reference, ownReference: null, placedAt: now - hour, updatedAt: now, shipBy: now + day, status: 'to-ship', payment: 'confirmed', fulfilment: 'merchant', cancellation: 'none', currency: 'EUR', total: '24.95', lines: [{ lineId: 'L1', sku: 'MUG', title: 'Mug', quantity: 1, shipped: 0, cancelled: 0, unitPrice: '24.95' }], parcels: [] };
}

test('a backlog that is answered at once leaves timers their turn: the lease is renewed in the middle of it', async () => {
  const limit = { rate: 1e6, burst: 1e6 };
  const shop = await openShop(systemClock, [{ id: account, marketplace: 'amazon', limits: { confirmShipment: limit, getOrder: limit, searchOrders: limit }, patience: { timeout: 150 } }]);
  const now = systemClock.now();
  const references = Array.from({ length: count }, (_, i) => `O-${i}`);
  await shop.ledger.takeOver([shop.profile(account)], 'ours', references.map((reference) => seen(reference, now)), now);
  await applyStates(shop.context, references.map((order) => ({ account, order, state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${order}` }] })), { source: 'test', author: 'Ana', byHand: false }, now);

  let renewals = 0;
  let renewalsMeanwhile = 0;
  const told = new Set<number>();
  const all = Promise.withResolvers<void>();
  const destination: Destination = {
    offers: shop.profile(account).offers,
    width: 64,
    send: async (intents) => {
      for (const { sync } of intents) told.add(sync);
      renewalsMeanwhile = renewals;
      if (told.size === count) all.resolve();
      return intents.map(({ payload }) => ({ kind: 'accepted' as const, reference: payload.parcel?.reference ?? '', evidence: null }));
    },
    check: async (intents) => intents.map(() => ({ kind: 'absent' as const, seen: [], evidence: null })),
  };
  const ledger = { ...shop.ledger, renew: async (...args: Parameters<typeof shop.ledger.renew>) => ((renewals += 1), shop.ledger.renew(...args)) };
  const stop = new AbortController();
  const lane = shop.lane(account, destination, { ledger, askSweep: () => void read() });
  const running = run(shop.daemon([lane]), stop.signal, new AbortController().signal);
  await all.promise;
  stop.abort();
  await running;
  await shop.close();
  expect(told.size).toBe(count);
  expect(renewalsMeanwhile).toBeGreaterThan(0);

  /** A lane that nobody served yet tells nothing before the changed orders were read. */
  async function read(): Promise<void> {
    const at = systemClock.now();
    await shop.ledger.swept(shop.profile(account).scope.sweep, { until: at, startedAt: at });
    lane.bell.ring();
  }
});
