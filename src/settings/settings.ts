import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readAccounts } from './accounts.ts';
import type { Account, Marketplaces } from './accounts.ts';
import { addressesOf } from './database-address.ts';
import { faultOf, readEnvironment } from './environment.ts';
import type { Environment, Variables } from './environment.ts';
import { shown } from './fault.ts';
import type { Fault } from './fault.ts';
import { openSecret } from './open-secret.ts';
import { deriveKeys } from './secrets.ts';
import type { Secrets } from './secrets.ts';
import { inBrackets } from './values.ts';
import type { Listen, LogLevel, Retention } from './values.ts';

/** How this installation runs. Nothing in it is secret: it may be shown and logged. Paths are absolute. */
export interface Settings {
  readonly database: { readonly kind: 'sqlite'; readonly file: string } | { readonly kind: 'postgres'; readonly shown: string };
  readonly configDir: string;
  readonly listen: Listen;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  readonly timeZone: string;
  readonly retention: Retention;
  readonly logLevel: LogLevel;
}

/** Everything that a start needs to know. */
export interface Opened {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly accounts: readonly Account[];
  /** What is worth a word and does not stop the start. */
  readonly notices: readonly Fault[];
}

export interface Opening {
  /** What relative paths start from: the working directory. */
  readonly directory: string;
  readonly marketplaces: Marketplaces;
  /** `make`: a first start makes its secret. `read`: it must be there (a command beside the daemon may run as another user). */
  readonly secret: 'make' | 'read';
  /** Faults of the accounts are notices, and there are no accounts. */
  readonly withoutAccounts?: boolean;
  /** From a cryptographic generator. */
  readonly random: (length: number) => Uint8Array;
}

/**
 * Reads environment, accounts and secret, and makes the secret at a first start. All faults come together; while there
 * are any, nothing is made.
 * To be called before a database is opened: one that is there without its secret is taken for one whose secret was lost.
 */
export function openSettings(variables: Variables, opening: Opening): Opened | { readonly faults: readonly Fault[]; readonly notices: readonly Fault[] } {
  const read = readEnvironment(variables);
  const readable: Partial<Environment> = 'environment' in read ? read.environment : read.readable;
  const configDir = resolve(opening.directory, readable.SUIVI_CONFIG_DIR ?? 'config');
  const asked = readAccounts(configDir, variables, opening.marketplaces);
  const forgiven = opening.withoutAccounts === true && 'faults' in asked ? asked.faults : [];
  const accounts = forgiven.length > 0 ? { accounts: [], secrets: [] } : asked;
  const faults = [...('faults' in read ? read.faults : []), ...folderFaults(readable.SUIVI_CONFIG_DIR, configDir), ...('faults' in accounts ? accounts.faults : [])];
  const secret = secretOf(readable, opening, opening.secret === 'make' && faults.length === 0);
  if (secret !== null && 'fault' in secret) faults.push(secret.fault);
  if (!('environment' in read) || !('accounts' in accounts) || secret === null || !('secret' in secret) || faults.length > 0) {
    return { faults: secret !== null && 'absent' in secret && faults.length === 0 ? [notMade] : faults, notices: read.notices };
  }
  const { environment } = read;
  return {
    settings: settingsOf(environment, opening.directory, configDir),
    accounts: accounts.accounts,
    secrets: secretsOf(environment, secret.secret, accounts.secrets),
    notices: [...forgiven, ...read.notices, ...secret.notices, ...unreachable(environment), ...openFile(join(opening.directory, '.env'))],
  };
}

/** The settings that the environment makes. */
function settingsOf(environment: Environment, directory: string, configDir: string): Settings {
  const database = environment.SUIVI_DATABASE_URL;
  const { host, port } = environment.SUIVI_LISTEN;
  return {
    database: database.kind === 'sqlite' ? { kind: 'sqlite', file: resolve(directory, database.file) } : { kind: 'postgres', shown: database.shown },
    configDir,
    listen: environment.SUIVI_LISTEN,
    publicUrl: environment.SUIVI_PUBLIC_URL ?? `http://${inBrackets(host)}:${port}`,
    timeZone: environment.SUIVI_TIME_ZONE,
    retention: environment.SUIVI_RETENTION,
    logLevel: environment.SUIVI_LOG_LEVEL,
  };
}

function secretsOf(environment: Environment, secret: string, ofAccounts: readonly string[]): Secrets {
  const database = environment.SUIVI_DATABASE_URL;
  const password = database.kind === 'postgres' ? (URL.parse(addressesOf(database.url)[0] ?? '')?.password ?? '') : '';
  const alertUrl = environment.SUIVI_ALERT_URL ?? null;
  const values = [secret, ...environment.SUIVI_SECRET_PREVIOUS, password, decoded(password), alertUrl ?? '', ...ofAccounts];
  return {
    keys: deriveKeys(secret, environment.SUIVI_SECRET_PREVIOUS),
    databaseUrl: database.kind === 'postgres' ? database.url : null,
    alertUrl,
    values: [...new Set(values)].filter((value) => value !== ''),
  };
}

/** Percent-encoded bytes that are no UTF-8 stay as they are. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function secretOf(readable: Partial<Environment>, opening: Opening, make: boolean): ReturnType<typeof openSecret> | null {
  const { SUIVI_DATABASE_URL: database, SUIVI_SECRET_PREVIOUS: previous } = readable;
  // What cannot be read has its fault already, and a secret is not to be made beside it.
  if (database === undefined || previous === undefined || !('SUIVI_SECRET' in readable)) return null;
  const file = database.kind === 'sqlite' ? resolve(opening.directory, database.file) : null;
  return openSecret({ SUIVI_SECRET: readable.SUIVI_SECRET, SUIVI_SECRET_PREVIOUS: previous }, { database: file, make, random: opening.random });
}

/** Nothing is there yet: the one fault of a command that comes before the first start. */
export const notMade: Fault = { name: 'SUIVI_SECRET', found: 'nothing, and no file with a secret beside the database', expected: 'the secret that the first start makes: start Suivi once, as the user who will run it', example: 'npm start' };

/** A folder that was named and is not there is a slip: its accounts would silently not exist. */
function folderFaults(named: string | undefined, configDir: string): readonly Fault[] {
  if (named === undefined || isFolder(configDir)) return [];
  return [faultOf('SUIVI_CONFIG_DIR', `${shown(named)}, which is no folder`, 'the path of a folder that is there')];
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Secrets stand in it. A group of its own may read it; everybody may not. */
function openFile(path: string): readonly Fault[] {
  const mode = modeOf(path);
  if (process.platform === 'win32' || (mode & 0o006) === 0) return [];
  return [{ name: path, found: `a file of mode ${(mode & 0o777).toString(8).padStart(4, '0')}, which everybody on this machine may read or change`, expected: 'a file for its owner alone: secrets stand in it', example: `chmod 600 ${path}` }];
}

function modeOf(path: string): number {
  try {
    return statSync(path).mode;
  } catch {
    return 0;
  }
}

function unreachable(environment: Environment): readonly Fault[] {
  const { host } = environment.SUIVI_LISTEN;
  if (environment.SUIVI_PUBLIC_URL !== undefined || (host !== '0.0.0.0' && host !== '::')) return [];
  return [faultOf('SUIVI_PUBLIC_URL', `nothing, while SUIVI_LISTEN is ${host}, which leads nowhere in a link`, 'the address under which customers reach this machine')];
}
