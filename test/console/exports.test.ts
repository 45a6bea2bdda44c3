import { afterAll, describe, expect, test } from 'vitest';
import { exportRows } from '../../src/store/views/exports.ts';
import type { ExportPlace } from '../../src/store/views/exports.ts';
import { openHouse } from './house.ts';
import type { Got } from './house.ts';

const house = await openHouse();
afterAll(() => house.close());
const { db } = house.context.store;
const spaced = ({ text }: Pick<Got, 'text'>): string => text.replace(/[\u00a0\u202f]/g, ' ').replace(/\s+/g, ' ');
const lines = ({ text }: Got): string[] => text.trimEnd().split('\r\n');
/** Quotation marks, which a decimal comma brings with it, are no part of a cell. */
const cellsOf = (line = ''): string[] => line.split(';').map((cell) => cell.replace(/^"(.*)"$/, '$1'));
const accepted = async (account?: string) => (await db.selectFrom('sync').select('id').where('accepted_at', 'is not', null).$if(account !== undefined, (query) => query.where('account', '=', account ?? '')).execute()).length;

describe('exports', () => {
  test('count a month by account and operation, and each figure is its file', async () => {
    const page = await house.get('/exports', 'viewer');
    expect(page.text).toContain('Novembre 2026');
    expect(spaced(page)).toContain(`Tout le mois en CSV (${await accepted()} lignes)`);
    const n = await accepted('amazon-fr');
    expect(page.text).toMatch(new RegExp(`href="/exports.csv\\?month=2026-11&amp;account=amazon-fr&amp;operation=confirm-shipment"[^>]*>${n}<`));
    const file = await house.get('/exports.csv?month=2026-11&account=amazon-fr&operation=confirm-shipment', 'viewer');
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="exports-2026-11-amazon-fr-confirm-shipment.csv"');
    expect(lines(file)).toHaveLength(1 + n);
    expect(lines(await house.get('/exports.csv?month=2026-10', 'viewer'))).toHaveLength(1);
    expect(spaced(await house.get('/exports?month=2026-10', 'viewer'))).toContain('Rien n’a été accepté ce mois-là');
    // Nonsense asks for the present month.
    for (const month of ['2026-13', 'x', '2026-11-01']) expect(lines(await house.get(`/exports.csv?month=${month}`, 'viewer'))).toHaveLength(1 + (await accepted()));
  });

  test('are as a French spreadsheet wants them, account by account and the earliest first, with no cell that is a formula', async () => {
    const [first] = await db.selectFrom('sync').innerJoin('orders', 'orders.id', 'sync.order_id').select(['sync.id', 'orders.id as order', 'accepted_at', 'total']).where('accepted_at', 'is not', null).orderBy('sync.account').orderBy('accepted_at').orderBy('sync.id').execute();
    if (first === undefined) throw new Error('nothing was accepted');
    await db.updateTable('orders').set({ own_reference: '=cmd|calc' }).where('id', '=', first.order).execute();
    const file = await house.get('/exports.csv?month=2026-11', 'viewer');
    expect(file.text.startsWith('\ufeffsynchronisation;compte;commande;')).toBe(true);
    const cells = cellsOf(lines(file)[1]);
    expect([cells[0], cells[3], cells[12], cells[14]]).toEqual([`S-${first.id}`, "'=cmd|calc", first.total?.replace('.', ','), 'EUR']);
    expect(cells[5]).toMatch(/^23\/11\/2026 \d\d:\d\d:\d\d$/);
    const english = await house.get('/exports.csv?month=2026-11', 'viewer', { 'accept-language': 'en' });
    expect(english.text).toMatch(/^sync,account,order,/);
    expect(lines(english)[1]).toContain(`,${first.total},`);
  });

  test('tell what a refund gave back, and the units of months are the merchant’s own', async () => {
    const [last] = await db.selectFrom('sync').select(['id', 'applied_state_id']).where('accepted_at', 'is not', null).where('applied_state_id', 'is not', null).orderBy('id', 'desc').limit(1).execute();
    await db.updateTable('applied_state').set({ refund: JSON.stringify({ reason: 'GESTE', lines: [{ lineId: '1', quantity: 1, amount: '10.10' }, { lineId: '2', quantity: 1, amount: '0.90' }], shipping: '2.50' }) }).where('id', '=', last?.applied_state_id ?? 0).execute();
    // 23:30 UTC on the last of October is the first of November in Paris.
    await db.updateTable('sync').set({ operation: 'refund-order', accepted_at: Date.parse('2026-10-31T23:30:00Z') }).where('id', '=', last?.id ?? 0).execute();
    const [, line = ''] = lines(await house.get('/exports.csv?month=2026-11&operation=refund-order', 'viewer'));
    expect(cellsOf(line).slice(13)).toEqual(['13,50', 'EUR', 'GESTE']);
    expect(line).toContain('01/11/2026 00:30:00');
    expect((await house.get('/exports', 'viewer')).text).toContain('operation=refund-order');
  });

  test('goes on page by page, each acceptance once, however many fell into one moment', async () => {
    await db.updateTable('sync').set({ accepted_at: Date.parse('2026-11-23T09:00:00Z') }).where('accepted_at', 'is not', null).execute();
    const from = Date.parse('2026-11-01T00:00:00Z');
    const ids: number[] = [];
    for (let after: ExportPlace | null = null; ; ) {
      const { rows, next }: Awaited<ReturnType<typeof exportRows>> = await exportRows(house.context, { search: { from, to: from + 40 * 86_400_000, account: null, operation: null }, after, limit: 4 });
      ids.push(...rows.map(({ id }) => id));
      if (next === null) break;
      after = next;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(await accepted());
  });
});
