import { afterAll, describe, expect, test } from 'vitest';
import { carrierUse } from '../../src/store/views/carriers.ts';
import { openHouse } from './house.ts';
import type { Got } from './house.ts';

const house = await openHouse();
afterAll(() => house.close());
const { db } = house.context.store;
const spaced = ({ text }: Pick<Got, 'text'>): string => text.replace(/[\u00a0\u202f]/g, ' ').replace(/\s+/g, ' ');
const carrier = 'Colis Privé Relais';
const held = async (account: string) => db.selectFrom('sync').select('id').where('status', '=', 'held').where('cause', 'like', '%/carrier-unknown').where('account', '=', account).execute();
const mapPath = (account: string): string => `/carriers/map?${new URLSearchParams({ account, carrier }).toString()}`;

describe('carriers', () => {
  test('without a code stand on top with the orders that they hold; the others with their code everywhere', async () => {
    const page = await house.get('/carriers', 'merchant');
    const accounts = await db.selectFrom('sync').select((eb) => ['account', eb.fn.countAll<number>().as('n')]).where('cause', 'like', '%/carrier-unknown').where('status', '=', 'held').groupBy('account').execute();
    expect(accounts.length).toBeGreaterThan(0);
    for (const { account, n } of accounts) expect(page.text).toMatch(new RegExp(`<span class="n">${n}</span>(?:(?!<li>)[\\s\\S])*${account}`));
    expect(page.text.indexOf('id="unmapped"')).toBeLessThan(page.text.indexOf('Colissimo'));
    expect(spaced(page)).toMatch(/Colissimo<\/th>.*?carrier=Colissimo">Colissimo<\/a> <small>à vérifier chez Amazon/);
    expect((await house.get('/carriers', 'viewer')).text).not.toContain('/carriers/map');
  });

  test('are counted by parcels that stand: not by those of an application that was undone', async () => {
    const parcelsOf = async (): Promise<number> => (await carrierUse(house.context)).used.find((one) => one.carrier === 'Colissimo')?.parcels ?? 0;
    const before = await parcelsOf();
    const { id } = await db.selectFrom('parcel').select('id').where('carrier', '=', 'Colissimo').where('voided_at', 'is', null).where('origin', '=', 'ours').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow();
    await db.updateTable('parcel').set({ voided_at: house.clock.now() }).where('id', '=', id).execute();
    expect(await parcelsOf()).toBe(before - 1);
    await db.updateTable('parcel').set({ voided_at: null }).where('id', '=', id).execute();
  });

  test('are shown with the codes to choose from and with what the choice will reach, and nothing is changed by looking', async () => {
    const page = await house.get(mapPath('amazon-fr'), 'merchant');
    expect(page.text).toMatch(/<option value="Other">Other/);
    expect(spaced(page)).toContain(`Relier, et libérer ${[...(await held('amazon-fr')), ...(await held('amazon-de'))].length} synchronisation`);
    expect(await db.selectFrom('carrier_code').selectAll().execute()).toEqual([]);
    expect((await house.get('/carriers/map?account=nobody&carrier=X', 'merchant')).status).toBe(404);
    expect((await house.get('/carriers/map?account=amazon-fr&carrier=%20-%20', 'merchant')).location).toBe('/carriers');
  });

  test.each([
    [{ code: '' }, 'Choisissez un code'],
    [{ code: 'Made up' }, 'Choisissez un code'],
    [{ code: ':typed', typed: '' }, 'Choisissez un code'],
    [{ code: 'Other', 'other-name': ' ' }, 'Avec le code Other'],
  ])('are not mapped by %j', async (fields, words) => {
    const got = await house.post('/carriers/map', { account: 'amazon-fr', carrier, ...fields }, 'merchant');
    expect([got.status, spaced(got).includes(words)]).toEqual([422, true]);
    expect(await db.selectFrom('carrier_code').selectAll().execute()).toEqual([]);
  });

  test('once mapped let go what they held at that account, and rerun what was refused for them', async () => {
    const before = await held('amazon-fr');
    const [refused] = await db.selectFrom('sync').innerJoin('parcel', 'parcel.id', 'sync.parcel_id').select(['sync.id', 'parcel.id as parcel']).where('sync.status', '=', 'rejected').where('sync.account', '=', 'amazon-fr').execute();
    if (refused === undefined || before.length === 0) throw new Error('the day has no such syncs');
    await db.updateTable('parcel').set({ carrier: 'COLIS PRIVE relais' }).where('id', '=', refused.parcel).execute();
    await db.updateTable('sync').set({ cause: 'amazon/carrier-unknown' }).where('id', '=', refused.id).execute();
    expect(spaced(await house.get('/carriers', 'viewer'))).toContain('1 synchronisation refusée');
    const fields = { account: 'amazon-fr', carrier, code: 'Other', 'other-name': 'Colis Privé', rerun: 'yes' };
    const silent = await house.post('/carriers/map', { ...fields, reason: ' ' }, 'merchant');
    expect([silent.status, spaced(silent).includes('Dites pourquoi')]).toEqual([422, true]);
    const got = await house.post('/carriers/map', { ...fields, reason: 'relié' }, 'merchant');
    expect([got.status, got.location]).toEqual([303, '/carriers']);
    expect(await held('amazon-fr')).toEqual([]);
    const rows = await db.selectFrom('sync').select(['status', 'payload']).where('id', 'in', [...before.map(({ id }) => id), refused.id]).execute();
    for (const { status, payload } of rows) expect([['ready', 'delayed'].includes(status), payload.includes('"Other"')]).toEqual([true, true]);
    expect(house.rung.flat()).toContain('amazon-fr');
    const [mapped] = await db.selectFrom('carrier_code').selectAll().execute();
    expect([mapped?.author, mapped?.other_name]).toEqual(['Claire', 'Colis Privé']);
    expect((await db.selectFrom('rerun').select(['author', 'reason']).orderBy('id', 'desc').executeTakeFirstOrThrow())).toEqual({ author: 'Claire', reason: 'relié' });
    const page = spaced(await house.get('/carriers', 'merchant'));
    expect(page).toContain('Other (Colis Privé)');
    expect(page).toContain('relié par Claire');
    const again = spaced(await house.get(mapPath('amazon-fr'), 'merchant'));
    expect(again).toMatch(/Relié à Other \(Colis Privé\) par Claire le/);
    expect(again).toContain(`<td class="num">${rows.length}</td>`);
  });

  test('are mapped at several accounts by one form: one code for those of a marketplace, its own elsewhere', async () => {
    expect((await held('amazon-de')).length).toBeGreaterThan(0);
    const page = await house.get(mapPath('amazon-fr'), 'merchant');
    expect(page.text).toMatch(/name="also" value="amazon-de" checked/);
    expect(spaced(page)).toMatch(/amazon-de · \d retenue/);
    const got = await house.post('/carriers/map', { 'account': 'amazon-fr', carrier, 'code': 'Other', 'other-name': 'Colis Privé', 'also': 'amazon-de', 'code-ebay-fr': 'Colissimo' }, 'merchant');
    expect([got.status, got.location]).toEqual([303, '/carriers']);
    const mapped = await db.selectFrom('carrier_code').select(['account', 'code', 'other_name']).orderBy('account').execute();
    expect(mapped.filter(({ account }) => account.startsWith('amazon'))).toEqual([{ account: 'amazon-de', code: 'Other', other_name: 'Colis Privé' }, { account: 'amazon-fr', code: 'Other', other_name: 'Colis Privé' }]);
    expect(mapped.some(({ account, code }) => account === 'ebay-fr' && code === 'Colissimo')).toBe(true);
    expect(await held('amazon-de')).toEqual([]);
    await db.deleteFrom('carrier_code').where('account', '=', 'ebay-fr').execute();
  });

  test('a code that is on no list is taken letter for letter', async () => {
    await house.post('/carriers/map', { account: 'ebay-fr', carrier: 'Ma Navette', code: ':typed', typed: 'MaNavette' }, 'merchant');
    expect((await db.selectFrom('carrier_code').select(['code', 'other_name']).where('account', '=', 'ebay-fr').execute())).toEqual([{ code: 'MaNavette', other_name: null }]);
    expect(spaced(await house.get('/carriers/map?account=ebay-fr&carrier=ma%20navette', 'merchant'))).toContain('value="MaNavette"');
  });
});

test('a house without orders says what will appear, and invites nobody to map', async () => {
  const empty = await openHouse({ empty: true });
  try {
    expect(spaced(await empty.get('/carriers', 'merchant'))).toContain('Aucun colis encore');
  } finally {
    await empty.close();
  }
});
