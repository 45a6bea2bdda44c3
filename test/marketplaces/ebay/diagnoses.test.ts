import { describe, expect, it } from 'vitest';
import { causes, findingKeys, plannedCauses } from '../../../src/marketplaces/ebay/causes.ts';
import { buttons } from '../../../src/syncing/diagnosis.ts';
import { diagnosesOf } from './room.ts';

const needed = [...new Set<string>([...causes, ...findingKeys, ...plannedCauses])].sort();

describe.each(['fr', 'en'] as const)('in %s', (language) => {
  const diagnoses = diagnosesOf(language);

  it('every cause and finding has its words, and nothing else has', () => {
    expect(Object.keys(diagnoses).sort()).toEqual(needed);
  });

  it.each(Object.entries(diagnoses))('%s says in two sentences at most what happened and what to do', (_, { what, remedy, button, ...rest }) => {
    for (const words of [what, remedy]) {
      expect(words.trim()).toBe(words);
      expect(words).toMatch(/[.!?]$/);
      expect(words.split(/[.!?](?:\s|$)/).filter((sentence) => sentence !== '').length).toBeLessThanOrEqual(2);
    }
    expect(button === null || (buttons as readonly string[]).includes(button)).toBe(true);
    expect(rest).toEqual({});
  });
});

it('both languages offer the same button', () => {
  const [fr, en] = [diagnosesOf('fr'), diagnosesOf('en')];
  expect(needed.filter((cause) => fr[cause]?.button !== en[cause]?.button)).toEqual([]);
});
