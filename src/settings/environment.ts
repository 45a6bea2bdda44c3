import { z } from 'zod';
import { shown } from './fault.ts';
import type { Fault } from './fault.ts';
import { nearest, nearestWord } from './nearest.ts';
import { alertUrl, databaseAddress, directory, listen, logLevel, publicUrl, retention, secret, secrets, timeZone, withoutPassword } from './values.ts';

/** The environment as a process is started with it. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Every variable that Suivi reads, with its default. contract.md and .env.example list the same. */
const schema = z.object({
  SUIVI_DATABASE_URL: databaseAddress.prefault('file:var/suivi.db'),
  SUIVI_CONFIG_DIR: directory.optional(),
  SUIVI_LISTEN: listen.prefault('127.0.0.1:8480'),
  SUIVI_PUBLIC_URL: publicUrl.optional(),
  SUIVI_TIME_ZONE: timeZone.prefault('Europe/Paris'),
  SUIVI_SECRET: secret.optional(),
  SUIVI_SECRET_PREVIOUS: secrets.prefault(''),
  SUIVI_ALERT_URL: alertUrl.optional(),
  SUIVI_RETENTION: retention.prefault('3y'),
  SUIVI_LOG_LEVEL: logLevel.prefault('info'),
});

/** What the environment says, by the variables' own names. It still holds secrets. */
export type Environment = z.infer<typeof schema>;

export type VariableName = keyof Environment;

export const variableNames = Object.keys(schema.shape) as readonly VariableName[];

const examples: Readonly<Record<VariableName, string>> = {
  SUIVI_DATABASE_URL: 'file:var/suivi.db',
  SUIVI_CONFIG_DIR: 'config',
  SUIVI_LISTEN: '127.0.0.1:8480',
  SUIVI_PUBLIC_URL: 'https://suivi.example.com',
  SUIVI_TIME_ZONE: 'Europe/Paris',
  SUIVI_SECRET: '(what `openssl rand -hex 32` prints)',
  SUIVI_SECRET_PREVIOUS: '(what SUIVI_SECRET was before)',
  SUIVI_ALERT_URL: 'https://alerts.example.com/suivi',
  SUIVI_RETENTION: '3y',
  SUIVI_LOG_LEVEL: 'info',
};

/** What could be read is there also beside faults, so that what follows from it can be checked in the same go. */
export type ReadEnvironment =
  | { readonly environment: Environment; readonly notices: readonly Fault[] }
  | { readonly faults: readonly Fault[]; readonly readable: Partial<Environment>; readonly notices: readonly Fault[] };

/**
 * Reads the variables. All faults come together. An empty variable counts as not set, and blanks around a value are no
 * part of it. `notices` do not stop a start: names that begin with SUIVI_ and mean nothing here.
 */
export function readEnvironment(variables: Variables): ReadEnvironment {
  const faults: Fault[] = [];
  const readable: Record<string, unknown> = {};
  for (const name of variableNames) {
    const text = variables[name]?.trim();
    const given = text === '' ? undefined : text;
    const read = schema.shape[name].safeParse(given);
    if (given !== undefined && isQuoted(given)) faults.push(faultOf(name, 'a value with quotation marks around it', 'the same without quotation marks'));
    else if (read.success) readable[name] = read.data;
    else faults.push(faultOf(name, foundIn(name, given ?? ''), read.error.issues[0]?.message ?? ''));
  }
  const { misspelt, unknown } = strangers(variables);
  faults.push(...misspelt);
  return faults.length === 0 ? { environment: readable as unknown as Environment, notices: unknown } : { faults, readable, notices: unknown };
}

/** The fault of a variable, with its example. */
export function faultOf(name: VariableName, found: string, expected: string): Fault {
  return { name, found, expected, example: `${name}=${examples[name]}` };
}

/** What may be shown of a variable's value. */
function foundIn(name: VariableName, text: string): string {
  switch (name) {
    case 'SUIVI_SECRET':
    case 'SUIVI_SECRET_PREVIOUS':
      return `a value of ${text.length} characters (not shown)${/\s/.test(text) ? ', with blanks in it' : ''}`;
    case 'SUIVI_ALERT_URL':
      return addressIn(text, (url) => url.origin);
    case 'SUIVI_DATABASE_URL':
    case 'SUIVI_PUBLIC_URL':
      return addressIn(text, withoutPassword);
    case 'SUIVI_CONFIG_DIR':
    case 'SUIVI_LISTEN':
    case 'SUIVI_TIME_ZONE':
    case 'SUIVI_RETENTION':
    case 'SUIVI_LOG_LEVEL':
      return shown(text);
  }
}

/** Part of an address that may hold a password. Where it cannot be taken apart, nothing behind its beginning is shown. */
function addressIn(text: string, part: (url: URL) => string): string {
  const url = URL.parse(text);
  if (url !== null && url.host !== '' && !/@/.test(url.pathname + url.search + url.hash)) return shown(part(url));
  const scheme = /^[a-z][a-z0-9+.-]{0,11}:/i.exec(text)?.[0];
  if (!/[@?]|\/\//.test(text)) return shown(text);
  return scheme === undefined ? `a value of ${text.length} characters (not shown)` : `${shown(scheme)} and ${text.length - scheme.length} more characters (not shown)`;
}

/** Files for `docker run --env-file` keep the quotation marks that .env and systemd take off. */
function isQuoted(text: string): boolean {
  return /^["']|["']$/.test(text);
}

/** What Kubernetes puts into the environment of every container beside a service named suivi. */
const injected = /^SUIVI_(?:\w+_)?(?:SERVICE_(?:HOST|PORT\w*)|PORT(?:_\d+_(?:TCP|UDP|SCTP)\w*)?)$/;

/**
 * Variables that nobody reads. One that is a slip away from a known name stops the start, because the setting that was
 * meant does not apply; another may be somebody else's, and is pointed out.
 */
function strangers(variables: Variables): { readonly misspelt: readonly Fault[]; readonly unknown: readonly Fault[] } {
  const misspelt: Fault[] = [];
  const unknown: Fault[] = [];
  for (const name of Object.keys(variables)) {
    if (!/^SUIVI_/i.test(name) || (variableNames as readonly string[]).includes(name) || injected.test(name) || ofTests.has(name)) continue;
    if ((variables[name] ?? '').trim() === '') continue;
    const near = nearest(name, variableNames, 2);
    const meant = near !== null && variables[near] === undefined ? near : null;
    const fault = { name, found: 'a variable of a name that Suivi does not know', expected: meant === null ? `none of this name${nearestWord(name, variableNames)}` : meant, example: null };
    (meant === null ? unknown : misspelt).push(fault);
  }
  return { misspelt, unknown };
}

/** Read by the tests, not by Suivi. */
const ofTests: ReadonlySet<string> = new Set(['SUIVI_MODELS']);
