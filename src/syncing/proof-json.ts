import type { Instant } from '../runtime/clock.ts';
import type { Answered, Finding, Proof } from './proof.ts';

/** How a proof is told: its sentences, and its lane's head as `suivi audit verify --head` takes it. */
export interface Telling {
  readonly say: (finding: Finding) => string;
  readonly headText: (head: NonNullable<Proof['head']>) => string;
}

/** A proof as JSON, the same by whichever door it is asked for. Moments are ISO 8601 in UTC; what has no value is left out. */
export function plainProof(proof: Proof, madeAt: Instant, { say, headText }: Telling) {
  const said = (findings: readonly Finding[]) => findings.map((finding) => ({ code: finding.code, message: say(finding) }));
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
    madeAt: iso(madeAt),
    tellings: proof.tellings.map(({ attempt, call, at, entry, tells, answer }) => ({ attempt, call, at: iso(at), entry, ...withValues({ tells }), ...(answer === null ? {} : { answer: answered(answer) }) })),
    readBacks: proof.readBacks.map(({ by, ...answer }) => ({ ...answered(answer), by })),
    entries: proof.entries.map(({ lane, number, at, kind, attempt, what, cause: why, hash, whole }) => ({ lane, number, at: iso(at), kind, ...withValues({ attempt, what, cause: why }), hash, whole })),
    ...(head === null ? {} : { head: { ...head, text: headText(head) } }),
    proves: said(proof.proves),
    leavesOpen: said(proof.leavesOpen),
  };
}

function answered({ at, entry, outcome, cause, httpStatus, requestId, date }: Answered) {
  return { at: iso(at), entry, outcome, ...withValues({ cause, httpStatus, requestId }), ...(date === null ? {} : { date: iso(date) }) };
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}

function withValues<T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
}
