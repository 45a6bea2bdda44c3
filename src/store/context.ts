import type { Clock } from '../runtime/clock.ts';
import type { Tables } from '../planning/situation.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import type { Audit } from './audit.ts';
import type { Store } from './database.ts';

/** What every group of statements needs beside its transaction. */
export interface Context {
  readonly store: Store;
  readonly audit: Audit;
  readonly clock: Clock;
  /** Tables as shipped; a merchant's own carrier codes are read from the database where they are needed. */
  readonly tables: Omit<Tables, 'mappedCarriers'>;
  /** Marketplace accounts of accounts.json, by id. */
  readonly profiles: ReadonlyMap<string, LaneProfile & { readonly acknowledge: boolean; readonly trackingGraceMs: number }>;
  /** The merchant's time zone. */
  readonly timeZone: string;
}
