import { afterAll, describe, expect, test } from 'vitest';
import { applyStates } from '../../src/store/intake.ts';
import { perform } from '../../src/store/verbs.ts';
import { openHouse } from './house.ts';

const house = await openHouse();
afterAll(() => house.close());
const { db } = house.context.store;

const idOf = async (reference: string): Promise<number> => (await db.selectFrom('orders').select('id').where('reference', '=', reference).executeTakeFirstOrThrow()).id;
const awaiting = async () => db.selectFrom('parcel').select(['id', 'order_id', 'carrier']).where('tracking_number', 'is', null).where('voided_at', 'is', null).orderBy('id').execute();

describe('the page of one order', () => {
  test('tells of its lines, parcels, states and of each sync with its attempts', async () => {
    const sync = await db.selectFrom('sync').select('order_id').where('attempts', '>', 1).orderBy('id').executeTakeFirstOrThrow();
    const { status, text } = await house.get(`/orders/${sync.order_id}`, 'viewer');
    expect(status).toBe(200);
    for (const words of ['Colis 1', '6A2291833', 'EXPEDIEE', 'PREPARATION', 'Envoi 1', 'Relecture.', 'Lien du client', 'Reste']) expect(text).toContain(words);
    // A reader has nothing to press.
    expect(text).not.toMatch(/<form method="post" action="\/orders/);
  });

  test('says who closed a sync by hand and why, and fills in what the customer is told', async () => {
    const failed = await db.selectFrom('sync').select(['id', 'order_id']).where('status', '=', 'rejected').orderBy('id').executeTakeFirstOrThrow();
    await perform(house.context, { verb: 'resolve', filter: { ids: [failed.id] }, author: 'Inès', reason: 'confirmée dans Seller Central' }, house.clock.now());
    const applied = await db.selectFrom('applied_state').innerJoin('orders', 'orders.id', 'order_id').select(['applied_state.id', 'orders.reference']).where('order_id', '=', failed.order_id).orderBy('applied_state.id', 'desc').executeTakeFirstOrThrow();
    await db.updateTable('applied_state').set({ comment: 'Votre commande {{order}} est partie avec {{carrier}}.\nSuivi : {{tracking}}' }).where('id', '=', applied.id).execute();
    const { text } = await house.get(`/orders/${failed.order_id}`, 'viewer');
    expect(text).toContain('Close à la main');
    expect(text).not.toContain('Acceptée');
    expect(text.replace(/[\u00a0\u202f]/g, ' ')).toContain('Par Inès. Motif : confirmée dans Seller Central');
    expect(text).toContain(`Votre commande ${applied.reference} est partie avec Colissimo.`);
    expect(text).not.toContain('{{');
  });

  test('has the key of a remedy beside what failed, and a parcel is completed where it stands', async () => {
    const held = await db.selectFrom('sync').select(['id', 'order_id', 'parcel_id']).where('status', '=', 'held').where('cause', '=', 'order/tracking-missing').executeTakeFirstOrThrow();
    const place = `<a class="btn" href="/orders/${held.order_id}#p${held.parcel_id}">`;
    expect((await house.get(`/orders/${held.order_id}`, 'packer')).text).toContain(place);
    expect((await house.get(`/orders/${held.order_id}`, 'viewer')).text).not.toContain(place);
    expect((await house.get(`/syncs/${held.id}`, 'support')).text).toContain(`href="/orders/${held.order_id}#p${held.parcel_id}"`);
    const unmapped = await db.selectFrom('sync').select('order_id').where('status', '=', 'held').where('cause', 'like', '%/carrier-unknown').executeTakeFirstOrThrow();
    expect((await house.get(`/orders/${unmapped.order_id}`, 'merchant')).text).toContain('<a class="btn" href="/carriers">');
  });

  test('leads from a state that was applied to many to all of them', async () => {
    const applied = await db.selectFrom('applied_state').select(['order_id', 'bulk_id']).where('bulk_id', 'is not', null).executeTakeFirstOrThrow();
    const { text } = await house.get(`/orders/${applied.order_id}`, 'viewer');
    expect(text).toContain(`<a href="/orders/bulk/${applied.bulk_id}">avec d’autres commandes</a>`);
    expect(text).not.toContain('par bulk/');
  });

  test('is not there for an order that is not', async () => {
    for (const id of ['999999', 'x', '-1', '1e3']) expect((await house.get(`/orders/${id}`, 'viewer')).status).toBe(404);
  });

  test('takes a missing tracking number, and says what is wrong with one beside its field', async () => {
    const [parcel, other] = await awaiting();
    if (parcel === undefined || other === undefined) throw new Error('no parcel waits');
    const wrong = await house.post(`/orders/${parcel.order_id}/parcels`, { parcel: String(parcel.id), carrier: 'Chronopost Relais', tracking: '8,12E+12' }, 'packer');
    expect(wrong.status).toBe(422);
    expect(wrong.text).toMatch(/value="8,12E\+12"[^>]*aria-invalid="true"/);
    expect(wrong.text).toContain('value="Chronopost Relais"');
    const sealIn = (text: string): string => new RegExp(`name="parcel" value="${parcel.id}"><input type="hidden" name="seal" value="([^"]+)"`).exec(text)?.[1] ?? '';
    const seal = sealIn(wrong.text);
    const done = await house.post(`/orders/${parcel.order_id}/parcels`, { parcel: String(parcel.id), seal, carrier: parcel.carrier ?? '', tracking: 'XS418203376FR' }, 'packer');
    expect([done.status, done.location]).toEqual([303, `/orders/${parcel.order_id}`]);
    expect((await db.selectFrom('parcel').select('tracking_number').where('id', '=', parcel.id).executeTakeFirstOrThrow()).tracking_number).toBe('XS418203376FR');
    expect(house.rung.length).toBeGreaterThan(0);
    // Whoever still has the page of before does not wipe the number out: it is shown, with what they typed.
    const late = { parcel: String(parcel.id), carrier: 'Colissimo', tracking: '' };
    const stale = await house.post(`/orders/${parcel.order_id}/parcels`, { ...late, seal }, 'packer');
    expect([stale.status, stale.text.includes('Quelqu’un a modifié ce colis'), stale.text.includes('XS418203376FR'), stale.text.includes('value="Colissimo"')]).toEqual([422, true, true, true]);
    expect((await db.selectFrom('parcel').select('tracking_number').where('id', '=', parcel.id).executeTakeFirstOrThrow()).tracking_number).toBe('XS418203376FR');
    expect(sealIn(stale.text)).not.toBe(seal);
    // A parcel of another order is not this one's.
    expect((await house.post(`/orders/${parcel.order_id}/parcels`, { parcel: String(other.id), carrier: 'X', tracking: 'XS418203377FR' }, 'packer')).status).toBe(404);
  });

  test('is published, or kept from the customer, by support', async () => {
    const id = await idOf('408-1207431-2286924');
    expect((await house.get(`/orders/${id}`, 'support')).text).toContain('non\u00a0: vendue par Amazon');
    expect((await house.post(`/orders/${id}/publication`, { publication: 'yes' }, 'packer')).status).toBe(403);
    expect((await house.post(`/orders/${id}/publication`, { publication: 'perhaps' }, 'support')).status).toBe(404);
    expect((await house.post(`/orders/${id}/publication`, { publication: 'yes' }, 'support')).status).toBe(303);
    expect((await house.get(`/orders/${id}`, 'viewer')).text).toMatch(new RegExp(`value="http://127.0.0.1/c/${id}\\.[\\w-]{22}"`));
  });

  test('undoes a state while nothing of it has left', async () => {
    const id = await idOf('408-1207431-2286924');
    const [applied] = await applyStates(house.context, [{ account: 'amazon-fr', order: '408-1207431-2286924', state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: '6A99999999999' }], comment: '<script>alert(1)</script>' }], { source: 'console', author: 'Marc', byHand: true }, house.clock.now());
    if (applied === undefined || !('id' in applied)) throw new Error('refused');
    // Its deadline has passed: there is no grace, and the list of what may be undone is empty.
    const { text } = await house.get(`/orders/${id}`, 'packer');
    expect(text).toContain('&lt;script&gt;alert(1)');
    expect(text).not.toContain('<script>alert');
    expect((await house.post(`/orders/${id}/undo`, { applied: String(applied.id) }, 'packer')).status).toBe(303);
    expect((await house.get(`/orders/${id}`, 'viewer')).text).toContain('Défait par Marc');
    expect((await house.post(`/orders/${id}/undo`, { applied: '1' }, 'packer')).status).toBe(404);
  });
});
