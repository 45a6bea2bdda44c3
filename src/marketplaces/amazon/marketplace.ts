import type { Marketplace } from '../marketplace.ts';
import { carrierCodes } from './carriers.ts';
import { connectClient } from './client.ts';
import { amazonDestination } from './destination.ts';
import { examine } from './examination.ts';
import { loadLibrary } from './library.ts';
import { readOrders } from './orders.ts';
import type { AmazonSettings } from './settings.ts';
import { scope, settings, sites } from './settings.ts';
import { uploadFile } from './upload-file.ts';

/** Amazon, through its Selling Partner API. */
export const amazon: Marketplace<AmazonSettings> = {
  name: 'amazon',
  settings,
  scope,
  references: 'ours',
  carrierCodes,
  sites,
  uploadFile,
  limits: {
    // Amazon's model ordersV0: rate 2/s, burst 10.
    confirmShipment: { rate: 2, burst: 10 },
    // Amazon's model orders_2026-01-01: rate 0.5/s, burst 30.
    getOrder: { rate: 0.5, burst: 30 },
    // Amazon's model orders_2026-01-01: rate 0.0056/s (one call in 179 s), burst 20.
    searchOrders: { rate: 0.0056, burst: 20 },
    // Amazon's model sellers: rate 0.016/s, burst 15.
    getMarketplaceParticipations: { rate: 0.016, burst: 15 },
  },
  load: loadLibrary,
  connect(accounts, tools) {
    const [first] = accounts;
    if (first === undefined) throw new Error('a connection to Amazon needs at least one account');
    const client = connectClient(first, tools);
    return {
      destinations: new Map(accounts.map((account) => [account.id, amazonDestination(client, account)])),
      orders: readOrders(client, accounts),
      examine(id, signal, inForce) {
        const account = accounts.find((candidate) => candidate.id === id);
        if (account === undefined) throw new Error(`no Amazon account is called ${id} here`);
        return examine(client, accounts, account, amazon.limits, inForce ?? {}, signal);
      },
    };
  },
};
