import type { z } from 'zod';
import type { StoryEntry } from '../store/log.ts';
import { stepOf } from '../syncing/tellings.ts';
import { iso, withValues } from './fields.ts';
import type { syncStoryShape } from './shapes/syncs.ts';

type Story = z.output<typeof syncStoryShape>;

/** The audit's entries of one sync, each intent with its outcome. */
export function attemptsOf(story: readonly StoryEntry[]): Story['attemptLog'] {
  const outcomes = story.filter(({ kind }) => kind === 'outcome' || kind === 'late');
  return story
    .filter(({ kind }) => kind === 'intent')
    .map((intent) => {
      const outcome = outcomes.find((entry) => entry.attempt === intent.attempt);
      return {
        attempt: intent.attempt ?? 0,
        step: stepOf(intent, outcome?.what ?? null),
        call: intent.what ?? '',
        intent: { at: iso(intent.at), entry: intent.number, hash: intent.hash, ...withValues({ body: intent.body }) },
        ...(outcome === undefined ? {} : { outcome: { at: iso(outcome.at), entry: outcome.number, hash: outcome.hash, outcome: outcome.what ?? '', late: outcome.kind === 'late', ...withValues({ cause: outcome.cause, body: outcome.body }) } }),
      };
    });
}

/** All entries that are no attempt's intent, nor the first outcome written for it. */
export function eventsOf(story: readonly StoryEntry[]): Story['events'] {
  return story
    .filter((entry) => entry.kind !== 'intent' && !isFirstOutcome(entry, story))
    .map(({ at, lane, number, hash, kind, what, cause, body }) => ({ at: iso(at), lane, entry: number, hash, kind, ...withValues({ what, cause, body }) }));
}

function isFirstOutcome(entry: StoryEntry, story: readonly StoryEntry[]): boolean {
  if (entry.kind !== 'outcome' && entry.kind !== 'late') return false;
  return story.find((other) => other.attempt === entry.attempt && (other.kind === 'outcome' || other.kind === 'late')) === entry;
}
