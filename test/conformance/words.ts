import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { loadTables } from '../../src/app/tables.ts';
import { marketplaces } from '../../src/marketplaces/registry.ts';

const loaded = loadTables(join(fileURLToPath(new URL('../..', import.meta.url)), 'config'), marketplaces.map(({ name }) => name));
if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));

/** The tables that come with Suivi. */
export const { tables } = loaded;

/** A cause, or what a check of an account found, has its words in both languages. */
export function expectWords(key: string): void {
  expect(tables.diagnoses.fr[key]?.what ?? '', `${key} in French`).not.toBe('');
  expect(tables.diagnoses.en[key]?.what ?? '', `${key} in English`).not.toBe('');
}
