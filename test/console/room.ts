import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import { afterAll, expect } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Role } from '../../src/store/people.ts';
import type { Language } from '../../src/syncing/diagnosis.ts';
import { launchBrowser } from '../support/browser.ts';
import { cookiesFor } from './cookies.ts';
import { openHouse } from './house.ts';
import type { House, HousePlan } from './house.ts';

/** A house with a browser in it, for tests of pages. It is closed when the file's tests have ended. */
export interface Room extends House {
  /** A page of a browser in which somebody is signed in; `null`: nobody is. */
  open(path: string, as: Role | null, options?: OpenOptions): Promise<Page>;
}

export interface OpenOptions {
  readonly language?: Language;
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  /** False: the browser runs no script. */
  readonly script?: boolean;
}

let browser: Promise<Browser> | null = null;

export async function openRoom(plan: HousePlan = {}): Promise<Room> {
  const house = await openHouse(plan);
  const contexts = new Set<BrowserContext>();
  browser ??= launchBrowser();
  const chromium = await browser;
  const faults: string[] = [];
  afterAll(async () => {
    for (const context of contexts) await context.close();
    await house.close();
    await chromium.close();
    browser = null;
    expect(faults, 'what browsers complained of').toEqual([]);
  });
  return {
    ...house,
    async open(path, as, { language = 'fr', theme = 'light', width = 1280, script = true } = {}) {
      const context = await chromium.newContext({ viewport: { width, height: 900 }, colorScheme: theme, locale: language === 'fr' ? 'fr-FR' : 'en-GB', javaScriptEnabled: script, reducedMotion: 'reduce', baseURL: house.url });
      contexts.add(context);
      if (as !== null) await context.addCookies(cookiesFor(await house.cookies(as), house.url));
      // For a machine that is busy with something else.
      context.setDefaultTimeout(60_000);
      const page = await context.newPage();
      page.on('console', (message) => {
        // What is answered with an error on purpose is told of by the browser too.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
      });
      page.on('pageerror', (error) => void faults.push(String(error)));
      await page.goto(path);
      return page;
    },
  };
}

/** What axe finds on a page that keeps somebody from using it (serious or worse), in words. */
export async function axeFaults(page: Page): Promise<readonly string[]> {
  // The policy of the page lets nothing in: axe is handed to the browser, not to the page.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).slice(0, 3).join(' · ')}`);
}

/** Whether the page is wider than its window: nobody should have to push it sideways. */
export async function overflows(page: Page): Promise<boolean> {
  // A page that is only just being left or entered has no root yet.
  await page.waitForFunction('document.documentElement !== null && document.readyState !== "loading"');
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth + 1');
}
