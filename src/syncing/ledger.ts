import type { Duration, Instant } from '../runtime/clock.ts';
import type { Operation } from '../planning/operation.ts';
import type { Owed } from './clock-guard.ts';
import type { Intent, Offer, Step } from './destination.ts';
import type { SeenOrder } from './order-reader.ts';
import type { Cause, Evidence, Outcome } from './outcome.ts';
import type { Limit } from './quota.ts';
import type { Attempted, Settlement } from './settle.ts';

/**
 * What the engine asks of its store. The store fulfils it; a test may fulfil it with a model.
 * Each method is one transaction unless it says otherwise, and none awaits the network.
 */
export interface Ledger {
  /**
   * Takes an account's lane for this worker, or `null` where another worker's lease still runs.
   * What a former holder left without an outcome gets one, and is to be looked for after a settling time.
   */
  take(profile: LaneProfile, worker: string, now: Instant): Promise<Tenure | null>;
  /** Lengthens the lease; false where the lane has gone to another worker. */
  renew(tenure: Tenure, now: Instant): Promise<boolean>;
  /** Gives the lane back, so that a successor need not wait for the lease to run out. */
  release(tenure: Tenure, now: Instant): Promise<void>;
  /** Claims what is due and may go, debits its calls, freezes what it tells and writes the intents. Committed when it resolves. */
  intend(tenure: Tenure, profile: LaneProfile, room: Room, now: Instant): Promise<Claimed>;
  /** Writes the outcomes and what they make of their syncs. From a worker that lost its lane they are kept as late, and change no status. */
  record(tenure: Tenure, profile: LaneProfile, results: readonly Result[], now: Instant): Promise<Recorded>;
  /** Debits one call of a budget for a page or a repeated read; false where none is left. */
  debit(profile: LaneProfile, call: string, now: Instant): Promise<boolean>;
  /** Feeds a budget, the breaker and the account's health with what a read outside any attempt met. */
  heard(profile: LaneProfile, call: string, hearing: Hearing, now: Instant): Promise<void>;

  /** Where the sweep of a scope stands. */
  sweep(scope: string): Promise<SweepState>;
  /** A whole sweep has been read: the next one begins where it ended. */
  swept(scope: string, state: SweepState, by?: Tenure): Promise<void>;
  /**
   * Takes over one page of orders as fact: orders, parcels, and what that means for open syncs.
   * @param by the hold of the worker that read it: what one read that has lost the lane since is older than what its successor reads, and is dropped
   */
  takeOver(profiles: readonly LaneProfile[], references: OrderReferences, orders: readonly SeenOrder[], now: Instant, by?: Tenure): Promise<TakenOver>;
  /** Orders named by an applied state that were never imported. */
  missing(account: string, limit: number): Promise<readonly string[]>;
  /** The marketplace knows no such order: what waited for it is rejected. */
  unknownThere(account: string, reference: string, now: Instant): Promise<void>;
  /** Orders of which some reading of parcels is wanted: the list does not show them, and an open sync depends on them. */
  wanted(account: string, seen: readonly SeenOrder[]): Promise<readonly string[]>;

  /** Held syncs whose wait has a last moment, and that moment has come, are planned anew. */
  ripen(profile: LaneProfile, now: Instant): Promise<number>;
  /** The wall clock was put forward or back: due times keep their distance. Resolves to how far they were moved in all, by whoever shares the store. */
  shift(owed: Owed): Promise<Duration>;
  /** Grows whenever anybody, in this process or another, has written. Costs microseconds. */
  version(): number;
}

/** One account's lane, as its marketplace's room describes it. */
export interface LaneProfile {
  readonly account: string;
  readonly marketplace: string;
  readonly scope: { readonly sweep: string; readonly quota: string };
  /** All accounts that share the quota's scope, this one among them. */
  readonly scopeAccounts: readonly string[];
  /** `observe`: everything is planned and shown, nothing leaves. */
  readonly mode: 'live' | 'observe';
  readonly offers: Readonly<Record<Operation, Offer>>;
  /** By API call; calls with the same `budget` share one bucket. `configured`: the settings' in place of the published one. */
  readonly limits: Readonly<Record<string, Limit & { readonly budget?: string; readonly configured?: true }>>;
  readonly references: OrderReferences;
  readonly patience: LanePatience;
}

/** Whether a marketplace keeps our parcel reference or makes its own. */
export type OrderReferences = 'ours' | 'its-own';

export interface LanePatience {
  /** Longest time one call may take. */
  readonly timeout: Duration;
  readonly settle: Duration;
  readonly readBack: Duration;
  /** Between two sweeps of changed orders. */
  readonly sweep: Duration;
}

/** A worker's hold on a lane. Every change of a status carries the number. */
export interface Tenure {
  readonly account: string;
  readonly worker: string;
  /** Grows with each holder. */
  readonly number: number;
}

/** What a lane may claim now. */
export interface Room {
  /** Orders that may still be started. */
  readonly orders: number;
  /** Orders under way: one thing of an order at a time. */
  readonly busy: ReadonlySet<number>;
  /** False while the clock is not to be trusted, or the stop signal has come: nothing is claimed. */
  readonly send: boolean;
}

export interface Claimed {
  /** The lane has gone to another worker. */
  readonly lost: boolean;
  readonly groups: readonly Group[];
  /** As much was claimed as could be in one round: more may be claimed at once. */
  readonly more: boolean;
  /** When to look again at the latest, if nothing wakes the lane before; null: only when woken. */
  readonly next: Instant | null;
  /** The lane waits for a whole sweep before it sends anything. */
  readonly wantsSweep: boolean;
}

/** What goes to the destination in one `send` or `check`. */
export interface Group {
  readonly step: Step;
  /** The first API call of the offer: breaker, gate and metrics go by it. */
  readonly call: string;
  readonly members: readonly Member[];
  /** The breaker was open: a failure of this probe is not counted. */
  readonly probing: boolean;
  /** Up to when whole sweeps have covered the account, when this was claimed. */
  readonly sweptUntil: Instant | null;
}

export interface Member {
  readonly intent: Intent;
  readonly order: number;
  readonly attempted: Attempted;
  readonly claimedAt: Instant;
}

export interface Result {
  readonly group: Group;
  readonly member: Member;
  readonly outcome: Outcome;
  readonly settlement: Settlement;
}

export interface Recorded {
  /** The lane had gone to another worker: the outcomes are kept, marked as late. */
  readonly late: boolean;
  /** Causes met for the first time, for an alert. */
  readonly news: readonly { readonly cause: Cause; readonly sync: number }[];
}

/** What a read outside an attempt (a sweep, a fetch, a check of an account) met. */
export interface Hearing {
  readonly kind: 'ok' | 'throttled' | 'unavailable' | 'unauthorized' | 'role' | 'rejected';
  readonly cause: Cause | null;
  readonly retryAfter: Duration | null;
  readonly evidence: Evidence | null;
}

export interface SweepState {
  /** Up to when changes were read; null before the first import. */
  readonly until: Instant | null;
  /** When the last whole sweep began. */
  readonly startedAt: Instant | null;
}

export interface TakenOver {
  readonly fresh: number;
  readonly changed: number;
  /** Syncs that the marketplace shows as done. */
  readonly confirmed: number;
}
