import type { Wish } from '../orders/applied-state.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Context } from '../store/context.ts';
import type { Answer } from '../store/intake.ts';
import type { Reader } from '../store/reader.ts';
import type { Diagnoses } from '../syncing/diagnosis.ts';

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
  /** The page that this order's customer may follow. */
  readonly customerUrl: (order: { readonly id: number }) => string;
  /** When what a preview answered would have left, and which orders would be late by then. */
  readonly foresee: (wishes: readonly Wish[], answers: readonly Answer[], now: Instant) => Promise<{ readonly lastAt: Instant | null; readonly late: readonly { readonly account: string; readonly order: string; readonly shipBy: Instant; readonly at: Instant }[] }>;
  /** Something of these accounts may have become due, or is to be fetched: rings their bells, and returns at once. */
  readonly notify: (accounts: readonly string[]) => void;
  /** Signs sessions and forms; seals second factors. By key id. */
  readonly keys: { readonly current: string; readonly keys: ReadonlyMap<string, Uint8Array> };
  readonly log: Log;
  /** Ends what streams. */
  readonly stop: AbortSignal;
}
