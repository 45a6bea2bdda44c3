import { afterAll, describe, expect, test } from 'vitest';
import { applyStates } from '../../src/store/intake.ts';
import { addState } from '../../src/store/states.ts';
import { openHouse } from './house.ts';
import type { Got } from './house.ts';

const house = await openHouse();
afterAll(() => house.close());
const { db } = house.context.store;

/** Numbers of the syncs that a list shows, from the top. */
function listed({ text }: Got): number[] {
  return [...text.matchAll(/<td class="first margin nb"><a href="\/syncs\/(\d+)">/g)].map((match) => Number(match[1]));
}

/** With spaces that break, as one types them. */
function spaced({ text }: Got): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}

async function ids(where: { readonly status?: string; readonly account?: string; readonly cause?: string }): Promise<number[]> {
  let query = db.selectFrom('sync').select('id').orderBy('id', 'desc');
  for (const [column, value] of Object.entries(where)) query = query.where(column as 'status', '=', value);
  return (await query.execute()).map(({ id }) => id);
}

async function statusOf(id: number): Promise<string> {
  return (await db.selectFrom('sync').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status;
}

describe('the sync log', () => {
  test('is filtered by its address', async () => {
    expect(listed(await house.get('/syncs?status=failed', 'viewer'))).toEqual(await ids({ status: 'rejected' }));
    expect(listed(await house.get('/syncs?status=to-complete&account=ebay-fr', 'viewer'))).toEqual(await ids({ status: 'held', account: 'ebay-fr' }));
    expect(listed(await house.get('/syncs?cause=amazon%2Fcarrier-unknown', 'viewer'))).toEqual(await ids({ cause: 'amazon/carrier-unknown' }));
    expect(listed(await house.get('/syncs?status=given-up', 'viewer'))).toEqual(await ids({ status: 'cancelled' }));
    expect(listed(await house.get('/syncs?operation=confirm-shipment&since=2026-11-24', 'viewer'))).toEqual([]);
    expect(listed(await house.get('/syncs?status=nonsense&operation=nonsense&since=2026-99-99', 'viewer'))).toEqual((await ids({})).slice(0, 50));
  });

  test('finds an order by the beginning of its number, there or in the shop; a tracking number; a sync by its own', async () => {
    const [failed = 0] = await ids({ status: 'rejected' });
    const row = await db.selectFrom('sync').innerJoin('orders', 'orders.id', 'sync.order_id').innerJoin('parcel', 'parcel.id', 'sync.parcel_id').select(['orders.reference', 'own_reference', 'tracking_number']).where('sync.id', '=', failed).executeTakeFirstOrThrow();
    for (const q of [row.reference, row.reference.slice(0, 9), row.own_reference ?? '', row.tracking_number ?? '', `S-${failed}`, `s${failed}`]) expect(listed(await house.get(`/syncs?q=${encodeURIComponent(q)}`, 'viewer'))).toContain(failed);
    expect(listed(await house.get('/syncs?q=%25', 'viewer'))).toEqual([]);
  });

  test('goes on page by page, each sync once, and comes back to the beginning', async () => {
    const all = await ids({});
    const first = await house.get('/syncs', 'viewer');
    const next = /href="(\/syncs\?before=\d+)#list"/.exec(first.text)?.[1] ?? '';
    const second = await house.get(next, 'viewer');
    expect([...listed(first), ...listed(second)]).toEqual(all);
    expect(second.text).toContain('Revenir au début');
  });

  test('gathers what needs somebody by cause, with the counters’ numbers', async () => {
    const { text } = await house.get('/syncs', 'viewer');
    for (const { cause, n } of await db.selectFrom('counter').select((eb) => ['cause', eb.fn.sum<number>('n').as('n')]).where('status', 'in', ['held', 'rejected', 'in-doubt']).where('n', '>', 0).groupBy('cause').execute()) {
      expect(text).toMatch(new RegExp(`<span class="n">${n}</span>(?:(?!<li>)[\\s\\S])*${cause}`));
    }
  });

  test('is exported for a French spreadsheet, and no cell of it is a formula', async () => {
    await applyStates(house.context, [{ account: 'amazon-fr', order: '=HYPERLINK("http://evil.example")', state: 'EXPEDIEE', parcels: [{ carrier: '@SUM(A1)', trackingNumber: 'X1' }] }], { source: 'test', author: 'test', byHand: false }, house.clock.now());
    const { text, headers } = await house.get('/syncs.csv', 'viewer');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="syncs-2026-11-23.csv"$/);
    const lines = text.split('\r\n');
    expect(lines[0]).toBe('\ufeffsynchronisation;planifiée le;compte;commande;commande boutique;opération;statut;cause;référence;échéance;acceptée le;tentatives');
    expect(lines.length - 2).toBe((await ids({})).length);
    expect(text).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    expect(lines.flatMap((line) => line.split(';')).filter((cell) => /^"?[=+@]/.test(cell))).toEqual([]);
    const english = await house.get('/syncs.csv?status=failed', 'viewer', { 'accept-language': 'en' });
    expect(english.text.split('\r\n')).toHaveLength(2 + (await ids({ status: 'rejected' })).length);
    expect(english.text).toMatch(/^sync,planned at,/);
  });
});

describe('one sync', () => {
  test('shows why, what to do, each attempt and what went over the wire', async () => {
    const [failed = 0] = await ids({ cause: 'amazon/tracking-refused' });
    const { text } = await house.get(`/syncs/${failed}`, 'viewer');
    for (const words of ['Amazon n’accepte pas le numéro de suivi de ce colis.', 'Comparez-le à celui du bordereau', 'Refusée', 'Planifiée', 'Envoi 1. Demande', '&quot;carrierCode&quot;: &quot;Colissimo&quot;', 'Tracking number is invalid.']) expect(text).toContain(words);
  });

  test('its proof is the API’s own, to the byte of its JSON', async () => {
    const [confirmed = 0] = await ids({ status: 'confirmed' });
    const file = await house.get(`/syncs/${confirmed}/proof.json`, 'viewer');
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="suivi-S-${confirmed}-proof.json"`);
    const { madeAt, proves, entries } = JSON.parse(file.text) as { madeAt: string; proves: { code: string }[]; entries: { whole: boolean }[] };
    expect([madeAt, proves.map(({ code }) => code), entries.every(({ whole }) => whole)]).toEqual(['2026-11-23T13:32:01.000Z', ['told', 'accepted', 'seen', 'chained'], true]);
  });

  test.each(['/syncs/0', '/syncs/999999', '/syncs/1e3', '/syncs/999999/proof', '/syncs/records/77', '/syncs/999999/now'])('%s is not there', async (path) => {
    expect((await house.get(path, 'viewer')).status).toBe(404);
  });

  test('a state whose stored name is markup harms nobody', async () => {
    const name = '<script>alert(1)</script>';
    await addState(house.context, { mnemonic: 'MARKUP', type: 'none', texts: { fr: { name, comment: name, sms: '' } }, colour: '#112233', indicator: null, actions: { publish: false, notifyByMail: false, notifyBySms: false, generateInvoice: false }, graceS: 0 }, 'test', house.clock.now());
    const [order] = await db.selectFrom('orders').select(['account', 'reference']).where('account', '=', 'ebay-fr').execute();
    await applyStates(house.context, [{ account: order?.account ?? '', order: order?.reference ?? '', state: 'MARKUP' }], { source: name, author: name, byHand: false }, house.clock.now());
    await db.updateTable('order_state').set({ mnemonic: name, colour: '#000}body{display:none' }).where('mnemonic', '=', 'MARKUP').execute();
    const [latest = 0] = await ids({ account: 'ebay-fr' });
    for (const path of [`/syncs/${latest}`, '/syncs', '/', '/people']) {
      const { text } = await house.get(path, 'admin');
      expect(text).not.toContain('<script>alert');
    }
    expect((await house.get(`/syncs/${latest}`, 'viewer')).text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    const sheet = /href="(\/assets\/colours[^"]+)"/.exec((await house.get('/', 'viewer')).text)?.[1] ?? '';
    expect((await house.get(sheet, null)).text).not.toContain('display:none');
  });
});

type Fields = Readonly<Record<string, string | string[]>>;

/** What stands for the syncs that a preview showed. */
function seenOn(preview: { readonly text: string }): string {
  return /name="seen" value="([^"]+)"/.exec(preview.text)?.[1] ?? '';
}

/** Asks, reads the preview, and confirms. */
async function confirmed(fields: Fields) {
  return house.post('/syncs/verbs', { ...fields, seen: seenOn(await house.post('/syncs/preview', fields, 'support')) }, 'support');
}

describe('the verbs', () => {
  test('name what would be done before it is, ask for a reason, and keep what was typed', async () => {
    const [one = 0, other = 0] = await ids({ cause: 'amazon/tracking-refused' });
    const preview = await house.post('/syncs/preview', { verb: 'rerun', sync: [String(one), String(other)], back: '/syncs?status=failed' }, 'support');
    expect(spaced(preview)).toContain('Relancer la synchronisation : 2 synchronisations');
    expect(await statusOf(one)).toBe('rejected');
    const refused = await house.post('/syncs/verbs', { verb: 'rerun', sync: [String(one), String(other)], reason: '  ', back: '/syncs?status=failed' }, 'support');
    expect([refused.status, refused.text.includes('Dites pourquoi')]).toEqual([422, true]);
    const done = await confirmed({ verb: 'rerun', sync: [String(one), String(other)], reason: 'numéros corrigés', back: '/syncs?status=failed' });
    expect([done.status, done.location]).toEqual([303, '/syncs?status=failed']);
    expect([await statusOf(one), await statusOf(other)]).toEqual(['ready', 'ready']);
    expect(house.rung.flat().toSorted()).toEqual(['amazon-de', 'amazon-fr']);
    const story = await house.get(`/syncs/${one}`, 'viewer');
    expect(spaced(story)).toContain('Par Inès. Motif : numéros corrigés');
  });

  test('do to all of a cause what is asked, and tell of those that do not lend themselves to it', async () => {
    const preview = await house.post('/syncs/preview', { verb: 'cancel', cause: 'amazon/carrier-unknown', back: '/syncs' }, 'support');
    expect(spaced(preview)).toContain('Abandonner la synchronisation : 2 synchronisations');
    const none = await house.post('/syncs/preview', { verb: 'rerun', cause: 'amazon/carrier-unknown', back: '/syncs' }, 'support');
    expect(spaced(none)).toContain('2 laissées de côté');
    expect(none.text).not.toContain('action="/syncs/verbs"');
    const done = await confirmed({ verb: 'cancel', cause: 'amazon/carrier-unknown', reason: 'essai', back: '/syncs' });
    expect(done.status).toBe(303);
    expect(await ids({ cause: 'amazon/carrier-unknown', status: 'held' })).toEqual([]);
    const record = await db.selectFrom('rerun').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow();
    const page = await house.get(`/syncs/records/${record.id}`, 'viewer');
    expect(page.text).toContain('2 sur 2');
    expect((await house.get('/syncs', 'viewer')).text).toContain(`/syncs/records/${record.id}`);
  });

  test('are done to what was shown: where more has come meanwhile, that is shown first, and what was typed is kept', async () => {
    const waiting = async (order: string): Promise<void> => {
      await applyStates(house.context, [{ account: 'amazon-de', order, state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: `T${order}` }] }], { source: 'test', author: 'test', byHand: false }, house.clock.now());
    };
    await waiting('shown-1');
    const fields = { verb: 'cancel', cause: 'order/not-imported', account: 'amazon-de', reason: 'commande retirée', back: '/syncs' };
    const seen = seenOn(await house.post('/syncs/preview', fields, 'support'));
    await waiting('shown-2');
    const refused = await house.post('/syncs/verbs', { ...fields, seen }, 'support');
    expect([refused.status, spaced(refused).includes('a changé depuis l’aperçu : relisez-le'), refused.text.includes('commande retirée'), spaced(refused).includes('2 synchronisations')]).toEqual([422, true, true, true]);
    expect(await ids({ account: 'amazon-de', cause: 'order/not-imported', status: 'held' })).toHaveLength(2);
    expect((await house.post('/syncs/verbs', { ...fields, seen: seenOn(refused) }, 'support')).status).toBe(303);
    expect(await ids({ account: 'amazon-de', cause: 'order/not-imported', status: 'held' })).toEqual([]);
  });

  test('are not done to everything: without a choice and without a filter nothing happens', async () => {
    const before = await db.selectFrom('rerun').select('id').execute();
    for (const fields of [{}, { status: 'verified' }, { account: 'amazon-fr' }, { cause: 'amazon/carrier-unknown', q: 'x' }]) {
      const got = await house.post('/syncs/preview', { verb: 'rerun', back: '/syncs', ...fields }, 'support');
      expect([got.status, got.location]).toEqual([303, '/syncs']);
    }
    expect((await house.post('/syncs/verbs', { verb: 'rerun', reason: 'all of it' }, 'support')).status).toBe(404);
    expect(await db.selectFrom('rerun').select('id').execute()).toEqual(before);
  });

  test('many go on while their author does something else', async () => {
    await applyStates(house.context, Array.from({ length: 150 }, (_, n) => ({ account: 'amazon-de', order: `many-${n}`, state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: `M${n}` }] })), { source: 'test', author: 'test', byHand: false }, house.clock.now());
    const got = await confirmed({ verb: 'cancel', cause: 'order/not-imported', account: 'amazon-de', reason: 'trop', back: '/syncs' });
    expect(got.location).toMatch(/^\/syncs\/records\/\d+$/);
    await expect.poll(async () => (await house.get(got.location ?? '', 'viewer')).text).toContain('150 sur 150');
  });
});
