import { hostname } from 'node:os';
import { openSuivi } from '../app.ts';
import type { Suivi } from '../app.ts';
import { systemClock } from '../runtime/clock.ts';
import { systemRandom } from '../runtime/random.ts';
import { listenForShutdown } from '../runtime/shutdown.ts';
import type { Variables } from '../settings/environment.ts';
import { renderRefusal } from '../settings/fault.ts';
import { StoreUnusable } from '../store/database.ts';
import { exits } from './exits.ts';
import { serve } from './serve.ts';

/** Runs the daemon until it is asked to end. Resolves to the exit status. */
export async function runDaemon(variables: Variables, directory: string, tell: (line: string) => void): Promise<number> {
  const opened = await openOrTell(variables, directory, 'serve', tell);
  if (typeof opened === 'number') return opened;
  const { log, clock, settings } = opened;
  const shutdown = listenForShutdown(clock, log);
  try {
    const running = await serve(opened, shutdown.stop, shutdown.cut);
    log.info('Suivi is at work', { address: running.address, host: hostname(), accounts: opened.accounts.map(({ id, mode }) => ({ id, mode })), database: settings.database.kind === 'sqlite' ? settings.database.file : settings.database.shown });
    if (opened.accounts.length === 0) log.warn('no account is connected: copy config/accounts.example.json to accounts.json, or try `npm run demo`', { configDir: settings.configDir });
    await running.ended;
    log.info('Suivi has ended');
    return typeof process.exitCode === 'number' ? process.exitCode : exits.done;
  } catch (error) {
    log.fatal('Suivi cannot go on', { error });
    return inUse(error) ? exits.running : exits.fault;
  } finally {
    await opened.close();
    shutdown.dispose();
  }
}

/** Opens Suivi, or says in words why not and gives the exit status. */
async function openOrTell(variables: Variables, directory: string, as: 'serve' | 'beside' | 'upgrade', tell: (line: string) => void, write?: (line: string) => void): Promise<Suivi | number> {
  try {
    const opened = await openSuivi({ variables, directory, clock: systemClock, random: systemRandom, as, ...(write === undefined ? {} : { write }) });
    if ('faults' in opened) {
      for (const line of renderRefusal(opened.faults)) tell(line);
      return exits.settings;
    }
    if ('running' in opened) {
      const who = opened.running === null ? '' : ` (process ${opened.running.pid}, since ${new Date(opened.running.since).toISOString()})`;
      tell(`Another instance of Suivi works with this database${who}. Stop it first, or let it work.`);
      return exits.running;
    }
    return opened;
  } catch (error) {
    if (!(error instanceof StoreUnusable)) throw error;
    tell(error.message);
    // systemd gives up on what only a person can mend, and tries again what may pass.
    return error.lasting ? exits.settings : exits.unreachable;
  }
}

function inUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
