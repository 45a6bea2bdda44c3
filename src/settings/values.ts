import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { addressesOf } from './database-address.ts';

/** Each of these reads the text of one setting; what it cannot read it answers with what is expected there. */

export type DatabaseAddress =
  | { readonly kind: 'sqlite'; readonly file: string }
  /** `url` holds the password; `shown` is the same without it. */
  | { readonly kind: 'postgres'; readonly url: string; readonly shown: string };

export const databaseAddress = value(
  'file:PATH for SQLite, or postgres://user:password@host:port/database (several hosts: host:port,host:port), its special characters percent-encoded (@ is %40, # is %23, / is %2F)',
  (text): DatabaseAddress | null => (/^file:/i.test(text) ? sqliteAddress(text) : postgresAddress(text)),
);

function sqliteAddress(text: string): DatabaseAddress | null {
  const path = text.slice('file:'.length);
  const file = path.startsWith('//') ? localPath(text) : path;
  // `:memory:` would lose the queue with the process; a query would become part of the name.
  return file === null || file === '' || file.startsWith(':') || /[?\0]|[/\\]$/.test(file) ? null : { kind: 'sqlite', file };
}

function localPath(text: string): string | null {
  try {
    return fileURLToPath(text);
  } catch {
    return null;
  }
}

function postgresAddress(text: string): DatabaseAddress | null {
  const each = addressesOf(text).map(oneAddress);
  const [first] = each;
  if (first == null || each.includes(null)) return null;
  const hosts = each.map((url) => url?.host ?? '').join(',');
  return { kind: 'postgres', url: text, shown: each.length === 1 ? withoutPassword(first) : withoutPassword(first).replace(first.host, hosts) };
}

function oneAddress(text: string): URL | null {
  const url = URL.parse(text);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) return null;
  // One name and no more: a / in a password that is not encoded would end up here, with the rest of the password.
  if (!/^\/[^/@]+$/.test(url.pathname) || /@/.test(url.search + url.hash)) return null;
  if (!isEncoded(url.username) || !isEncoded(url.password)) return null;
  // Without a host it is a socket, which the query names.
  return url.hostname === '' && !url.searchParams.has('host') ? null : url;
}

/** A % that encodes nothing is one that should have been written %25. */
function isEncoded(part: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(part);
}

/** An address as it may be shown. What a database's address says in its query may be a password too. */
export function withoutPassword(url: URL): string {
  const copy = new URL(url);
  copy.password = '';
  copy.search = '';
  copy.hash = '';
  return copy.href;
}

export interface Listen {
  /** A name or an address, IPv6 without its brackets. */
  readonly host: string;
  readonly port: number;
}

export const listen = value('an address and a port (0 to 65535); IPv6 in brackets', (text): Listen | null => {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):(\d{1,5})$/i.exec(text);
  if (parts === null) return null;
  const host = parts[1] ?? parts[2] ?? '';
  const port = Number(parts[3]);
  return port <= 65_535 && URL.canParse(`http://${inBrackets(host)}`) ? { host, port } : null;
});

/** A host as it stands in a URL. */
export function inBrackets(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** http(s) address without user, query and fragment; it comes without the slash at its end. */
export const publicUrl = value('a web address, http:// or https://, without user, query and fragment', (text): string | null => {
  const url = webAddress(text);
  return url === null || url.search !== '' || url.hash !== '' ? null : url.href.replace(/\/+$/, '');
});

export const alertUrl = value('a web address, http:// or https://, without user and password', (text): string | null => webAddress(text)?.href ?? null);

function webAddress(text: string): URL | null {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url : null;
}

/** By name: an offset such as +01:00 knows nothing of summer time. */
export const timeZone = value('the name of a time zone, with its continent and city, or UTC', (text): string | null => {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(text)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
});

/** A length on the calendar, as Temporal takes it. */
export type Retention = { readonly years: number } | { readonly months: number } | { readonly days: number };

export const retention = value('a number with y (years), m (months) or d (days), between 30d and 100y', (text): Retention | null => {
  const parts = /^(\d{1,5})\s*([ymd])$/i.exec(text);
  if (parts === null) return null;
  const amount = Number(parts[1]);
  const unit = (parts[2] ?? '').toLowerCase();
  const days = amount * (unit === 'y' ? 365 : unit === 'm' ? 30 : 1);
  if (days < 30 || days > 36_500) return null;
  return unit === 'y' ? { years: amount } : unit === 'm' ? { months: amount } : { days: amount };
});

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof logLevels)[number];

export const logLevel = value(`one of ${logLevels.join(', ')}`, (text): LogLevel | null => logLevels.find((level) => level === text.toLowerCase()) ?? null);

export const directory = value('the path of a folder', (text): string | null => (text.includes('\0') ? null : text));

/** Hexadecimal digits of a random secret of this length show about 14 different ones. */
const fewestDifferent = 8;

export const secret = value('at least 32 random characters without blanks', (text): string | null => (isSecret(text) ? text : null));

/** Those that were replaced, the latest first. */
export const secrets = value('the secrets used before, each of at least 32 characters, separated by blanks', (text): readonly string[] | null => {
  const several = text.split(/\s+/).filter((one) => one !== '');
  return several.every(isSecret) ? several : null;
});

/** Long enough, and not one key held down. */
export function isSecret(text: string): boolean {
  return text.length >= 32 && !/\s/.test(text) && new Set(text).size >= fewestDifferent;
}

/** ISO 8601 with its zone, read as milliseconds since 1970. */
export const instant = value('an ISO 8601 moment with its zone', (text): number | null => {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return null;
  }
});

/** Where an account's calls go instead. Paths stay those of the marketplace, so that the address has none of its own. */
export const endpoint = value('https://host:port without a path, or http:// for this machine alone (127.0.0.1, [::1], localhost)', (text): string | null => {
  const url = webAddress(text);
  if (url === null || url.pathname !== '/' || url.search !== '' || url.hash !== '') return null;
  return url.protocol === 'https:' || isLoopback(url.hostname) ? url.origin : null;
});

/** The URL parser has already written every spelling of an IPv4 address in the usual way. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** A schema over one reader; `null` from it is a fault, and `expected` says what should stand there. */
function value<T>(expected: string, read: (text: string) => T | null): z.ZodType<T, string> {
  return z.string({ error: expected }).transform((text, context) => {
    const result = read(text);
    if (result !== null) return result;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}
