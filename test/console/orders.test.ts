import { afterAll, describe, expect, test } from 'vitest';
import { addState } from '../../src/store/states.ts';
import { openHouse } from './house.ts';

const house = await openHouse();
afterAll(() => house.close());

/** Numbers of the orders on a page, as they stand. */
const numbers = (text: string): string[] => [...text.matchAll(/<a href="\/orders\/\d+">([^<]+)<\/a>/g)].map((match) => match[1] ?? '');
const ofAll = async (path: string): Promise<string[]> => numbers((await house.get(path, 'viewer')).text);

describe('the list of orders', () => {
  test('without a filter is what is still to be shipped or told, the nearest deadline first', async () => {
    const { text } = await house.get('/orders', 'viewer');
    const shown = numbers(text);
    expect(shown.slice(0, 3)).toContain('408-1207431-2286924');
    expect([...text.matchAll(/<td class="due (\w+)/g)].map((match) => match[1]).slice(0, 2)).toEqual(['late', 'late']);
    expect(text).toMatch(/en retard de 2\sh\s32\smin/);
    // Accepted and verified ones are not among them; those that failed or wait are.
    expect(text).not.toMatch(/class="sync (accepted|confirmed)"/);
    expect(text).toMatch(/class="sync failed"/);
    expect(text).toMatch(/class="sync held"/);
  });

  test.each([
    ['late', (hours: number) => hours < 0],
    ['soon', (hours: number) => hours >= 0 && hours < 2],
  ])('asked for what is %s shows that alone', async (due, is) => {
    const { text } = await house.get(`/orders?due=${due}`, 'viewer');
    const classes = [...text.matchAll(/<td class="due (\w+)/g)].map((match) => match[1]);
    expect(classes.length).toBeGreaterThan(1);
    expect(new Set(classes)).toEqual(new Set([is(-1) ? 'late' : 'soon']));
  });

  test('is narrowed by state, indicator, account, days and number, all in its address', async () => {
    const all = await ofAll('/orders?due=all');
    expect(all.length).toBe(45);
    const shipped = await ofAll('/orders?state=EXPEDIEE');
    const prepared = await ofAll('/orders?state=PREPARATION');
    expect([...shipped, ...prepared].toSorted()).toEqual(all.toSorted());
    expect(await ofAll('/orders?indicator=to-prepare')).toEqual(prepared);
    expect((await ofAll('/orders?account=shop')).every((number) => number.startsWith('AB-'))).toBe(true);
    expect((await ofAll('/orders?account=@amazon')).length).toBe((await ofAll('/orders?account=amazon-fr')).length + (await ofAll('/orders?account=amazon-de')).length);
    expect(await ofAll('/orders?from=2026-11-24')).toEqual([]);
    expect((await ofAll('/orders?from=2026-11-22&to=2026-11-22')).length).toBeGreaterThan(0);
    expect(await ofAll('/orders?q=408-1207431')).toEqual(['408-1207431-2286924']);
    expect(await ofAll('/orders?q=ab-10681')).toEqual(['408-1207431-2286924']);
    expect((await ofAll('/orders?q=6A22918331001')).length).toBe(1);
    expect((await ofAll('/orders?q=6a22+9183+3100+1')).length).toBe(1);
  });

  test('tells nonsense in its address apart: it finds nothing, and harms nothing', async () => {
    for (const query of ['q=%25%27%22', 'state=%3Cscript%3Ealert(1)%3C/script%3E', 'due=never&after=x', 'from=2026-99-99', 'indicator=%00', 'account=@nobody', `q=${'x'.repeat(3_000)}`]) {
      const { status, text } = await house.get(`/orders?${query}`, 'viewer');
      expect(status).toBe(200);
      expect(text).not.toContain('<script>alert');
    }
  });

  test('a state of any name is text', async () => {
    await addState(house.context, { mnemonic: 'SCRIPT', type: 'none', texts: { fr: { name: '<script>alert(1)</script>', comment: '', sms: '' } }, colour: '#000000', indicator: '<b>x</b>', actions: { publish: false, notifyByMail: false, notifyBySms: false, generateInvoice: false }, graceS: 0 }, 'Claire', house.clock.now());
    await house.context.store.db.updateTable('order_state').set({ mnemonic: '<script>', mnemonic_key: '<SCRIPT>' }).where('mnemonic', '=', 'SCRIPT').execute();
    const { text } = await house.get('/orders', 'viewer');
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toMatch(/<script>|<b>x/);
  });
});
