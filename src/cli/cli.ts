import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exits } from '../app/exits.ts';
import { speak } from '../language/speak.ts';
import { pickLanguage } from '../language/pick-language.ts';
import { languages } from '../syncing/diagnosis.ts';
import type { Language } from '../syncing/diagnosis.ts';
import { authorByNameOf, authorOf } from './author.ts';
import { commands } from './commands.ts';
import { tellFault } from './fault.ts';
import { givenOf } from './given.ts';
import { opener } from './open.ts';
import { readCommandLine } from './program.ts';
import type { Typed } from './program.ts';
import { Interrupted, Refused } from './refused.ts';
import { listenForSignals } from './signals.ts';
import { plain, processTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { sayIn } from './texts.ts';
import type { Say } from './texts.ts';
import { processWorld } from './world.ts';
import type { World } from './world.ts';

/** The whole command line: reads it, does what it says, resolves to the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  const broken = loadEnvironmentFile(process.cwd());
  const world = processWorld();
  const language = languageOf(argv, world);
  const say = sayIn(language);
  try {
    if (broken !== null) throw new Refused(exits.settings, say('envFileBroken', { why: plain(broken) }), say('envFileRemedy'));
    // `npx suivi -- syncs` hands on the dashes.
    const typed = readCommandLine(commands, argv[0] === '--' ? argv.slice(1) : argv, version(), { language, say, terminal });
    return typed === null ? exits.done : await perform(typed, { language, say, terminal, world });
  } catch (error) {
    if (!(error instanceof Refused)) return tellFault(error, terminal, say, language);
    return refuse(error, terminal, say);
  }
}

interface Parts {
  readonly language: Language;
  readonly say: Say;
  readonly terminal: Terminal;
  readonly world: World;
}

async function perform(typed: Typed, parts: Parts): Promise<number> {
  const { say, terminal, world, language } = parts;
  const { command, options } = typed;
  checkLanguage(options['lang'], say);
  const given = givenOf(typed.words, options, say);
  const as = given.text('as');
  // A name that cannot stand in the journal is refused before anything is opened.
  if (as !== undefined) authorOf(as, world, say);
  const database = opener(world, say, language, command.withoutAccounts === true ? (line) => terminal.tell(line) : null);
  const signals = listenForSignals(world.clock, command.ownSignals !== true);
  try {
    const status = await command.run({
      language,
      say,
      speech: speak(language),
      terminal,
      world,
      given,
      stop: signals.stop,
      open: database.open,
      get author() {
        return authorOf(as, world, say);
      },
      get authorByName() {
        return authorByNameOf(as, world, say);
      },
    });
    return status ?? exits.done;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return exits.someFailed;
  } finally {
    await database.close();
    signals.end();
  }
}

function refuse({ status, lines }: Refused, terminal: Terminal, say: Say): number {
  const [first, ...rest] = lines;
  if (first !== undefined) terminal.tell(`${terminal.styleError('red', say('error'))} ${first}`);
  for (const line of rest) terminal.tell(`  ${line}`);
  return status;
}

/** `.env` of the working directory, by Node's own reader; what is set already stays. What is wrong with it, or null. */
function loadEnvironmentFile(directory: string): string | null {
  const file = join(directory, '.env');
  if (!existsSync(file)) return null;
  try {
    process.loadEnvFile(file);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** By --lang, wherever it stands; else as the shell says. */
function languageOf(argv: readonly string[], { variables }: World): Language {
  for (const [index, word] of argv.entries()) {
    if (word === '--') break;
    const value = word === '--lang' ? argv[index + 1] : word.startsWith('--lang=') ? word.slice('--lang='.length) : undefined;
    const known = languages.find((one) => one === value?.toLowerCase());
    if (known !== undefined) return known;
  }
  return pickLanguage([variables['LC_ALL'], variables['LC_MESSAGES'], variables['LANG']].find((value) => value !== undefined && value !== ''));
}

function checkLanguage(given: unknown, say: Say): void {
  if (typeof given === 'string' && !(languages as readonly string[]).includes(given.toLowerCase())) throw new Refused(exits.usage, say('wrongOption', { option: '--lang', found: plain(given), expected: say('expectsOneOf', { known: languages.join(', ') }) }));
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  return manifest.version;
}

