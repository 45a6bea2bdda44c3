import type { ZodType } from 'zod';
import type { Payload } from '../planning/operation.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Transport } from '../runtime/http.ts';
import type { Limit, LimitSource } from '../syncing/quota.ts';
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
  /** Its sites, as an account names them, with what else such an account says. */
  readonly sites: readonly Site[];
  /** Parcels as its own pages take them from a file, for when nothing can be told by calls. */
  readonly uploadFile: UploadFile;
  /** Loads the library by which it is called, which otherwise the first call waits for. */
  load(): Promise<unknown>;
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

/** One site that an account can be on. */
export interface Site {
  readonly id: string;
  /** ISO 3166, for a name in the reader's language. */
  readonly country: string;
  /** The fields of accounts.json that say so. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface UploadFile {
  readonly extension: 'txt' | 'csv';
  readonly type: string;
  /** The first line, with its end. */
  readonly head: string;
  /** The lines of one parcel, each with its end; null: it cannot be told so. @param timeZone the merchant's, for days */
  lines(payload: Payload, timeZone: string): string | null;
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
  /**
   * Token, roles, clock and limits, in words: what `accounts check` shows. Makes only reads.
   * @param inForce the limits that apply, by API call; without them the published ones
   */
  examine(account: string, signal: AbortSignal, inForce?: InForce): Promise<readonly Finding[]>;
}

/** Limits as they apply: the rate as calls are made, which is a margin below what was named. */
export type InForce = Readonly<Record<string, Limit & { readonly source: LimitSource }>>;

/** One line of `accounts check`. `key` names its text in config/diagnoses. */
export interface Finding {
  readonly what: 'token' | 'account' | 'role' | 'clock' | 'limit' | 'settings';
  readonly ok: boolean;
  readonly key: `${string}/${string}`;
  readonly details: Readonly<Record<string, string | number>>;
}
