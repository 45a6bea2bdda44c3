import type { Wish } from '../orders/applied-state.ts';
import type { StateDraft } from '../orders/order-state.ts';
import type { LinkedOrder } from '../orders/publication.ts';
import type { CarrierEntry } from '../planning/carriers.ts';
import type { Payload } from '../planning/operation.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { AccountCheck } from '../store/account-checks.ts';
import type { Context } from '../store/context.ts';
import type { Answer } from '../store/intake.ts';
import type { Store } from '../store/database.ts';
import type { Reader } from '../store/reader.ts';
import type { Diagnoses, Language } from '../syncing/diagnosis.ts';

/** A carrier's file, read against the orders that it names; what is wrong with it is in words. */
export interface FileRead {
  readonly rows: number;
  readonly remembered: boolean;
  /** Which header was taken for what. */
  readonly columns: readonly string[];
  readonly wishes: readonly (Wish & { readonly rows: readonly number[] })[];
  readonly refused: readonly { readonly row: number; readonly order: string | null; readonly reasons: readonly string[] }[];
  /** The rows that were refused, with the reasons in front, as a file of the same kind: to be corrected and dropped again. */
  refusedFile(refused: readonly { readonly row: number; readonly reasons: readonly string[] }[]): { readonly text: string; readonly json: boolean };
  /** Remembers the choice of columns for all files with these headers. */
  remember(): Promise<void>;
}

/** A code of a marketplace to choose for a carrier. */
export interface CarrierCodeChoice {
  readonly code: string;
  /** Whose code it is, where it does not say so by itself. */
  readonly carrier: string | null;
  readonly verified: boolean;
  /** The code for carriers that have none; `name`: the carrier's name goes with it. */
  readonly other: 'no' | 'name' | 'plain';
}

/** What somebody who connects an account needs to be told. */
export interface Connecting {
  /** Where accounts.json is, or should be. */
  readonly path: string;
  /** The sites of each marketplace, with the fields of accounts.json that name them. */
  readonly marketplaces: ReadonlyMap<string, readonly { readonly id: string; readonly country: string; readonly fields: Readonly<Record<string, string>> }[]>;
  /** How each marketplace's own pages take parcels from a file. */
  readonly uploadFiles: ReadonlyMap<string, { readonly extension: string; readonly type: string; readonly head: string; lines(payload: Payload, timeZone: string): string | null }>;
  /** Looks at an account as the start would, beside those that are there; an empty field means the account as a whole. Nothing is written, no secret is shown. */
  readonly examine: (account: Readonly<Record<string, unknown>>) => {
    readonly faults: readonly { readonly field: string; readonly found: string; readonly expected: string }[];
    /** Variables that the account names, and whether this process was started with them. */
    readonly variables: readonly { readonly name: string; readonly isSet: boolean }[];
    readonly block: string;
    /** All of accounts.json with the account in it. */
    readonly whole: string;
    /** Accounts that are there already. */
    readonly others: number;
  };
}

/** Simulated marketplaces to try Suivi out on, in a database of their own. */
export interface Trial {
  /** This console is that of the trial itself: every page says so. */
  readonly inside: boolean;
  isRunning(): boolean;
  /** Begins it, empty, unless it runs. */
  begin(): Promise<void>;
  /** Ends it; what was done in it is gone. */
  end(): Promise<void>;
}

/** What the console needs of the rest of the house. */
export interface ConsolePorts {
  /** What changes something goes through it. */
  readonly context: Context;
  /** What is shown is read through it: never in the daemon's way. */
  readonly reader: Reader;
  readonly clock: Clock;
  /** The merchant's (IANA name): everything is shown in it. */
  readonly timeZone: string;
  /** Under which people reach this console: links that leave it begin with it. Over https its cookies are for https alone. */
  readonly publicUrl: string;
  readonly diagnoses: Diagnoses;
  /** The library that states are added from. */
  readonly models: readonly StateDraft[];
  /** Behind which customers see their orders. */
  readonly links: { readonly url: (order: LinkedOrder) => string; readonly fits: (order: LinkedOrder, signature: string) => boolean };
  /** When what a preview answered would have left, and which orders would be late by then. */
  readonly foresee: (wishes: readonly Wish[], answers: readonly Answer[], now: Instant) => Promise<{ readonly lastAt: Instant | null; readonly late: readonly { readonly account: string; readonly order: string; readonly shipBy: Instant; readonly at: Instant }[] }>;
  readonly carrierFile: (bytes: Uint8Array, asked: { readonly state: string; readonly parcels: boolean; readonly carrier?: string; readonly columns?: Readonly<Record<string, string>> }, language: Language) => Promise<FileRead | { readonly faults: readonly string[] }>;
  /** Carriers that Suivi knows by name, and the codes that each marketplace is known to take. */
  readonly carriers: { readonly known: readonly CarrierEntry[]; readonly codes: ReadonlyMap<string, readonly CarrierCodeChoice[]> };
  readonly connecting: Connecting;
  readonly trial: Trial;
  /** Where the people are who sign in; elsewhere than the orders in a trial. */
  readonly people: Pick<Store, 'db' | 'kind'>;
  /** Asks an account's marketplace for token, roles, clock and limits. Only reads; takes a minute at most. */
  readonly checkAccount: (account: string) => Promise<AccountCheck['findings']>;
  /** Something of these accounts may have become due, or is to be fetched: rings their bells, and returns at once. */
  readonly notify: (accounts: readonly string[]) => void;
  /** Signs sessions and forms; seals second factors. By key id. */
  readonly keys: { readonly current: string; readonly keys: ReadonlyMap<string, Uint8Array> };
  readonly log: Log;
  /** Ends what streams. */
  readonly stop: AbortSignal;
}
