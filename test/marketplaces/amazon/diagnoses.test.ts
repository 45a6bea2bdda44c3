import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buttons } from '../../../src/syncing/diagnosis.ts';
import type { Diagnosis } from '../../../src/syncing/diagnosis.ts';
import { causes, findings } from '../../../src/marketplaces/amazon/causes.ts';

const read = (language: string): Record<string, Diagnosis> => JSON.parse(readFileSync(new URL(`../../../config/diagnoses/${language}/amazon.json`, import.meta.url), 'utf8')) as Record<string, Diagnosis>;

describe.each(['fr', 'en'])('the diagnoses in %s', (language) => {
  const diagnoses = read(language);

  it('explain every cause and every finding, and nothing else', () => {
    expect(Object.keys(diagnoses).sort()).toEqual([...causes, ...findings].sort());
  });

  it.each(Object.entries(diagnoses))('%s in two sentences at most, with a button that exists', (_key, { what, remedy, button, ...rest }) => {
    for (const text of [what, remedy]) {
      expect(text).toMatch(/^\p{Lu}.*[.]$/u);
      expect(text.split(/[.!?](?:\s|$)/).filter((sentence) => sentence !== '').length).toBeLessThanOrEqual(2);
    }
    expect(button === null || buttons.includes(button)).toBe(true);
    expect(rest).toEqual({});
  });
});

describe('both languages', () => {
  it('have the same keys in the same order, and the same buttons', () => {
    const [fr, en] = [read('fr'), read('en')];
    expect(Object.keys(fr)).toEqual(Object.keys(en));
    expect(Object.values(fr).map(({ button }) => button)).toEqual(Object.values(en).map(({ button }) => button));
  });
});

describe('the code', () => {
  const folder = new URL('../../../src/marketplaces/amazon/', import.meta.url);
  it('names no cause that is not listed, and lists none that it never names', () => {
    const used = new Set<string>();
    for (const file of readdirSync(folder).filter((name) => name !== 'causes.ts')) {
      for (const [key] of readFileSync(new URL(file, folder), 'utf8').matchAll(/(?<=')amazon\/[a-z-]+(?=')/g)) used.add(key);
    }
    expect([...used].sort()).toEqual([...causes, ...findings].sort());
  });
});
