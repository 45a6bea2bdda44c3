import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Credentials } from '../../marketplaces/simulator/credentials.ts';
import type { Instant } from '../../runtime/clock.ts';
import type { Variables } from '../../settings/environment.ts';
import { takeLock } from '../../store/lock.ts';
import type { Holder } from '../../store/lock.ts';

/** Where a demonstration lives: a folder of its own, with settings of its own. */
export interface Place {
  readonly directory: string;
  readonly variables: Variables;
}

/** Waits of the demonstration, in seconds; a live account takes 15, 60 and 180. */
export const waits = { timeoutS: 2.5, settleS: 3, sweepS: 2 } as const;

/** Where one expects Suivi. */
export const usualPort = 8480;

/** To undo what is applied by hand, in seconds; the models take 60. */
export const grace = 10;

/** What an earlier demonstration may have left. Nothing else in the folder is touched. */
const own = ['suivi.db', 'suivi.db-wal', 'suivi.db-shm', 'secret', 'backups', 'config', '.env', 'suivi.log'];

const database = 'suivi.db';

/**
 * Makes the folder ready, empty of what an earlier demonstration left.
 * @param directory `var/demo` below the working directory
 * @param port where the API is to listen
 */
export function preparePlace(directory: string, endpoints: { readonly amazon: string; readonly ebay: string }, { amazon, ebay }: Credentials, port: number): Place {
  for (const name of own) rmSync(join(directory, name), { recursive: true, force: true });
  mkdirSync(join(directory, 'config'), { recursive: true, mode: 0o700 });
  const secrets = {
    DEMO_AMAZON_CLIENT_ID: amazon.clientId,
    DEMO_AMAZON_CLIENT_SECRET: amazon.clientSecret,
    DEMO_AMAZON_REFRESH_TOKEN: amazon.refreshToken,
    DEMO_EBAY_APP_ID: ebay.appId,
    DEMO_EBAY_CERT_ID: ebay.certId,
    DEMO_EBAY_REFRESH_TOKEN: ebay.refreshToken,
  };
  const accounts = [
    {
      id: 'amazon-fr',
      marketplace: 'amazon',
      region: amazon.region,
      marketplaceId: amazon.marketplaceId,
      sellerId: amazon.sellerId,
      endpoint: endpoints.amazon,
      patience: waits,
      // Read every two seconds instead of every three minutes: the published budget would be used up.
      limits: { searchOrders: { rate: 2, burst: 20 }, getOrder: { rate: 5, burst: 30 } },
      clientId: { env: 'DEMO_AMAZON_CLIENT_ID' },
      clientSecret: { env: 'DEMO_AMAZON_CLIENT_SECRET' },
      refreshToken: { env: 'DEMO_AMAZON_REFRESH_TOKEN' },
    },
    { id: 'ebay-fr', marketplace: 'ebay', site: ebay.site, endpoint: endpoints.ebay, patience: waits, appId: { env: 'DEMO_EBAY_APP_ID' }, certId: { env: 'DEMO_EBAY_CERT_ID' }, refreshToken: { env: 'DEMO_EBAY_REFRESH_TOKEN' } },
  ];
  writeFileSync(join(directory, 'config', 'accounts.json'), `${JSON.stringify({ accounts }, null, 2)}\n`);
  const variables = { SUIVI_DATABASE_URL: `file:${database}`, SUIVI_CONFIG_DIR: 'config', SUIVI_LISTEN: `127.0.0.1:${port}`, SUIVI_TIME_ZONE: 'Europe/Paris', ...secrets };
  // So that commands started in this folder find the demonstration, and nothing else.
  writeFileSync(join(directory, '.env'), `${Object.entries(variables).map(([name, value]) => `${name}='${value}'`).join('\n')}\n`, { mode: 0o600 });
  return { directory, variables };
}

/** Who runs a demonstration there already; `free`: nobody. */
export function whoIsThere(directory: string, now: Instant): Holder | null | 'free' {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const taken = takeLock(join(directory, database), process.pid, now);
  if ('holder' in taken) return taken.holder;
  taken.lock.release();
  return 'free';
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
