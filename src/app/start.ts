import { hostname } from 'node:os';
import type { Suivi } from '../app.ts';
import { listenForShutdown } from '../runtime/shutdown.ts';
import { inBrackets } from '../settings/values.ts';
import { accountViews } from '../store/account-views.ts';
import { inviteFirstAdmin } from '../store/invitations.ts';
import { hasAdmin } from '../store/people.ts';
import { accountsAtWork } from './account-modes.ts';
import { exits } from './exits.ts';
import { isAddressTaken, serve } from './serve.ts';

/** What whoever started it is told in their own language, beside the log. */
export interface StartWords {
  /** While nobody can sign in to the console: the first admin's one-time link. */
  readonly firstAdmin: (link: string) => void;
  /** Another program listens there already. */
  readonly addressTaken: (address: string) => void;
}

/** Runs the daemon until it is asked to end, and closes what was opened for it. Resolves to the exit status. */
export async function runDaemon(opened: Suivi, tell: StartWords): Promise<number> {
  const { log, clock, settings } = opened;
  const shutdown = listenForShutdown(clock, log);
  try {
    const running = await serve(opened, shutdown.stop, shutdown.cut);
    log.info('Suivi is at work', { address: running.address, host: hostname(), accounts: accountsAtWork(await accountViews(opened.context, clock.now())), database: settings.database.kind === 'sqlite' ? settings.database.file : settings.database.shown });
    if (opened.accounts.length === 0) log.warn('no account is connected: copy config/accounts.example.json to accounts.json, or try it on simulated marketplaces from the console (/trial)', { configDir: settings.configDir });
    if (!(await hasAdmin(opened.context.store.db))) {
      const made = await inviteFirstAdmin(opened.context, clock.now());
      if ('secret' in made) tell.firstAdmin(`${settings.listen.port === 0 ? running.address : settings.publicUrl}/join/${made.secret}`);
    }
    const why = await running.ended;
    log.info('Suivi has ended');
    // Started again it takes the lock, or finds the other one at work and leaves.
    if (why === 'lock-lost') return exits.unreachable;
    return typeof process.exitCode === 'number' ? process.exitCode : exits.done;
  } catch (error) {
    if (isAddressTaken(error)) {
      log.fatal('another program listens there already: stop it, or set SUIVI_LISTEN to another address', { listen: settings.listen });
      tell.addressTaken(`${inBrackets(settings.listen.host)}:${settings.listen.port}`);
      return exits.unreachable;
    }
    log.fatal('Suivi cannot go on', { error });
    return exits.fault;
  } finally {
    await opened.close();
    shutdown.dispose();
  }
}
