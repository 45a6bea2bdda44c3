import { speak } from '../../language/speak.ts';
import type { Operation } from '../../planning/operation.ts';
import type { Clock, Instant } from '../../runtime/clock.ts';
import { second } from '../../runtime/clock.ts';
import type { Context } from '../../store/context.ts';
import { searchSyncs, storyOf } from '../../store/log.ts';
import type { LogRow, StoryEntry } from '../../store/log.ts';
import { diagnose } from '../../syncing/diagnosis.ts';
import type { Diagnoses, Language } from '../../syncing/diagnosis.ts';
import type { OutcomeKind } from '../../syncing/outcome.ts';
import type { Status } from '../../syncing/status.ts';
import type { Say } from './words.ts';

/** Tells what happens to the syncs, in plain words, as it happens. */
export interface Teller {
  /** Says something, with the time since the beginning in front. */
  tell(text: string): void;
  /** Adds to what was said before. */
  add(text: string): void;
  /**
   * Reads what the audit has gained, and tells it. The syncs as they stand now.
   * @param guests what somebody else asks for is told too; in the story whoever acts says so
   */
  look(guests?: boolean): Promise<readonly LogRow[]>;
}

export interface TellerParts {
  readonly context: Context;
  readonly diagnoses: Diagnoses;
  readonly language: Language;
  readonly say: Say;
  readonly clock: Clock;
  readonly print: (line: string, lead?: string) => void;
}

/** As wide as the time in front of a line. */
const margin = ' '.repeat('  0.0 s  '.length);

/** All syncs of a demonstration, and of whoever plays on with it. */
const most = 500;

export function createTeller({ context, diagnoses, language, say, clock, print }: TellerParts): Teller {
  const began: Instant = clock.monotonic();
  const told = new Map<number, number>();
  const stands = new Map<number, Status>();
  /** How the last try of each sync ended. */
  const endings = new Map<number, string>();
  const speech = speak(language);

  function tell(text: string): void {
    const seconds = ((clock.monotonic() - began) / second).toFixed(1).padStart(5);
    print(text, `${seconds} s  `);
  }

  function tellEntry(row: LogRow, entry: StoryEntry): void {
    const values = { order: row.order, marketplace: speech.channel(context.profiles.get(row.account)?.marketplace ?? null), tracking: trackingOf(row) };
    const words = entry.cause === null ? null : diagnose(diagnoses, entry.cause as `${string}/${string}`, language);
    const before = endings.get(row.id);
    if (entry.kind === 'intent' && (entry.attempt ?? 0) > 1 && stepOf(entry) === 'send') return tell(say(before === 'rejected' ? 'sentCorrected' : 'sentAgain', values));
    // Met in the regular read of changed orders: worth a word where nobody knew what had become of it.
    if (entry.kind === 'seen' && entry.what === 'present' && before === 'unknown') return tell(say('isThere', values));
    if (entry.kind !== 'outcome') return;
    endings.set(row.id, entry.what ?? '');
    switch (entry.what as OutcomeKind) {
      case 'accepted':
        return tell(say('saidYes', values));
      case 'rejected':
        tell(say('saidNo', { ...values, what: words?.what ?? '' }));
        return print(words?.remedy ?? '', `${margin}→ `);
      case 'unknown':
        return tell(say('saidNothing', { ...values, what: words?.what ?? '' }));
      case 'absent':
        return tell(say('notThere', values));
      case 'present':
        return tell(say(before === 'accepted' ? 'verifiedThere' : 'isThere', values));
      case 'submitted':
      case 'throttled':
      case 'unavailable':
      case 'unauthorized':
      case 'interrupted':
      case 'different':
        return tell(say('otherwise', { ...values, outcome: speech.outcome(entry.what as OutcomeKind), what: words?.what ?? '' }));
    }
  }

  function tellStatus(row: LogRow, guests: boolean): void {
    const before = stands.get(row.id);
    stands.set(row.id, row.status);
    if (before === undefined && guests) return tellAsked(row);
    if (before !== row.status && row.status === 'cancelled') return tell(say('givenUp', { order: row.order }));
    // What asks for nothing from the start is told where the state is applied.
    if (before === row.status || row.status !== 'skipped' || row.operation === 'nothing' || row.cause === null) return;
    tell(say('skipped', { order: row.order, what: diagnose(diagnoses, row.cause as `${string}/${string}`, language).what }));
  }

  function tellAsked(row: LogRow): void {
    const at = row.status === 'delayed' && row.attempts === 0 ? row.due_at : null;
    tell(say('asked', { order: row.order, operation: speech.operation(row.operation as Operation), isDue: at === null ? 'no' : 'yes', at: at === null ? '' : speech.formatInstant(at, context.timeZone, 'time'), applied: String(row.applied_state_id) }));
    if (row.cause !== null && (row.status === 'held' || row.status === 'skipped')) add(say(row.status === 'held' ? 'waits' : 'skippedAtOnce', { what: diagnose(diagnoses, row.cause as `${string}/${string}`, language).what }));
  }

  function add(text: string): void {
    print(text, `${margin}  `);
  }

  return {
    tell,
    add,
    async look(guests = false) {
      const { rows } = await searchSyncs(context.store.db, {}, null, most);
      for (const row of rows.toReversed()) {
        tellStatus(row, guests);
        const known = told.get(row.id) ?? 0;
        // Only who made a try has more to tell.
        if (row.attempts === 0) continue;
        const story = await storyOf(context.store.db, row.id);
        for (const entry of story.slice(known)) tellEntry(row, entry);
        told.set(row.id, story.length);
      }
      return rows;
    },
  };
}

function trackingOf(row: LogRow): string {
  const { parcel } = JSON.parse(row.payload) as { readonly parcel: { readonly carrier: string | null; readonly trackingNumber: string | null } | null };
  return [parcel?.carrier, parcel?.trackingNumber].filter((part) => part != null).join(' ');
}

function stepOf({ body }: StoryEntry): string {
  return typeof body === 'object' && body !== null && 'step' in body ? String(body.step) : '';
}
