import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createConsole } from '../../console/console.ts';
import type { Console } from '../../console/console.ts';
import { amazonCarriers } from '../../marketplaces/simulator/amazon-confirm.ts';
import { simulatedCredentials } from '../../marketplaces/simulator/credentials.ts';
import { sampleOrders } from '../../marketplaces/simulator/samples.ts';
import { startSimulator } from '../../marketplaces/simulator/simulator.ts';
import type { Simulator } from '../../marketplaces/simulator/simulator.ts';
import type { Random } from '../../runtime/random.ts';
import { renderRefusal } from '../../settings/fault.ts';
import { meetAccounts } from '../../store/accounts.ts';
import { openReader } from '../../store/reader.ts';
import { run } from '../../syncing/daemon.ts';
import { openSuivi } from '../../app.ts';
import type { Suivi } from '../../app.ts';
import { consolePorts } from '../console-ports.ts';
import { grace, preparePlace, usualPort } from '../demo/place.ts';
import { assembleEngine } from '../engine.ts';

/** Engine, console and simulated marketplaces of a trial, at work. */
export interface OpenTrial {
  readonly console: Console;
  readonly folder: string;
  /** Ends it, and takes its folder away. */
  close(): Promise<void>;
}

/** A hundred times the published pace: nobody waits here for a quota. */
const pace = 100;

/**
 * Opens a trial, empty of what an earlier one left: the same engine as in earnest, on simulated marketplaces, in a folder
 * beside the database. People, sessions and seals of forms are those of the daemon itself.
 */
export async function openTrial(home: Suivi, stop: AbortSignal, cut: AbortSignal): Promise<OpenTrial> {
  const { clock } = home;
  const random = drawing(home.random);
  const folder = folderFor(home);
  const simulator = await startSimulator({ clock, random, pace, orders: sampleOrders(clock.now(), random), amazon: { carriers: carriersTaken(home) } });
  try {
    const opened = await openIn(folder, home, simulator);
    const accounts = opened.scopes.flatMap((scope) => scope.accounts);
    await meetAccounts(opened.context, accounts.map(({ account }) => ({ id: account.id, marketplace: account.marketplace, mode: account.mode, from: account.from })), clock.now());
    const own = new AbortController();
    const ending = AbortSignal.any([stop, own.signal]);
    const engine = assembleEngine({ context: opened.context, scopes: opened.scopes, clock, random: opened.random, log: opened.log, metrics: { attempted: () => undefined }, worker: 'trial', mayImport: () => true });
    const reader = openReader(opened.context);
    const shown = createConsole(
      consolePorts(
        // Nobody who tries waits a minute for the grace to pass.
        { ...opened, tables: { ...opened.tables, models: opened.tables.models.map((model) => ({ ...model, graceS: Math.min(model.graceS, grace) })) } },
        { reader, notify: (ids) => engine.notify(ids), people: home.context.store, keys: home.secrets.keys.sessions, trial: { inside: true, isRunning: () => true, begin: () => Promise.resolve(), end: () => Promise.resolve() }, stop: ending },
      ),
    );
    const ended = run(engine.daemon, ending, cut);
    return {
      console: shown,
      folder,
      async close() {
        own.abort();
        await ended;
        await shown.idle();
        await reader.close();
        await opened.close();
        await simulator.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await simulator.close();
    throw error;
  }
}

/** Amazon's published codes and those of our own table: a first parcel with a usual carrier arrives, a carrier without a code waits. */
function carriersTaken({ tables }: Suivi): readonly string[] {
  return [...new Set([...amazonCarriers, ...tables.carriers.flatMap(({ codes }) => codes['amazon']?.code ?? [])])];
}

async function openIn(folder: string, { clock, random, settings }: Suivi, simulator: Simulator): Promise<Suivi> {
  const { variables } = preparePlace(folder, { amazon: simulator.amazon.endpoint, ebay: simulator.ebay.endpoint }, simulatedCredentials, usualPort);
  const own = { ...variables, SUIVI_TIME_ZONE: settings.timeZone, SUIVI_PUBLIC_URL: settings.publicUrl };
  // Pauses between tries are drawn at their shortest.
  const opened = await openSuivi({ variables: own, directory: folder, clock, random: { ...random, next: () => 0 }, as: 'serve', write: (line) => appendFileSync(join(folder, 'suivi.log'), line) });
  if ('running' in opened) throw new Error(`another process works in ${folder}`);
  if ('faults' in opened) throw new Error(renderRefusal(opened.faults).join('\n'));
  return opened;
}

/** Chance that draws, whatever that of the daemon does: a demonstration's always says the shortest pause, and all orders would get one number. */
function drawing(random: Random): Random {
  return { ...random, next: () => Buffer.from(random.bytes(6)).readUIntBE(0, 6) / 2 ** 48 };
}

/** Beside the database, where there is a file; a server has no folder of ours. */
function folderFor({ settings }: Suivi): string {
  return settings.database.kind === 'sqlite' ? join(dirname(settings.database.file), 'trial') : mkdtempSync(join(tmpdir(), 'suivi-trial-'));
}
