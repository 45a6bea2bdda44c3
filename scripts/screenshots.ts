import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cookiesFor } from '../test/console/cookies.ts';
import { openHouse } from '../test/console/house.ts';
import { screens } from '../test/console/screens.ts';
import { launchBrowser } from '../test/support/browser.ts';

/**
 * Writes every page of the console to var/screenshots: in both languages, both themes and two widths.
 * `npm run screenshots -- syncs` takes those alone whose name has `syncs` in it.
 */
const [wanted = ''] = process.argv.slice(2);
const folder = join(import.meta.dirname, '..', 'var', 'screenshots');
mkdirSync(folder, { recursive: true });
const house = await openHouse();
const browser = await launchBrowser();
try {
  for (const language of ['fr', 'en'] as const) {
    for (const theme of ['light', 'dark'] as const) {
      for (const width of [390, 1440] as const) {
        const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme, locale: language === 'fr' ? 'fr-FR' : 'en-GB', reducedMotion: 'reduce', baseURL: house.url });
        const page = await context.newPage();
        for (const { name, path, as } of await screens(house)) {
          if (!name.includes(wanted)) continue;
          await context.clearCookies();
          if (as !== null) await context.addCookies(cookiesFor(await house.cookies(as), house.url));
          await page.goto(path);
          await page.screenshot({ path: join(folder, `${name}-${language}-${theme}-${width}.png`), fullPage: true });
        }
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await house.close();
}
