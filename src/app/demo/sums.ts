import type { LogRow } from '../../store/log.ts';
import { isDone } from '../../syncing/status.ts';
import type { Client } from './client.ts';

/** What was told to one marketplace, against what it holds. */
export interface Sum {
  readonly account: string;
  /** Parcels of which it said yes to us, or which it shows. */
  readonly told: number;
  /** Parcels that it holds and that came by its API. */
  readonly there: number;
  /** Parcels there that tell of a tracking number a second time. */
  readonly twice: number;
  /** Parcels there, by order. */
  readonly ofOrder: ReadonlyMap<string, number>;
}

interface Ledger {
  readonly packages: readonly { readonly order: string; readonly tracking: string | null; readonly by: 'api' | 'hand' }[];
}

/** Counts parcels, not calls: asked of the simulated marketplace itself, over HTTP. */
export async function sumUp(client: Client, account: string, endpoint: string, syncs: readonly LogRow[]): Promise<Sum> {
  const { packages } = (await client.ask('GET', `${endpoint}/simulator/ledger`)) as Ledger;
  const ours = packages.filter(({ by }) => by === 'api');
  const names = ours.map(({ order, tracking }) => `${order} ${tracking ?? ''}`);
  return {
    account,
    told: syncs.filter((sync) => sync.account === account && sync.operation === 'confirm-shipment' && isDone(sync.status)).length,
    there: ours.length,
    twice: names.length - new Set(names).size,
    ofOrder: new Map([...Map.groupBy(ours, ({ order }) => order)].map(([order, parcels]) => [order, parcels.length])),
  };
}
