import { sql } from 'kysely';
import type { Destination } from '../../src/syncing/destination.ts';
import type { Ledger } from '../../src/syncing/ledger.ts';
import type { World } from './world.ts';

/** An engine that is broken on purpose, between the engine and its ports: the checker must catch it. */
export interface Broken {
  readonly ledger?: (ledger: Ledger, world: World) => Ledger;
  readonly destination?: (destination: Destination, world: World) => Destination;
  /** Happens whenever the merchant has applied or undone something, and just before it. */
  readonly beforeApplying?: (world: World) => Promise<void>;
  readonly afterApplying?: (world: World) => Promise<void>;
}

/** Tampers with the database as no statement of the store's would. */
export async function tamper(world: World, ...statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(world.context.store.db);
}
