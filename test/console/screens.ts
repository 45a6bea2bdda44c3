import { saveLetterhead } from '../../src/store/letterhead.ts';
import type { Role } from '../../src/store/people.ts';
import type { House } from './house.ts';

/** A page as somebody meets it. */
export interface Screen {
  readonly name: string;
  readonly path: string;
  readonly as: Role | null;
}

/** Every page of the console in a filled house: each is looked at by axe, in both languages, narrow and wide, and photographed. */
export async function screens(house: House): Promise<readonly Screen[]> {
  const { db } = house.context.store;
  const sync = async (status: string): Promise<number> => (await db.selectFrom('sync').select('id').where('status', '=', status).orderBy('id').executeTakeFirstOrThrow()).id;
  const record = await db.selectFrom('rerun').select('id').executeTakeFirstOrThrow();
  const person = await db.selectFrom('person').select('id').where('role', '=', 'packer').executeTakeFirstOrThrow();
  const order = await db.selectFrom('orders').innerJoin('sync', 'sync.order_id', 'orders.id').select('orders.id').where('sync.attempts', '>', 1).orderBy('sync.id').executeTakeFirstOrThrow();
  const state = await db.selectFrom('order_state').select('id').where('mnemonic', '=', 'EXPEDIEE').executeTakeFirstOrThrow();
  await house.post('/accounts/ebay-fr/check', {}, 'admin');
  return [
    { name: 'sign-in', path: '/sign-in', as: null },
    { name: 'sign-in-code', path: '/sign-in/code', as: null },
    { name: 'join-dead', path: '/join/none', as: null },
    { name: 'overview', path: '/', as: 'merchant' },
    { name: 'orders', path: '/orders', as: 'packer' },
    { name: 'orders-all', path: '/orders?due=all&state=EXPEDIEE&state=LITIGE-TRANSP', as: 'viewer' },
    { name: 'order', path: `/orders/${order.id}`, as: 'support' },
    { name: 'bulk', path: `/orders/bulk/${(await db.selectFrom('bulk').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()).id}`, as: 'packer' },
    { name: 'carrier-file', path: '/orders/file', as: 'packer' },
    { name: 'apply', path: `/orders/apply?order=${order.id}&back=/orders`, as: 'packer' },
    { name: 'syncs', path: '/syncs', as: 'support' },
    { name: 'syncs-cause', path: '/syncs?status=attention&cause=amazon%2Ftracking-refused', as: 'support' },
    { name: 'syncs-none', path: '/syncs?q=nothing-like-it', as: 'viewer' },
    { name: 'syncs-record', path: `/syncs/records/${record.id}`, as: 'viewer' },
    { name: 'sync-failed', path: `/syncs/${await sync('rejected')}`, as: 'support' },
    { name: 'sync-confirmed', path: `/syncs/${await sync('confirmed')}`, as: 'viewer' },
    { name: 'sync-doubt', path: `/syncs/${await sync('in-doubt')}`, as: 'support' },
    { name: 'sync-held', path: `/syncs/${await sync('held')}`, as: 'support' },
    { name: 'sync-proof', path: `/syncs/${await sync('confirmed')}/proof`, as: 'viewer' },
    { name: 'accounts', path: '/accounts', as: 'admin' },
    { name: 'account-connect', path: '/accounts/connect', as: 'admin' },
    { name: 'account-connect-amazon', path: '/accounts/connect?marketplace=amazon', as: 'admin' },
    { name: 'trial', path: '/trial', as: 'admin' },
    { name: 'account-turn', path: '/accounts/amazon-fr/turn?to=pause', as: 'admin' },
    { name: 'differences', path: '/differences', as: 'support' },
    { name: 'exports', path: '/exports', as: 'viewer' },
    { name: 'carriers', path: '/carriers', as: 'merchant' },
    { name: 'carriers-map', path: '/carriers/map?account=amazon-fr&carrier=Colis%20Priv%C3%A9%20Relais', as: 'merchant' },
    { name: 'states', path: '/states', as: 'merchant' },
    { name: 'state-models', path: '/states/models', as: 'merchant' },
    { name: 'state-new', path: '/states/new?model=EXPEDIEE', as: 'merchant' },
    { name: 'state-edit', path: `/states/${state.id}`, as: 'merchant' },
    { name: 'state-read', path: `/states/${state.id}`, as: 'viewer' },
    { name: 'client', path: await customerPath(house), as: null },
    { name: 'client-dead', path: '/c/1.none', as: null },
    { name: 'people', path: '/people', as: 'admin' },
    { name: 'person-revoke', path: `/people/${person.id}/revoke`, as: 'admin' },
    { name: 'profile', path: '/profile', as: 'viewer' },
    { name: 'forbidden', path: '/people', as: 'viewer' },
    { name: 'missing', path: '/nothing-here', as: 'viewer' },
  ];
}

/** The customer's page of an order of the shop that was shipped, with a heading of its own. */
async function customerPath({ context, links, clock }: House): Promise<string> {
  const order = await context.store.db.selectFrom('orders').innerJoin('parcel', 'parcel.order_id', 'orders.id').select('orders.id').where('account', '=', 'shop').orderBy('orders.id').executeTakeFirstOrThrow();
  await saveLetterhead(context, { name: 'Atelier Brévenne', contact: 'Répondez simplement au courriel de confirmation, nous vous lirons.' }, 'Claire', clock.now());
  return new URL(links.url({ id: order.id, link: 0 })).pathname;
}
