import { beforeAll, describe, expect, test } from 'vitest';
import { axeFaults, openRoom, overflows } from './room.ts';
import type { Room } from './room.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});

describe('by keyboard', () => {
  test('without script a merchant maps a carrier, and what waited for it goes', async () => {
    const page = await room.open('/carriers', 'merchant', { script: false });
    await page.getByRole('link', { name: 'Relier', exact: true }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: /^Code chez/ }).focus();
    await page.keyboard.type('Other');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const done = page.getByRole('status');
    await done.waitFor();
    expect(await done.textContent()).toMatch(/synchronisations? libérée/);
    await page.context().close();
  });

  test('an admin pauses an account for a reason, and is told how to connect another', async () => {
    const page = await room.open('/accounts', 'admin');
    await page.getByRole('link', { name: 'Suspendre' }).first().click();
    await page.getByLabel('Motif, inscrit au journal').focus();
    await page.keyboard.type('inventaire');
    await page.keyboard.press('Enter');
    await page.getByText('amazon-de est suspendu').waitFor();
    await page.goto('/accounts/connect?marketplace=amazon');
    await page.getByLabel('Nom du compte dans Suivi').fill('amazon-it');
    await page.getByLabel('Jeton marchand').fill('A1EXAMPLE');
    await page.getByRole('button', { name: 'Vérifier les champs' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: /amazon-it/ }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 900 });
    expect(await overflows(page)).toBe(false);
    await page.context().close();
  });
});
