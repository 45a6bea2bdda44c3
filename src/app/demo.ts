import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSuivi } from '../app.ts';
import type { Suivi } from '../app.ts';
import { base } from '../api/base.ts';
import { simulatedCredentials } from '../marketplaces/simulator/credentials.ts';
import { startSimulator } from '../marketplaces/simulator/simulator.ts';
import type { Simulator } from '../marketplaces/simulator/simulator.ts';
import type { Clock } from '../runtime/clock.ts';
import { silentLog } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { shellWord } from '../runtime/shell-word.ts';
import { listenForShutdown } from '../runtime/shutdown.ts';
import type { Shutdown } from '../runtime/shutdown.ts';
import { renderRefusal } from '../settings/fault.ts';
import { inviteFirstAdmin } from '../store/invitations.ts';
import { createToken } from '../store/tokens.ts';
import type { LogRow } from '../store/log.ts';
import type { Language } from '../syncing/diagnosis.ts';
import { createClient } from './demo/client.ts';
import { freePort, grace, preparePlace, usualPort, waits, whoIsThere } from './demo/place.ts';
import { tellStory } from './demo/story.ts';
import type { Stage, Told } from './demo/story.ts';
import { createTeller } from './demo/teller.ts';
import { sayIn } from './demo/words.ts';
import type { Say } from './demo/words.ts';
import { exits } from './exits.ts';
import { isAddressTaken, serve } from './serve.ts';
import type { Running } from './serve.ts';

export interface DemoOptions {
  /** `var/demo` is made below it. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly language: Language;
  /** End after the story, instead of at Ctrl-C. */
  readonly exit: boolean;
  /** @param lead what stands before the text; a text that is longer than the terminal is wide goes on as far in */
  readonly print: (line: string, lead?: string) => void;
  readonly heading: (text: string) => void;
  /** Nobody reads any more what is printed. */
  readonly closed: AbortSignal;
  /** How `suivi` is called in a terminal that stands in a folder. */
  readonly program: (directory: string) => string;
  /** The sync log as a table. */
  readonly table: (suivi: Suivi, rows: readonly LogRow[]) => string;
}

/** The demonstration: the same daemon as in earnest, on simulated marketplaces, in a folder of its own. Resolves to the exit status. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const { clock, random, language, print } = options;
  const say = sayIn(language);
  const directory = join(options.directory, 'var', 'demo');
  const there = whoIsThere(directory, clock.now());
  if (there !== 'free') {
    print(say('somebodyThere', { isKnown: there === null ? 'no' : 'yes', pid: String(there?.pid ?? '') }));
    return exits.running;
  }
  const shutdown = listenForShutdown(clock, silentLog);
  options.closed.addEventListener('abort', () => shutdown.ask('nobody reads'), { once: true });
  // A hundred times the published pace: nobody waits here for a quota.
  const simulator = await startSimulator({ clock, random, pace: 100 });
  try {
    print(say('title', { folder: directory }), '');
    print(say('shortened', { settle: waits.settleS, sweep: waits.sweepS, grace }), '');
    const logFile = join(directory, 'suivi.log');
    const served = await begin({ clock, random, simulator, directory, logFile }, shutdown);
    if (served === null) return exits.running;
    const { suivi, running } = served;
    try {
      const status = await play(options, { suivi, running, simulator, say, directory, logFile, stop: shutdown.stop });
      shutdown.ask('the demonstration has ended');
      await running.ended;
      print(say('bye', { folder: directory }));
      return status;
    } finally {
      await suivi.close();
    }
  } finally {
    await simulator.close();
    shutdown.dispose();
  }
}

interface Begun {
  readonly suivi: Suivi;
  readonly running: Running;
}

interface Beginning extends Pick<DemoOptions, 'clock' | 'random'> {
  readonly simulator: Simulator;
  readonly directory: string;
  readonly logFile: string;
}

/** The daemon at work, at the port that one would expect, or at any free one where it is taken. Null: another demonstration came first. */
async function begin(beginning: Beginning, shutdown: Shutdown): Promise<Begun | null> {
  try {
    return await beginAt(usualPort, beginning, shutdown);
  } catch (error) {
    if (!isAddressTaken(error)) throw error;
    return beginAt(await freePort(), beginning, shutdown);
  }
}

async function beginAt(port: number, { clock, random, simulator, directory, logFile }: Beginning, { stop, cut }: Shutdown): Promise<Begun | null> {
  const { variables } = preparePlace(directory, { amazon: simulator.amazon.endpoint, ebay: simulator.ebay.endpoint }, simulatedCredentials, port);
  // Pauses between tries are drawn at their shortest.
  const suivi = await openSuivi({ variables, directory, clock, random: { ...random, next: () => 0 }, as: 'serve', write: (line) => appendFileSync(logFile, line) });
  if ('running' in suivi) return null;
  if ('faults' in suivi) throw new Error(renderRefusal(suivi.faults).join('\n'));
  try {
    return { suivi, running: await serve(suivi, stop, cut) };
  } catch (error) {
    await suivi.close();
    throw error;
  }
}

interface Playing {
  readonly suivi: Suivi;
  readonly running: Running;
  readonly simulator: Simulator;
  readonly say: Say;
  readonly directory: string;
  readonly logFile: string;
  readonly stop: AbortSignal;
}

/** Tells the story; then goes on telling what anybody does, until it is asked to end. */
async function play(options: DemoOptions, { suivi, running, simulator, say, directory, logFile, stop }: Playing): Promise<number> {
  const { clock, language, print, heading, exit } = options;
  const made = await createToken(suivi.context, 'demo', 'write', 'demo', clock.now());
  if ('taken' in made) throw new Error('the database of the demonstration is not fresh');
  const client = createClient(clock, { 'authorization': `Bearer ${made.token}`, 'accept-language': language });
  const teller = createTeller({ context: suivi.context, diagnoses: suivi.tables.diagnoses, language, say, clock, print });
  const stage: Stage = { suivi, running, simulator, teller, say, language, client, print, heading, table: (rows) => options.table(suivi, rows), stop };
  const told = await tellStory(stage);
  if (stop.aborted) return exits.done;
  const invited = await inviteFirstAdmin(suivi.context, clock.now());
  nextSteps(options, { say, address: running.address, token: made.token, join: 'secret' in invited ? `${running.address}/join/${invited.secret}` : running.address, told, directory, logFile });
  if (exit) return told.asItShould ? exits.done : exits.someFailed;
  print(say('until'));
  while (!stop.aborted) {
    await teller.look(true);
    await clock.sleep(300, stop);
  }
  return exits.done;
}

function nextSteps({ print, heading, exit, program }: DemoOptions, { say, address, token, join: way, told, directory, logFile }: Pick<Playing, 'say' | 'directory' | 'logFile'> & { readonly address: string; readonly token: string; readonly join: string; readonly told: Told }): void {
  const { yours, yoursAtEbay, lost } = told.cast;
  const suivi = program(directory);
  heading(say('act6'));
  if (!exit) print(say('left', { amazon: yours.reference, ebay: yoursAtEbay.reference }));
  print(say(exit ? 'afterwards' : 'commands'));
  print(`  cd ${shellWord(directory)}`);
  if (!exit) print(`  ${suivi} apply EXPEDIEE --order ${yours.reference} --carrier Chronopost --tracking XY100000042FR`);
  print(`  ${suivi} orders show ${lost.reference}`);
  print(`  ${suivi} syncs`);
  print(`  ${suivi} audit verify`);
  if (!exit) {
    print(say('console', { link: way }));
    print(say('api', { address }));
    print(`  curl -s -H 'Authorization: Bearer ${token}' '${address}${base}/syncs?limit=5'`);
  }
  print(say('log', { file: logFile }));
}
