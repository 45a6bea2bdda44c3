import type { AccountView } from '../store/account-views.ts';
import type { Diagnoses, Language } from '../syncing/diagnosis.ts';
import { iso, withValues } from './fields.ts';
import { sayCause } from './said.ts';

/** A seller account as the API shows it, and the command line. */
export function accountJson({ liveFrom, pausedAt, observeSince, observeWhy, pausedBy, sweptUntil, refusals, quotas, ...view }: AccountView, diagnoses: Diagnoses, language: Language) {
  return {
    ...view,
    liveFrom: iso(liveFrom),
    paused: pausedAt !== null,
    ...(pausedAt === null ? {} : { pausedAt: iso(pausedAt) }),
    ...withValues({ pausedBy, observeWhy }),
    ...(observeSince === null ? {} : { observeSince: iso(observeSince) }),
    refusals: refusals.map(({ call, cause, since, probeAt }) => ({ call, cause, since: iso(since), probeAt: iso(probeAt), diagnosis: sayCause(diagnoses, cause, language) })),
    quotas: quotas.map(({ closedUntil, ...quota }) => ({ ...quota, ...(closedUntil === null ? {} : { closedUntil: iso(closedUntil) }) })),
    ...(sweptUntil === null ? {} : { sweptUntil: iso(sweptUntil) }),
  };
}
