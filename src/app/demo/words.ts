import { message } from '../../language/message.ts';
import type { Language } from '../../syncing/diagnosis.ts';
import { words as en } from './words/en.ts';
import { words as fr } from './words/fr.ts';

const words = { fr, en } as const;

/** Says something of the demonstration, in one language. */
export type Say = (name: keyof typeof en, values?: Readonly<Record<string, string | number>>) => string;

export function sayIn(language: Language): Say {
  return (name, values = {}) => message(language, words[language][name], values);
}
