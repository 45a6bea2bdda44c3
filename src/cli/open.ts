import { exits } from '../app/exits.ts';
import type { Start, Suivi } from '../app.ts';
import { settingsWords } from '../language/settings.ts';
import { renderFaults } from '../settings/fault.ts';
import type { Fault } from '../settings/fault.ts';
import type { Language } from '../syncing/diagnosis.ts';
import type { Holder } from '../store/lock.ts';
import { Refused } from './refused.ts';
import type { Say } from './texts.ts';
import type { World } from './world.ts';

/** Opens the database when a command first needs it, beside the daemon, and closes it at the end. */
export interface Opener {
  readonly open: (as?: 'beside' | 'look') => Promise<Suivi>;
  close(): Promise<void>;
}

/** @param warn told of what is wrong with the accounts, by a command that needs none; null: it needs them */
export function opener(world: World, say: Say, language: Language, warn: ((line: string) => void) | null): Opener {
  let opened: Suivi | null = null;
  return {
    open: async (as = 'beside') => (opened ??= await openAs(as, world, say, language, warn)),
    async close() {
      await opened?.close();
      opened = null;
    },
  };
}

/**
 * Opens Suivi. What is loaded for that is loaded here: help and misspelt commands answer at once.
 * @throws Refused in words, with what to do
 */
export async function openAs(as: Start['as'], { variables, directory, clock, random }: World, say: Say, language: Language, warn: ((line: string) => void) | null = null): Promise<Suivi> {
  const { openSuivi } = await import('../app.ts');
  // The daemon's log goes where it belongs; a command keeps it out of what it prints.
  const opened = await openSuivi({ variables, directory, clock, random, as, withoutAccounts: warn !== null, ...(as === 'serve' ? {} : { write: () => undefined }) });
  if ('faults' in opened) throw await refusedFor(opened.faults, say, language, opened.notices);
  if ('running' in opened) throw refusedBy(opened.running, say);
  if (warn !== null) for (const line of noticeLines(opened.notices.filter(({ name }) => name.includes('accounts.json')), say, language)) warn(line);
  return opened;
}

/** What is worth a word in the settings, as lines; none where there is nothing. */
export function noticeLines(notices: readonly Fault[], say: Say, language: Language): readonly string[] {
  return notices.length === 0 ? [] : renderFaults(say('settingsNotices', { count: notices.length }), notices, settingsWords(language));
}

/** Another instance works with this database. */
export function refusedBy(holder: Holder | null, say: Say): Refused {
  const since = holder === null ? '' : new Date(holder.since).toISOString();
  return new Refused(exits.running, say('otherInstance', { isKnown: holder === null ? 'no' : 'yes', pid: String(holder?.pid ?? ''), since }), say('otherInstanceRemedy'));
}

/** Settings that cannot be used, all of them at once. */
export async function refusedFor(faults: readonly Fault[], say: Say, language: Language, notices: readonly Fault[] = []): Promise<Refused> {
  const { notMade } = await import('../settings/settings.ts');
  if (faults.includes(notMade)) return new Refused(exits.settings, say('nothingYet'), ...say('howToBegin').split('\n'));
  return new Refused(exits.settings, ...renderFaults(say('settingsBroken', { count: faults.length }), faults, settingsWords(language)), ...(notices.length === 0 ? [] : ['', ...noticeLines(notices, say, language)]));
}
