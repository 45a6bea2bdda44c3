import type { ZodType } from 'zod';
import type { Clock } from '../runtime/clock.ts';
import type { Transport } from '../runtime/http.ts';
import type { Limit } from '../syncing/quota.ts';
import type { Destination } from '../syncing/destination.ts';
import type { OrderReferences } from '../syncing/ledger.ts';
import type { OrderReader } from '../syncing/order-reader.ts';

/**
 * A marketplace: one folder of this room with the same file names as its siblings, and one line in registry.ts.
 * The conformance suite (test/conformance) says what it owes.
 */
export interface Marketplace<Settings extends AccountSettings = AccountSettings> {
  readonly name: string;
  /** What an account of accounts.json needs beyond the common fields. Secrets arrive already read from the environment. */
  readonly settings: ZodType<Settings>;
  /** Whether it keeps the parcel reference that we give it, or makes one of its own. */
  readonly references: OrderReferences;
  /** Accounts of one scope share token, quota and sweep: seller × application × region at Amazon, the application at eBay… */
  scope(settings: Settings): Scope;
  /** The published limits, by API call, each with its source in a comment. */
  readonly limits: Readonly<Record<string, PublishedLimit>>;
  /** Codes of carriers that it is known to take, for somebody to choose from; there may be others. */
  readonly carrierCodes: readonly KnownCarrierCode[];
  /** Connects all accounts of one sweep scope. Makes no call. */
  connect(accounts: readonly Settings[], tools: Tools): Connection;
}

/** What every account has, whatever its marketplace. */
export interface AccountSettings {
  readonly id: string;
  readonly marketplace: string;
}

/** Calls that name the same `budget` draw on one bucket; without a name a call has its own. */
export interface PublishedLimit extends Limit {
  readonly budget?: string;
}

/** A code to choose for a carrier. */
export interface KnownCarrierCode {
  readonly code: string;
  /** The carrier whose code it is, where the code does not say it by itself. */
  readonly carrier: string | null;
  /** False: to be compared with the marketplace's own list before it is used. */
  readonly verified: boolean;
  /** The code for carriers that have none of their own; `name`: the carrier's name is told beside it. */
  readonly other: 'no' | 'name' | 'plain';
}

/** Which budgets an account draws on. Two accounts with the same name share it. */
export interface Scope {
  /** One token, one sweep of changed orders. */
  readonly sweep: string;
  /** One set of call budgets. */
  readonly quota: string;
}

export interface Tools {
  /** Every byte to the marketplace goes through here, token exchange included. */
  readonly transport: Transport;
  readonly clock: Clock;
  /** Longest time one request may take (ms). */
  readonly timeout: number;
}

/** All accounts of one sweep scope, connected. */
export interface Connection {
  readonly destinations: ReadonlyMap<string, Destination>;
  readonly orders: OrderReader;
  /** Token, roles, clock and limits, in words: what `accounts check` shows. Makes only reads. */
  examine(account: string, signal: AbortSignal): Promise<readonly Finding[]>;
}

/** One line of `accounts check`. `key` names its text in config/diagnoses. */
export interface Finding {
  readonly what: 'token' | 'account' | 'role' | 'clock' | 'limit' | 'settings';
  readonly ok: boolean;
  readonly key: `${string}/${string}`;
  readonly details: Readonly<Record<string, string | number>>;
}
