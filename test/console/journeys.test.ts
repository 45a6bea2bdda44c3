import { beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { setParcel } from '../../src/store/parcels.ts';
import type { Language } from '../../src/syncing/diagnosis.ts';
import { password } from './house.ts';
import { openRoom } from './room.ts';
import type { Room } from './room.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});

/** Goes to what is named by the keyboard alone, and presses it. */
async function press(page: Page, role: 'link' | 'button', name: string | RegExp, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
  const wanted = page.getByRole(role, { name }).first();
  await expect.poll(() => wanted.count()).toBeGreaterThan(0);
  for (let tabs = 0; tabs < 400; tabs += 1) {
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) {
      await page.keyboard.press(key);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not come to ${String(name)}`);
}

const words = {
  fr: { name: 'Nom', password: 'Mot de passe', enter: 'Se connecter', overview: 'Vue d’ensemble', syncs: /^Synchronisations/, reason: 'Motif, inscrit au journal', rerun: 'Relancer la synchronisation', confirm: /Relancer la synchronisation\s: 1 synchronisation/, done: /Relancer la synchronisation\s: 1 faite/, other: 'English', out: 'Se déconnecter', signedOut: 'Vous êtes déconnecté.', theirOverview: 'Overview' },
  en: { name: 'Name', password: 'Password', enter: 'Sign in', overview: 'Overview', syncs: /^Syncs/, reason: 'Reason, kept in the journal', rerun: 'Rerun the sync', confirm: /Rerun the sync: 1 sync/, done: /Rerun the sync: 1 done/, other: 'Français', out: 'Sign out', signedOut: 'You are signed out.', theirOverview: 'Vue d’ensemble' },
} as const;

describe.each(['fr', 'en'] as const satisfies readonly Language[])('in %s', (language) => {
  const said = words[language];

  test.each([true, false])('support signs in, finds what failed, reruns it with a reason, and leaves; by keyboard alone; with script: %s', async (script) => {
    const page = await room.open('/', null, { language, script });
    await page.getByLabel(said.name, { exact: true }).focus();
    await page.keyboard.type('ines');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: said.overview }).waitFor();
    const failed = await room.context.store.db.selectFrom('sync').select('id').where('status', '=', 'rejected').orderBy('id').executeTakeFirstOrThrow();
    await press(page, 'link', said.syncs);
    await page.waitForURL('**/syncs');
    await page.goto(`/syncs?q=S-${failed.id}`);
    await press(page, 'link', /^\d\d:\d\d:\d\d$/);
    await press(page, 'button', said.rerun);
    await page.getByLabel(said.reason).waitFor();
    await page.getByLabel(said.reason).focus();
    await page.keyboard.type('corrected');
    await press(page, 'button', said.confirm, 'Space');
    await page.getByRole('status').filter({ hasText: said.done }).waitFor();
    const { status } = await room.context.store.db.selectFrom('sync').select('status').where('id', '=', failed.id).executeTakeFirstOrThrow();
    expect(['ready', 'held']).toContain(status);
    await page.reload();
    expect(await page.getByRole('status').filter({ hasText: said.done }).count()).toBe(0);
    await press(page, 'button', said.out);
    await page.getByText(said.signedOut).waitFor();
    // What another journey needs is put back.
    await room.context.store.db.updateTable('sync').set({ status: 'rejected' }).where('id', '=', failed.id).execute();
    await page.context().close();
  });

  test('the other language and the dark theme are one press away, and stay', async () => {
    const page = await room.open('/', 'viewer', { language });
    await press(page, 'button', said.other);
    await page.getByRole('heading', { level: 1, name: said.theirOverview }).waitFor();
    await page.goto('/profile');
    await page.locator('button[value=dark]').click();
    await page.locator('html[data-theme=dark]').waitFor();
    await page.goto('/syncs');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.context().close();
  });

  test('on a phone the menu opens and closes without script', async () => {
    const page = await room.open('/', 'viewer', { language, width: 390, script: false });
    expect(await page.locator('#menu').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('link', { name: said.syncs }).click();
    expect(new URL(page.url()).pathname).toBe('/syncs');
    await page.context().close();
  });
});

describe('an open page', () => {
  test('shows what happens elsewhere by itself', async () => {
    const held = await room.context.store.db.selectFrom('sync').select(['id', 'parcel_id']).where('status', '=', 'held').where('cause', '=', 'order/tracking-missing').executeTakeFirstOrThrow();
    const page = await room.open(`/syncs/${held.id}`, 'viewer');
    await page.getByRole('heading', { level: 1, name: /à compléter/ }).waitFor();
    await room.clock.advance(1_000);
    await setParcel(room.context, held.parcel_id ?? 0, { trackingNumber: '6A99999999999' }, 'Marc', room.clock.now());
    const shown = page.getByRole('heading', { level: 1, name: /en attente/ });
    await expect.poll(async () => {
      await room.clock.advance(1_000);
      return shown.count();
    }).toBe(1);
    await page.context().close();
  });

  test('shows what happened between its making and its first connection', async () => {
    const held = await room.context.store.db.selectFrom('sync').select(['id', 'parcel_id']).where('status', '=', 'held').where('cause', '=', 'order/tracking-missing').orderBy('id', 'desc').executeTakeFirstOrThrow();
    const page = await room.open('/sign-in', 'viewer');
    const known = Promise.withResolvers<void>();
    await page.route(/\/events\?/, async (route) => {
      await known.promise;
      await route.continue();
    });
    await page.goto(`/syncs/${held.id}`);
    await page.getByRole('heading', { level: 1, name: /à compléter/ }).waitFor();
    await setParcel(room.context, held.parcel_id ?? 0, { trackingNumber: '6A99999999998' }, 'Marc', room.clock.now());
    known.resolve();
    // The clock of the house stands still: nobody takes another look, and the page's own mark alone can tell.
    await expect.poll(() => page.getByRole('heading', { level: 1, name: /en attente/ }).count()).toBe(1);
    await page.context().close();
  });

  test('does not move while it is read: what comes later takes no place that was not kept', async () => {
    const page = await room.open('/', 'viewer');
    const shift = await page.evaluate<number>('new Promise((done) => { let sum = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; }).observe({ type: "layout-shift", buffered: true }); setTimeout(() => done(sum), 300); })');
    expect(shift).toBeLessThan(0.01);
    await page.context().close();
  });
});
