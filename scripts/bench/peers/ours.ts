import { createMarketplace } from '../shop/marketplace.ts';
import { openShop } from '../shop/shop.ts';
import type { Amounts, Peer } from './protocol.ts';

/** Suivi itself: what is a no-op to the others is here an order that is shipped, with the whole audit. */
export async function openOurs(folder: string, { bulk, idle, open }: Amounts, logLevel: 'info' | 'warn' = 'info'): Promise<Peer> {
  let told: (job: number) => void = () => undefined;
  const marketplace = createMarketplace(({ payload }) => told(Number(payload.parcel?.trackingNumber?.slice(2))));
  const shop = await openShop({ folder, width: 256, logLevel, marketplace });
  await shop.sell(0, bulk + idle + open);
  let notify: () => void = () => undefined;
  return {
    server: null,
    async addMany(from, count) {
      for (let first = from; first < from + count; first += 1_000) await shop.apply(first, Math.min(1_000, from + count - first));
    },
    async add(job) {
      await shop.apply(job, 1);
      notify();
    },
    work(onJob) {
      told = onJob;
      const engine = shop.start();
      notify = () => engine.notify();
      return Promise.resolve(() => engine.stop());
    },
    close: () => shop.close(),
  };
}
