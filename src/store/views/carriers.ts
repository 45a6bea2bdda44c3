import { sql } from 'kysely';
import { normalCarrier } from '../../planning/carriers.ts';
import type { Instant } from '../../runtime/clock.ts';
import type { Status } from '../../syncing/status.ts';
import { listMappings, unmappedCarriers } from '../carriers.ts';
import type { CarrierRow } from '../carriers.ts';
import { logsOwn } from '../log-ids.ts';
import { unled } from '../postgres-dialect.ts';
import type { Db } from '../rows.ts';
import type { ViewContext } from './view.ts';

/** A carrier's name at one account, and how much stands still for want of its code. */
export interface CarrierTrouble {
  readonly account: string;
  readonly carrier: string;
  /** Orders that are held until it is mapped. */
  readonly held: number;
  /** Syncs that the marketplace refused because it does not know the code. */
  readonly refused: number;
}

/** A carrier as the latest parcels, or the merchant's own mappings, name it. */
export interface UsedCarrier {
  readonly carrier: string;
  /** Of the latest parcels. */
  readonly parcels: number;
  readonly lastAt: Instant | null;
}

export interface CarrierUse {
  readonly trouble: readonly CarrierTrouble[];
  readonly used: readonly UsedCarrier[];
  readonly mappings: readonly CarrierRow[];
  /** Parcels that were looked at. */
  readonly looked: number;
}

/** So many parcels say which carriers are in use. */
const latest = 3_000;

/** Carriers in use, by the latest parcels, and those that hold something up. */
export async function carrierUse({ store: { db }, profiles }: ViewContext): Promise<CarrierUse> {
  const last = await db.selectFrom('parcel').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  const rows = await db
    .selectFrom('parcel')
    .select((eb) => ['carrier', eb.fn.countAll<number>().as('n'), eb.fn.max<number>('shipped_at').as('at')])
    .where('id', '>', (last?.id ?? 0) - latest)
    .where('carrier', 'is not', null)
    .where('voided_at', 'is', null)
    .where('origin', '<>', 'marketplace')
    .groupBy('carrier')
    .execute();
  const mappings = await listMappings(db);
  const named = new Map<string, { carrier: string; parcels: number; lastAt: number | null }>();
  for (const { carrier, n, at } of rows.toSorted((a, b) => b.n - a.n)) {
    const known = named.get(normalCarrier(carrier ?? '')) ?? { carrier: carrier ?? '', parcels: 0, lastAt: null };
    named.set(normalCarrier(carrier ?? ''), { ...known, parcels: known.parcels + n, lastAt: Math.max(known.lastAt ?? 0, at) });
  }
  for (const { carrier } of mappings) if (!named.has(normalCarrier(carrier))) named.set(normalCarrier(carrier), { carrier, parcels: 0, lastAt: null });
  return {
    trouble: await troubles(db, profiles),
    used: [...named].flatMap(([name, one]) => (name === '' ? [] : [one])).toSorted((a, b) => b.parcels - a.parcels || (a.carrier < b.carrier ? -1 : 1)),
    mappings,
    looked: rows.reduce((all, { n }) => all + n, 0),
  };
}

async function troubles(db: Db, profiles: ViewContext['profiles']): Promise<readonly CarrierTrouble[]> {
  const found = new Map<string, { account: string; carrier: string; held: number; refused: number }>();
  const of = (account: string, carrier: string): { held: number; refused: number } => {
    const key = `${account}\n${normalCarrier(carrier)}`;
    const one = found.get(key) ?? { account, carrier, held: 0, refused: 0 };
    found.set(key, one);
    return one;
  };
  for (const { account, carrier, orders } of await unmappedCarriers(db)) of(account, carrier).held += orders;
  for (const { account, marketplace } of profiles.values()) for (const { carrier } of await refusedFor(db, account, marketplace)) of(account, carrier).refused += 1;
  return [...found.values()].toSorted((a, b) => b.held + b.refused - (a.held + a.refused));
}

/** Syncs that a marketplace refused for the code of their carrier: by the index over causes, not by that over all that the account ever had. */
function refusedFor(db: Db, account: string, marketplace: string) {
  return db.selectFrom('sync').innerJoin('parcel', 'parcel.id', 'sync.parcel_id').select(['sync.id', sql<string>`coalesce(parcel.carrier, '')`.as('carrier')]).where(logsOwn).where('sync.status', '=', sql.lit('rejected')).where('sync.cause', '=', `${marketplace}/carrier-unknown`).where(sql`${unled(db)}sync.account`, '=', account).execute();
}

/** What a changed code of one carrier at one account would reach. */
export interface CarrierReach {
  /** The merchant's own mapping, where there is one. */
  readonly mapped: CarrierRow | null;
  /** Syncs held for want of a code: they go. */
  readonly held: number;
  /** Syncs held for something else, or waiting for their turn: they take the new code with them. */
  readonly waiting: number;
  /** Syncs that were refused for the code, and can be rerun. */
  readonly refused: readonly number[];
}

/** Where a sync has not left, as the indexes have it. */
const groups: readonly (readonly Status[])[] = [['ready'], ['delayed', 'submitted'], ['blocked'], ['held']];

export async function carrierReach({ store: { db }, profiles }: ViewContext, { account, carrier }: { readonly account: string; readonly carrier: string }): Promise<CarrierReach> {
  const name = normalCarrier(carrier);
  let [held, waiting] = [0, 0];
  for (const group of groups) {
    const rows = await db
      .selectFrom('sync')
      .innerJoin('parcel', 'parcel.id', 'sync.parcel_id')
      .select((eb) => ['parcel.carrier', 'sync.cause', eb.fn.countAll<number>().as('n')])
      .where((eb) => (group.length === 1 ? eb('sync.status', '=', sql.lit(group[0])) : eb('sync.status', 'in', group.map((status) => sql.lit(status)))))
      .where('sync.status', '<>', 'submitted')
      .where('sync.account', '=', account)
      .where('sync.unsettled', '=', 0)
      .where('parcel.carrier', 'is not', null)
      .$if(group[0] === 'blocked', (query) => query.where(logsOwn))
      .groupBy(['parcel.carrier', 'sync.cause'])
      .execute();
    for (const row of rows.filter((one) => normalCarrier(one.carrier ?? '') === name)) {
      if (row.cause?.endsWith('/carrier-unknown') === true) held += row.n;
      else waiting += row.n;
    }
  }
  const mapped = (await listMappings(db)).find((row) => row.account === account && normalCarrier(row.carrier) === name) ?? null;
  const refused = await refusedFor(db, account, profiles.get(account)?.marketplace ?? '');
  return { held, waiting, mapped, refused: refused.filter((row) => normalCarrier(row.carrier) === name).map(({ id }) => id) };
}
