import { exits } from '../app/exits.ts';
import type { Instant } from '../runtime/clock.ts';
import { Refused } from './refused.ts';
import type { Say } from './texts.ts';
import { readMoment } from './moments.ts';

/** What was typed: arguments and options by their names, read and checked. What is wrong ends the command with status 2. */
export interface Given {
  /** All arguments, in order. */
  readonly words: readonly string[];
  /** The first argument: commander has seen to it that it is there. */
  readonly first: string;
  /** Arguments that are the numbers of syncs, applications, parcels… */
  ids(): readonly number[];
  id(): number;
  has(option: string): boolean;
  text(option: string): string | undefined;
  /** An option that this command cannot do without. */
  needed(option: string): string;
  texts(option: string): readonly string[];
  /** True only where it was given. */
  flag(option: string): boolean;
  /** `--publish` or `--no-publish`; undefined: neither. */
  either(option: string): boolean | undefined;
  whole(option: string, least: number, most: number): number | undefined;
  oneOf<T extends string>(option: string, known: readonly T[]): T | undefined;
  /** `2d`, a day or a moment; a day means its beginning. */
  moment(option: string, now: Instant, timeZone: string): Instant | undefined;
}

/** @param options as commander has read them, by the options' names in camel case */
export function givenOf(words: readonly string[], options: Readonly<Record<string, unknown>>, say: Say): Given {
  const value = (option: string): unknown => options[option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
  const text = (option: string): string | undefined => {
    const given = value(option);
    return typeof given === 'string' ? given : undefined;
  };
  const wrong = (option: string, found: string, expected: string): Refused => new Refused(exits.usage, say('wrongOption', { option: `--${option}`, found, expected }));
  const idOf = (word: string): number => {
    if (!/^[1-9]\d{0,14}$/.test(word)) throw new Refused(exits.usage, say('notANumber', { found: word }));
    return Number(word);
  };
  return {
    words,
    first: words[0] ?? '',
    ids: () => [...new Set(words.map(idOf))],
    id: () => idOf(words[0] ?? ''),
    has: (option) => value(option) !== undefined,
    text(option) {
      const given = text(option);
      if (given?.trim() === '') throw wrong(option, given, say('expectsValue'));
      return given;
    },
    needed(option) {
      const given = text(option)?.trim();
      if (given === undefined || given === '') throw new Refused(exits.usage, say('optionNeeded', { option: `--${option}` }));
      return given;
    },
    texts: (option) => (value(option) as readonly string[] | undefined) ?? [],
    flag: (option) => value(option) === true,
    either: (option) => value(option) as boolean | undefined,
    whole(option, least, most) {
      const given = text(option);
      if (given === undefined) return undefined;
      const number = Number(given);
      if (!/^\d{1,9}$/.test(given.trim()) || number < least || number > most) throw wrong(option, given, say('expectsWhole', { least, most }));
      return number;
    },
    oneOf<T extends string>(option: string, known: readonly T[]) {
      const given = text(option);
      if (given === undefined) return undefined;
      const found = known.find((one) => one === given.trim().toLowerCase());
      if (found === undefined) throw wrong(option, given, say('expectsOneOf', { known: known.join(', ') }));
      return found;
    },
    moment(option, now, timeZone) {
      const given = text(option);
      if (given === undefined) return undefined;
      const at = readMoment(given, now, timeZone);
      if (at === null) throw wrong(option, given, say('expectsMoment'));
      return at;
    },
  };
}
