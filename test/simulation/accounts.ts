import { marketplaceFields, marketplaceNames } from '../../src/app/connections.ts';
import { loadTables } from '../../src/app/tables.ts';
import type { ConfigTables } from '../../src/app/tables.ts';
import { simulatedCredentials } from '../../src/marketplaces/simulator/credentials.ts';
import { accountsOf } from '../../src/settings/accounts.ts';
import type { Account } from '../../src/settings/accounts.ts';
import { shippedTables } from '../../src/settings/tables.ts';
import type { Plan } from './plan.ts';

/** Sites of the simulated marketplaces, by account. */
export const sites = { 'amazon-fr': 'A13V1IB3VIYZZH', 'amazon-de': 'A1PA6795UKMFR9', 'ebay-fr': 'EBAY_FR' } as const;

/** The shop has been at it for days: a clock that is put back does not make history of what is applied. */
const from = '2026-11-18T00:00:00Z';

/** The shop's accounts, read as accounts.json would be: two sites of one seller at Amazon, which share token and budgets, and one at eBay. */
export function simulatedAccounts(patience: Plan['patience']): readonly Account[] {
  const { amazon, ebay } = simulatedCredentials;
  const variables = {
    SIM_AMAZON_CLIENT_ID: amazon.clientId,
    SIM_AMAZON_CLIENT_SECRET: amazon.clientSecret,
    SIM_AMAZON_REFRESH_TOKEN: amazon.refreshToken,
    SIM_EBAY_APP_ID: ebay.appId,
    SIM_EBAY_CERT_ID: ebay.certId,
    SIM_EBAY_REFRESH_TOKEN: ebay.refreshToken,
  };
  const ofAmazon = { marketplace: 'amazon', region: amazon.region, sellerId: amazon.sellerId, patience, clientId: { env: 'SIM_AMAZON_CLIENT_ID' }, clientSecret: { env: 'SIM_AMAZON_CLIENT_SECRET' }, refreshToken: { env: 'SIM_AMAZON_REFRESH_TOKEN' } };
  const accounts = [
    { id: 'amazon-fr', from, marketplaceId: sites['amazon-fr'], ...ofAmazon },
    { id: 'amazon-de', from, marketplaceId: sites['amazon-de'], ...ofAmazon },
    { id: 'ebay-fr', from, marketplace: 'ebay', site: sites['ebay-fr'], patience, appId: { env: 'SIM_EBAY_APP_ID' }, certId: { env: 'SIM_EBAY_CERT_ID' }, refreshToken: { env: 'SIM_EBAY_REFRESH_TOKEN' } },
  ];
  const read = accountsOf({ accounts }, 'the simulation', variables, marketplaceFields);
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.accounts;
}

let shipped: ConfigTables | null = null;

/** The tables that come with Suivi. */
export function simulatedTables(): ConfigTables {
  if (shipped !== null) return shipped;
  const loaded = loadTables(shippedTables, marketplaceNames);
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
  shipped = loaded.tables;
  return shipped;
}
