import type { Instant } from '../runtime/clock.ts';
import type { Operation, Payload } from '../planning/operation.ts';
import type { Outcome } from './outcome.ts';

/**
 * Who must be told: a marketplace account, later the mailer, the SMS gateway, the invoicing tool.
 * Two verbs serve calls, feeds, lost answers and reconciliation alike. Neither ever retries a write,
 * and neither throws for anything that went wrong outside: each intent gets its outcome, in order.
 */
export interface Destination {
  /** How each operation is asked for here; "not offered" is an answer. */
  readonly offers: Readonly<Record<Operation, Offer>>;
  /** Orders that may be under way at once. */
  readonly width: number;
  /** Tells: one call for one intent, or one upload for many, as the offer says. */
  send(intents: readonly Intent[], permit: Permit): Promise<readonly Outcome[]>;
  /** Looks: what does the other side show? All `intents` share one `reference` where they came from one upload. */
  check(intents: readonly Intent[], permit: Permit): Promise<readonly Outcome[]>;
}

export type Offer = 'not-offered' | Offered;

export interface Offered {
  /** API calls that telling costs, each once per group, as the quota names them. */
  readonly send: readonly [string, ...string[]];
  /** API calls that looking costs. */
  readonly check: readonly [string, ...string[]];
  /** How many syncs one group may carry: 1 for a call, thousands for a feed. */
  readonly batch: number;
  /** Whether telling again what was told is an edit of it, or would be done a second time. */
  readonly again: 'edit' | 'twice';
  /** A shipment without a tracking number: told as it is, only after a look at what was there, or not possible here. */
  readonly untracked: 'fine' | 'look-first' | 'refused';
}

/** One sync, claimed for one attempt. What it tells was frozen and committed before this was handed out. */
export interface Intent {
  readonly sync: number;
  /** Counts this sync's attempts, from 1. */
  readonly attempt: number;
  readonly step: Step;
  readonly operation: Operation;
  readonly payload: Payload;
  /** The marketplace's reference of what was told before: a fulfilment id, a feed's id. */
  readonly reference: string | null;
  /** References of the parcels that other syncs of ours told of for this order: what is theirs is not ours. */
  readonly claimed: readonly string[];
  /** What a look before the first telling saw there (references), or null where none was made. */
  readonly before: readonly string[] | null;
  /** When it was last told, for reads that search by time; null before the first telling. */
  readonly toldAt: Instant | null;
}

/** What a sync does next. */
export type Step = 'send' | 'check';

/** What a destination may use of the world while it serves a group. */
export interface Permit {
  /** Aborts at the time-out, or when a second stop signal cuts everything. */
  readonly signal: AbortSignal;
  /**
   * Asks for one more request of an API call (a page, a repeated read). The first of each call that the
   * offer names is already paid. False: the bucket is empty, make do without.
   */
  more(call: string): Promise<boolean>;
}
