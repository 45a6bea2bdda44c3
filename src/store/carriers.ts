import { normalCarrier } from '../planning/carriers.ts';
import type { Instant } from '../runtime/clock.ts';
import { append, journalLane } from './audit.ts';
import type { Context } from './context.ts';
import { inParts } from './rows.ts';
import type { Db } from './rows.ts';
import { replanOrders } from './waiting.ts';

/** A carrier's code at one account, as the merchant sets it. */
export interface CarrierMapping {
  readonly carrier: string;
  readonly account: string;
  readonly code: string;
  /** Goes with the code `Other`: the name that the buyer reads. Without it, the carrier's own. */
  readonly otherName: string | null;
}

/** Maps a carrier, and lets go what waited for it. A changed mapping touches only what has not left. */
export async function mapCarrier(context: Context, mapping: CarrierMapping, author: string, now: Instant): Promise<{ readonly released: number; readonly changed: number }> {
  const name = normalCarrier(mapping.carrier);
  await context.store.db.transaction().execute(async (tx) => {
    const before = await tx.selectFrom('carrier_code').selectAll().where('account', '=', mapping.account).where('name', '=', name).executeTakeFirst();
    const values = { carrier: mapping.carrier.trim(), code: mapping.code, other_name: mapping.code === 'Other' ? mapping.otherName : null, at: now, author };
    await tx.insertInto('carrier_code').values({ account: mapping.account, name, ...values }).onConflict((conflict) => conflict.columns(['account', 'name']).doUpdateSet(values)).execute();
    await append(tx, context.audit, journalLane, now, [{ kind: 'carrier-mapped', sync: null, attempt: null, what: mapping.account, cause: null, body: { by: author, before: before ?? null, after: values } }]);
  });
  const waiting = (await notLeft(context.store.db, mapping.account)).filter((row) => row.carrier !== null && normalCarrier(row.carrier) === name);
  let released = 0;
  // In parts: thousands of held orders must not stop the daemon for a second.
  await inParts([...new Set(waiting.map((row) => row.order_id))], async (orders) => {
    released += await context.store.db.transaction().execute((tx) => replanOrders(tx, context, orders, now));
    return [];
  });
  return { released, changed: waiting.filter((row) => row.status !== 'held').length };
}

async function notLeft(db: Db, account: string) {
  return db
    .selectFrom('sync')
    .innerJoin('parcel', 'parcel.id', 'sync.parcel_id')
    .select(['sync.order_id', 'sync.status', 'parcel.carrier'])
    .where('sync.account', '=', account)
    .where('sync.ended_at', 'is', null)
    .where('sync.unsettled', '=', 0)
    .where('sync.status', 'in', ['ready', 'delayed', 'blocked', 'held'])
    .execute();
}

export interface CarrierRow {
  readonly account: string;
  readonly carrier: string;
  readonly code: string;
  readonly otherName: string | null;
  readonly author: string;
  readonly at: Instant;
}

/** The merchant's own mappings. */
export async function listMappings(db: Db): Promise<readonly CarrierRow[]> {
  const rows = await db.selectFrom('carrier_code').selectAll().orderBy('account').orderBy('name').execute();
  return rows.map(({ account, carrier, code, other_name, author, at }) => ({ account, carrier, code, otherName: other_name, author, at }));
}

/** Carriers that nobody has mapped, and how many orders each holds. */
export async function unmappedCarriers(db: Db): Promise<readonly { readonly account: string; readonly carrier: string; readonly orders: number }[]> {
  const rows = await db
    .selectFrom('sync')
    .innerJoin('parcel', 'parcel.id', 'sync.parcel_id')
    .select(['sync.account', 'parcel.carrier', 'sync.order_id'])
    .where('sync.status', '=', 'held')
    .where('sync.cause', 'like', '%/carrier-unknown')
    .execute();
  const orders = new Map<string, { account: string; carrier: string; orders: Set<number> }>();
  for (const row of rows) {
    const carrier = row.carrier ?? '';
    const key = `${row.account}\n${normalCarrier(carrier)}`;
    const entry = orders.get(key) ?? { account: row.account, carrier, orders: new Set<number>() };
    entry.orders.add(row.order_id);
    orders.set(key, entry);
  }
  return [...orders.values()].map((entry) => ({ ...entry, orders: entry.orders.size })).toSorted((a, b) => b.orders - a.orders);
}
