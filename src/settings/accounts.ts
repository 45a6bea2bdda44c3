import { join } from 'node:path';
import type { ZodType } from 'zod';
import { commonExamples, commonFields, commonNames, limitNames, patienceNames } from './account-fields.ts';
import type { CommonFields } from './account-fields.ts';
import { resolveSecrets } from './account-secrets.ts';
import type { Resolved } from './account-secrets.ts';
import type { Variables } from './environment.ts';
import { shown } from './fault.ts';
import type { Fault } from './fault.ts';
import { readJsonFile } from './json-file.ts';
import { nearestWord } from './nearest.ts';
import { fieldsOf } from './schema-fields.ts';

/** One account of accounts.json. Lengths of time are in milliseconds, `from` is milliseconds since 1970. */
export interface Account extends CommonFields {
  readonly marketplace: string;
  /** What the marketplace's own schema made of the account: its fields, secrets among them. Never to be logged. */
  readonly settings: MarketplaceAccount;
}

interface MarketplaceAccount {
  readonly id: string;
  readonly marketplace: string;
}

/** What this room must know of a marketplace; each one of the registry is such a thing. */
export interface MarketplaceFields {
  readonly settings: ZodType<MarketplaceAccount>;
  /** API calls that an account's `limits` may name. */
  readonly limits: Readonly<Record<string, unknown>>;
}

export type Marketplaces = Readonly<Record<string, MarketplaceFields>>;

/** `secrets` are the values that the accounts took from the environment. */
export type ReadAccounts = { readonly accounts: readonly Account[]; readonly secrets: readonly string[] } | { readonly faults: readonly Fault[] };

/** Reads `accounts.json` of the folder; without the file there are no accounts. All faults come together. */
export function readAccounts(configDir: string, variables: Variables, marketplaces: Marketplaces): ReadAccounts {
  const path = join(configDir, 'accounts.json');
  const file = readJsonFile(path);
  if ('absent' in file) return { accounts: [], secrets: [] };
  if ('fault' in file) return { faults: [file.fault] };
  return accountsOf(file.json, path, variables, marketplaces);
}

/**
 * The accounts of what accounts.json holds.
 * @param origin where it comes from, for the faults
 */
export function accountsOf(json: unknown, origin: string, variables: Variables, marketplaces: Marketplaces): ReadAccounts {
  const example = '{"accounts": [{"id": "amazon-fr", "marketplace": "amazon", …}]}';
  if (!isRecord(json)) return { faults: [{ name: origin, found: shown(json), expected: 'an object with a list of accounts', example }] };
  const faults: Fault[] = strangers(json, ['accounts']).map(({ name, word }) => ({ name: `${origin}: ${name}`, found: 'a field that Suivi does not know', expected: `"accounts" alone${word}`, example }));
  const list = json['accounts'];
  if (!Array.isArray(list)) return { faults: [...faults, { name: `${origin}: accounts`, found: shown(list), expected: 'a list of accounts', example }] };
  const read = list.map((given: unknown, index) => accountOf(given, index, origin, variables, marketplaces));
  faults.push(...read.flatMap((one) => one.faults));
  const accounts = read.flatMap(({ account }) => (account === null ? [] : [account]));
  faults.push(...sameIds(list, origin), ...sameAccounts(accounts, origin));
  return faults.length > 0 ? { faults } : { accounts, secrets: [...new Set(read.flatMap((one) => one.secrets))] };
}

interface ReadAccount {
  readonly account: Account | null;
  readonly faults: readonly Fault[];
  readonly secrets: readonly string[];
}

function accountOf(given: unknown, index: number, origin: string, variables: Variables, marketplaces: Marketplaces): ReadAccount {
  const where = `${origin}: ${nameOf(given, index)}`;
  if (!isRecord(given)) return { account: null, faults: [{ name: where, found: shown(given), expected: 'an account: an object {…}', example: null }], secrets: [] };
  const resolved = resolveSecrets(given, variables);
  const faults: Fault[] = resolved.faults.map(({ path, ...rest }) => ({ name: `${where}: ${path.join('.')}`, ...rest }));
  const common = commonFields.safeParse(resolved.fields);
  const marketplace = marketplaceOf(given['marketplace'], marketplaces, where);
  if (!common.success) faults.push(...issues(common.error.issues.filter(({ path }) => !isOfStranger(path, marketplace)), given, resolved, where));
  if ('fault' in marketplace) {
    return { account: null, faults: [...faults, marketplace.fault], secrets: [] };
  }
  const own = marketplace.fields.settings.safeParse(Object.fromEntries(Object.entries(resolved.fields).filter(([name]) => isOwn(name))));
  if (!own.success) faults.push(...issues(own.error.issues.filter((issue) => issue.path[0] !== 'id' && issue.path[0] !== 'marketplace'), given, resolved, where));
  faults.push(...unknownFields(given, marketplace.name, marketplace.fields, where));
  if (!common.success || !own.success || faults.length > 0) return { account: null, faults, secrets: [] };
  return { account: { ...common.data, marketplace: marketplace.name, settings: own.data }, faults, secrets: resolved.values };
}

/** Of a limit for a call that the marketplace does not have it is enough to say that. */
function isOfStranger([field, call]: readonly PropertyKey[], marketplace: ReturnType<typeof marketplaceOf>): boolean {
  return field === 'limits' && typeof call === 'string' && 'fields' in marketplace && !Object.hasOwn(marketplace.fields.limits, call);
}

/** The id where it can serve as a name, else the account's place in the list. */
function nameOf(given: unknown, index: number): string {
  const id = isRecord(given) ? given['id'] : undefined;
  return commonFields.shape.id.safeParse(id).success ? String(id) : `account ${index + 1}`;
}

/** The marketplace's schema sees its own fields, and those by which it knows the account. */
function isOwn(name: string): boolean {
  return name === 'id' || name === 'marketplace' || (!commonNames.includes(name) && !name.startsWith('$'));
}

function marketplaceOf(name: unknown, marketplaces: Marketplaces, where: string): { readonly name: string; readonly fields: MarketplaceFields } | { readonly fault: Fault } {
  const fields = typeof name === 'string' && Object.hasOwn(marketplaces, name) ? marketplaces[name] : undefined;
  if (typeof name === 'string' && fields !== undefined) return { name, fields };
  const known = Object.keys(marketplaces);
  const near = typeof name === 'string' ? nearestWord(name, known) : '';
  return { fault: { name: `${where}: marketplace`, found: shown(name), expected: `one of ${known.map((one) => `"${one}"`).join(', ')}${near}`, example: commonExamples['marketplace'] ?? null } };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A schema's issues as faults; what was already said of a secret is not said again. */
function issues(list: readonly Issue[], given: Readonly<Record<string, unknown>>, resolved: Resolved, where: string): readonly Fault[] {
  const said = new Set(resolved.faults.map((fault) => fault.path[0]));
  return list.flatMap(({ path, message }) => {
    const names = path.map(String);
    const [first] = names;
    if (first !== undefined && said.has(first)) return [];
    const field = names.join('.');
    const expected = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
    return [{ name: field === '' ? where : `${where}: ${field}`, found: foundAt(given, names), expected, example: first === undefined ? null : (commonExamples[first] ?? null) }];
  });
}

/** What the file itself says there: of a secret, the name of its variable. */
function foundAt(given: unknown, path: readonly string[]): string {
  let value = given;
  for (const name of path) {
    value = isRecord(value) || Array.isArray(value) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
    if (isRecord(value) && typeof value['env'] === 'string') return `the value of ${value['env']} (not shown)`;
  }
  return path.length === 0 ? 'an account' : shown(value);
}

/** Fields that nobody reads. A misspelt `mode` would send what should only be shown: each of them stops the start. */
function unknownFields(given: Readonly<Record<string, unknown>>, marketplace: string, fields: MarketplaceFields, where: string): readonly Fault[] {
  const own = fieldsOf(fields.settings);
  const limits = isRecord(given['limits']) ? given['limits'] : {};
  const found = [
    ...(own === null ? [] : strangers(given, [...commonNames, ...own])),
    ...inside('patience', given['patience'], patienceNames),
    ...inside('limits', limits, Object.keys(fields.limits)),
    ...Object.entries(limits).filter(([call]) => Object.hasOwn(fields.limits, call)).flatMap(([call, limit]) => inside(`limits.${call}`, limit, limitNames)),
  ];
  return found.map(({ name, word }) => ({ name: `${where}: ${name}`, found: 'a field that Suivi does not know', expected: `none of this name in an account of "${marketplace}"${word}`, example: null }));
}

function inside(path: string, value: unknown, known: readonly string[]): readonly Stranger[] {
  return isRecord(value) ? strangers(value, known).map(({ name, word }) => ({ name: `${path}.${name}`, word })) : [];
}

interface Stranger {
  readonly name: string;
  readonly word: string;
}

/** Names that begin with $ are for editors and for notes. */
function strangers(given: Readonly<Record<string, unknown>>, known: readonly string[]): readonly Stranger[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name) && !name.startsWith('$'))
    .map((name) => ({ name: name.slice(0, 60), word: nearestWord(name, known) }));
}

/** Two accounts of one id, also where only capitals tell them apart: people would take one for the other. */
function sameIds(list: readonly unknown[], origin: string): readonly Fault[] {
  const seen = new Map<string, string>();
  return list.flatMap((given, index) => {
    const id = isRecord(given) ? given['id'] : undefined;
    if (typeof id !== 'string' || nameOf(given, index) !== id) return [];
    const before = seen.get(id.toLowerCase());
    seen.set(id.toLowerCase(), id);
    return before === undefined ? [] : [{ name: `${origin}: account ${index + 1}: id`, found: `${shown(id)}, which is also the id of an account above`, expected: 'an id of its own for each account', example: null }];
  });
}

/** The same seller account under two ids would have each order twice. */
function sameAccounts(accounts: readonly Account[], origin: string): readonly Fault[] {
  const seen = new Map<string, string>();
  return accounts.flatMap(({ id, endpoint, settings }) => {
    const { id: _, ...rest } = settings;
    const key = JSON.stringify([endpoint, rest]);
    const before = seen.get(key);
    seen.set(key, id);
    return before === undefined || before === id ? [] : [{ name: `${origin}: ${id}`, found: `the same seller account as ${before}`, expected: 'each seller account once', example: null }];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
