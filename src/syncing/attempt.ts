import type { Clock, Duration } from '../runtime/clock.ts';
import { timeout } from '../runtime/timeout.ts';
import type { Destination, Intent } from './destination.ts';
import type { Group } from './ledger.ts';
import type { Cause, Outcome } from './outcome.ts';

export interface Telling {
  readonly destination: Destination;
  readonly clock: Clock;
  /** Longest time one attempt may take. */
  readonly timeout: Duration;
  /** Does this worker's hold on the lane outlast an attempt that begins now? */
  readonly outlasts: () => boolean;
  /** Asks for one more request of an API call. */
  readonly more: (call: string) => Promise<boolean>;
  /** A fault of our own: it ends up in the log with its stack. */
  readonly onBug: (error: unknown) => void;
}

/**
 * Tells a destination what was intended, or looks whether it was done. One outcome per member, in order.
 * Never throws: a fault of our own is `unknown` too, because it may have struck after the call left.
 */
export async function tell(telling: Telling, group: Group, cut: AbortSignal): Promise<readonly Outcome[]> {
  const intents = group.members.map((member) => member.intent);
  if (cut.aborted) return all(intents, notSent('engine/stopped'));
  // The last look before a byte may leave: a successor must not have begun when this call is still on its way.
  if (!telling.outlasts()) return all(intents, notSent('engine/lease-short'));
  const limit = timeout(telling.clock, telling.timeout, cut);
  try {
    const permit = { signal: limit.signal, more: telling.more };
    const outcomes = group.step === 'send' ? await telling.destination.send(intents, permit) : await telling.destination.check(intents, permit);
    if (outcomes.length !== intents.length) throw new Error(`${intents.length} intents were answered by ${outcomes.length} outcomes`);
    return cut.aborted ? outcomes.map(interrupted) : outcomes;
  } catch (error) {
    if (!cut.aborted && !limit.expired()) telling.onBug(error);
    return all(intents, cut.aborted ? { kind: 'interrupted', evidence: null } : { kind: 'unknown', cause: limit.expired() ? 'engine/timeout' : 'engine/fault', evidence: null });
  } finally {
    limit.done();
  }
}

/** Nothing left this machine. */
function notSent(cause: Cause): Outcome {
  return { kind: 'unavailable', cause, evidence: null };
}

/** What our own shutdown cut off is not a failure of the other side. An answer that came in time stays what it is. */
function interrupted(outcome: Outcome): Outcome {
  return outcome.kind === 'unknown' && outcome.evidence?.answer == null ? { kind: 'interrupted', evidence: outcome.evidence } : outcome;
}

function all(intents: readonly Intent[], outcome: Outcome): readonly Outcome[] {
  return intents.map(() => outcome);
}
