import { afterAll, expect, test } from 'vitest';
import { csrfOf, openHouse } from './house.ts';

const house = await openHouse();
afterAll(() => house.close());
const { db } = house.context.store;

async function send(fields: Readonly<Record<string, string>>, file?: string): Promise<{ readonly status: number; readonly text: string }> {
  const cookie = await house.cookies('packer');
  const body = new FormData();
  body.set('csrf', csrfOf((await house.get('/profile', 'packer')).text));
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (file !== undefined) body.set('file', new Blob([file]), 'colissimo.csv');
  const answer = await fetch(`${house.url}/orders/file`, { method: 'POST', body, redirect: 'manual', headers: { cookie, 'accept-language': 'fr' } });
  return { status: answer.status, text: await answer.text() };
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
  expect((await send({ ...fields, kept: valueOf(again.text, 'kept'), name: 'x.csv', do: 'apply', seen: valueOf(again.text, 'seen') })).status).toBe(303);
  expect(await count()).toBe(1);
  expect((await send({ state: 'EXPEDIEE' })).status).toBe(422);
});
