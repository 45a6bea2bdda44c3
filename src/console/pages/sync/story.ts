import { capital } from '../../../language/speak.ts';
import type { Instant } from '../../../runtime/clock.ts';
import type { StoryEntry } from '../../../store/log.ts';
import type { SyncStory } from '../../../store/views/sync-story.ts';
import type { OutcomeKind } from '../../../syncing/outcome.ts';
import { absencesUpTo, tellingOf } from '../../../syncing/tellings.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { sayCause } from '../../parts/cause.ts';
import { mark, outcomeMark } from '../../parts/sync.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';

interface Moment {
  readonly at: Instant;
  readonly mark: Html;
  readonly words: string;
}

/** What happened to a sync, newest first. */
export function timeLine(visit: Visit, seen: SyncStory): Html {
  const moments = [...planned(visit, seen), ...people(visit, seen), ...entries(visit, seen), ...next(visit, seen)].map((moment, index) => ({ moment, index })).toSorted((a, b) => b.moment.at - a.moment.at || b.index - a.index);
  return html`<ol class="line dated">${moments.map(({ moment }) => html`<li><time datetime="${new Date(moment.at).toISOString()}">${at(visit, moment.at, 'stamp')}</time><div>${moment.mark}${moment.words === '' ? none : html`<p>${moment.words}</p>`}</div></li>`)}</ol>`;
}

function planned({ say, now }: Visit, { row, applied }: SyncStory): readonly Moment[] {
  const by = applied === null ? say('syncs.plannedAlone') : applied.source === applied.author || applied.source === 'console' ? say('syncs.plannedBy', { state: applied.state, author: applied.author }) : say('syncs.plannedFrom', { state: applied.state, author: applied.author, source: applied.source });
  const begun: Moment = { at: row.created_at, mark: mark('wait', say('syncs.planned')), words: by };
  return row.graceUntil === null || row.graceUntil > now ? [begun] : [begun, { at: row.graceUntil, mark: mark('wait', say('syncs.grace')), words: say('syncs.graceLead') }];
}

function people({ say, speech }: Visit, { verbs }: SyncStory): readonly Moment[] {
  return verbs.map(({ at: moment, verb, author, reason, outcome }) => ({ at: moment, mark: mark('wait', capital(speech.verb(verb as Parameters<typeof speech.verb>[0]))), words: `${say('syncs.personBy', { by: author, reason })}${outcome === null || outcome === 'done' ? '' : ` (${speech.leftOut(outcome as Parameters<typeof speech.leftOut>[0])})`}` }));
}

function next({ say, now }: Visit, { row }: SyncStory): readonly Moment[] {
  if (row.due_at === null || row.due_at <= now || row.ended_at !== null) return [];
  return [{ at: row.due_at, mark: mark('wait', say('syncs.next')), words: say('syncs.nextAt') }];
}

function entries(visit: Visit, { story, row }: SyncStory): readonly Moment[] {
  const { say } = visit;
  return story.flatMap((entry): readonly Moment[] => {
    if (entry.kind === 'seen') return [{ at: entry.at, mark: mark('confirmed', say('syncs.seen')), words: say('syncs.seenLead') }];
    const intent = story.find((one) => one.kind === 'intent' && one.attempt === entry.attempt);
    if (entry.kind === 'outcome' || entry.kind === 'late') return [ended(visit, story, entry, intent, row.reference)];
    const answered = story.some((one) => (one.kind === 'outcome' || one.kind === 'late') && one.attempt === entry.attempt);
    return entry.kind === 'intent' && !answered ? [{ at: entry.at, mark: mark('sending', say('syncs.underWay')), words: numbered(visit, story, entry) }] : [];
  });
}

function ended(visit: Visit, story: readonly StoryEntry[], entry: StoryEntry, intent: StoryEntry | undefined, reference: string | null): Moment {
  const { say, speech } = visit;
  const kind = entry.what as OutcomeKind;
  const took = intent === undefined ? null : entry.at - intent.at;
  const words = [numbered(visit, story, entry), entry.kind === 'late' ? say('syncs.lateLead') : '', explained(visit, story, entry, kind, reference), took === null || took < 0 ? '' : say('syncs.took', { duration: took < 10_000 ? speech.formatNumber(Math.max(0.1, took / 1_000), { style: 'unit', unit: 'second', maximumFractionDigits: 1 }) : speech.formatDuration(took) })];
  return { at: entry.at, mark: mark(outcomeMark(kind), capital(speech.outcome(kind))), words: words.filter((one) => one !== '').join(' ') };
}

/** Looks are not counted: they tell nothing. */
export function numbered({ say }: Visit, story: readonly StoryEntry[], { attempt }: StoryEntry): string {
  const telling = tellingOf(story, attempt);
  return telling === null ? say('syncs.check') : say('syncs.attempt', { telling });
}

function explained(visit: Visit, story: readonly StoryEntry[], { attempt, cause }: StoryEntry, kind: OutcomeKind, reference: string | null): string {
  const { say } = visit;
  switch (kind) {
    case 'accepted':
      return say('syncs.yes', { isReference: reference === null ? 'no' : 'yes', reference: reference ?? '' });
    case 'submitted':
      return say('syncs.submittedLead');
    case 'present':
      return say('syncs.presentLead');
    case 'absent':
      return say(absencesUpTo(story, attempt) > 1 ? 'syncs.absentLead' : 'syncs.absentOnce');
    case 'throttled':
      return say('syncs.throttledLead');
    case 'interrupted':
      return say('syncs.interruptedLead');
    case 'rejected':
    case 'unavailable':
    case 'unauthorized':
    case 'unknown':
    case 'different':
      return cause === null ? '' : `${sayCause(visit, cause).title}.`;
    default:
      return '';
  }
}
