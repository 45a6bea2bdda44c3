import type { exits } from '../app/exits.ts';
import { message } from '../language/message.ts';
import type { VariableName } from '../settings/environment.ts';
import type { Language } from '../syncing/diagnosis.ts';
import { commands as commandsEn } from './texts/en/commands.ts';
import { settings as settingsEn, statuses as statusesEn } from './texts/en/guide.ts';
import { options as optionsEn, placeholders as placeholdersEn, special as specialEn } from './texts/en/options.ts';
import { sentences as sentencesEn } from './texts/en/sentences.ts';
import { words as wordsEn } from './texts/en/words.ts';
import { commands as commandsFr } from './texts/fr/commands.ts';
import { settings as settingsFr, statuses as statusesFr } from './texts/fr/guide.ts';
import { options as optionsFr, placeholders as placeholdersFr, special as specialFr } from './texts/fr/options.ts';
import { sentences as sentencesFr } from './texts/fr/sentences.ts';
import { words as wordsFr } from './texts/fr/words.ts';

/** Commands and groups of commands, as they are typed. */
export type CommandName = keyof typeof commandsEn;
/** Options, as commander writes them. */
export type FlagName = keyof typeof optionsEn;
export type WordName = keyof typeof wordsEn | keyof typeof sentencesEn;

/** The command line's own texts, in one language. A language that leaves one out does not compile. */
export interface Texts {
  readonly commands: Readonly<Record<CommandName, string>>;
  readonly options: Readonly<Record<FlagName, string>>;
  /** Where an option means something else in one command: `orders publish --yes`. */
  readonly special: Readonly<Record<keyof typeof specialEn, string>>;
  /** Every variable that Suivi reads. */
  readonly settings: Readonly<Record<VariableName, string>>;
  /** How a command ends. */
  readonly statuses: Readonly<Record<keyof typeof exits, string>>;
  /** ICU patterns. */
  readonly words: Readonly<Record<WordName, string>>;
}

/** What an option means in a command. */
export function optionWords(language: Language, command: CommandName, flags: FlagName): string {
  const special: Readonly<Record<string, string>> = texts[language].special;
  return special[`${command} ${flags}`] ?? texts[language].options[flags];
}

/** `--order <number>` and `[sync...]` as the reader reads them; the option's own name stays. */
export function withPlaceholders(language: Language, given: string): string {
  const words: Readonly<Record<string, string>> = language === 'fr' ? placeholdersFr : placeholdersEn;
  return given.replace(/([<[])([\w=]+)((?:\.\.\.)?[>\]])/, (_, open: string, name: string, close: string) => `${open}${words[name] ?? name}${close}`);
}

/** Says something in the reader's language, with values filled in. */
export type Say = (name: WordName, values?: Readonly<Record<string, string | number>>) => string;

export const texts: Readonly<Record<Language, Texts>> = {
  fr: { commands: commandsFr, options: optionsFr, special: specialFr, settings: settingsFr, statuses: statusesFr, words: { ...wordsFr, ...sentencesFr } },
  en: { commands: commandsEn, options: optionsEn, special: specialEn, settings: settingsEn, statuses: statusesEn, words: { ...wordsEn, ...sentencesEn } },
};

export function sayIn(language: Language): Say {
  return (name, values = {}) => message(language, texts[language].words[name], values);
}
