import type { Duration, Instant } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import { backoff } from './backoff.ts';
import type { Step } from './destination.ts';
import type { Cause, Outcome } from './outcome.ts';
import type { Status } from './status.ts';

/** What settling needs to know of the sync that was attempted. */
export interface Attempted {
  readonly step: Step;
  /** A read-back of a sync that the marketplace has accepted: nothing it shows may lead to sending again. */
  readonly readBack: boolean;
  /** Something was sent whose fate is not known. */
  readonly unsettled: boolean;
  readonly failures: number;
  /** Looks in a row that found nothing. */
  readonly absents: number;
  readonly reference: string | null;
  readonly before: readonly string[] | null;
  readonly uselessAfter: Instant;
  readonly again: 'edit' | 'twice';
  /** When the marketplace said yes; null before. */
  readonly acceptedAt: Instant | null;
}

/** What an attempt makes of its sync. */
export interface Settlement {
  readonly status: Status;
  readonly step: Step;
  readonly dueAt: Instant | null;
  readonly cause: Cause | null;
  readonly unsettled: boolean;
  readonly failures: number;
  readonly absents: number;
  readonly reference: string | null;
  readonly before: readonly string[] | null;
  readonly acceptedAt: Instant | null;
}

export interface Patience {
  /** How long after an uncertain sending the marketplace is sure to show it: longer than our time-out plus its lag. */
  readonly settle: Duration;
  /** How long after an acceptance it is read back. */
  readonly readBack: Duration;
}

export interface Moment {
  readonly now: Instant;
  /** In [0, 1). */
  readonly chance: number;
  /** The breaker of this API call was open: the failure of a probe is not counted. */
  readonly probing: boolean;
  /** Up to when whole sweeps have covered this account; null before the first. */
  readonly sweptUntil: Instant | null;
}

/** Failures after which a sync whose time is over is given up. */
export const enoughFailures = 12;

/**
 * What follows from how an attempt ended. Pure: the whole retry policy of the engine is this function.
 * Nothing that may have happened is ever sent again before two looks, a settling time apart, found nothing.
 */
export function settle(sync: Attempted, outcome: Outcome, patience: Patience, moment: Moment): Settlement {
  if (staysWithUs(outcome) && !sync.readBack) return { ...carryOver(sync), status: 'delayed', dueAt: moment.now + soon };
  if (sync.readBack) return settleReadBack(sync, outcome, patience, moment);
  return sync.step === 'send' ? settleSend(sync, outcome, patience, moment) : settleCheck(sync, outcome, patience, moment);
}

/** How soon something is tried again that did not leave us, for a reason of our own: no failure, and no word on the marketplace. */
const soon: Duration = 5 * second;

/** Nothing left this machine because we stopped, or would have held the lane too short. */
export function staysWithUs(outcome: Outcome): boolean {
  return outcome.kind === 'unavailable' && (outcome.cause === 'engine/stopped' || outcome.cause === 'engine/lease-short');
}

function settleSend(sync: Attempted, outcome: Outcome, patience: Patience, moment: Moment): Settlement {
  const same = carryOver(sync);
  const { now } = moment;
  switch (outcome.kind) {
    case 'accepted':
      return accepted(same, outcome.reference, patience, now);
    case 'submitted':
      return { ...same, status: 'submitted', step: 'check', dueAt: outcome.checkAt, unsettled: true, reference: outcome.reference, absents: 0 };
    case 'rejected':
      // Sent again without a read while the first sending's fate was open: a no to the second says nothing of the first.
      if (sync.unsettled) return { ...same, status: 'delayed', step: 'check', dueAt: now + patience.settle, cause: outcome.cause, absents: 0 };
      return { ...same, status: 'rejected', cause: outcome.cause };
    case 'throttled':
      return { ...same, status: 'ready', step: sync.unsettled ? 'check' : 'send' };
    case 'unauthorized':
      return { ...same, status: 'ready', step: sync.unsettled ? 'check' : 'send', cause: outcome.cause };
    case 'unavailable':
      return retry({ ...same, step: sync.unsettled ? 'check' : 'send', cause: outcome.cause }, sync, moment);
    case 'interrupted':
      return { ...same, status: 'delayed', step: 'check', dueAt: now + patience.settle, unsettled: true, absents: 0 };
    case 'unknown':
    case 'present':
    case 'absent':
    case 'different': {
      const cause = outcome.kind === 'unknown' || outcome.kind === 'different' ? outcome.cause : 'engine/answer-unexpected';
      const next = retry({ ...same, step: 'check', unsettled: true, absents: 0, cause }, sync, moment);
      return next.status === 'exhausted' ? next : { ...next, dueAt: now + patience.settle };
    }
  }
}

function settleCheck(sync: Attempted, outcome: Outcome, patience: Patience, moment: Moment): Settlement {
  const same = carryOver(sync);
  const { now } = moment;
  switch (outcome.kind) {
    case 'present':
      return { ...same, status: 'confirmed', dueAt: null, cause: null, unsettled: false, reference: outcome.reference ?? sync.reference, acceptedAt: sync.acceptedAt ?? now };
    case 'accepted':
      return accepted(same, outcome.reference, patience, now);
    case 'submitted':
      return { ...same, status: 'submitted', dueAt: outcome.checkAt, reference: outcome.reference };
    case 'rejected':
      return { ...same, status: 'rejected', cause: outcome.cause, unsettled: false };
    case 'different':
      return { ...same, status: 'in-doubt', cause: outcome.cause };
    case 'absent': {
      const absents = sync.absents + 1;
      if (sync.unsettled && absents < 2) return { ...same, status: 'delayed', dueAt: now + patience.settle, absents };
      // Two settling times have passed already: only what is left of the backoff remains to be waited for.
      const rest = sync.failures === 0 ? 0 : backoff(sync.failures, moment.chance) - 2 * patience.settle;
      // A yes that nothing came of was none.
      const safe = { ...same, step: 'send', unsettled: false, absents: 0, before: outcome.seen, acceptedAt: null } as const;
      return rest > 0 ? { ...safe, status: 'delayed', dueAt: now + rest } : { ...safe, status: 'ready' };
    }
    case 'throttled':
    case 'interrupted':
      return { ...same, status: 'ready' };
    case 'unauthorized':
      // No read is to be had, but sending again is only an edit of what was sent.
      if (outcome.what === 'role' && sync.again === 'edit' && sync.unsettled) {
        return { ...same, status: 'delayed', step: 'send', dueAt: now + backoff(Math.max(1, sync.failures), moment.chance), cause: outcome.cause };
      }
      return { ...same, status: 'ready', cause: outcome.cause };
    case 'unavailable':
    case 'unknown':
      return retry({ ...same, cause: outcome.cause }, sync, moment);
  }
}

/** An accepted sync stays accepted until it is seen, or until a whole sweep has passed over it without seeing it. */
function settleReadBack(sync: Attempted, outcome: Outcome, patience: Patience, moment: Moment): Settlement {
  const same: Settlement = { ...carryOver(sync), step: 'check', status: 'accepted' };
  const { now } = moment;
  const later = { ...same, dueAt: now + patience.readBack };
  // What a marketplace shows lags behind what it accepted: a difference counts once a whole sweep lies past both.
  const covered = sync.acceptedAt !== null && moment.sweptUntil !== null && moment.sweptUntil >= sync.acceptedAt + patience.settle;
  switch (outcome.kind) {
    case 'present':
      return { ...same, status: 'confirmed', dueAt: null, cause: null, reference: outcome.reference ?? sync.reference };
    case 'absent':
      return covered ? { ...same, status: 'in-doubt', dueAt: null, cause: 'engine/accepted-not-shown' } : later;
    case 'different':
    case 'rejected':
      return covered ? { ...same, status: 'in-doubt', dueAt: null, cause: outcome.cause } : later;
    case 'accepted':
    case 'submitted':
    case 'throttled':
    case 'interrupted':
    case 'unauthorized':
      return later;
    case 'unavailable':
    case 'unknown':
      return { ...later, dueAt: now + Math.max(patience.readBack, backoff(4, moment.chance)) };
  }
}

function accepted(same: Settlement, reference: string | null, patience: Patience, now: Instant): Settlement {
  return { ...same, status: 'accepted', step: 'check', dueAt: now + patience.readBack, cause: null, unsettled: false, reference: reference ?? same.reference, acceptedAt: now };
}

/** One failure more, and its backoff; given up only when twelve were counted and telling has become useless. */
function retry(next: Settlement, sync: Attempted, moment: Moment): Settlement {
  const failures = sync.failures + (moment.probing ? 0 : 1);
  if (failures >= enoughFailures && moment.now >= sync.uselessAfter) return { ...next, status: 'exhausted', failures, dueAt: null };
  return { ...next, status: 'delayed', failures, dueAt: moment.now + backoff(Math.max(1, failures), moment.chance) };
}

function carryOver(sync: Attempted): Settlement {
  return {
    status: 'ready',
    step: sync.step,
    dueAt: null,
    cause: null,
    unsettled: sync.unsettled,
    failures: sync.failures,
    absents: sync.absents,
    reference: sync.reference,
    before: sync.before,
    acceptedAt: sync.acceptedAt,
  };
}
