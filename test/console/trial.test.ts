import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { openSuivi } from '../../src/app.ts';
import type { Suivi } from '../../src/app.ts';
import { serve } from '../../src/app/serve.ts';
import type { Running } from '../../src/app/serve.ts';
import { isOfTrial } from '../../src/console/trial.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { inviteFirstAdmin } from '../../src/store/invitations.ts';
import type { Language } from '../../src/syncing/diagnosis.ts';
import { launchBrowser } from '../support/browser.ts';
import { axeFaults, overflows } from './room.ts';

/** The daemon as `npm start` begins it: no account, nobody yet. */
interface Daemon {
  readonly suivi: Suivi;
  readonly running: Running;
  readonly folder: string;
  stop(): Promise<void>;
}

async function startDaemon(random = systemRandom): Promise<Daemon> {
  const folder = mkdtempSync(join(tmpdir(), 'suivi-first-'));
  mkdirSync(join(folder, 'config'));
  const opened = await openSuivi({ variables: { SUIVI_DATABASE_URL: 'file:suivi.db', SUIVI_CONFIG_DIR: 'config', SUIVI_LISTEN: '127.0.0.1:0' }, directory: folder, clock: systemClock, random, as: 'serve', write: () => undefined });
  if (!('context' in opened)) throw new Error(JSON.stringify(opened));
  const asked = new AbortController();
  const running = await serve(opened, asked.signal, new AbortController().signal);
  return {
    suivi: opened,
    running,
    folder,
    async stop() {
      asked.abort();
      await running.ended;
      await opened.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const words = {
  fr: { noneYet: /Aucune commande encore/, name: /^Votre nom/, password: 'Nouveau mot de passe', enter: 'Entrer', steps: 'Premiers pas', trial: 'Essayer sans compte', begin: 'Commencer l’essai', strip: 'Essai', models: 'Choisir des modèles', add: 'Ajouter', orders: 'Voir les commandes', apply: /^Appliquer/, carrier: 'Transporteur', preview: 'Voir ce qui partirait', apply1: 'Appliquer à 1 commande', arrived: 'La place de marché l’a accepté', quit: 'Quitter l’essai', ended: /L’essai est terminé/, nothing: /Aucun compte n’est connecté/ },
  en: { noneYet: /No order yet/, name: /^Your name/, password: 'New password', enter: 'Enter', steps: 'First steps', trial: 'Try without an account', begin: 'Begin the trial', strip: 'Trial', models: 'Choose models', add: 'Add', orders: 'See the orders', apply: /^Apply/, carrier: 'Carrier', preview: 'See what would leave', apply1: 'Apply to 1 order', arrived: 'The marketplace has accepted it', quit: 'Leave the trial', ended: /The trial has ended/, nothing: /No account is connected/ },
} as const;

describe.each(['fr', 'en'] as const satisfies readonly Language[])('the first minutes, in %s', (language) => {
  const said = words[language];
  let daemon: Daemon;
  let browser: Browser;
  let page: Page;
  // For each try anew: whoever has come in once is no newcomer.
  beforeEach(async () => {
    daemon = await startDaemon();
    browser = await launchBrowser();
    const context = await browser.newContext({ locale: language === 'fr' ? 'fr-FR' : 'en-GB', baseURL: daemon.running.address, reducedMotion: 'reduce' });
    page = await context.newPage();
  });
  afterEach(async () => {
    await browser.close();
    await daemon.stop();
  });

  const heading = (name: string | RegExp): Promise<void> => page.getByRole('heading', { name }).first().waitFor();

  test('who has no account goes from the first link to a state that arrived, and leaves nothing behind', async () => {
    const invited = await inviteFirstAdmin(daemon.suivi.context, systemClock.now());
    if (!('secret' in invited)) throw new Error('there is an admin already');
    await page.goto(`/join/${invited.secret}`);
    await page.getByLabel(said.name).fill('Hélène');
    await page.getByLabel(said.password).fill('une phrase assez longue');
    await page.getByRole('button', { name: said.enter }).click();
    await heading(said.steps);
    expect(await axeFaults(page)).toEqual([]);

    await page.goto('/orders');
    await page.getByText(said.noneYet).waitFor();
    await page.goto('/');
    await page.getByRole('link', { name: said.trial }).first().click();
    await page.getByRole('button', { name: said.begin }).click();
    await page.getByRole('complementary', { name: said.strip }).waitFor();
    await heading(said.steps);
    // One in each console: the trial shares nothing with the merchant's own database.
    expect(await daemon.suivi.context.store.db.selectFrom('account').selectAll().execute()).toEqual([]);

    // Without a state a file cannot be taken: the page says where states come from.
    await page.goto('/orders/file');
    expect(await page.locator('input[type=file]').count()).toBe(0);
    await page.locator('main a[href="/states/models"]').waitFor();
    await page.goto('/');
    await page.getByRole('link', { name: said.models }).click();
    await page.locator('input[type=checkbox][value=EXPEDIEE]').check();
    await page.getByRole('button', { name: said.add }).first().click();
    await page.getByText('EXPEDIEE').first().waitFor();

    // Orders arrive by themselves. The one that is late is an order like most; among the others are some that cannot be shipped.
    await expect.poll(async () => {
      await page.goto('/orders?account=amazon-fr&due=late');
      return page.locator('table.rows tbody tr').count();
    }, { timeout: 60_000 }).toBeGreaterThan(0);
    await page.locator('table.rows tbody tr a[href^="/orders/"]').first().click();
    await page.getByRole('link', { name: said.apply }).or(page.getByRole('button', { name: said.apply })).first().click();
    const state = page.locator('select[name=state]');
    if ((await page.locator('input[name^=tracking-]').count()) === 0) {
      await state.selectOption('EXPEDIEE');
      await page.locator('button[value=state]').click();
    }
    await page.locator('input[name^=carrier-]').first().fill('Colissimo');
    await page.locator('input[name^=tracking-]').first().fill('8R12345678901');
    await page.locator('button[value=preview]:not(.unseen)').click();
    await page.getByRole('button', { name: said.apply1 }).click();
    // The order's own page, left open, follows: beside the parcel and on the time line.
    await page.waitForURL(/\/orders\/\d+$/);
    for (const place of ['[id$="-status"]', '#syncs']) await page.locator(place).locator('.sync.accepted, .sync.confirmed').first().waitFor({ timeout: 60_000 });
    await page.goto('/');
    // The grace passes, the simulated marketplace answers, and the open page shows it by itself.
    await page.getByText(said.arrived).waitFor({ timeout: 60_000 });
    expect(await axeFaults(page)).toEqual([]);
    expect(await daemon.suivi.context.store.db.selectFrom('sync').selectAll().execute()).toEqual([]);

    await page.setViewportSize({ width: 390, height: 900 });
    expect(await overflows(page)).toBe(false);
    const trialFolder = join(daemon.folder, 'trial');
    expect(existsSync(trialFolder)).toBe(true);
    await page.getByRole('button', { name: said.quit }).click();
    await page.getByRole('status').filter({ hasText: said.ended }).waitFor();
    expect(await page.getByRole('complementary', { name: said.strip }).count()).toBe(0);
    await heading(said.steps);
    expect(existsSync(trialFolder)).toBe(false);
    await page.goto('/accounts');
    await page.getByText(said.nothing).waitFor();
  });
});

test('pages about people are never the trial’s, however their address is written', () => {
  const asked = (path: string): boolean => isOfTrial(new Request(`http://here.invalid${path}`, { headers: { cookie: 'suivi_trial=1' } }));
  for (const path of ['/people', '/%70eople', '/%70rofile/password', '/sign%2Din', '/%73ign-in', '/trial/leave']) expect([path, asked(path)]).toEqual([path, false]);
  for (const path of ['/', '/orders', '/peopled', '/orders/%E0%A4%A']) expect([path, asked(path)]).toEqual([path, true]);
});

test('people and their pages are the same in a trial, and a browser that is not in it sees nothing of it', async () => {
  // As in the demonstration, whose pauses are drawn at their shortest: a trial can be begun there too.
  const daemon = await startDaemon({ ...systemRandom, next: () => 0 });
  const invited = await inviteFirstAdmin(daemon.suivi.context, systemClock.now());
  const browser = await launchBrowser();
  try {
    if (!('secret' in invited)) throw new Error('there is an admin already');
    const context = await browser.newContext({ locale: 'fr-FR', baseURL: daemon.running.address });
    const page = await context.newPage();
    await page.goto(`/join/${invited.secret}`);
    await page.getByLabel(words.fr.name).fill('Hélène');
    await page.getByLabel(words.fr.password).fill('une phrase assez longue');
    await page.getByRole('button', { name: words.fr.enter }).click();
    await page.goto('/trial');
    await page.getByRole('button', { name: words.fr.begin }).click();
    await page.getByRole('complementary', { name: words.fr.strip }).waitFor();
    await page.goto('/people');
    await page.getByRole('rowheader', { name: /Hélène/ }).waitFor();
    const outside = await browser.newContext({ locale: 'fr-FR', baseURL: daemon.running.address, storageState: { cookies: (await context.cookies()).filter(({ name }) => name !== 'suivi_trial'), origins: [] } });
    const other = await outside.newPage();
    await other.goto('/accounts');
    await other.getByText(words.fr.nothing).waitFor();
    // The daemon's end is the trial's, too.
    await browser.close();
    await daemon.stop();
    expect(existsSync(daemon.folder)).toBe(false);
  } finally {
    if (browser.isConnected()) await browser.close();
  }
});
