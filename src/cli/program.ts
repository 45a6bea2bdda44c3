import { Command as Commander, CommanderError } from 'commander';
import { exits } from '../app/exits.ts';
import { nearest } from '../settings/nearest.ts';
import type { Language } from '../syncing/diagnosis.ts';
import type { Command } from './command.ts';
import { Refused } from './refused.ts';
import { optionWords, texts, withPlaceholders } from './texts.ts';
import type { CommandName, FlagName, Say } from './texts.ts';
import { plain } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** What was typed, as commander read it. */
export interface Typed {
  readonly command: Command;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

interface Parts {
  readonly language: Language;
  readonly say: Say;
  readonly terminal: Terminal;
}

/**
 * Reads a command line by the table of commands. Null: help or the version was asked for, and is printed.
 * @throws Refused where it cannot be understood, with the nearest command or option
 */
export function readCommandLine(table: readonly Command[], argv: readonly string[], version: string, parts: Parts): Typed | null {
  let typed: Typed | null = null;
  const program = new Speaking(parts, 'suivi');
  program.version(version, '-V, --version', texts[parts.language].options['--version']);
  program.helpCommand(withPlaceholders(parts.language, 'help [command]'), texts[parts.language].commands.help);
  describe(program, 'suivi', parts);
  addGuide(program, parts);
  for (const flags of ['--lang <language>', '--as <name>'] as const) program.option(withPlaceholders(parts.language, flags), texts[parts.language].options[flags]);
  for (const command of table) {
    const at = place(program, command.name, parts);
    for (const flags of optionsOf(command)) {
      const words = optionWords(parts.language, command.name, flags);
      if (command.options?.find((option) => option.flags === flags)?.many === true) at.option(withPlaceholders(parts.language, flags), words, (one: string, before: string[] | undefined) => [...(before ?? []), one]);
      else at.option(withPlaceholders(parts.language, flags), words);
    }
    for (const argument of command.takes ?? []) at.argument(withPlaceholders(parts.language, argument));
    addExamples(at, command.examples, parts);
    at.action(() => {
      typed = { command, words: at.args, options: at.optsWithGlobals() };
    });
  }
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // A group without a command shows its help, and is wrong usage all the same.
    if (error.code === 'commander.help') throw new Refused(exits.usage);
    return null;
  }
  return typed;
}

function optionsOf(command: Command): readonly FlagName[] {
  return [
    ...(command.options ?? []).map(({ flags }) => flags),
    ...(command.changes === true ? (['--as <name>'] as const) : []),
    ...(command.lists === true ? (['--json'] as const) : []),
    '--lang <language>',
  ];
}

/** The command of this name, with the groups that lead to it. */
function place(program: Speaking, name: string, parts: Parts): Speaking {
  let at = program;
  const words = name.split(' ');
  for (const [index, word] of words.entries()) {
    const known = at.commands.find((one) => one.name() === word) as Speaking | undefined;
    at = known ?? describe(at.command(word) as Speaking, words.slice(0, index + 1).join(' ') as CommandName, parts);
  }
  return at;
}

function describe(command: Speaking, name: CommandName, { language }: Parts): Speaking {
  const words = texts[language];
  command.description(words.commands[name]);
  command.helpOption('-h, --help', words.options['--help']);
  return command;
}

/** What concerns every command: the settings, and how each ends. */
function addGuide(program: Speaking, { say, terminal, language }: Parts): void {
  const { settings, statuses } = texts[language];
  const list = (title: string, rows: readonly (readonly [string, string])[]): string[] => {
    const wide = Math.max(...rows.map(([name]) => name.length));
    return ['', terminal.style('bold', title), ...rows.map(([name, words]) => `  ${name.padEnd(wide)}  ${words}`)];
  };
  const ends = Object.entries(exits).map(([name, status]): [string, string] => [String(status), statuses[name as keyof typeof exits]]);
  program.addHelpText('after', () => [...list(say('helpSettings'), Object.entries(settings)), ...list(say('helpStatuses'), ends)].join('\n'));
}

function addExamples(command: Speaking, examples: readonly string[], { say, terminal }: Parts): void {
  command.addHelpText('after', () => ['', terminal.style('bold', say('helpExamples')), ...examples.map((example) => `  suivi ${example}`)].join('\n'));
}

/** Commander, in the reader's language: its own faults and titles are English. */
class Speaking extends Commander {
  private readonly parts: Parts;

  constructor(parts: Parts, name?: string) {
    super(name);
    this.parts = parts;
    const titles: Readonly<Record<string, string>> = { 'Usage:': parts.say('helpUsage'), 'Arguments:': parts.say('helpArguments'), 'Options:': parts.say('helpOptions'), 'Commands:': parts.say('helpCommands') };
    this.exitOverride();
    this.helpCommand(false);
    this.configureHelp({
      styleUsage: (usage) => withPlaceholders(parts.language, usage),
      styleTitle: (title) => parts.terminal.style('bold', titles[title] ?? title),
      subcommandTerm: (command) => command.name() + (command.registeredArguments.length > 0 ? ` ${command.registeredArguments.map((one) => `${one.required ? '<' : '['}${one.name()}${one.variadic ? '...' : ''}${one.required ? '>' : ']'}`).join(' ')}` : ''),
    });
    this.configureOutput({ writeOut: (text) => parts.terminal.print(text.trimEnd()), writeErr: (text) => parts.terminal.tell(text.trimEnd()), getOutHelpWidth: () => parts.terminal.width, getErrHelpWidth: () => parts.terminal.width });
  }

  override createCommand(name?: string): Commander {
    return new Speaking(this.parts, name);
  }

  /** What is wrong, and where help is. */
  private refuse(...lines: readonly string[]): never {
    throw new Refused(exits.usage, ...lines, this.parts.say('seeHelp', { command: pathOf(this) }));
  }

  unknownOption(flag: string): never {
    const [name = flag] = flag.split('=');
    const near = nearest(name, this.known());
    this.refuse(this.parts.say('unknownOption', { found: plain(name, 60), command: pathOf(this), isNear: near === null ? 'no' : 'yes', near: near ?? '' }));
  }

  unknownCommand(): never {
    const found = this.args[0] ?? '';
    const near = nearest(found, this.commands.map((command) => command.name()));
    this.refuse(this.parts.say('unknownCommand', { found: plain(found, 60), group: pathOf(this), isNear: near === null ? 'no' : 'yes', near: near === null ? '' : `${pathOf(this)} ${near}` }));
  }

  _excessArguments(received: readonly string[]): never {
    // A command that also leads to others: a misspelt one looks like an argument.
    if (this.commands.length > 0 && this.registeredArguments.length === 0) this.unknownCommand();
    this.refuse(this.parts.say('tooManyArguments', { command: pathOf(this), expected: this.registeredArguments.length, found: plain(received[this.registeredArguments.length] ?? '', 60) }));
  }

  missingArgument(name: string): never {
    this.refuse(this.parts.say('argumentNeeded', { name, command: pathOf(this) }));
  }

  optionMissingArgument(option: { readonly flags: string }): never {
    this.refuse(this.parts.say('optionWithoutValue', { option: option.flags }));
  }

  private known(): string[] {
    const own = this.options.flatMap((option) => option.long ?? []);
    return this.parent instanceof Speaking ? [...own, ...this.parent.known(), '--help'] : [...own, '--help'];
  }
}

/** `suivi states add` */
function pathOf(command: Commander): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
