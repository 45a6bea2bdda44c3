import { describe, expect, test } from 'vitest';
import { breaches, files } from './rules.ts';

const src = new URL('../../src', import.meta.url).pathname;
const broken = new URL('../fixtures/architecture/src', import.meta.url).pathname;

describe('the law of the house', () => {
  test('imports in src point one way only', () => {
    expect(files(src).length).toBeGreaterThan(50);
    expect(breaches(src)).toEqual([]);
  });
});

describe('a house that breaks the law is found out', () => {
  const found = breaches(broken).map(({ file, what }) => `${file}: ${what}`);

  test.each([
    ['a pure room that imports a package', 'orders/package.ts: imports zod: orders imports no package and no node: module'],
    ['a pure room that imports node', 'planning/node.ts: imports node:fs: planning imports no package and no node: module'],
    ['an arrow back up', 'orders/upwards.ts: imports planning/node.ts: orders stands below planning'],
    ['neighbours that know each other', 'store/neighbour.ts: imports marketplaces/amazon/parts.ts: store and marketplaces are neighbours'],
    ['marketplaces that know each other', 'marketplaces/ebay/sibling.ts: imports marketplaces/amazon/parts.ts: ebay and amazon do not know each other'],
    ['the command line at a marketplace', 'cli/direct.ts: imports marketplaces/amazon/parts.ts: cli gets it as a port from app'],
    ['SQL outside the store', 'marketplaces/amazon/parts.ts: imports kysely, which belongs to store'],
    ['a clock of its own', 'orders/time.ts: takes the time itself instead of asking a clock'],
    ['chance of its own', 'orders/time.ts: takes chance itself instead of asking for it'],
    ['the environment', 'store/neighbour.ts: reads the environment'],
    ['an import that leads nowhere', 'orders/upwards.ts: imports orders/nowhere.ts, which does not exist (imports name the whole file, with .ts)'],
    ['a type import over several lines', 'planning/node.ts: imports store/neighbour.ts: planning stands below store'],
  ])('%s', (_, breach) => {
    expect(found).toContain(breach);
  });
});
