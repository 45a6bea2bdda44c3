import { IntlMessageFormat } from 'intl-messageformat';
import type { Language } from '../syncing/diagnosis.ts';

/** The variety whose customs of dates, numbers and money are followed. */
export const locales: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' };

/** Compiled once each: a page of a hundred rows says the same hundred times. */
const compiled: Readonly<Record<Language, Map<string, IntlMessageFormat>>> = { fr: new Map(), en: new Map() };

/** An ICU message with its values filled in. Values are text, never markup and never part of the pattern. */
export function message(language: Language, pattern: string, values: Readonly<Record<string, string | number>>): string {
  let format = compiled[language].get(pattern);
  if (format === undefined) {
    format = new IntlMessageFormat(pattern, locales[language], undefined, { ignoreTag: true });
    compiled[language].set(pattern, format);
  }
  return String(format.format(values));
}

/**
 * A value that somebody gave, made fit for a line of text: no line breaks, no control or direction marks that would
 * play tricks on a terminal or a page, and not longer than `longest` characters.
 */
export function quoted(value: string, longest: number): string {
  const plain = value.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\p{Cf}/gu, '').trim();
  const characters = Array.from(plain);
  return characters.length <= longest ? plain : `${characters.slice(0, longest - 1).join('')}…`;
}
