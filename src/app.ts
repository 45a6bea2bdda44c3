import { join } from 'node:path';
import { connectAccounts, marketplaceFields, marketplaceNames, unlistedSites } from './app/connections.ts';
import type { Scope } from './app/connections.ts';
import { customerLinks } from './app/customer-links.ts';
import type { CustomerLinks } from './app/customer-links.ts';
import { loadTables } from './app/tables.ts';
import type { ConfigTables } from './app/tables.ts';
import type { Clock, Instant } from './runtime/clock.ts';
import { createLog } from './runtime/log.ts';
import type { Log } from './runtime/log.ts';
import type { Random } from './runtime/random.ts';
import type { Account } from './settings/accounts.ts';
import type { Variables } from './settings/environment.ts';
import type { Fault } from './settings/fault.ts';
import { openSettings } from './settings/settings.ts';
import type { Settings } from './settings/settings.ts';
import type { Secrets } from './settings/secrets.ts';
import type { Context } from './store/context.ts';
import { isHalfCopied } from './store/copy-database.ts';
import { openStore } from './store/database.ts';
import type { Access } from './store/database.ts';
import { takeLock } from './store/lock.ts';
import { markSecret } from './store/secret-mark.ts';
import { StoreUnusable } from './store/unusable.ts';
import { followServer } from './store/server-clock.ts';
import type { ServerClock } from './store/server-clock.ts';
import type { Holder } from './store/lock.ts';

/** Everything a door needs: the daemon, the command line, the scripts. */
export interface Suivi {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly accounts: readonly Account[];
  /** What is worth a word in the settings and stops nothing. */
  readonly notices: readonly Fault[];
  readonly tables: ConfigTables;
  readonly scopes: readonly Scope[];
  readonly context: Context;
  readonly clock: Clock;
  /** Looks again what time it is at the server, where there is one. */
  readonly askServer: () => Promise<void>;
  readonly random: Random;
  readonly log: Log;
  /** Of the customer's page of an order. */
  readonly links: CustomerLinks;
  /** The moment before which the audit may be forgotten. */
  readonly retainedFrom: (now: Instant) => Instant;
  /** False once another process could come to work with the same database: the file of the lock was taken away. */
  readonly holdsLock: () => boolean;
  close(): Promise<void>;
}

export interface Start {
  readonly variables: Variables;
  /** What relative paths start from. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  /** `serve`: the one daemon, which may upgrade the schema. `beside`: a command beside it. `upgrade`: the schema alone. `look`: beside it, on the schema of an older version too; nothing is written. */
  readonly as: 'serve' | 'beside' | 'upgrade' | 'look';
  /** A fault of accounts.json is a notice, and there are no accounts: for commands that need none. */
  readonly withoutAccounts?: boolean;
  /** Where the log goes; a command keeps it out of what it prints. */
  readonly write?: (line: string) => void;
}

/** Why it did not open. */
export type NotOpened = { readonly faults: readonly Fault[]; readonly notices?: readonly Fault[] } | { readonly running: Holder | null };

/**
 * Reads settings and tables, connects the accounts, opens the store. Makes no call and starts nothing.
 * @throws StoreUnusable where the database cannot be used as it is
 */
export async function openSuivi(start: Start): Promise<Suivi | NotOpened> {
  const { random } = start;
  const opened = openSettings(start.variables, { directory: start.directory, marketplaces: marketplaceFields, secret: isBeside(start) ? 'read' : 'make', withoutAccounts: start.withoutAccounts ?? false, random: (length) => random.bytes(length) });
  if ('faults' in opened) return opened;
  const { settings, secrets, accounts } = opened;
  const notices = [...opened.notices, ...unlistedSites(accounts, join(settings.configDir, 'accounts.json'))];
  const loaded = loadTables(settings.configDir, marketplaceNames);
  if ('faults' in loaded) return { faults: loaded.faults };
  const { tables } = loaded;
  const { database } = settings;
  // On a server, once it has been asked, everybody goes by its clock.
  let following: ServerClock | null = null;
  const clock: Clock = { ...start.clock, now: () => (following ?? start.clock).now() };
  const log = createLog({ level: settings.logLevel, clock, secrets: secrets.values, ...(start.write === undefined ? {} : { write: start.write }) });
  for (const notice of notices) log.warn('a setting is worth a word', { setting: notice.name, found: notice.found, expected: notice.expected });
  const lock = isBeside(start) || database.kind === 'postgres' ? null : takeLock(database.file, process.pid, clock.now());
  if (lock !== null && 'holder' in lock) return { running: lock.holder };
  try {
    const store = await openStore(database.kind === 'postgres' ? (secrets.databaseUrl ?? '') : database.file, accesses[start.as]);
    if (await isHalfCopied(store.db)) {
      await store.close();
      throw new StoreUnusable({ code: 'server-half-copied', file: store.place, what: '' });
    }
    if (!isBeside(start)) await markSecret(store.db, secrets.keys.audit);
    if (store.kind === 'postgres') following = await followServer(store.db, start.clock);
    const scopes = connectAccounts(accounts, clock);
    const context: Context = {
      store,
      audit: { keyring: secrets.keys.audit, random },
      clock,
      tables,
      profiles: new Map(scopes.flatMap((scope) => scope.accounts.map(({ profile }) => [profile.account, profile]))),
      timeZone: settings.timeZone,
    };
    return {
      settings,
      secrets,
      accounts,
      notices,
      tables,
      scopes,
      context,
      clock,
      askServer: async () => following?.ask(),
      random,
      log,
      links: customerLinks(settings.publicUrl, secrets.keys.links),
      retainedFrom: (now) => retainedFrom(settings, now),
      holdsLock: () => lock === null || lock.lock.intact(),
      close: async () => {
        await store.close();
        lock?.lock.release();
      },
    };
  } catch (error) {
    lock?.lock.release();
    throw error;
  }
}

const accesses = { serve: 'upgrade', upgrade: 'upgrade', beside: 'use', look: 'look' } as const satisfies Record<Start['as'], Access>;

/** A command that takes no lock, and makes no secret. */
function isBeside({ as }: Start): boolean {
  return as === 'beside' || as === 'look';
}

/** Years, months and days count as the calendar does. */
function retainedFrom({ retention }: Settings, now: Instant): Instant {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(now)).toZonedDateTimeISO('UTC').subtract(retention).epochMilliseconds;
}
