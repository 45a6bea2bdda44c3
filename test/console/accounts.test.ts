import { afterAll, describe, expect, test } from 'vitest';
import { openHouse } from './house.ts';
import type { Got } from './house.ts';

const house = await openHouse();
afterAll(() => house.close());
const { db } = house.context.store;
const spaced = ({ text }: Pick<Got, 'text'>): string => text.replace(/[\u00a0\u202f]/g, ' ').replace(/\s+/g, ' ');
const row = async (id: string) => db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('accounts', () => {
  test('show their lane with what has waited longest, their quotas, and what was found when they were checked', async () => {
    const page = spaced(await house.get('/accounts', 'viewer'));
    for (const id of ['amazon-fr', 'amazon-de', 'ebay-fr']) expect(page).toContain(`id="${id}"`);
    const waiting = await db.selectFrom('sync').select((eb) => [eb.fn.countAll<number>().as('n'), eb.fn.min('created_at').as('since')]).where('account', '=', 'amazon-fr').where('status', 'in', ['ready', 'delayed', 'blocked', 'sending', 'submitted', 'checking']).executeTakeFirstOrThrow();
    expect(waiting.n).toBeGreaterThan(0);
    expect(page).toContain(`>${waiting.n} en attente</a>`);
    expect(page).toContain('Pas encore vérifiés');
    expect(page).not.toContain('/turn');
    // Each limit with who named it; eBay's calls draw on one budget, which is one row with why it is less than a day's calls.
    expect(page).toMatch(/4,8 par seconde<span class="quiet">accounts\.json</);
    expect(page).toMatch(/par minute<span class="quiet">documentation</);
    expect(page.match(/ \/ 20 000</g)?.length).toBe(1);
    expect(page).toContain('100 000 appels par jour');
    expect((await house.post('/accounts/amazon-fr/check', {}, 'admin')).location).toBe('/accounts#amazon-fr');
    await house.post('/accounts/ebay-fr/check', {}, 'admin');
    const checked = spaced(await house.get('/accounts', 'viewer'));
    expect(checked).toContain('par Hélène');
    expect(checked).toContain('searchOrders');
    expect(checked).toContain('jusqu’au 5 décembre 2026');
    expect((await house.post('/accounts/nobody/check', {}, 'admin')).status).toBe(404);
  });

  test.each([['pause', 'paused_at'], ['observe', 'observe_since']] as const)('%s: with a reason and in numbers, and back again', async (turn, column) => {
    const preview = spaced(await house.get(`/accounts/amazon-fr/turn?to=${turn}`, 'admin'));
    expect(preview).toMatch(/et retenir \d+ synchronisation/);
    const silent = await house.post('/accounts/amazon-fr/turn', { to: turn, reason: ' ' }, 'admin');
    expect([silent.status, (await row('amazon-fr'))[column]]).toEqual([422, null]);
    expect((await house.post('/accounts/amazon-fr/turn', { to: turn, reason: 'inventaire' }, 'admin')).location).toBe('/accounts');
    expect((await row('amazon-fr'))[column]).toBe(house.clock.now());
    // What is done already is not offered, and not done again.
    expect((await house.get(`/accounts/amazon-fr/turn?to=${turn}`, 'admin')).status).toBe(404);
    const list = spaced(await house.get('/accounts', 'admin'));
    expect(list).toContain('href="/accounts/amazon-fr/turn?to=resume"');
    expect(list).toContain('href="/accounts/amazon-fr/parcels"');
    await house.post('/accounts/amazon-fr/turn', { to: 'resume', reason: 'fini' }, 'admin');
    expect((await row('amazon-fr'))[column]).toBe(null);
    expect((await house.get('/people', 'admin')).text).toContain('inventaire');
    expect((await house.get('/accounts/amazon-fr/turn?to=resume', 'admin')).status).toBe(404);
  });

  test('that wait give their parcels as the marketplace’s own file; what may have arrived is not in it', async () => {
    const ready = await db.selectFrom('sync').innerJoin('orders', 'orders.id', 'sync.order_id').select(['sync.id', 'orders.reference', 'sync.payload']).where('sync.account', '=', 'amazon-fr').where('sync.status', 'in', ['ready', 'delayed', 'blocked']).where('operation', '=', 'confirm-shipment').execute();
    const [unsure] = ready;
    if (unsure === undefined || ready.length < 2) throw new Error('nothing waits');
    await db.updateTable('sync').set({ unsettled: 1 }).where('id', '=', unsure.id).execute();
    const got = await house.get('/accounts/amazon-fr/parcels', 'support');
    await db.updateTable('sync').set({ unsettled: 0 }).where('id', '=', unsure.id).execute();
    expect(got.headers.get('content-disposition')).toBe('attachment; filename="parcels-amazon-fr-2026-11-23.txt"');
    const [head = '', ...lines] = got.text.trimEnd().split('\r\n').map((line) => line.split('\t'));
    expect(head).toEqual(['order-id', 'order-item-id', 'quantity', 'ship-date', 'carrier-code', 'carrier-name', 'tracking-number', 'ship-method']);
    expect(lines.map(([order]) => order ?? '').toSorted()).toEqual(ready.filter(({ id }) => id !== unsure.id).map(({ reference }) => reference).toSorted());
    for (const line of lines) expect(line.slice(3, 6)).toEqual(['2026-11-23', 'Colissimo', '']);
    const ebay = await house.get('/accounts/ebay-fr/parcels', 'support');
    expect(ebay.text).toMatch(/^Order ID,Line Item ID,Logistics Status,Shipment Carrier,Shipment Tracking\r\n/);
    expect((await house.get('/accounts/nobody/parcels', 'support')).status).toBe(404);
  });
});

describe('connecting an account', () => {
  const good = { 'marketplace': 'amazon', 'id': 'amazon-it', 'site': 'APJ6JRA9NG5V4', 'sellerId': 'A1EXAMPLE', 'mode': 'observe', 'from': '', 'clientId': 'AMAZON_CLIENT_ID', 'clientSecret': 'AMAZON_CLIENT_SECRET', 'refreshToken': 'AMAZON_IT_REFRESH_TOKEN' };

  test('gives the block, the region of the site in it, and says which secrets are still to be set', async () => {
    const got = await house.post('/accounts/connect', good, 'admin');
    expect(got.status).toBe(200);
    const whole = /name="whole"[^>]*>([^<]+)</.exec(got.text)?.[1]?.replaceAll('&quot;', '"') ?? '';
    expect(JSON.parse(whole)).toEqual({ accounts: [{ id: 'amazon-it', marketplace: 'amazon', region: 'eu', marketplaceId: 'APJ6JRA9NG5V4', sellerId: 'A1EXAMPLE', mode: 'observe', clientId: { env: 'AMAZON_CLIENT_ID' }, clientSecret: { env: 'AMAZON_CLIENT_SECRET' }, refreshToken: { env: 'AMAZON_IT_REFRESH_TOKEN' } }] });
    expect(got.text).toMatch(/présente<\/span> <span class="id">AMAZON_CLIENT_ID/);
    expect(got.text).toMatch(/à ajouter<\/span> <span class="id">AMAZON_CLIENT_SECRET/);
    const ebay = await house.post('/accounts/connect', { marketplace: 'ebay', id: 'ebay-be', site: 'EBAY_BE', mode: 'live', from: '', appId: 'EBAY_APP_ID', certId: 'EBAY_CERT_ID', refreshToken: 'EBAY_BE_REFRESH_TOKEN' }, 'admin');
    expect(ebay.text).toContain('EBAY_BE');
    expect(ebay.text).not.toContain('&quot;mode&quot;');
  });

  test.each([
    [{ id: 'shop' }, 'nul autre compte'],
    [{ id: 'with space' }, 'nul autre compte'],
    [{ sellerId: 'a b' }, 'jeton marchand'],
    [{ from: 'hier' }, 'un moment avec son fuseau'],
    [{ site: 'NOWHERE' }, 'Choisissez un site'],
    [{ clientSecret: 'SUIVI_SECRET' }, 'SUIVI_ est réservé'],
    [{ clientSecret: '' }, 'pas un nom de variable'],
  ])('says on its field what is wrong with %j, and keeps the rest', async (wrong, words) => {
    const got = await house.post('/accounts/connect', { ...good, ...wrong }, 'admin');
    expect([got.status, spaced(got).includes(words)]).toEqual([422, true]);
    expect(got.text).toContain('aria-invalid="true"');
    expect(got.text).toContain('value="AMAZON_IT_REFRESH_TOKEN"');
  });

  test('never shows again what may be the secret itself', async () => {
    const secret = 'amzn1.oa2-cs.v1.0123456789abcdef';
    const got = await house.post('/accounts/connect', { ...good, clientSecret: secret }, 'admin');
    expect([got.status, got.text.includes(secret), spaced(got).includes('il n’a pas été gardé')]).toEqual([422, false, true]);
    expect(house.log.join('\n')).not.toContain(secret);
  });
});

test('a house without accounts leads to connecting one, from the first page on', async () => {
  const empty = await openHouse({ empty: true });
  try {
    await empty.context.store.db.deleteFrom('account').execute();
    expect((await empty.get('/', 'admin')).text).toContain('href="/accounts/connect"');
    expect((await empty.get('/', 'viewer')).text).not.toContain('href="/accounts/connect"');
    expect((await empty.get('/accounts', 'admin')).text).toContain('href="/trial"');
  } finally {
    await empty.close();
  }
});
