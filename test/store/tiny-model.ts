import { hour, minute, second } from '../../src/runtime/clock.ts';
import type { Verb } from '../../src/syncing/rerun.ts';

/** What one sync of the model looks like: the columns that the store is compared by, and when it is due. */
export interface Modelled {
  status: string;
  step: 'send' | 'check';
  unsettled: boolean;
  absents: number;
  failures: number;
  attempts: number;
  dueAt: number | null;
  acceptedAt: number | null;
  late: boolean;
}

/** Answers that a marketplace may give, by the step that they answer. */
export const answersTo = {
  send: ['accepted', 'rejected', 'unavailable', 'unknown', 'interrupted'],
  check: ['present', 'absent', 'different', 'rejected', 'unavailable', 'unknown', 'interrupted'],
} as const;
export type Answered = (typeof answersTo)['send' | 'check'][number];

export const settleFor = minute;
const readBackAfter = 5 * minute;

/** The middle of the spread: half of the longest wait, and half of the other half. */
function wait(failures: number): number {
  return 0.75 * Math.min(hour, 30 * second * 2 ** (Math.max(1, failures) - 1));
}

export function born(): Modelled {
  return { status: 'ready', step: 'send', unsettled: false, absents: 0, failures: 0, attempts: 0, dueAt: null, acceptedAt: null, late: false };
}

/** The whole life of a sync in one table, written from the documentation and not from the code. */
export function answer(sync: Modelled, step: 'send' | 'check', readBack: boolean, answered: Answered, now: number, sweptUntil: number | null): void {
  if (readBack) return answerReadBack(sync, answered, now, sweptUntil);
  const again = (): void => {
    sync.failures += 1;
    Object.assign(sync, { status: 'delayed', dueAt: now + wait(sync.failures) });
  };
  switch (answered) {
    case 'accepted':
      return accept(sync, now);
    case 'present':
      return void Object.assign(sync, { status: 'confirmed', unsettled: false, dueAt: null, acceptedAt: sync.acceptedAt ?? now });
    case 'different':
      return void Object.assign(sync, { status: 'in-doubt', dueAt: null });
    case 'rejected':
      return void Object.assign(sync, { status: 'rejected', dueAt: null, unsettled: step === 'check' ? false : sync.unsettled });
    case 'absent':
      if (sync.unsettled && sync.absents === 0) return void Object.assign(sync, { status: 'delayed', absents: 1, dueAt: now + settleFor });
      return free(sync, now);
    case 'unavailable':
      return again();
    case 'unknown':
      again();
      if (step === 'send') Object.assign(sync, { step: 'check', unsettled: true, absents: 0, dueAt: now + settleFor });
      return;
    case 'interrupted':
      if (step === 'send') Object.assign(sync, { status: 'delayed', step: 'check', unsettled: true, absents: 0, dueAt: now + settleFor });
      else Object.assign(sync, { status: 'ready', dueAt: null });
  }
}

/** Two looks found nothing, or nothing had been told: it may be told, once what is left of its backoff is over. */
function free(sync: Modelled, now: number): void {
  const rest = sync.failures === 0 ? 0 : wait(sync.failures) - 2 * settleFor;
  Object.assign(sync, { status: rest > 0 ? 'delayed' : 'ready', step: 'send', unsettled: false, absents: 0, dueAt: rest > 0 ? now + rest : null });
}

function answerReadBack(sync: Modelled, answered: Answered, now: number, sweptUntil: number | null): void {
  const covered = sync.acceptedAt !== null && sweptUntil !== null && sweptUntil >= sync.acceptedAt + settleFor;
  if (answered === 'present') Object.assign(sync, { status: 'confirmed', dueAt: null });
  else if (covered && ['absent', 'different', 'rejected'].includes(answered)) Object.assign(sync, { status: 'in-doubt', dueAt: null });
  else sync.dueAt = now + readBackAfter;
}

export function accept(sync: Modelled, now: number): void {
  Object.assign(sync, { status: 'accepted', step: 'check', unsettled: false, dueAt: now + readBackAfter, acceptedAt: now });
}

/** Whoever had it under way is gone. */
export function abandon(sync: Modelled, now: number): void {
  if (sync.status === 'sending') answer(sync, 'send', false, 'interrupted', now, null);
  else if (sync.status === 'checking') answer(sync, 'check', false, 'interrupted', now, null);
}

/** What a person's word makes of it; nothing, where it may not be. */
export function say(sync: Modelled, verb: Verb): void {
  const { status } = sync;
  const waiting = status === 'ready' || status === 'delayed';
  const failed = status === 'rejected' || status === 'in-doubt';
  // What the marketplace once said yes to is there, and only doubt makes room for another word.
  const there = sync.acceptedAt !== null && status !== 'in-doubt';
  if (verb === 'cancel' && !there && ((waiting && !sync.unsettled) || failed)) Object.assign(sync, { status: 'cancelled', step: 'send', dueAt: null });
  else if (verb === 'resolve' && (waiting || failed)) Object.assign(sync, { status: 'accepted', step: 'check', unsettled: false, dueAt: null });
  else if (verb === 'resend' && (status === 'accepted' || status === 'confirmed')) Object.assign(sync, { status: 'ready', step: 'send', failures: 0, absents: 0, dueAt: null });
  else if (verb === 'rerun' && (failed || status === 'cancelled')) {
    const look = sync.unsettled || status === 'in-doubt';
    Object.assign(sync, { status: 'ready', step: look ? 'check' : 'send', unsettled: look, failures: 0, absents: 0, dueAt: null });
  }
}
