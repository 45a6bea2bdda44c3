import type { LinkedOrder } from '../orders/publication.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Context } from '../store/context.ts';
import type { Diagnoses } from '../syncing/diagnosis.ts';

/** What the API needs of the rest of the house. */
export interface ApiPorts {
  readonly context: Context;
  readonly clock: Clock;
  /** The merchant's (IANA name): days are its days, proofs name its time beside UTC. */
  readonly timeZone: string;
  readonly diagnoses: Diagnoses;
  /** The page that this order's customer may follow: a link that cannot be guessed. */
  readonly customerUrl: (order: LinkedOrder) => string;
  /** Something of these accounts may have become due, or is to be fetched: rings their bells, and returns at once. */
  readonly notify: (accounts: readonly string[]) => void;
  /** Whether the database is writable and the engine runs; never whether the accounts do. `reasons` are in English. */
  readonly ready: () => Promise<{ readonly ok: boolean; readonly reasons: readonly string[] }>;
  /** Figures in Prometheus' text format. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly log: Log;
}
