import { afterAll, expect, test } from 'vitest';
import { putOrders } from '../../src/store/orders.ts';
import { csrfOf, openHouse } from './house.ts';

const house = await openHouse();
afterAll(() => house.close());
const { db } = house.context.store;

async function send(fields: Readonly<Record<string, string>>, file?: string): Promise<{ readonly status: number; readonly text: string; readonly location: string; readonly name: string }> {
  const cookie = await house.cookies('packer');
  const body = new FormData();
  body.set('csrf', csrfOf((await house.get('/profile', 'packer')).text));
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (file !== undefined) body.set('file', new Blob([file]), 'colissimo.csv');
  const answer = await fetch(`${house.url}/orders/file`, { method: 'POST', body, redirect: 'manual', headers: { cookie, 'accept-language': 'fr' } });
  return { status: answer.status, text: Buffer.from(await answer.arrayBuffer()).toString('utf8'), location: answer.headers.get('location') ?? '', name: answer.headers.get('content-disposition') ?? '' };
}

const valueOf = (text: string, name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';

test('a file is read, shown and applied; a chosen column is remembered; refused rows keep nobody back', async () => {
  const [one, two] = await db.selectFrom('orders').select(['id', 'reference']).where('open_until', 'is not', null).where('cancellation', '=', 'none').orderBy('open_until', 'desc').limit(2).execute();
  if (one === undefined || two === undefined) throw new Error('no order is open');
  const csv = `Dossier;Barres\n${one.reference};6A77777777701\n${two.reference};8,12E+12\nINCONNUE-1;6A77777777703\n`;
  const fields = { state: 'EXPEDIEE', carrier: 'Colissimo' };
  const lost = await send(fields, csv);
  expect(lost.status).toBe(422);
  expect(lost.text).toContain('Dossier');
  const kept = { ...fields, 'kept': valueOf(lost.text, 'kept'), 'name': 'colissimo.csv', 'column-order': 'Dossier', 'column-tracking': 'Barres' };
  const shown = await send({ ...kept, do: 'preview' });
  expect(shown.status).toBe(200);
  expect(shown.text).toContain('Appliquer à 1 commande');
  expect(shown.text).toContain('INCONNUE-1');
  const count = async (): Promise<number> => (await db.selectFrom('parcel').select('id').where('tracking_number', '=', '6A77777777701').execute()).length;
  expect(await count()).toBe(0);
  expect((await send({ ...kept, do: 'apply', seen: valueOf(shown.text, 'seen') })).status).toBe(303);
  expect(await count()).toBe(1);
  // The same headers again: nothing has to be chosen, and the same parcel is not told twice.
  const again = await send(fields, csv);
  expect(again.status).toBe(200);
  expect(again.text).toContain('comme la dernière fois');
  expect(again.text).toContain('rien n’y sera fait');
  expect(again.text).not.toContain('value="apply"');
  expect((await send({ ...fields, kept: valueOf(again.text, 'kept'), name: 'x.csv', do: 'apply', seen: valueOf(again.text, 'seen') })).status).toBe(303);
  expect(await count()).toBe(1);
  expect((await send({ state: 'EXPEDIEE' })).status).toBe(422);
});

test('rows that are refused come back as a file with the reason in front, to be corrected and dropped again', async () => {
  const [one, two] = await db.selectFrom('orders').select('reference').where('open_until', 'is not', null).where('cancellation', '=', 'none').orderBy('open_until').limit(2).execute();
  const csv = `Commande;Suivi\n${one?.reference};6A88888888801\nINCONNUE-2;6A88888888802\n${two?.reference};8,12E+12\n`;
  const shown = await send({ state: 'EXPEDIEE', carrier: 'Colissimo' }, csv);
  expect(shown.text).toContain('value="refused"');
  const back = await send({ state: 'EXPEDIEE', carrier: 'Colissimo', kept: valueOf(shown.text, 'kept'), name: 'colissimo.csv', do: 'refused' });
  expect([back.status, back.name]).toEqual([200, 'attachment; filename="colissimo-refus.csv"']);
  const lines = back.text.trimEnd().split('\r\n');
  expect(lines[0]).toMatch(/^\ufeff[^;]+;Commande;Suivi$/);
  expect(lines.slice(1).map((line) => line.split(';').slice(-2).join(';'))).toEqual(['INCONNUE-2;6A88888888802', `${two?.reference};"8,12E+12"`]);
  // Nothing of it was applied.
  expect(await db.selectFrom('parcel').select('id').where('tracking_number', '=', '6A88888888801').execute()).toEqual([]);
});

test('a large file goes on while its reader does something else, and its page says how far it has come', async () => {
  const references = Array.from({ length: 120 }, (_, n) => `BIG-${n}`);
  await putOrders(house.context, references.map((reference) => ({ account: 'amazon-fr', reference, placedAt: house.clock.now() - 3_600_000, payment: 'confirmed', currency: 'EUR', total: '10.00', language: 'fr', lines: [{ lineId: `${reference}-1`, sku: 'A', title: 'A', quantity: 1 }] })), house.clock.now());
  const csv = `Commande;Suivi\n${references.map((reference, n) => `${reference};6A9${String(n).padStart(10, '0')}`).join('\n')}\nINCONNUE-3;6A88888888803\n`;
  const fields = { state: 'EXPEDIEE', carrier: 'Colissimo' };
  const shown = await send(fields, csv);
  const got = await send({ ...fields, kept: valueOf(shown.text, 'kept'), name: 'soir.csv', do: 'apply', seen: valueOf(shown.text, 'seen') });
  expect([got.status, got.location]).toEqual([303, expect.stringMatching(/^\/orders\/bulk\/\d+$/)]);
  await expect.poll(async () => (await house.get(got.location, 'viewer')).text, { timeout: 30_000, interval: 250 }).toContain('120 sur 120');
  const page = await house.get(got.location, 'packer');
  expect(page.text).toContain('soir.csv');
  expect(page.text).toContain(`action="${got.location}/undo"`);
  expect((await house.get(`${got.location}/now`, 'viewer')).text).toContain('Terminé');
  expect((await house.get('/orders', 'packer')).text).toContain(`href="${got.location}"`);
});
