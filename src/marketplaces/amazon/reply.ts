import type { Body } from './body.ts';

/** How one call went, before anybody asks what it means. */
export type Reply = Answered | Unanswered;

interface Called {
  /** The API call by Amazon's name, or `token` for the exchange at Login with Amazon that precedes it. */
  readonly call: string;
  /** What was asked, without header fields (they hold the token); null where it was never built. */
  readonly request: { readonly method: string; readonly path: string; readonly body: unknown } | null;
  /** The token was refused, and a second call with a new one could not be paid for. */
  readonly unpaid: boolean;
}

export interface Answered extends Called {
  readonly kind: 'answered';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Clean of every secret. */
  readonly body: Body;
}

interface Unanswered extends Called {
  readonly kind: 'unanswered';
  /** False only where nothing of the call can have left this machine. */
  readonly sent: boolean;
  /** A socket's code, `TIMEOUT` or `ABORTED`. */
  readonly fault: string;
  /** Our own shutdown cut it off. */
  readonly interrupted: boolean;
}
