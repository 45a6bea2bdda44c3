/** What an entry of a sync's story must have for its tellings to be counted. */
export interface Told {
  readonly kind: string;
  readonly attempt: number | null;
  readonly what: string | null;
  /** Null where it was erased. */
  readonly body: unknown;
}

const looks = ['present', 'absent', 'different'];

/** Whether an intent was to tell or to look. Where its body was erased, an outcome that only a look has tells. */
export function stepOf({ body }: Pick<Told, 'body'>, outcome: string | null): 'send' | 'check' {
  if (typeof body === 'object' && body !== null && 'step' in body) return body.step === 'check' ? 'check' : 'send';
  return looks.includes(outcome ?? '') ? 'check' : 'send';
}

/**
 * Which telling an attempt was: 1 for the first that was sent; null for a look, which is an attempt too and tells nothing.
 * @param story in the order in which it was written
 */
export function tellingOf(story: readonly Told[], attempt: number | null): number | null {
  const sent = story.filter((entry) => entry.kind === 'intent' && stepOf(entry, outcomeOf(story, entry.attempt)) === 'send');
  const place = sent.findIndex((entry) => entry.attempt === attempt);
  return place < 0 ? null : place + 1;
}

/** How often in a row the looks up to this attempt found nothing: twice, a settling time apart, makes it safe to send. */
export function absencesUpTo(story: readonly Told[], attempt: number | null): number {
  const outcomes = story.filter(({ kind, attempt: n }) => kind === 'outcome' && n !== null && attempt !== null && n <= attempt);
  const before = outcomes.findLastIndex(({ what }) => what !== 'absent');
  return outcomes.length - 1 - before;
}

function outcomeOf(story: readonly Told[], attempt: number | null): string | null {
  return story.find((entry) => entry.attempt === attempt && (entry.kind === 'outcome' || entry.kind === 'late'))?.what ?? null;
}
