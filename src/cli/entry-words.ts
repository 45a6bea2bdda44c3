import type { OutcomeKind } from '../syncing/outcome.ts';
import { verbs } from '../syncing/rerun.ts';
import type { Call } from './command.ts';
import { plain } from './terminal.ts';

/** What an entry of the audit says of one sync. */
interface EntrySaid {
  readonly kind: string;
  /** Intent: the API call. Outcome, and what was seen: its kind. */
  readonly what?: string | null | undefined;
  readonly body?: unknown;
}

/** An entry of the audit in the reader's language; a kind that has no words yet stands as it is. */
export function entryWords({ say, speech }: Pick<Call, 'say' | 'speech'>, { kind, what, body }: EntrySaid): string {
  const outcome = speech.outcome((what ?? '') as OutcomeKind);
  if (kind === 'intent') return say('entryIntent', { call: plain(what) });
  if (kind === 'outcome') return say('entryOutcome', { outcome });
  if (kind === 'late') return say('entryLate', { outcome });
  if (kind === 'seen') return say('entrySeen', { outcome });
  const verb = verbs.find((one) => one === kind);
  if (verb === undefined) return plain([kind, what].filter(Boolean).join(' '));
  const by = textOf(body, 'by');
  return say('entryVerb', { verb: speech.verb(verb), isBy: by === '' ? 'no' : 'yes', by, reason: textOf(body, 'reason') });
}

/** Empty where the body was erased. */
function textOf(body: unknown, member: string): string {
  const value = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>)[member] : undefined;
  return typeof value === 'string' ? plain(value) : '';
}
