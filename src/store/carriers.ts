import { sql } from 'kysely';
import { normalCarrier } from '../planning/carriers.ts';
import type { Instant } from '../runtime/clock.ts';
import type { Status } from '../syncing/status.ts';
import { append, journalLane } from './audit.ts';
import { breathe } from './breathe.ts';
import type { Context } from './context.ts';
import { newestIds } from './log-ids.ts';
import type { Db } from './rows.ts';
import { transact } from './transact.ts';
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
  await transact(context.store.db, async (tx) => {
    const before = await tx.selectFrom('carrier_code').selectAll().where('account', '=', mapping.account).where('name', '=', name).executeTakeFirst();
    const values = { carrier: mapping.carrier.trim(), code: mapping.code, other_name: mapping.code === 'Other' ? mapping.otherName : null, at: now, author };
    await tx.insertInto('carrier_code').values({ account: mapping.account, name, ...values }).onConflict((conflict) => conflict.columns(['account', 'name']).doUpdateSet(values)).execute();
    await append(tx, context.audit, journalLane, now, [{ kind: 'carrier-mapped', sync: null, attempt: null, what: mapping.account, cause: null, body: { by: author, before: before ?? null, after: values } }]);
  });
  let released = 0;
  let changed = 0;
  // In parts: thousands of waiting orders must not stop the daemon for a second.
  for (let below: number | null = null; ; ) {
    const ids: readonly number[] = await newestIds(context.store.db, { account: mapping.account, status: waiting }, below, listed);
    for (let from = 0; from < ids.length; from += chunk) {
      const rows = (await notLeft(context.store.db, ids.slice(from, from + chunk))).filter((row) => row.carrier !== null && normalCarrier(row.carrier) === name);
      if (rows.length > 0) released += await transact(context.store.db, (tx) => replanOrders(tx, context, [...new Set(rows.map((row) => row.order_id))], now));
      changed += rows.filter((row) => row.status !== 'held').length;
      await breathe();
    }
    if (ids.length < listed) return { released, changed };
    below = ids.at(-1) ?? null;
  }
}

/** Where a sync may wait without having left. */
const waiting: readonly Status[] = ['ready', 'delayed', 'blocked', 'held'];

/** Syncs looked through at once, and planned anew in one transaction. */
const listed = 1_000;
const chunk = 25;

async function notLeft(db: Db, ids: readonly number[]) {
  return db
    .selectFrom('sync')
    .innerJoin('parcel', 'parcel.id', 'sync.parcel_id')
    .select(['sync.order_id', 'sync.status', 'parcel.carrier'])
    .where('sync.id', 'in', ids)
    .where('sync.unsettled', '=', 0)
    .where('sync.status', 'in', waiting)
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
    .where('sync.status', '=', sql.lit('held'))
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
