import type { Connection, Marketplace, Tools } from '../marketplace.ts';
import { carrierCodes } from './carriers.ts';
import { connectClient } from './client.ts';
import { destination } from './destination.ts';
import { examine } from './examination.ts';
import { loadLibrary } from './library.ts';
import { limits } from './limits.ts';
import { orderReader } from './orders.ts';
import { scope, settings, sites } from './settings.ts';
import type { EbaySettings } from './settings.ts';
import { uploadFile } from './upload-file.ts';

/** eBay, by its Fulfillment API. */
export const ebay: Marketplace<EbaySettings> = { name: 'ebay', settings, scope, references: 'its-own', limits, carrierCodes, sites, uploadFile, load: loadLibrary, connect };

/** The accounts of one seller: one token, one sweep, and a destination for each. */
function connect(accounts: readonly EbaySettings[], tools: Tools): Connection {
  const [first] = accounts;
  if (first === undefined) throw new Error('eBay: there is no account to connect');
  const client = connectClient(first, tools);
  const told = destination(client, tools.clock);
  return {
    destinations: new Map(accounts.map(({ id }) => [id, told])),
    orders: orderReader(accounts, client, tools.clock),
    examine: async (id, signal, inForce) => {
      const account = accounts.find((one) => one.id === id);
      if (account === undefined) throw new Error(`eBay: no account ${id} is connected here`);
      return examine(account, accounts, client, tools.clock, inForce ?? {}, signal);
    },
  };
}
