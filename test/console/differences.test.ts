import { afterAll, describe, expect, test } from 'vitest';
import { differencesOf } from '../../src/store/differences.ts';
import { openHouse } from './house.ts';
import type { Got } from './house.ts';

const house = await openHouse();
afterAll(() => house.close());
const { context } = house;
const { db } = context.store;
const spaced = ({ text }: Pick<Got, 'text'>): string => text.replace(/[\u00a0\u202f]/g, ' ').replace(/\s+/g, ' ');
const all = async () => (await Promise.all([...context.profiles.values()].map((profile) => differencesOf(db, profile, house.clock.now())))).flat();

describe('differences', () => {
  test('stand by kind with their number, each with its order, its reason and its sync', async () => {
    const page = spaced(await house.get('/differences', 'viewer'));
    const found = await all();
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['in-doubt', 'not-told', 'held-past-deadline']));
    for (const [kind, rows] of Map.groupBy(found, (one) => one.kind)) expect(page).toMatch(new RegExp(`<span class="n">${rows.length}</span>.*?href="#${kind}"`));
    for (const { orderId, sync } of found) expect([page.includes(`href="/orders/${orderId}"`), page.includes(`href="/syncs/${sync}"`)]).toEqual([true, true]);
    // Who may only read is offered nothing to press.
    expect(page).not.toContain('/syncs/preview');
    const one = spaced(await house.get('/differences?account=ebay-fr&kind=not-told', 'viewer'));
    expect(one.includes('id="not-told"') || one.includes('Aucun écart')).toBe(true);
    expect(one).not.toContain('<td class="nb">amazon-fr');
  });

  test('of one kind are settled together, over the preview and for a reason', async () => {
    const doubts = (await all()).filter(({ kind }) => kind === 'in-doubt');
    const page = await house.get('/differences', 'support');
    for (const { sync } of doubts) expect(page.text).toContain(`name="sync" value="${sync}"`);
    const ids = doubts.map(({ sync }) => String(sync));
    const preview = await house.post('/syncs/preview', { verb: 'resolve', sync: ids, back: '/differences' }, 'support');
    expect(spaced(preview)).toContain('href="/differences"');
    const seen = /name="seen" value="([^"]+)"/.exec(preview.text)?.[1] ?? '';
    const done = await house.post('/syncs/verbs', { verb: 'resolve', sync: ids, seen, reason: 'vu chez Amazon', back: '/differences' }, 'support');
    expect([done.status, done.location]).toEqual([303, '/differences']);
    expect((await all()).filter(({ kind }) => kind === 'in-doubt')).toEqual([]);
  });

  test('shipped there alone are led to a state of our own, and end with it', async () => {
    const told = new Set((await db.selectFrom('parcel').select('order_id').execute()).map((row) => row.order_id));
    const orders = (await db.selectFrom('orders').select(['id', 'reference']).where('account', '=', 'amazon-fr').orderBy('id').execute()).filter(({ id }) => !told.has(id)).slice(0, 2);
    for (const { id } of orders) await db.updateTable('order_line').set({ shipped_elsewhere: 1 }).where('order_id', '=', id).execute();
    const list = await house.get('/differences?kind=shipped-there-only', 'packer');
    for (const { id, reference } of orders) expect([list.text.includes(`name="order" value="${id}"`), list.text.includes(reference)]).toEqual([true, true]);
    const form = await house.get(`/orders/apply?back=${encodeURIComponent('/differences?kind=shipped-there-only')}&${orders.map(({ id }) => `order=${id}`).join('&')}`, 'packer');
    expect(form.text).toContain('value="/differences?kind=shipped-there-only"');
  });

  test('are given as they are found, the latest orders first, and no more than were asked for', async () => {
    const profile = context.profiles.get('amazon-fr');
    if (profile === undefined) throw new Error('no such account');
    const two = (await differencesOf(db, profile, house.clock.now(), 1)).filter(({ kind }) => kind === 'shipped-there-only');
    const more = (await differencesOf(db, profile, house.clock.now())).filter(({ kind }) => kind === 'shipped-there-only');
    expect([two.length, more.length, more[0]?.orderId]).toEqual([1, 2, two[0]?.orderId]);
  });
});
