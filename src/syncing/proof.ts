import type { Duration, Instant } from '../runtime/clock.ts';
import { minute } from '../runtime/clock.ts';
import type { Status } from './status.ts';
import { stepOf } from './tellings.ts';

/** An entry of the audit that a proof rests on. */
export interface ProofEntry {
  readonly lane: string;
  readonly number: number;
  readonly at: Instant;
  readonly kind: string;
  readonly attempt: number | null;
  readonly what: string | null;
  readonly cause: string | null;
  readonly hash: string;
  /** Its hash and, where the body is kept, its digest come out again when they are computed anew. */
  readonly whole: boolean;
  /** Null where it was erased. */
  readonly body: unknown;
}

/** One telling: what was about to be said, and what was answered. */
interface Telling {
  readonly attempt: number;
  readonly call: string;
  /** When it was written down, just before the call. */
  readonly at: Instant;
  readonly entry: number;
  /** Lines, quantities, carrier, tracking number, as they were frozen; null where the body was erased. */
  readonly tells: unknown;
  readonly answer: Answered | null;
}

/** What came back, by our clock and by the marketplace's. */
export interface Answered {
  readonly at: Instant;
  readonly entry: number;
  readonly outcome: string;
  readonly cause: string | null;
  readonly httpStatus: number | null;
  /** The marketplace's own id of the request. */
  readonly requestId: string | null;
  /** The marketplace's own `Date`. */
  readonly date: Instant | null;
}

/** A look at what the marketplace shows. */
interface ReadBack extends Answered {
  /** `check`: asked for this sync; `sweep`: met in the regular read of changed orders. */
  readonly by: 'check' | 'sweep';
}

/** What can be shown to somebody who doubts that a marketplace was told. */
export interface Proof {
  readonly sync: number;
  readonly account: string;
  readonly order: string;
  readonly operation: string;
  readonly status: Status;
  readonly cause: string | null;
  readonly reference: string | null;
  /** By when the marketplace had to hear of it. */
  readonly deadline: Instant;
  /** False where the order names none: two days after it was placed are taken. */
  readonly deadlineNamed: boolean;
  readonly tellings: readonly Telling[];
  readonly readBacks: readonly ReadBack[];
  readonly entries: readonly ProofEntry[];
  /** The lane's last entry when the proof was made; null where the lane has none. */
  readonly head: { readonly lane: string; readonly number: number; readonly hash: string } | null;
  readonly proves: readonly Finding[];
  readonly leavesOpen: readonly Finding[];
}

/** A sentence of a proof. Its words, in both languages, are in the language room. */
export type Finding =
  | { readonly code: 'told'; readonly call: string; readonly at: Instant; readonly deadline: Instant }
  | { readonly code: 'accepted'; readonly at: Instant; readonly date: Instant | null; readonly requestId: string | null }
  | { readonly code: 'seen'; readonly at: Instant; readonly by: ReadBack['by'] }
  | { readonly code: 'chained'; readonly entries: number; readonly lane: string; readonly head: number }
  | { readonly code: 'deadline-assumed' }
  | { readonly code: 'never-told' }
  | { readonly code: 'closed-by-hand' }
  | { readonly code: 'told-by-others' }
  | { readonly code: 'refused'; readonly at: Instant; readonly cause: string }
  | { readonly code: 'no-verdict'; readonly at: Instant }
  | { readonly code: 'not-seen' }
  | { readonly code: 'seen-differently' }
  | { readonly code: 'clocks-differ'; readonly by: Duration }
  | { readonly code: 'bodies-erased' }
  | { readonly code: 'entries-deleted' }
  | { readonly code: 'entries-broken'; readonly entries: readonly number[] }
  | { readonly code: 'own-key' }
  | { readonly code: 'carriage' };

export type FindingCode = Finding['code'];

type Known = Omit<Proof, 'tellings' | 'readBacks' | 'proves' | 'leavesOpen'> & {
  /** Tries that the sync counts; entries of some may have been deleted by retention. */
  readonly attempts: number;
};

/** Puts a proof together from what the store holds of one sync. */
export function proofFrom(known: Known): Proof {
  const { attempts, ...facts } = known;
  const tellings = tellingsOf(known.entries);
  const readBacks = readBacksOf(known.entries);
  return { ...facts, tellings, readBacks, proves: proven(known, tellings, readBacks), leavesOpen: open(known, attempts, tellings, readBacks) };
}

const looks = ['present', 'absent', 'different'];
const yes = ['accepted', 'submitted'];

/** Attempts that told: those whose body says so or, where it was erased, whose outcome is not that of a look. */
function tellingsOf(entries: readonly ProofEntry[]): Telling[] {
  return entries.filter(({ kind }) => kind === 'intent').flatMap((intent): Telling[] => {
    const outcome = outcomeOf(entries, intent.attempt);
    if (stepOf(intent, outcome?.what ?? null) !== 'send') return [];
    return [{ attempt: intent.attempt ?? 0, call: intent.what ?? '', at: intent.at, entry: intent.number, tells: member(intent.body, 'tells') ?? null, answer: outcome === undefined ? null : answered(outcome) }];
  });
}

/** The outcome of an attempt; where its worker had lost the lane, the late one says more than the one written for it. */
function outcomeOf(entries: readonly ProofEntry[], attempt: number | null): ProofEntry | undefined {
  const ofAttempt = entries.filter((entry) => entry.attempt === attempt && (entry.kind === 'outcome' || entry.kind === 'late'));
  return ofAttempt.find(({ what }) => what !== 'interrupted' && what !== 'unknown') ?? ofAttempt.at(-1);
}

function readBacksOf(entries: readonly ProofEntry[]): ReadBack[] {
  return entries.flatMap((entry): ReadBack[] => {
    if (!looks.includes(entry.what ?? '')) return [];
    if (entry.kind === 'outcome' || entry.kind === 'late') return [{ ...answered(entry), by: 'check' }];
    return entry.kind === 'seen' ? [{ ...answered(entry), by: 'sweep' }] : [];
  });
}

function answered(entry: ProofEntry): Answered {
  const evidence = member(entry.body, 'evidence');
  const requestId = member(evidence, 'requestId');
  const date = member(evidence, 'date');
  const httpStatus = member(member(evidence, 'answer'), 'status');
  return {
    at: entry.at,
    entry: entry.number,
    outcome: entry.what ?? '',
    cause: entry.cause,
    httpStatus: typeof httpStatus === 'number' ? httpStatus : null,
    requestId: typeof requestId === 'string' ? requestId : null,
    date: typeof date === 'number' ? date : null,
  };
}

function proven({ deadline, head, entries }: Known, tellings: readonly Telling[], readBacks: readonly ReadBack[]): Finding[] {
  const findings: Finding[] = [];
  // What counts is the telling that was accepted; without one, the first.
  const told = tellings.find(({ answer }) => yes.includes(answer?.outcome ?? '')) ?? tellings[0];
  if (told !== undefined) findings.push({ code: 'told', call: told.call, at: told.at, deadline });
  if (told?.answer != null && yes.includes(told.answer.outcome)) findings.push({ code: 'accepted', at: told.answer.at, date: told.answer.date, requestId: told.answer.requestId });
  const seen = readBacks.find(({ outcome }) => outcome === 'present');
  if (seen !== undefined) findings.push({ code: 'seen', at: seen.at, by: seen.by });
  const inLane = entries.filter(({ lane }) => lane === head?.lane);
  if (head !== null && inLane.length > 0 && entries.every(({ whole }) => whole)) findings.push({ code: 'chained', entries: inLane.length, lane: head.lane, head: head.number });
  return findings;
}

/** Further apart than this, the two clocks are worth a word. */
const clocksApart = 2 * minute;

function open({ status, cause, entries, deadlineNamed }: Known, attempts: number, tellings: readonly Telling[], readBacks: readonly ReadBack[]): Finding[] {
  const findings: Finding[] = [];
  const seen = readBacks.some(({ outcome }) => outcome === 'present');
  const last = tellings.at(-1);
  const deleted = attempts > entries.filter(({ kind }) => kind === 'intent').length;
  if (last === undefined && !deleted) findings.push({ code: seen ? 'told-by-others' : 'never-told' });
  if (cause === 'person/closed-by-hand') findings.push({ code: 'closed-by-hand' });
  if (last?.answer?.outcome === 'rejected') findings.push({ code: 'refused', at: last.answer.at, cause: last.answer.cause ?? '' });
  else if (last !== undefined && !seen && !yes.includes(last.answer?.outcome ?? '')) findings.push({ code: 'no-verdict', at: last.at });
  if (!seen && (status === 'accepted' || tellings.some(({ answer }) => yes.includes(answer?.outcome ?? '')))) findings.push({ code: 'not-seen' });
  if (readBacks.at(-1)?.outcome === 'different') findings.push({ code: 'seen-differently' });
  if (!deadlineNamed) findings.push({ code: 'deadline-assumed' });
  const apart = Math.max(0, ...[...tellings.flatMap(({ answer }) => answer ?? []), ...readBacks].map(({ at, date }) => (date === null ? 0 : Math.abs(at - date))));
  if (apart > clocksApart) findings.push({ code: 'clocks-differ', by: apart });
  if (entries.some(({ body }) => body === null)) findings.push({ code: 'bodies-erased' });
  if (deleted) findings.push({ code: 'entries-deleted' });
  const broken = entries.filter(({ whole }) => !whole).map(({ number }) => number);
  if (broken.length > 0) findings.push({ code: 'entries-broken', entries: broken });
  return [...findings, { code: 'carriage' }, { code: 'own-key' }];
}

function member(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? (of as Readonly<Record<string, unknown>>)[name] : undefined;
}
