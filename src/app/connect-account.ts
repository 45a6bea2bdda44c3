import { join } from 'node:path';
import type { Connecting } from '../console/ports.ts';
import { marketplaces } from '../marketplaces/registry.ts';
import { accountsOf } from '../settings/accounts.ts';
import type { Variables } from '../settings/environment.ts';
import { readJsonFile } from '../settings/json-file.ts';
import { marketplaceFields } from './connections.ts';

/** Stands in for a value that is not set yet: what else is wrong is found all the same. */
const placeholder = 'to-be-set';

/**
 * Looks at an account that somebody is about to write into accounts.json, as the start would. Writes nothing.
 * @param variables the environment that this process was started with
 */
export function connectingTo(configDir: string, variables: Variables): Connecting {
  const path = join(configDir, 'accounts.json');
  return {
    path,
    marketplaces: new Map(marketplaces.map(({ name, sites }) => [name, sites])),
    uploadFiles: new Map(marketplaces.map(({ name, uploadFile }) => [name, uploadFile])),
    examine(account) {
      const file = readJsonFile(path);
      const written = 'json' in file && isRecord(file.json) && Array.isArray(file.json['accounts']) ? (file.json['accounts'] as readonly unknown[]) : [];
      const whole = { ...('json' in file && isRecord(file.json) ? file.json : {}), accounts: [...written, account] };
      const named = Object.values(account).flatMap((value) => (isRecord(value) && typeof value['env'] === 'string' ? [value['env']] : []));
      const unset = named.filter((name) => !Object.hasOwn(variables, name) || (variables[name]?.trim() ?? '') === '');
      // Of the accounts that are there already nothing is said: the start has looked at them.
      const origin = 'accounts.json';
      const read = accountsOf(whole, origin, { ...variables, ...Object.fromEntries(unset.map((name) => [name, placeholder])) }, marketplaceFields);
      const place = `${origin}: account ${written.length + 1}`;
      const own = [`${origin}: ${String(account['id'])}`, place];
      const faults = 'faults' in read ? read.faults.filter(({ name }) => own.some((one) => name === one || name.startsWith(`${one}: `))) : [];
      return {
        faults: faults.map(({ name, found, expected }) => ({ field: name.split(': ').slice(2).join('.').split('.')[0] ?? '', found, expected })),
        variables: named.map((name) => ({ name, isSet: !unset.includes(name) })),
        block: JSON.stringify(account, null, 2),
        whole: `${JSON.stringify(whole, null, 2)}\n`,
        others: written.length,
      };
    },
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
