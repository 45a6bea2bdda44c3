import { describe, expect, test } from 'vitest';
import { addState } from '../../src/store/states.ts';
import { axeFaults, openRoom, overflows } from './room.ts';

const room = await openRoom();
const { db } = room.context.store;

const inOrder = async (): Promise<readonly string[]> => (await db.selectFrom('order_state').select('mnemonic').where('archived_at', 'is', null).orderBy('position').execute()).map(({ mnemonic }) => mnemonic);
const stateOf = async (mnemonic: string) => db.selectFrom('order_state').selectAll().where('mnemonic', '=', mnemonic).executeTakeFirstOrThrow();
const fields = async (mnemonic: string): Promise<Record<string, string>> => {
  const { id } = await stateOf(mnemonic);
  const { text } = await room.get(`/states/${id}`, 'merchant');
  return { do: 'save', seal: /name="seal" value="([^"]+)"/.exec(text)?.[1] ?? '', mnemonic, type: 'order-shipped', colour: '#2e7d5b', graceS: '60', 'name-fr': 'Commande expédiée' };
};

const words = {
  fr: { model: 'RUPTURE', fromModel: 'Ajouter depuis un modèle', choose: 'Choisir RUPTURE', add: 'Ajouter', name: 'Nom visible du client', save: 'Enregistrer', archive: 'Archiver', archived: '1 état archivé', restore: 'Rétablir', unknown: /variable «\sprenom\s» n’existe pas/, added: '1 état est ajouté.', saved: 'RUPTURE est enregistré.', up: 'Monter RUPTURE' },
  en: { model: 'RELIQUAT', fromModel: 'Add from a model', choose: 'Choose RELIQUAT', add: 'Add', name: 'Name that the customer sees', save: 'Save', archive: 'Archive', archived: '1 archived state', restore: 'Restore', unknown: /no variable.*prenom|variable.*prenom/i, added: '1 state is added.', saved: 'RELIQUAT is saved.', up: 'Move RELIQUAT up' },
} as const;

describe.each([['fr', true], ['en', false]] as const)('in %s, with script: %s', (language, script) => {
  test('a merchant adds a model, changes it, is told of a wrong variable beside its field, moves, archives and restores it', { timeout: 90_000 }, async () => {
    const said = words[language];
    const page = await room.open('/states', 'merchant', { language, script });
    page.setDefaultTimeout(15_000);
    await page.getByRole('link', { name: said.fromModel }).click();
    await page.getByLabel(said.choose).check();
    await page.getByRole('button', { name: said.add, exact: true }).click();
    await page.getByRole('status').filter({ hasText: said.added }).waitFor();
    await page.getByRole('link', { name: said.model, exact: true }).click();
    await page.fill('input[name=name-fr]', 'Article attendu');
    await page.fill('textarea[name=comment-fr]', 'Bonjour {{prenom}}, il arrive.');
    // The preview beside it follows what is written, or is asked for by its key.
    if (script) await page.locator('#preview').getByText('prenom').first().waitFor();
    else await page.click('button[value=preview]');
    await page.locator('input[name=shown][value=fr]').check();
    if (!script) await page.click('button[value=preview]');
    await page.locator('#preview .headline', { hasText: 'Article attendu' }).waitFor();
    await page.locator('button[value=save]:not(.unseen)').click();
    expect(await page.getAttribute('textarea[name=comment-fr]', 'aria-invalid')).toBe('true');
    expect(await page.textContent('#f-comment-fr-fault')).toMatch(said.unknown);
    expect(await page.inputValue('input[name=name-fr]')).toBe('Article attendu');
    expect((await stateOf(said.model)).texts).not.toContain('Article attendu');
    expect(script ? await axeFaults(page) : []).toEqual([]);
    await page.fill('textarea[name=comment-fr]', 'Votre commande {{order}} attend un article.');
    await page.locator('button[value=save]:not(.unseen)').click();
    await page.getByRole('status').filter({ hasText: said.saved }).waitFor();
    expect((await stateOf(said.model)).texts).toContain('Article attendu');
    // By the keyboard alone: the focus stays on the key that was pressed.
    const before = await inOrder();
    for (let step = 1; step <= 2; step += 1) {
      const key = page.getByRole('button', { name: said.up });
      if (step === 1) await key.focus();
      await expect.poll(() => key.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
      await page.keyboard.press('Enter');
      await expect.poll(inOrder).toEqual([...before.slice(0, -1 - step), said.model, ...before.slice(-1 - step, -1)]);
    }
    await page.getByRole('link', { name: said.model, exact: true }).click();
    await page.getByRole('button', { name: said.archive, exact: true }).click();
    await page.getByText(said.archived).click();
    expect(await inOrder()).not.toContain(said.model);
    await page.getByRole('button', { name: said.restore }).click();
    await page.locator('tbody[data-places]').getByText(said.model, { exact: true }).waitFor();
    await page.context().close();
  });
});

test('a row is dragged to its place by its handle, on a phone’s width too', async () => {
  const page = await room.open('/states', 'merchant');
  const [first, second, third, ...rest] = await inOrder();
  const grip = async (mnemonic: string | undefined) => page.locator(`[data-grip="${(await stateOf(mnemonic ?? '')).id}"]`);
  const target = page.locator(`#s${(await stateOf(third ?? '')).id}`);
  const { height = 40 } = (await target.boundingBox()) ?? {};
  await (await grip(first)).dragTo(target, { targetPosition: { x: 200, y: height - 4 } });
  await expect.poll(inOrder).toEqual([second, third, first, ...rest]);
  await page.getByRole('status').filter({ hasText: 'à la place 3' }).waitFor();
  await page.context().close();
});

describe('definitions of states', () => {
  test('are read by all and changed by merchants; the list counts their use', async () => {
    const { text } = await room.get('/states', 'viewer');
    expect(text).toMatch(/EXPEDIEE<[^]*?class="num end"[^>]*>38</);
    expect(text).not.toMatch(/<form method="post" action="\/states|\/states\/new|\/states\/models/);
    const { id } = await stateOf('EXPEDIEE');
    const read = await room.get(`/states/${id}`, 'support');
    expect(read.text).toContain('Ce que fera le Type');
    expect(read.text).not.toMatch(/<form method="post" action="\/states/);
    expect((await room.get('/states/999', 'viewer')).status).toBe(404);
    expect((await room.get('/states/new?model=NOTHING', 'merchant')).status).toBe(404);
    for (const move of ['up-999', 'up-', 'x']) expect((await room.post('/states/place', { move }, 'merchant')).status).toBe(404);
  });

  test('what somebody else changed meanwhile is not undone unseen', async () => {
    const mine = await fields('EXPEDIEE');
    const { id } = await stateOf('EXPEDIEE');
    expect((await room.post(`/states/${id}`, { ...mine, 'name-en': 'Shipped by Claire' }, 'admin')).status).toBe(303);
    const late = await room.post(`/states/${id}`, { ...mine, 'name-en': 'Shipped by Marc' }, 'merchant');
    expect([late.status, late.text.includes('entre-temps'), late.text.includes('Shipped by Marc')]).toEqual([422, true, true]);
    expect((await stateOf('EXPEDIEE')).texts).toContain('Shipped by Claire');
    // What other tests count on is put back.
    expect((await room.post(`/states/${id}`, { ...(await fields('EXPEDIEE')), publish: 'yes', indicator: 'to-deliver' }, 'merchant')).status).toBe(303);
  });

  test('every fault of a card comes at once, beside its field, with what was typed', async () => {
    const { status, text } = await room.post('/states/new', { do: 'save', mnemonic: 'TROP LONG POUR SEIZE', type: 'nonsense', colour: 'red', graceS: '-5', ownIndicator: 'x'.repeat(41), 'name-fr': '', 'comment-fr': '{{order' }, 'merchant');
    expect(status).toBe(422);
    for (const name of ['mnemonic', 'colour', 'graceS', 'name-fr', 'comment-fr', 'indicator']) expect(text).toMatch(new RegExp(`(?:name="${name}"|id="f-${name}")[^>]*aria-invalid="true"`));
    expect(text).toContain('value="TROP LONG POUR SEIZE"');
    expect((await room.post('/states/new', { do: 'save', mnemonic: 'expediee', 'name-fr': 'X', graceS: '0', colour: '#000000' }, 'merchant')).text).toContain('déjà le nom mnémonique');
    const added = await room.post('/states/new', { do: 'save', mnemonic: 'EXPEDIE', 'name-fr': 'X', graceS: '0', colour: '#000000', ownIndicator: 'à rappeler' }, 'merchant');
    expect([added.status, (await stateOf('EXPEDIE')).indicator]).toEqual([303, 'à rappeler']);
    expect((await room.get('/states', 'merchant', { cookie: `${await room.cookies('merchant')}; ${added.headers.getSetCookie().at(-1)?.split(';')[0] ?? ''}` })).text).toContain('ressemble beaucoup à EXPEDIEE');
  });

  test('a third language is written, shown and kept; one left empty is none', async () => {
    const shown = await room.post('/states/new', { do: 'language', newLanguage: 'de', mnemonic: 'DEUTSCH', colour: '#000000', graceS: '0' }, 'merchant');
    expect(shown.text).toContain('name="name-de"');
    await room.post('/states/new', { do: 'save', language: ['fr', 'en', 'de'], mnemonic: 'DEUTSCH', colour: '#000000', graceS: '0', 'name-fr': 'Parti', 'name-de': 'Versandt' }, 'merchant');
    expect(JSON.parse((await stateOf('DEUTSCH')).texts)).toEqual({ fr: { name: 'Parti', comment: '', sms: '' }, de: { name: 'Versandt', comment: '', sms: '' } });
  });

  test('texts of any kind are text, in the list, the form and the preview', async () => {
    const evil = '<script>alert(1)</script>';
    await addState(room.context, { mnemonic: 'SCRIPT', type: 'none', texts: { fr: { name: evil, comment: evil, sms: evil } }, colour: '#000000', indicator: '<b>x</b>', actions: { publish: true, notifyByMail: false, notifyBySms: false, generateInvoice: false }, graceS: 0 }, 'Claire', room.clock.now());
    await db.updateTable('order_state').set({ mnemonic: '<script>', mnemonic_key: '<SCRIPT>', colour: '"><script>' }).where('mnemonic', '=', 'SCRIPT').execute();
    const { id } = await stateOf('<script>');
    const preview = await room.post('/states/preview', { mnemonic: evil, 'name-fr': evil, 'comment-fr': `${evil} {{trackingLink}}`, 'sms-fr': evil, shown: 'fr', colour: `"><script>` }, 'merchant');
    for (const { status, text } of [await room.get('/states', 'merchant'), await room.get(`/states/${id}`, 'merchant'), await room.get(`/states/${id}`, 'viewer'), preview]) {
      expect(status).toBe(200);
      expect(text).toContain('&lt;script&gt;');
      expect(text).not.toMatch(/<script>|<b>x| style="/);
    }
    const page = await room.open(`/states/${id}`, 'merchant', { width: 390 });
    expect(await overflows(page)).toBe(false);
    await page.context().close();
  });
});
