import type { Duration, Instant } from '../../src/runtime/clock.ts';
import type { Operation } from '../../src/planning/operation.ts';
import type { Destination, Intent } from '../../src/syncing/destination.ts';
import type { OrderReader, SeenOrder, SeenParcel } from '../../src/syncing/order-reader.ts';
import type { Cause, Evidence, Outcome } from '../../src/syncing/outcome.ts';
import type { Pace } from './pace.ts';

/** How one call is answered. `lost`: no answer comes; before its effect, after it, or with the effect to come later. */
export type Script =
  | 'ok'
  | 'lost-before'
  | 'lost-after'
  | { readonly late: Duration }
  | 'never'
  | 'never-after'
  | 'unavailable'
  | 'credentials'
  | 'role'
  | 'silent-yes'
  | 'bug'
  | { readonly throttled: Duration | null }
  | { readonly rejected: Cause }
  /** The effect takes place at once, the answer comes when the promise resolves. */
  | { readonly until: Promise<void> };

/** One thing that was done there. An edit of what was there already is no second one. */
export interface Effect {
  readonly at: number;
  readonly sync: number;
  readonly operation: Operation;
  readonly order: string;
  readonly reference: string;
  readonly edit: boolean;
}

export interface RemoteOrder {
  account: string;
  reference: string;
  placedAt: Instant;
  updatedAt: Instant;
  shipBy: Instant | null;
  payment: SeenOrder['payment'];
  fulfilment: SeenOrder['fulfilment'];
  cancellation: SeenOrder['cancellation'];
  lines: { lineId: string; quantity: number; cancelled: number }[];
  parcels: SeenParcel[];
  /** What was done beside parcels, by operation. */
  done: Operation[];
}

/** One call as the other side met it. */
export interface Met {
  readonly call: string;
  readonly at: number;
  readonly order: string;
  readonly syncs: readonly number[];
  readonly throttled: boolean;
}

/** A marketplace in memory, with a ledger of effects, whose answers are scripted call by call. */
export interface Remote {
  readonly offers: Destination['offers'];
  readonly reader: OrderReader;
  readonly orders: Map<string, RemoteOrder>;
  readonly effects: Effect[];
  readonly met: Met[];
  destination(width?: number): Destination;
  /** The next answers of a call (`*`: of any), in order; after them `always` holds. */
  script(call: string, ...answers: Script[]): void;
  /** How a call is answered when nothing is scripted; null: as it should. */
  always(call: string, answer: Script | null): void;
  /** Forgets what is still scripted of a call, and how it is always answered. */
  drop(call: string): void;
  /** A real token bucket before a call; its rate is told in every answer. */
  pace(call: string, rate: number, burst: number): Pace;
  /** Every call takes this long. */
  latency: Duration;
  /** How far its clock is ahead of ours; null: its answers do not name their moment. */
  skew: Duration | null;
  order(reference: string): RemoteOrder;
  /** The merchant ships by hand, in the marketplace's own pages. */
  shipByHand(reference: string, parcel: { readonly trackingNumber: string | null; readonly lines?: SeenParcel['lines']; readonly reference?: string }): void;
  /** Something else about the order changed there. */
  change(reference: string, facts: Partial<RemoteOrder>): void;
  /** Does what an intent asks for, at once, and returns the reference it was done under. */
  perform(intent: Intent): string;
  /** One call as it is met: noted, paced, and answered as scripted. */
  meet(call: string, order: string, syncs: readonly number[]): { readonly script: Script; readonly evidence: Evidence };
  /** Things done for one sync, edits left out. */
  doneFor(sync: number): readonly Effect[];
}

/** `amazon` keeps our parcel references and takes them again as an edit; `ebay` makes its own, and a second parcel. */
export type Kind = 'amazon' | 'ebay';

/** Answers by which nothing was done. */
export function refusal(script: Script, evidence: Evidence): Extract<Outcome, { kind: 'throttled' | 'rejected' | 'unavailable' | 'unauthorized' }> | null {
  if (script === 'bug') throw new Error('a fault of the room');
  if (script === 'unavailable') return { kind: 'unavailable', cause: 'remote/refused', evidence: { ...evidence, answer: null, date: null } };
  if (script === 'credentials' || script === 'role') return { kind: 'unauthorized', what: script, cause: `remote/${script}`, evidence };
  if (typeof script === 'string') return null;
  if ('throttled' in script) return { kind: 'throttled', retryAfter: script.throttled, evidence };
  if ('rejected' in script) return { kind: 'rejected', cause: script.rejected, evidence };
  return null;
}
