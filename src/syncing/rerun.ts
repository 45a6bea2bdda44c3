import type { Status } from './status.ts';

/** What a person may do to a sync; each with a name and a reason, each in the journal. */
export const verbs = ['rerun', 'resend', 'resolve', 'cancel'] as const;
export type Verb = (typeof verbs)[number];

/** Why a sync is left out of what was asked. Words are in the language room. */
export type LeftOut = 'under-way' | 'already-done' | 'not-done' | 'waiting' | 'pointless' | 'given-up' | 'fate-unknown' | 'not-offered' | 'units-taken' | 'gone';

export interface Candidate {
  readonly status: Status;
  readonly cause: string | null;
  /** Something was sent whose fate is not known. */
  readonly unsettled: boolean;
  /** The marketplace's room offers the operation now. */
  readonly offered: boolean;
}

/** Causes that hold a sync until the merchant gives their word: rerun is that word. */
const byWord: readonly string[] = ['order/cancel-requested', 'operation/not-offered'];

/** Whether a verb may be done to a sync; why not, where it may not. None touches what is being sent. */
export function mayDo(verb: Verb, sync: Candidate): LeftOut | null {
  switch (sync.status) {
    case 'sending':
    case 'checking':
      return 'under-way';
    case 'submitted':
      return verb === 'resolve' ? null : 'under-way';
    case 'ready':
    case 'delayed':
    case 'blocked':
      if (verb === 'cancel' && sync.unsettled) return 'fate-unknown';
      return verb === 'cancel' || verb === 'resolve' ? null : 'waiting';
    case 'held':
      if (verb === 'cancel' || verb === 'resolve') return null;
      if (verb === 'resend' || !byWord.includes(sync.cause ?? '')) return 'waiting';
      return sync.offered ? null : 'not-offered';
    case 'accepted':
    case 'confirmed':
      return verb === 'resend' ? null : 'already-done';
    case 'rejected':
    case 'exhausted':
    case 'in-doubt':
      return verb === 'resend' ? 'not-done' : null;
    case 'cancelled':
      return verb === 'rerun' ? null : verb === 'cancel' ? 'given-up' : 'not-done';
    case 'skipped':
    case 'superseded':
      return 'pointless';
  }
}

/** Which syncs a verb is asked of. At least one member must be given: an unscoped rerun is refused. */
export interface SyncFilter {
  readonly ids?: readonly number[];
  readonly status?: readonly Status[];
  readonly cause?: string;
  readonly account?: string;
  readonly order?: string;
  /** Created at or after this instant (epoch milliseconds). */
  readonly since?: number;
  /** Created before this instant (epoch milliseconds). */
  readonly until?: number;
}

export function isUnscoped(filter: SyncFilter): boolean {
  return Object.values(filter).every((value) => value === undefined || (Array.isArray(value) && value.length === 0));
}
