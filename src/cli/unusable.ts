import { message } from '../language/message.ts';
import type { StoreUnusable } from '../store/unusable.ts';
import { backupsOf } from '../store/unusable.ts';
import type { Language } from '../syncing/diagnosis.ts';
import { plain } from './terminal.ts';
import { unusable as french } from './texts/fr/unusable.ts';

/** Why the database cannot be used as it is, and what to do, in the reader's language; the store itself speaks English. */
export function unusableIn(language: Language, { message: english, why }: StoreUnusable): string {
  const { code, file, what } = why;
  return plain(language === 'fr' ? message('fr', french[code], { file, what, backups: backupsOf(file) }) : english, 1_000);
}
