import { expect, test } from 'vitest';
import { routes } from '../../src/console/routes.ts';
import { axeFaults, openRoom, overflows } from './room.ts';
import { screens } from './screens.ts';

const room = await openRoom();
const all = await screens(room);

test.each(all)('$name: axe finds nothing serious, in either language and theme, and nothing is wider than a phone', async ({ path, as }) => {
  for (const options of [{ language: 'fr', theme: 'light', width: 1440 }, { language: 'en', theme: 'dark', width: 390 }] as const) {
    const page = await room.open(path, as, options);
    expect(await page.locator('html').getAttribute('lang')).toBe(options.language);
    expect(await axeFaults(page)).toEqual([]);
    expect(await overflows(page)).toBe(false);
    await page.context().close();
  }
});

test('every page of the table is among them', () => {
  const shown = all.map(({ path }) => path.split('?')[0] ?? '');
  const missing = routes.filter(({ kind, path }) => (kind === 'page' || kind === 'client') && !shown.some((one) => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`).test(one)));
  expect(missing.map(({ path }) => path)).toEqual([]);
});
