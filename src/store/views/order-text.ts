import { normalTracking } from '../../orders/parcel.ts';
import type { Db } from '../rows.ts';

/** So many orders are taken of those whose number begins alike. */
const most = 500;

/** Orders that go by a text: their number there or in the shop, or the tracking number of a parcel; whole, or how it begins. */
export async function idsOfText(db: Db, given: string): Promise<readonly number[]> {
  const text = given.trim();
  if (text === '') return [];
  const ids = new Set<number>();
  const keep = (rows: readonly { readonly id: number }[]): void => rows.forEach(({ id }) => ids.add(id));
  for (const one of new Set([text, text.toUpperCase()])) {
    const end = `${one}\u{10ffff}`;
    keep(await db.selectFrom('orders').select('id').where('reference', '>=', one).where('reference', '<', end).limit(most).execute());
    keep(await db.selectFrom('orders').select('id').where('own_reference', '>=', one).where('own_reference', '<', end).limit(most).execute());
  }
  const tracking = normalTracking(text);
  // Few letters of a number that nobody knows by heart say nothing.
  if (tracking.length >= 5) keep(await db.selectFrom('parcel').select('order_id as id').where('tracking_normal', '>=', tracking).where('tracking_normal', '<', `${tracking}\u{10ffff}`).where('voided_at', 'is', null).limit(most).execute());
  return [...ids];
}
