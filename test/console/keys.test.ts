import { beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { openRoom } from './room.ts';
import type { Room } from './room.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});

const focused = (page: Page): Promise<string> => page.evaluate<string>('document.activeElement.getAttribute("href") ?? document.activeElement.tagName');
const hrefs = (page: Page): Promise<readonly string[]> => page.evaluate('[...document.querySelectorAll("main .rows tbody tr")].map((row) => row.querySelector("a[href]").getAttribute("href"))');

describe('keys that are quicker than the mouse', () => {
  test('lead to a page by its letter in either language, down the rows, to the search and to the help', async () => {
    for (const [language, letter] of [['fr', 'c'], ['en', 'r']] as const) {
      const page = await room.open('/', 'packer', { language });
      await page.keyboard.press('g');
      await page.keyboard.press(letter);
      await page.waitForURL('**/orders');
      const rows = await hrefs(page);
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      expect(await focused(page)).toBe(rows[1]);
      await page.keyboard.press('k');
      expect(await focused(page)).toBe(rows[0]);
      await page.keyboard.press('x');
      expect(await page.locator('.pick input:checked:not([data-choose-all])').count()).toBe(1);
      await page.keyboard.press('?');
      expect(await page.locator('[data-help]').getAttribute('open')).not.toBeNull();
      expect(await page.locator('[data-help] kbd').first().isVisible()).toBe(true);
      await page.keyboard.press('/');
      expect(await focused(page)).toBe('INPUT');
      // Now somebody types: the same keys are letters.
      await page.keyboard.type('gjx?');
      expect(await page.locator('main input[type=search]').inputValue()).toBe('gjx?');
      await page.context().close();
    }
  });

  test('are nothing with a modifier, and nothing at all once they are turned off', async () => {
    const page = await room.open('/', 'packer');
    await page.keyboard.press('Alt+g');
    await page.keyboard.press('s');
    await page.keyboard.press('Control+j');
    expect([new URL(page.url()).pathname, await focused(page)]).toEqual(['/', 'BODY']);
    await page.goto('/profile');
    await page.locator('button[name=shortcuts][value=off]').click();
    await page.locator('button[name=shortcuts][value=off][aria-current]').waitFor();
    await page.goto('/orders');
    await page.keyboard.press('j');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    expect([new URL(page.url()).pathname, await focused(page)]).toEqual(['/orders', 'BODY']);
    await page.context().close();
  });
});

describe('a file that is dropped on the page', () => {
  test.each(['fr', 'en'] as const)('stands in the field and goes the same way as a chosen one, 1,200 rows of it; in %s', async (language) => {
    const open = await room.context.store.db.selectFrom('orders').select('reference').where('open_until', 'is not', null).where('cancellation', '=', 'none').orderBy('open_until', 'desc').limit(2).execute();
    const reference = open[language === 'fr' ? 0 : 1]?.reference ?? '';
    const rows = Array.from({ length: 1_200 }, (_, n) => (n === 700 ? `${reference};6A7777777${language === 'fr' ? '1' : '2'}001` : `INCONNUE-${n};6A${String(n).padStart(11, '0')}`));
    const page = await room.open('/orders/file', 'packer', { language });
    const text = JSON.stringify(`Commande;Suivi\n${rows.join('\n')}\n`);
    await page.evaluate(`(() => {
      const data = new DataTransfer();
      data.items.add(new File([${text}], 'colissimo.csv', { type: 'text/csv' }));
      for (const kind of ['dragover', 'drop']) document.querySelector('h1').dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
    })()`);
    await page.getByRole('status').filter({ hasText: 'colissimo.csv' }).waitFor();
    await page.locator('select[name=state]').selectOption('EXPEDIEE');
    await page.locator('input[name=carrier]').fill('Colissimo');
    await page.locator('button[value=preview]').click();
    await page.locator('button[value=apply]').waitFor();
    expect(await page.locator('main').textContent()).toMatch(language === 'fr' ? /1\s200 lignes lues, 1 commande, 1\s199 refus/ : /1,200 rows read, 1 order, 1,199 refused/);
    await page.locator('button[value=apply]').click();
    await page.waitForURL('**/orders');
    const told = await room.context.store.db.selectFrom('parcel').select('id').where('tracking_number', '=', `6A7777777${language === 'fr' ? '1' : '2'}001`).execute();
    expect(told.length).toBe(1);
    await page.context().close();
  });
});
