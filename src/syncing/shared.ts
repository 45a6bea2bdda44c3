import type { Duration, Instant } from '../runtime/clock.ts';
import type { LaneProfile, Tenure } from './ledger.ts';

/**
 * What the engine asks of a store that several workers share, beside {@link Ledger}. Leases are had in bulk: one row for
 * each worker, however many lanes it has; an idle lane costs nothing.
 */
export interface SharedLedger {
  /**
   * Lengthens this worker's lease, says whose has run out, and gives it its share of the lanes that nobody has.
   * Where its own has run out and others have said so, everything that it held is lost, and it begins anew.
   */
  attend(asking: Attending): Promise<Attendance>;
  /** Settles what a lane's former holder left, before anything is claimed; false where the lane has gone on to another worker. */
  settleIn(tenure: Tenure, profile: LaneProfile): Promise<boolean>;
  /** Gives lanes back, so that others need not wait for the lease to run out. */
  giveBack(tenures: readonly Tenure[]): Promise<void>;
  /** This worker has ended: whatever it still held is free. */
  leave(worker: string): Promise<void>;
  /**
   * Tells of what others write, as they write it, until `stop`; where it could not be listened for a while, of everything.
   * What is lost on the way is found by {@link stirring}.
   */
  listen(hear: (news: News) => void, stop: AbortSignal): Promise<void>;
  /** Accounts that have something to do now, whoever serves them: one statement, which costs what is due. */
  stirring(): Promise<Stirring>;
}

export interface Attending {
  /** Unique among those that share the store. */
  readonly worker: string;
  /** The lanes that this worker can serve. */
  readonly profiles: readonly LaneProfile[];
  readonly lease: Duration;
  /** It has been here before, and holds what it was given then. */
  readonly known: boolean;
  /** False: it only looks whose lease has run out, and whether there are lanes for it. */
  readonly renew: boolean;
  /** False: it is about to end, and takes no lanes. */
  readonly stays: boolean;
}

export interface Attendance {
  /** All that it holds now. */
  readonly tenures: readonly HeldTenure[];
  /** So many more than its share. */
  readonly surplus: number;
  /** Of those that are here it came first: what belongs to no lane is its to do. */
  readonly isEldest: boolean;
  /** Now, by the clock that all go by. */
  readonly now: Instant;
}

/** A lane that a worker holds. */
export interface HeldTenure extends Tenure {
  /** Nothing of the lane is open. */
  readonly isQuiet: boolean;
}

export type News =
  /** These may have something to do. */
  | { readonly of: 'accounts'; readonly accounts: readonly string[] }
  /** Lanes have become free, or a worker has come. */
  | { readonly of: 'workers' }
  /** Anything may have happened. */
  | { readonly of: 'anything' };

export interface Stirring {
  /** Something is ready: news for a lane that rests. */
  readonly ready: readonly string[];
  /** Something has fallen due: news for every lane. */
  readonly due: readonly string[];
  /** Something accepted is to be read back. */
  readonly readBack: readonly string[];
  /** Something held has waited long enough. */
  readonly ripe: readonly string[];
  /** An order is to be fetched. */
  readonly missing: readonly string[];
}
