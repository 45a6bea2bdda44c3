import { describe, expect, test } from 'vitest';
import { customerLinks } from '../../src/app/customer-links.ts';
import type { Wish } from '../../src/orders/applied-state.ts';
import { minute } from '../../src/runtime/clock.ts';
import { linksOf } from '../../src/store/customer-links.ts';
import { applyStates } from '../../src/store/intake.ts';
import { publishOrder } from '../../src/store/orders.ts';
import { addState, editState } from '../../src/store/states.ts';
import { undoApplied } from '../../src/store/undo.ts';
import { axeFaults, openRoom } from './room.ts';

const room = await openRoom();
const { context, clock, links } = room;
const { db } = context.store;

const ordersOf = async (account: string) => db.selectFrom('orders').select(['id', 'account', 'reference']).where('account', '=', account).orderBy('id').execute();
const [shipped, other, third, fourth] = await ordersOf('shop');
const [sold] = await ordersOf('amazon-fr');
if (shipped === undefined || other === undefined || third === undefined || fourth === undefined || sold === undefined) throw new Error('too few orders');

type Known = typeof shipped;
const pathOf = async ({ id }: Known): Promise<string> => new URL(links.url({ id, link: (await linksOf(db, [id])).get(id) ?? 0 })).pathname;
const seen = async (order: Known, query = '', headers: Readonly<Record<string, string>> = {}): Promise<string> => (await room.get(`${await pathOf(order)}${query}`, null, headers)).text;
const statusOf = async (path: string): Promise<number> => (await room.get(path, null)).status;
async function apply({ account, reference }: Known, state: string, more: Partial<Wish> = {}, byHand = false): Promise<number> {
  const [applied] = await applyStates(context, [{ account, order: reference, state, ...more }], { source: 'test', author: 'Marc', byHand }, clock.now());
  if (applied === undefined || !('id' in applied)) throw new Error(JSON.stringify(applied));
  return applied.id;
}

const words = {
  fr: { state: 'Commande expédiée', follow: /Suivre le colis chez Colissimo/, other: 'English', otherState: 'Order shipped', revoke: 'Révoquer ce lien…', confirm: 'Révoquer et créer un autre lien', done: /ancien lien est révoqué/ },
  en: { state: 'Order shipped', follow: /Follow the parcel at Colissimo/, other: 'Français', otherState: 'Commande expédiée', revoke: 'Revoke this link…', confirm: 'Revoke and make another link', done: /former link is revoked/ },
} as const;

describe.each([['fr', true], ['en', false]] as const)('in %s, with script: %s', (language, script) => {
  test('support gives out a link, the customer reads it and changes the language, support revokes it', async () => {
    const said = words[language];
    const page = await room.open(`/orders/${shipped.id}`, 'support', { language, script });
    page.setDefaultTimeout(15_000);
    const given = new URL(await page.inputValue('#f-link')).pathname;
    const customer = await room.open(given, null, { language, script });
    const hosts: string[] = [];
    customer.on('request', (request) => void hosts.push(new URL(request.url()).origin));
    await customer.reload();
    await customer.getByRole('heading', { level: 1, name: said.state }).waitFor();
    expect(await customer.getByRole('link', { name: said.follow }).getAttribute('href')).toMatch(/^https:\/\/www\.laposte\.fr\/.*6A2291833/);
    expect(script ? await axeFaults(customer) : []).toEqual([]);
    await customer.getByRole('link', { name: said.other }).focus();
    await customer.keyboard.press('Enter');
    await customer.getByRole('heading', { level: 1, name: said.otherState }).waitFor();
    // Nothing is kept in the browser, nothing runs, nothing is fetched from elsewhere.
    expect(await customer.context().cookies()).toEqual([]);
    expect(await customer.locator('script').count()).toBe(0);
    expect(new Set(hosts)).toEqual(new Set([room.url]));
    await page.getByText(said.revoke).click();
    await page.getByRole('button', { name: said.confirm }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: said.done }).waitFor();
    const anew = new URL(await page.inputValue('#f-link')).pathname;
    expect(anew).not.toBe(given);
    expect([await statusOf(given), await statusOf(anew)]).toEqual([404, 200]);
    await customer.context().close();
    await page.context().close();
  });
});

describe('the customer’s page', () => {
  test('answers a link that is unknown, forged, cut, revoked or not published with the same nothing', async () => {
    const path = await pathOf(third);
    const forged = `${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`;
    const wanted = await room.get('/c/999999.aaaaaaaaaaaaaaaaaaaaaa', null);
    expect([wanted.status, wanted.text.includes('Rien à cette adresse')]).toEqual([404, true]);
    for (const one of [forged, path.slice(0, -1), `/c/${other.id}.${path.split('.')[1] ?? ''}`, `/c/${third.id}`, await pathOf(sold), '/c/x', '/c/1e3.aaaaaaaaaaaaaaaaaaaaaa']) {
      const got = await room.get(one, null);
      expect([one, got.status]).toEqual([one, 404]);
      expect(got.text.replaceAll(one, '')).toBe(wanted.text.replaceAll('/c/999999.aaaaaaaaaaaaaaaaaaaaaa', ''));
      expect([...got.headers.keys()]).toEqual([...wanted.headers.keys()]);
    }
  });

  test('is in no index, gives no cookie, tells no other page where one came from, and holds nothing of the console', async () => {
    for (const path of [await pathOf(third), '/c/none']) {
      const { headers, text } = await room.get(path, null);
      expect([headers.get('x-robots-tag'), headers.get('referrer-policy'), headers.get('cache-control'), headers.getSetCookie()]).toEqual(['noindex, nofollow, noarchive', 'no-referrer', 'no-store', []]);
      expect(headers.get('content-security-policy')).toContain("script-src 'none'");
      expect(text).toContain('<meta name="robots" content="noindex, nofollow, noarchive">');
      expect(text).not.toMatch(/<script|Suivi<|name="csrf"|href="\/"/);
    }
    // What a merchant who is signed in sees is the same page.
    expect((await room.get(await pathOf(third), 'admin')).headers.getSetCookie()).toEqual([]);
  });

  test('says that it cannot be shown where it cannot, and nothing of why', async () => {
    const { id, texts } = await db.selectFrom('order_state').select(['id', 'texts']).where('mnemonic', '=', 'PREPARATION').executeTakeFirstOrThrow();
    await db.updateTable('order_state').set({ texts: '{' }).where('id', '=', id).execute();
    const { status, text, headers } = await room.get(await pathOf(third), null, { 'accept-language': 'en' });
    await db.updateTable('order_state').set({ texts }).where('id', '=', id).execute();
    expect([status, text.includes('Page not available'), headers.getSetCookie(), headers.get('x-robots-tag')]).toEqual([500, true, [], 'noindex, nofollow, noarchive']);
    expect(text).not.toMatch(/JSON|position|[0-9a-f]{12}/);
    expect(room.log.some((line) => line.includes('a page met a fault of our own') && line.includes('/c/:link'))).toBe(true);
  });

  test('shows published states alone: none that is internal, undone, or can still be undone', async () => {
    await clock.advance(minute);
    await apply(third, 'RETARD-FOURN.', { publish: false });
    const undone = await apply(third, 'LITIGE-TRANSP');
    expect(await seen(third)).toContain('Réclamation ouverte');
    await undoApplied(context, undone, 'Marc', clock.now());
    await apply(third, 'LIVREE', {}, true);
    const during = await seen(third);
    for (const hidden of ['Réapprovisionnement', 'Réclamation', 'Commande livrée']) expect(during).not.toContain(hidden);
    await clock.advance(minute);
    expect(await seen(third)).toContain('Commande livrée');
  });

  test('follows what support says of one applied state, and of the whole order', async () => {
    const applied = await apply(fourth, 'LITIGE-TRANSP');
    const say = async (publish: string, of = fourth.id): Promise<number> => (await room.post(`/orders/${of}/applied`, { applied: String(applied), publish }, 'support')).status;
    expect([await say('no'), (await seen(fourth)).includes('Réclamation')]).toEqual([303, false]);
    expect([await say('yes'), (await seen(fourth)).includes('Réclamation')]).toEqual([303, true]);
    expect([await say('perhaps'), await say('no', third.id)]).toEqual([404, 404]);
    await publishOrder(context, fourth.id, 'no', 'Inès', clock.now());
    expect(await statusOf(await pathOf(fourth))).toBe(404);
    await publishOrder(context, fourth.id, 'default', 'Inès', clock.now());
    await db.updateTable('orders').set({ payment: 'refused' }).where('id', '=', fourth.id).execute();
    expect(await statusOf(await pathOf(fourth))).toBe(404);
    await db.updateTable('orders').set({ payment: 'in-progress' }).where('id', '=', fourth.id).execute();
    expect(await statusOf(await pathOf(fourth))).toBe(200);
    await publishOrder(context, sold.id, 'yes', 'Inès', clock.now());
    expect(await seen(sold)).toContain('sur Amazon');
    const journal = await db.selectFrom('audit_entry').select('kind').where('lane', '=', '#journal').orderBy('number', 'desc').limit(8).execute();
    expect(journal.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['applied-internal', 'applied-published', 'publication']));
  });

  test('says a state’s own text in the reader’s language, and what was written for one order as it was written', async () => {
    await editState(context, 'LIVREE', { texts: { fr: { name: 'Commande livrée', comment: 'La {{order}} est là.\nSuivi : {{tracking}} {{trackingLink}}', sms: '' }, en: { name: 'Delivered', comment: 'Number {{order}} is there.', sms: '' } } }, 'Claire', clock.now());
    await clock.advance(minute);
    await apply(other, 'LIVREE');
    const english = await seen(other, '', { 'accept-language': 'en-GB' });
    expect(english).toContain('<html lang="en">');
    expect(english).toContain(`Number ${other.reference} is there.`);
    // The variables take the parcels that the customer was told of; an address is shown by its host.
    expect(await seen(other, '?lang=fr')).toMatch(/Suivi : 6A2291833\d+ <a href="https:\/\/www\.laposte\.fr\/[^"]+" rel="noopener noreferrer">www\.laposte\.fr<\/a>/);
    await clock.advance(minute);
    await apply(other, 'LIVREE', { comment: 'Déposée chez le voisin.' });
    expect(await seen(other, '?lang=en')).toMatch(/<h1>Delivered<\/h1><p class="prose" lang="fr">Déposée chez le voisin\./);
  });

  test('takes texts of any kind for text', async () => {
    const evil = '<script>alert(1)</script>';
    await addState(context, { mnemonic: 'SCRIPT', type: 'none', texts: { fr: { name: evil, comment: `${evil} javascript:alert(1)`, sms: '' } }, colour: '#000000', indicator: null, actions: { publish: true, notifyByMail: false, notifyBySms: false, generateInvoice: false }, graceS: 0 }, 'Claire', clock.now());
    expect((await room.post('/states/letterhead', { name: evil, contact: evil }, 'merchant')).status).toBe(303);
    await clock.advance(minute);
    await apply(third, 'SCRIPT');
    const text = await seen(third);
    expect(text.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(3);
    expect(text).not.toMatch(/<script|href="javascript/);
    expect((await room.post('/states/letterhead', { name: 'x'.repeat(61), contact: '' }, 'merchant')).text).toMatch(/name="name" value="x+"[^>]*aria-invalid="true"/);
  });
});

describe('a link', () => {
  const old = new Uint8Array(32).fill(1);
  const present = new Uint8Array(32).fill(2);
  const before = customerLinks('https://shop.example', { current: 'a', keys: new Map([['a', old]]) });
  const after = customerLinks('https://shop.example', { current: 'b', keys: new Map([['a', old], ['b', present]]) });
  const signature = (url: string): string => url.split('.').at(-1) ?? '';

  test('made before the secret was changed still leads there; one of another order or generation does not', () => {
    const given = signature(before.url({ id: 7, link: 0 }));
    expect(after.fits({ id: 7, link: 0 }, given)).toBe(true);
    expect(signature(after.url({ id: 7, link: 0 }))).not.toBe(given);
    for (const wrong of [{ id: 8, link: 0 }, { id: 7, link: 1 }]) expect(after.fits(wrong, given)).toBe(false);
    for (const wrong of ['', given.slice(1), `${given}A`, 'é'.repeat(22)]) expect(after.fits({ id: 7, link: 0 }, wrong)).toBe(false);
  });

  test('stands in mails for ever: it is made as it always was', () => {
    expect(before.url({ id: 7, link: 0 })).toBe('https://shop.example/c/7.03LF946OtG_OvVL_ENox-Y');
  });
});
