import type { FaultWords } from '../settings/fault.ts';
import type { Language } from '../syncing/diagnosis.ts';
import { settings as french } from './fr/settings.ts';

/** Faults of the settings in the reader's language. Their own room speaks English: before the settings are read, no language is known. */
export function settingsWords(language: Language): FaultWords | undefined {
  return language === 'en' ? undefined : { found: 'trouvé\u00a0:', expected: 'attendu\u00a0:', example: 'exemple\u00a0:', more: (count) => `et ${count} autres de la même sorte`, text: inFrench, name: (name) => name.replace(/: account (\d+)(?=:|$)/, ': compte $1') };
}

const patterns = french.map(([english, words]) => ({ pattern: new RegExp(`^${english.split('{}').map((part) => RegExp.escape(part)).join('(.+?)')}$`, 's'), words }));

/** A sentence of the settings' in French; what is no sentence (a value, a name) stays as it is. */
export function inFrench(english: string): string {
  const near = /^(.*); the nearest known name is "(.*)"$/s.exec(english);
  if (near !== null) return `${inFrench(near[1] ?? '')}\u00a0; le nom connu le plus proche est «\u00a0${near[2] ?? ''}\u00a0»`;
  for (const { pattern, words } of patterns) {
    const found = pattern.exec(english);
    if (found === null) continue;
    const values = found.slice(1).map(inFrench);
    return words.replaceAll('{}', () => values.shift() ?? '');
  }
  return english;
}
