import type { Language } from '../syncing/diagnosis.ts';
import type { Speech } from '../language/speak.ts';
import type { Suivi } from '../app.ts';
import type { Given } from './given.ts';
import type { Terminal } from './terminal.ts';
import type { CommandName, FlagName, Say } from './texts.ts';
import type { World } from './world.ts';

/** One command: what it takes, how it is shown, and what it does. Its words are in texts/. */
export interface Command {
  /** As it is typed: `states add`. */
  readonly name: CommandName;
  /** As commander writes them: `<model...>` needed, `[id...]` not. */
  readonly takes?: readonly string[];
  readonly options?: readonly Option[];
  /** Lines to copy, without `suivi` in front. */
  readonly examples: readonly string[];
  /** It writes to the journal: it takes --as. */
  readonly changes?: true;
  /** It works without the accounts: a fault of accounts.json is a warning. */
  readonly withoutAccounts?: true;
  /** It has --json. */
  readonly lists?: true;
  /** It listens to Ctrl-C itself. */
  readonly ownSignals?: true;
  /** Resolves to the exit status; nothing is 0. */
  run(call: Call): Promise<number | undefined>;
}

export interface Option {
  /** As commander writes them: `--order <number>`, `--untracked`. */
  readonly flags: FlagName;
  /** It may be given several times. */
  readonly many?: true;
}

/** One call of a command: what was given, and what it works with. */
export interface Call {
  readonly language: Language;
  readonly say: Say;
  readonly speech: Speech;
  readonly terminal: Terminal;
  readonly world: World;
  readonly given: Given;
  /** Aborts at Ctrl-C. */
  readonly stop: AbortSignal;
  /** Opens the database beside the daemon; `look`: without writing, and whatever older version made it. It is closed when the command ends. */
  readonly open: (as?: 'beside' | 'look') => Promise<Suivi>;
  /** Who does it, for the journal. */
  readonly author: string;
  /** The same where the machine is overridden: root must say who it is. */
  readonly authorByName: string;
}
