import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fault } from './fault.ts';
import { readJsonFile } from './json-file.ts';

/** A table of config/ as it was found. What it means is checked by the room that uses it. */
export interface Table {
  readonly json: unknown;
  /** The file, for whatever is to be said about its content. */
  readonly from: string;
}

/** The tables that come with Suivi. */
export const shippedTables: string = fileURLToPath(new URL('../../config', import.meta.url));

/**
 * Reads one table: from the operator's folder where it is there, else as it comes with Suivi. One that is there and
 * cannot be read is a fault, and not a reason to use the other.
 * @param name without its ending, with its folder: `state-types`, `diagnoses/fr/amazon`
 */
export function readTable(configDir: string, name: string, shipped: string = shippedTables): Table | { readonly fault: Fault } {
  for (const folder of [configDir, shipped]) {
    const from = join(folder, `${name}.json`);
    const file = readJsonFile(from);
    if ('fault' in file) return file;
    if ('json' in file) return { json: file.json, from };
  }
  return { fault: { name: join(configDir, `${name}.json`), found: 'no such file, neither there nor among those that come with Suivi', expected: 'a JSON file', example: null } };
}

/** The names of the tables of one folder, for {@link readTable}: the operator's and those that come with Suivi. In alphabetical order. */
export function tableNames(configDir: string, folder: string, shipped: string = shippedTables): readonly string[] {
  const files = [configDir, shipped].flatMap((root) => filesOf(join(root, folder)));
  return [...new Set(files)].filter((file) => file.endsWith('.json')).map((file) => `${folder}/${file.slice(0, -'.json'.length)}`).toSorted();
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
