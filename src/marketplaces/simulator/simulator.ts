import type { Clock } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import { simulatedAmazon } from './amazon.ts';
import type { AmazonOptions } from './amazon.ts';
import type { SimulatedMarketplace } from './brain.ts';
import { simulatedCredentials } from './credentials.ts';
import type { Credentials } from './credentials.ts';
import { simulatedEbay } from './ebay.ts';
import type { EbayOptions } from './ebay.ts';
import type { Orders } from './samples.ts';
import { listen } from './server.ts';

export interface SimulatorOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** How quick the marketplaces' limits refill: 1 as published, 100 a hundred times as quick. */
  readonly pace: number;
  /** 0, or left out: any free port. */
  readonly amazonPort?: number;
  readonly ebayPort?: number;
  /** What they hold at the start: {@link sampleOrders} makes a day of a shop. */
  readonly orders?: Orders;
  /** Rules of Amazon's or eBay's that are not published, and what else a test may choose. */
  readonly amazon?: Pick<AmazonOptions, 'carriers'>;
  readonly ebay?: Pick<EbayOptions, 'dailyCalls' | 'rules' | 'touchesOrder'>;
}

/** An Amazon and an eBay on loopback. */
export interface Simulator {
  readonly amazon: Reachable;
  readonly ebay: Reachable;
  /** What goes into the accounts that are to be let in. */
  readonly credentials: Credentials;
  /** Frees the ports and ends every connection. Twice is safe. */
  close(): Promise<void>;
}

export interface Reachable {
  /** For the account's `endpoint`: token exchange and API alike. */
  readonly endpoint: string;
  /** Orders, ledger and misbehaviours, in this process. */
  readonly brain: SimulatedMarketplace;
}

/**
 * Starts both marketplaces on 127.0.0.1.
 * @throws where a port is taken; nothing is left listening then
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock, random, pace, orders } = options;
  if (!(pace > 0) || !Number.isFinite(pace)) throw new RangeError(`pace is a positive number, not ${pace}`);
  const amazon = simulatedAmazon({ clock, random, pace, ...options.amazon });
  const ebay = simulatedEbay({ clock, random, pace, ...options.ebay });
  for (const order of orders?.amazon ?? []) amazon.world.add(order);
  for (const order of orders?.ebay ?? []) ebay.world.add(order);
  const first = await listen('Amazon', amazon, clock, options.amazonPort ?? 0);
  try {
    const second = await listen('eBay', ebay, clock, options.ebayPort ?? 0);
    return {
      amazon: { endpoint: first.endpoint, brain: amazon },
      ebay: { endpoint: second.endpoint, brain: ebay },
      credentials: simulatedCredentials,
      close: async () => {
        await Promise.all([first.close(), second.close()]);
      },
    };
  } catch (error) {
    await first.close();
    throw error;
  }
}
