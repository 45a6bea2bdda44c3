import { amazon } from './amazon/marketplace.ts';
import { ebay } from './ebay/marketplace.ts';
import type { AccountSettings, Marketplace } from './marketplace.ts';

/** All marketplaces. A third one is one folder with the same file names, and one line here. */
export const marketplaces: readonly Marketplace[] = [erased(amazon), erased(ebay)];

/** Loads the libraries of all, so that no first call waits for its own. */
export async function loadLibraries(): Promise<void> {
  await Promise.all(marketplaces.map((marketplace) => marketplace.load()));
}

/** Each marketplace's accounts have their own shape, which its own schema has checked before it is handed back to it. */
function erased<Settings extends AccountSettings>(marketplace: Marketplace<Settings>): Marketplace {
  return marketplace;
}
