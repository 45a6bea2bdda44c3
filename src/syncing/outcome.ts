import type { Duration, Instant } from '../runtime/clock.ts';

/**
 * How an attempt ended. What goes wrong outside is one of these, never an exception:
 * the audit must hear of it. The table of what follows from each is in settle.ts.
 */
export type Outcome =
  /** The marketplace said yes, under this reference (null where it names none). */
  | ({ readonly kind: 'accepted'; readonly reference: string | null } & Told)
  /** Taken into its queue; the verdict is to be asked for at `checkAt`. */
  | ({ readonly kind: 'submitted'; readonly reference: string; readonly checkAt: Instant } & Told)
  /** Will never work as it stands. */
  | ({ readonly kind: 'rejected'; readonly cause: Cause } & Told)
  /** 429: nothing was done there. */
  | ({ readonly kind: 'throttled'; readonly retryAfter: Duration | null } & Told)
  /** Nothing can have happened there: DNS, refused, TLS, aborted before the first byte. */
  | ({ readonly kind: 'unavailable'; readonly cause: Cause } & Told)
  /** The credentials (the whole account waits) or a role (only this API call waits). */
  | ({ readonly kind: 'unauthorized'; readonly what: 'credentials' | 'role'; readonly cause: Cause } & Told)
  /** Everything else that is not an answer. It may have happened. */
  | ({ readonly kind: 'unknown'; readonly cause: Cause } & Told)
  /** Our own shutdown cut it off. It may have happened. */
  | ({ readonly kind: 'interrupted' } & Told)
  /** Read back: there, with our tracking, our lines and our quantities, and claimed by no other sync of ours. */
  | ({ readonly kind: 'present'; readonly reference: string | null } & Told)
  /** Read back: not there. `seen` is what was there, for a later comparison. */
  | ({ readonly kind: 'absent'; readonly seen: readonly string[] } & Told)
  /** Read back: something else is there, or it cannot be told apart. A person decides. */
  | ({ readonly kind: 'different'; readonly cause: Cause } & Told);

export type OutcomeKind = Outcome['kind'];

interface Told {
  readonly evidence: Evidence | null;
}

/** The key under which failures of one kind gather: `room/what`, e.g. `amazon/carrier-unknown`. Each has a diagnosis. */
export type Cause = `${string}/${string}`;

/**
 * What was said and answered, for the audit: no token, no name, no address, no mail, no phone.
 * The marketplace's room leaves them out; the ledger refuses what still looks like one.
 */
export interface Evidence {
  /** The API call, by the marketplace's own name: `confirmShipment`. */
  readonly call: string;
  readonly request: { readonly method: string; readonly path: string; readonly body: unknown } | null;
  readonly answer: { readonly status: number; readonly body: unknown } | null;
  /** Why there was no whole answer: a socket's code, `TIMEOUT`, `ABORTED`. */
  readonly fault: string | null;
  /** The marketplace's own id of this request. */
  readonly requestId: string | null;
  /** The marketplace's clock, from its `Date` header. */
  readonly date: Instant | null;
  /** Calls per second now allowed, where the answer says so. */
  readonly rate: number | null;
}
