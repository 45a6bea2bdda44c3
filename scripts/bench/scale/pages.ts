import { statSync } from 'node:fs';
import { minute } from '../../../src/runtime/clock.ts';
import { spreadOf } from '../frame/figures.ts';
import type { Spread } from '../frame/figures.ts';
import type { Measurement, Place, Size } from '../frame/measurement.ts';
import { aim } from '../frame/table.ts';
import type { Table } from '../frame/table.ts';
import { createMarketplace } from '../shop/marketplace.ts';
import { account, openShop } from '../shop/shop.ts';
import { startDaemon } from '../spine/daemon.ts';
import { openBrowser } from './browser.ts';
import type { Browser } from './browser.ts';
import { commonCause, openFilling } from './fill.ts';

export interface PagesCase {
  /** Orders whose confirmation has ended, with an intent and an outcome each. */
  readonly finished: number;
  /** Orders whose confirmation is still to come. */
  readonly waiting: number;
  readonly rounds: number;
}

export interface Pages {
  readonly one: PagesCase;
  /** Of the database. */
  readonly bytes: number;
  /** By path: ms from the request until the whole answer is there. */
  readonly times: Readonly<Record<string, Spread>>;
  /** What a browser loads at first, compressed. */
  readonly firstLoad: number;
}

const longest = 50;
const heaviest = 60_000;

export function pages(size: Size): Measurement<PagesCase, Pages> {
  return {
    name: 'pages',
    about: 'what each page of the console costs the daemon beside 2,000,000 entries of the audit',
    cases: [size === 'whole' ? { finished: 1_000_000, waiting: 2_000, rounds: 8 } : { finished: 5_000, waiting: 100, rounds: 4 }],
    limit: 10 * minute,
    titleOf: ({ finished, waiting }) => `${finished} orders that were told, ${waiting} still to tell`,
    measure: measurePages,
    tables: (found) => found.map(table),
  };
}

async function measurePages(one: PagesCase, { folder, say }: Place): Promise<Pages> {
  const shop = await openShop({ folder, width: 8, marketplace: createMarketplace(() => undefined), logLevel: 'warn' });
  await shop.sell(0, 1);
  const [lived] = await shop.apply(0, 1);
  const engine = shop.start();
  await engine.recorded(1);
  await engine.stop();
  const { file } = shop.suivi.context.store;
  if (file === null) throw new Error('the shop of the bench has no file');
  await shop.close();
  say(`filling up to ${one.finished} orders`);
  const filling = openFilling(file, lived !== undefined && 'id' in lived ? lived.order : 0, 100 + one.finished);
  filling.delayed({ from: 100_000_000, to: 100_000_000 + one.waiting });
  filling.finished({ from: 100, to: 100 + one.finished });
  filling.close();

  const daemon = await startDaemon(folder, { ...shop.variables, SUIVI_LOG_LEVEL: 'info' });
  try {
    const browser = await openBrowser(daemon.address, await daemon.joinPath());
    const { body } = await browser.read('/');
    const order = 100 + Math.floor(one.finished / 2);
    say('asking for each page, by turns');
    const times = new Map<string, number[]>();
    for (let round = 0; round <= one.rounds; round += 1) {
      for (const path of paths(order)) {
        const before = performance.now();
        const { status } = await browser.get(path);
        if (status !== 200) throw new Error(`${path} answered ${status}`);
        // The first of each opens what later ones find open.
        if (round > 0) times.set(path, [...(times.get(path) ?? []), performance.now() - before]);
      }
    }
    return { one, bytes: statSync(file).size, times: Object.fromEntries([...times].map(([path, all]) => [path, spreadOf(all)])), firstLoad: await firstLoadOf(browser, body) };
  } finally {
    await daemon.stop();
  }
}

function paths(order: number): readonly string[] {
  const number = `402-0000000-${String(order).padStart(7, '0')}`;
  return ['/', '/overview/now', '/orders', '/orders?due=all', `/orders?due=all&q=${number}`, `/orders/${order}`, `/orders/apply?order=${order}`, '/orders/file', '/syncs', '/syncs?status=all', '/syncs?status=attention', `/syncs?cause=${encodeURIComponent(commonCause)}`, `/syncs?account=${account}`, `/syncs/${order}`, `/syncs/${order}/proof`, '/states', '/states/models', '/carriers', '/accounts', '/differences', '/exports', '/people', '/profile'];
}

/** The page, and what it names of style, script and pictures, as they come over the wire. */
async function firstLoadOf(browser: Browser, page: string): Promise<number> {
  const named = new Set([...page.matchAll(/(?:href|src)="(\/assets\/[^"#]+)"/g)].map(([, path = '']) => path));
  const sizes = await Promise.all(['/', ...named].map(async (path) => (await browser.get(path)).bytes));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function table({ one, bytes, times, firstLoad }: Pages): Table {
  return {
    name: 'pages',
    title: `What the pages cost, beside ${one.finished.toLocaleString('en-GB')} orders with ${(one.finished * 2).toLocaleString('en-GB')} entries of the audit`,
    notes: [
      `A database of ${(bytes / 1e6).toFixed(0)} MB, filled by copying one life that was really lived. \`npm start\` serves it; an admin asks for each page ${one.rounds} times, by turns, over HTTP on loopback, from the request until the whole answer is there.`,
      `What a browser loads at first (the overview, style, scripts, mark), compressed: ${(firstLoad / 1000).toFixed(1)} KB (${aim(`below ${heaviest / 1000} KB`, firstLoad < heaviest)}).`,
    ],
    columns: [{ head: 'page' }, { head: 'p50 ms', digits: 1 }, { head: 'longest ms', digits: 1 }, { head: 'aim' }],
    rows: Object.entries(times).map(([path, { p50, most }]) => [path, p50, most, aim(`p50 < ${longest} ms`, p50 < longest)]),
  };
}
