import { expect, describe, test } from 'vitest';
import type { Form } from '../../src/console/form.ts';
import { ofForm } from '../../src/console/pages/apply-wishes.ts';
import { applyStates } from '../../src/store/intake.ts';
import { addState, editState } from '../../src/store/states.ts';
import { csrfOf } from './house.ts';
import { axeFaults, openRoom, overflows } from './room.ts';

const room = await openRoom();
const { db } = room.context.store;

/** Orders that nothing was shipped of yet, by the nearest deadline. */
const open = async () => db.selectFrom('orders').select(['id', 'account', 'reference']).where('open_until', '>', room.clock.now() + 720_000).where('cancellation', '=', 'none').orderBy('open_until').orderBy('id').execute();
const seenIn = (text: string): string => /name="seen" value="([^"]+)"/.exec(text)?.[1] ?? '';
const appliedTo = async (id: number): Promise<readonly string[]> => (await db.selectFrom('applied_state').innerJoin('order_state', 'order_state.id', 'state_id').select('mnemonic').where('order_id', '=', id).where('undone_at', 'is', null).orderBy('applied_state.id').execute()).map(({ mnemonic }) => mnemonic);
const shipping = { state: 'EXPEDIEE', of: 'EXPEDIEE', comment: 'Commande expédiée.', publish: 'yes', back: '/orders?due=open' };

describe('applying a state', () => {
  test('without script: rows are chosen, filled in, shown, applied and undone, and one is back at the list', { timeout: 90_000 }, async () => {
    const page = await room.open('/orders', 'packer', { script: false });
    page.setDefaultTimeout(15_000);
    const rows = (await open()).slice(0, 2);
    expect(rows.length).toBe(2);
    for (const { id } of rows) await page.check(`input[name=order][value="${id}"]`);
    await page.click('.bulk button:not([name=all])');
    await page.selectOption('select[name=state]', 'EXPEDIEE');
    await page.click('button[value=state]');
    await page.fill('input[name=carrier]', 'Colissimo');
    await page.fill(`input[name="tracking-${rows[0]?.id}"]`, '6A55555555501');
    await page.fill(`input[name="tracking-${rows[1]?.id}"]`, '8,12E+12');
    await page.click('button[value=preview]:not(.unseen)');
    // What is wrong stands beside its field, and what was typed stands there still.
    expect(await page.inputValue(`input[name="tracking-${rows[1]?.id}"]`)).toBe('8,12E+12');
    expect(await page.getAttribute(`input[name="tracking-${rows[1]?.id}"]`, 'aria-invalid')).toBe('true');
    expect(await page.inputValue(`input[name="tracking-${rows[0]?.id}"]`)).toBe('6A55555555501');
    expect(await page.textContent('button[value=apply]')).toContain('1 commande');
    await page.fill(`input[name="tracking-${rows[1]?.id}"]`, '6A55555555502');
    // It differs from what was shown: it is shown, not applied.
    await page.click('button[value=apply]');
    expect(await appliedTo(rows[0]?.id ?? 0)).not.toContain('EXPEDIEE');
    expect(await page.textContent('.bulk')).toContain('changé');
    await page.click('button[value=apply]');
    expect(page.url()).toContain(`/orders?due=open#o${rows[0]?.id}`);
    for (const { id } of rows) expect(await appliedTo(id)).toContain('EXPEDIEE');
    expect(room.rung.at(-1)).toEqual([...new Set(rows.map(({ account }) => account))]);
    expect(await page.textContent('.grace')).toContain('EXPEDIEE appliqué à 2 commandes');
    await page.click('.grace button');
    for (const { id } of rows) expect(await appliedTo(id)).not.toContain('EXPEDIEE');
    await page.context().close();
  });

  test('says what would be sent and what is missing before anything is', async () => {
    const [order] = await open();
    if (order === undefined) throw new Error('no order is open');
    const before = await db.selectFrom('applied_state').select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
    const { text, status } = await room.post('/orders/apply', { ...shipping, order: String(order.id), do: 'preview' }, 'packer');
    expect(status).toBe(200);
    expect(text).toContain('Le numéro de suivi manque');
    expect(text).toContain('À compléter');
    expect(await db.selectFrom('applied_state').select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).toEqual(before);
  });

  test('what was changed by somebody else since it was shown is shown anew, and only then applied', async () => {
    const [order] = await open();
    if (order === undefined) throw new Error('no order is open');
    const draft = { mnemonic: 'A_CHANGER', type: 'none', texts: { fr: { name: 'À changer', comment: '', sms: '' } }, colour: '#4a6f8a', indicator: null, actions: { publish: false, notifyByMail: false, notifyBySms: false, generateInvoice: false }, graceS: 60 } as const;
    await addState(room.context, draft, 'Claire', room.clock.now());
    const fields = { order: String(order.id), state: 'A_CHANGER', of: 'A_CHANGER', comment: '', back: '/orders' };
    const shown = await room.post('/orders/apply', { ...fields, do: 'preview' }, 'packer');
    await editState(room.context, 'A_CHANGER', { type: 'order-shipped' }, 'Claire', room.clock.now());
    const anew = await room.post('/orders/apply', { ...fields, seen: seenIn(shown.text), do: 'apply' }, 'packer');
    expect([anew.location, anew.text.includes('changé'), await appliedTo(order.id)]).toEqual([null, true, expect.not.arrayContaining(['A_CHANGER'])]);
    expect((await room.post('/orders/apply', { ...fields, seen: seenIn(anew.text), do: 'apply' }, 'packer')).status).toBe(303);
    expect(await appliedTo(order.id)).toContain('A_CHANGER');
    const applied = await db.selectFrom('applied_state').select('id').where('order_id', '=', order.id).orderBy('id', 'desc').executeTakeFirstOrThrow();
    await room.post(`/orders/${order.id}/undo`, { applied: String(applied.id) }, 'packer');
    await editState(room.context, 'A_CHANGER', { archived: true }, 'Claire', room.clock.now());
  });

  test('a form that is sent twice, at once or after a restart, applies once', async () => {
    const order = (await open()).at(-1);
    if (order === undefined) throw new Error('no order is open');
    const fields = { state: 'PREPARATION', of: 'PREPARATION', publish: 'yes', order: String(order.id), comment: 'Deux clics' };
    const shown = await room.post('/orders/apply', { ...fields, do: 'preview' }, 'packer');
    const csrf = csrfOf((await room.get('/profile', 'packer')).text);
    const send = () => room.post('/orders/apply', { ...fields, seen: seenIn(shown.text), do: 'apply', csrf }, 'packer');
    const before = (await appliedTo(order.id)).length;
    const both = await Promise.all([send(), send()]);
    expect(both.map(({ status, location }) => [status, location])).toEqual([[303, `/orders/${order.id}`], [303, `/orders/${order.id}`]]);
    expect(await appliedTo(order.id)).toHaveLength(before + 1);
    // Another process knows nothing of what this one has answered: the store does.
    const form: Pick<Form, 'text'> = { text: (name) => (name === 'csrf' ? csrf : '') };
    const again = await applyStates(room.context, ofForm(form, [{ account: order.account, order: order.reference, state: 'PREPARATION', comment: 'Deux clics', publish: true }]), { source: 'console', author: 'Marc', byHand: true }, room.clock.now());
    expect(again).toMatchObject([{ faults: [{ code: 'source-ref-reused' }] }]);
    expect(await appliedTo(order.id)).toHaveLength(before + 1);
  });

  test('keeps each order its own text where nobody changed it, and what was written where somebody did', async () => {
    const [order] = (await open()).slice(2);
    if (order === undefined) throw new Error('no order is open');
    const fields = { state: 'LITIGE-TRANSP', of: 'LITIGE-TRANSP', publish: 'yes', order: String(order.id), comment: '<script>alert(1)</script>' };
    const shown = await room.post('/orders/apply', { ...fields, do: 'preview' }, 'packer');
    expect(shown.text).not.toContain('<script>alert');
    const done = await room.post('/orders/apply', { ...fields, seen: seenIn(shown.text), do: 'apply' }, 'packer');
    expect([done.status, done.location]).toEqual([303, `/orders/${order.id}`]);
    expect((await db.selectFrom('applied_state').select(['comment', 'publish', 'author', 'source']).where('order_id', '=', order.id).orderBy('id', 'desc').executeTakeFirstOrThrow())).toEqual({ comment: '<script>alert(1)</script>', publish: 1, author: 'Marc', source: 'console' });
  });

  test('a column of numbers that is pasted goes down the rows; Enter goes on to the next', { timeout: 90_000 }, async () => {
    const rows = (await open()).slice(0, 3);
    const page = await room.open(`/orders/apply?${rows.map(({ id }) => `order=${id}`).join('&')}`, 'packer', { width: 390 });
    await page.selectOption('select[name=state]', 'EXPEDIEE');
    await page.click('button[value=state]');
    expect(await overflows(page)).toBe(false);
    expect(await axeFaults(page)).toEqual([]);
    await page.focus(`input[name="tracking-${rows[0]?.id}"]`);
    await page.evaluate(`(() => { const data = new DataTransfer(); data.setData('text', 'A1\\r\\nA2\\r\\nA3'); document.activeElement.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data })); })()`);
    expect(await Promise.all(rows.map(({ id }) => page.inputValue(`input[name="tracking-${id}"]`)))).toEqual(['A1', 'A2', 'A3']);
    await page.focus(`input[name="tracking-${rows[0]?.id}"]`);
    await page.keyboard.type('B1');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.name')).toBe(`tracking-${rows[1]?.id}`);
    await page.click('button[value=preview]:not(.unseen)');
    expect(await overflows(page)).toBe(false);
    expect(await axeFaults(page)).toEqual([]);
    await page.context().close();
  });

  test('a packer cancels nothing, and nobody is led elsewhere', async () => {
    const [order] = await open();
    expect((await room.get(`/orders/apply?order=${order?.id}`, 'packer')).text).not.toContain('value="ANNULEE"');
    expect((await room.get(`/orders/apply?order=${order?.id}`, 'merchant')).text).toContain('value="ANNULEE"');
    expect((await room.post('/orders/apply', { order: String(order?.id), state: 'ANNULEE', of: 'ANNULEE', do: 'apply' }, 'packer')).status).toBe(422);
    expect((await room.get(`/orders/apply?order=${order?.id}&back=//evil.example`, 'packer')).text).toMatch(/action="\/orders\/apply"[^]*name="back" value="\/orders"/);
    expect((await room.get('/orders/apply', 'packer')).text).toContain('Choisissez au moins une ligne');
    expect((await room.post('/orders/bulk/999999/undo', {}, 'packer')).status).toBe(404);
  });
});
