import { expect, test } from 'vitest';
import { helps } from '../../src/console/help.ts';
import { menu } from '../../src/console/menu.ts';
import { routes } from '../../src/console/routes.ts';

test('every page says in a few sentences what it is for', () => {
  const without = routes.filter(({ kind, path }) => kind === 'page' && (helps[path] ?? []).length === 0).map(({ path }) => path);
  expect(without).toEqual([]);
});

test('a help belongs to an address of the table', () => {
  const known = new Set<string>(routes.map(({ path }) => path));
  expect(Object.keys(helps).filter((path) => !known.has(path))).toEqual([]);
});

test.each(['fr', 'en'] as const)('no two pages of the menu have one letter, in %s', (language) => {
  const letters = menu.map(({ letter }) => letter[language]);
  expect(new Set(letters).size).toBe(menu.length);
});
