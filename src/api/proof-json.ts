import type { z } from 'zod';
import { sayFinding } from '../language/proof.ts';
import type { Instant } from '../runtime/clock.ts';
import { headText } from '../store/verify.ts';
import type { Language } from '../syncing/diagnosis.ts';
import type { Answered, Finding, Proof } from '../syncing/proof.ts';
import { iso, withValues } from './fields.ts';
import type { proofShape } from './shapes/syncs.ts';

/** A proof as the API gives it, and the command line. @param timeZone its sentences name moments in it, beside UTC */
export function proofJson(proof: Proof, language: Language, timeZone: string, now: Instant): z.output<typeof proofShape> {
  const said = (findings: readonly Finding[]) => findings.map((finding) => ({ code: finding.code, message: sayFinding(language, finding, timeZone) }));
  const { sync, account, order, operation, status, cause, reference, deadline, head } = proof;
  return {
    sync,
    account,
    order,
    operation,
    status,
    ...withValues({ cause, reference }),
    deadline: iso(deadline),
    deadlineNamed: proof.deadlineNamed,
    madeAt: iso(now),
    tellings: proof.tellings.map(({ attempt, call, at, entry, tells, answer }) => ({ attempt, call, at: iso(at), entry, ...withValues({ tells }), ...(answer === null ? {} : { answer: answeredJson(answer) }) })),
    readBacks: proof.readBacks.map(({ by, ...answer }) => ({ ...answeredJson(answer), by })),
    entries: proof.entries.map(({ lane, number, at, kind, attempt, what, cause: why, hash, whole }) => ({ lane, number, at: iso(at), kind, ...withValues({ attempt, what, cause: why }), hash, whole })),
    ...(head === null ? {} : { head: { ...head, text: headText(head) } }),
    proves: said(proof.proves),
    leavesOpen: said(proof.leavesOpen),
  };
}

function answeredJson({ at, entry, outcome, cause, httpStatus, requestId, date }: Answered) {
  return { at: iso(at), entry, outcome, ...withValues({ cause, httpStatus, requestId }), ...(date === null ? {} : { date: iso(date) }) };
}
