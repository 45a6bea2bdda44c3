import type { Duration } from '../../src/runtime/clock.ts';
import type { Rule } from '../../src/marketplaces/simulator/faults.ts';

/**
 * All that a seed decides, written out: what happens when, in milliseconds since the beginning. A plan can be printed,
 * narrowed and run again without its seed's generator; whatever refers to something that is not there does nothing.
 */
export interface Plan {
  readonly seed: number;
  /** Time-out, settling time and pause between sweeps of every account, in seconds. */
  readonly patience: { readonly timeoutS: number; readonly settleS: number; readonly sweepS: number };
  /** When everything begins to work again, and nobody does anything any more. */
  readonly calmAt: number;
  /** How long the quiet lasts, before and after what failed is put back to work by hand. */
  readonly rest: readonly [before: Duration, after: Duration];
  readonly events: readonly Event[];
}

export type Event = { readonly at: number } & (Trade | Trouble | Upheaval);

export const accountIds = ['amazon-fr', 'amazon-de', 'ebay-fr'] as const;
export type AccountId = (typeof accountIds)[number];
export const markets = ['amazon', 'ebay'] as const;
export type Market = (typeof markets)[number];

export function marketNamed(marketplace: string): Market {
  return marketplace === 'ebay' ? 'ebay' : 'amazon';
}

export function marketOf(account: AccountId): Market {
  return account === 'ebay-fr' ? 'ebay' : 'amazon';
}

/** What buyers and the merchant do. `order` is the marketplace's number, `ref` names one application. */
export type Trade =
  | Sale
  | { readonly do: 'pay' | 'ask-to-cancel' | 'cancel'; readonly order: string }
  /** The merchant tells the marketplace in its own pages; a parcel's own number, where `ref` names one. */
  | ByHand
  | Application
  /** The same told again, under the same key of the source's or under a new one, as a cumulative file does. */
  | { readonly do: 'apply-again'; readonly ref: string; readonly sameKey: boolean }
  | { readonly do: 'give-tracking'; readonly ref: string; readonly tracking: string }
  | { readonly do: 'undo'; readonly ref: string }
  /** A state that means: this order is cancelled. No room cancels an order there yet; what was not told of it is not told any more. */
  | { readonly do: 'give-up'; readonly order: string }
  | { readonly do: 'map-carrier'; readonly account: AccountId; readonly carrier: string; readonly code: string }
  | { readonly do: 'rerun' | 'pause' | 'resume'; readonly account: AccountId }
  /** A person stops what an application is to tell, closes it by hand, or has it told once more (at Amazon, where that is an edit). */
  | { readonly do: 'say'; readonly verb: 'cancel' | 'resolve' | 'resend'; readonly ref: string };

export interface ByHand {
  readonly do: 'ship-by-hand';
  readonly order: string;
  readonly ref: string | null;
}

export interface Sale {
  readonly do: 'sell';
  readonly account: AccountId;
  readonly order: string;
  /** Units of each line. */
  readonly lines: readonly number[];
  readonly shipBy: number;
  readonly payment: 'paid' | 'pending';
}

export interface Application {
  readonly do: 'apply';
  readonly order: string;
  readonly ref: string;
  readonly byHand: boolean;
  readonly parcel: PlannedParcel;
}

export interface PlannedParcel {
  readonly carrier: string;
  /** Null: not known yet, or (`untracked`) never to come. */
  readonly tracking: string | null;
  readonly untracked?: boolean;
  /** Units of each line, in the order's own order of lines; left out: all that is left. */
  readonly units?: readonly number[];
}

/** What goes wrong between us and a marketplace. */
export type Trouble =
  /** @property lasts how long the rule stands; left out: until it is used up */
  | { readonly do: 'fault'; readonly market: Market; readonly rule: Rule; readonly lasts?: Duration }
  /** Nothing can be reached there: the connection is refused before a byte leaves. */
  | { readonly do: 'unreachable'; readonly market: Market; readonly lasts: Duration }
  /** The seller has withdrawn the authorization, and gives it back. */
  | { readonly do: 'revoke'; readonly market: Market; readonly lasts: Duration };

/** What goes wrong on our side. Place 0 is the daemon; others come beside it for a while, as after a slow takeover. */
export type Upheaval =
  /** @property after calls of the port that it survives first */
  | { readonly do: 'crash'; readonly place: number; readonly port: Port; readonly when: 'before' | 'after'; readonly after: number; readonly back: Duration }
  | { readonly do: 'stop' | 'cut'; readonly place: number; readonly back: Duration }
  | { readonly do: 'join' | 'suspend'; readonly place: number; readonly lasts: Duration }
  /** The wall clock is put forward or back. */
  | { readonly do: 'jump'; readonly by: Duration }
  | { readonly do: 'backup' }
  /** The latest backup takes the database's place; the accounts are resumed after a while. */
  | { readonly do: 'restore'; readonly resumeAfter: Duration };

/** Calls of ports at which a worker can die. */
export const ports = ['take', 'renew', 'release', 'intend', 'record', 'debit', 'heard', 'takeOver', 'swept', 'ripen', 'send', 'check', 'depart', 'answer'] as const;
export type Port = (typeof ports)[number];
