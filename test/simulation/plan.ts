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
  /** Processes that share the work. */
  readonly workers: number;
  /** When everything begins to work again, and nobody does anything any more. */
  readonly calmAt: number;
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
  | { readonly do: 'sell'; readonly account: AccountId; readonly order: string; readonly lines: readonly number[]; readonly shipBy: number; readonly payment: 'paid' | 'pending' }
  | { readonly do: 'apply'; readonly account: AccountId; readonly order: string; readonly ref: string; readonly parcel: PlannedParcel; readonly byHand: boolean };

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
  | { readonly do: 'fault'; readonly market: Market; readonly rule: Rule; /** How long the rule stands; left out: until it is used up. */ readonly lasts?: Duration };

/** What goes wrong on our side. */
export type Upheaval =
  | { readonly do: 'crash'; readonly worker: number; readonly port: Port; readonly when: 'before' | 'after'; /** Calls of the port that it survives first. */ readonly after: number; readonly back: Duration }
  | { readonly do: 'stop' | 'cut'; readonly worker: number; readonly back: Duration };

/** Calls of ports at which a worker can die. */
export const ports = ['take', 'renew', 'release', 'intend', 'record', 'debit', 'heard', 'takeOver', 'swept', 'ripen', 'send', 'check', 'depart', 'answer'] as const;
export type Port = (typeof ports)[number];
