import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { shop } from '../../orders/order.ts';
import { commonIndicators } from '../../orders/order-state.ts';
import type { OrderState } from '../../orders/order-state.ts';
import type { Instant } from '../../runtime/clock.ts';
import { unled } from '../postgres-dialect.ts';
import { listStates } from '../states.ts';
import { idsOfText } from './order-text.ts';
import { orderRows } from './order-rows.ts';
import type { OrderRow } from './order-rows.ts';
import type { ViewContext } from './view.ts';

/** What a list of orders is narrowed down to. What is left out narrows nothing. */
export interface OrderFilter {
  /** A number there or in the shop, its beginning, or a tracking number. */
  readonly text?: string;
  /** Mnemonics: any of them. */
  readonly states?: readonly string[];
  readonly indicator?: string;
  /** Any of them. */
  readonly accounts?: readonly string[];
  /** Placed in this time: from, and before. */
  readonly placed?: { readonly from: Instant | null; readonly before: Instant | null };
  /** Still to be shipped and told of, by a deadline in this time: from, and before. Such a list begins with the nearest deadline. */
  readonly due?: { readonly from: Instant | null; readonly before: Instant | null };
}

/** Where a page begins: behind this order. */
export interface OrderCursor {
  readonly at: Instant;
  readonly id: number;
}

export interface OrderList {
  readonly rows: readonly OrderRow[];
  /** Hand it in again for the next page; null after the last. */
  readonly next: OrderCursor | null;
}

/** All that the filters of an order list offer. */
export interface OrderChoices {
  readonly states: readonly OrderState[];
  readonly accounts: readonly { readonly id: string; readonly marketplace: string | null }[];
  readonly indicators: readonly string[];
}

/** A page of orders: latest first, or by deadline where one is asked for. No page counts or sorts all orders. */
export async function orderList(context: ViewContext, { filter, after, limit, now }: { readonly filter: OrderFilter; readonly after: OrderCursor | null; readonly limit: number; readonly now: Instant }): Promise<OrderList> {
  const found = await findIds(context, filter, after, limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { rows: await orderRows(context, page.map(({ id }) => id), now), next: found.length > limit && last !== undefined ? { at: last.at, id: last.id } : null };
}

/** The numbers of all orders that a filter finds, up to `limit`: the frozen list of what is about to be done to them. */
export async function orderIds(context: ViewContext, { filter, limit }: { readonly filter: OrderFilter; readonly limit: number }): Promise<readonly number[]> {
  return (await findIds(context, filter, null, limit)).map(({ id }) => id);
}

export async function orderChoices({ store: { db }, profiles }: ViewContext): Promise<OrderChoices> {
  const states = await listStates(db);
  const accounts = await db.selectFrom('account').select(['id', 'marketplace']).orderBy('id').execute();
  const known = [...profiles.values()].filter(({ account }) => !accounts.some(({ id }) => id === account)).map(({ account, marketplace }) => ({ id: account, marketplace }));
  return {
    states: states.filter(({ archivedAt }) => archivedAt === null),
    accounts: [{ id: shop, marketplace: null }, ...accounts, ...known],
    indicators: [...new Set([...commonIndicators, ...states.flatMap(({ indicator }) => indicator ?? [])])],
  };
}

type Found = { readonly id: number; readonly at: number };

async function findIds(context: ViewContext, filter: OrderFilter, after: OrderCursor | null, limit: number): Promise<readonly Found[]> {
  const { db } = context.store;
  const narrowed = await conditions(context, filter);
  if (narrowed === null) return [];
  const where = (more: readonly RawBuilder<unknown>[]): RawBuilder<unknown> => {
    const all = [...narrowed, ...more];
    return all.length === 0 ? sql`` : sql`where ${sql.join(all, sql` and `)}`;
  };
  if (filter.due !== undefined) {
    const { from, before } = filter.due;
    const bounds = [...(from === null ? [] : [sql`due.at >= ${from}`]), ...(before === null ? [] : [sql`due.at < ${before}`]), ...(after === null ? [] : [sql`(due.at, due.id) > (${after.at}, ${after.id})`])];
    const { rows } = await sql<Found>`select due.id, due.at from (${outstanding}) as due join orders on orders.id = due.id ${where(bounds)} order by due.at, due.id limit ${limit}`.execute(db);
    return rows;
  }
  const behind = after === null ? [] : [sql`(orders.placed_at, orders.id) < (${after.at}, ${after.id})`];
  const { rows } = await sql<Found>`select orders.id, orders.placed_at as at from orders ${where(behind)} order by orders.placed_at desc, orders.id desc limit ${limit}`.execute(db);
  return rows;
}

/** Orders of which something is left to be shipped, or whose shipment somebody has still to be told of. As many as there is work, whatever the history: failures status by status, as the index has them. */
const outstanding = sql`select id, min(at) as at from (
  select id, open_until as at from orders where open_until is not null
  union all select order_id, ship_by from sync where ended_at is null and operation in ('confirm-shipment', 'correct-shipment')
  ${sql.join(['rejected', 'exhausted', 'in-doubt'].map((status) => sql`union all select order_id, ship_by from sync as failure where id > 0 and status = ${sql.lit(status)} and operation = 'confirm-shipment' and not exists (
    select 1 from sync as later where later.order_id = failure.order_id and later.id > failure.id and later.operation in ('confirm-shipment', 'correct-shipment') and later.status in ('accepted', 'confirmed'))`), sql` `)}
) group by id`;

/** Null: nothing can match. SQLite is kept from leaving the index that is in the list's order. */
async function conditions(context: ViewContext, { text, states, indicator, accounts, placed }: OrderFilter): Promise<RawBuilder<unknown>[] | null> {
  const { db } = context.store;
  const all: RawBuilder<unknown>[] = [];
  const plus = unled(db);
  if (text !== undefined && text !== '') {
    const ids = await idsOfText(db, text);
    if (ids.length === 0) return null;
    all.push(sql`orders.id in (${sql.join(ids.map((id) => sql.lit(id)))})`);
  }
  if (states !== undefined && states.length > 0) {
    const ids = await db.selectFrom('order_state').select('id').where('mnemonic_key', 'in', states.map((state) => state.toUpperCase())).execute();
    if (ids.length === 0) return null;
    all.push(sql`${plus}orders.state_id in (${sql.join(ids.map(({ id }) => id))})`);
  }
  if (indicator !== undefined) all.push(sql`${plus}orders.indicator = ${indicator}`);
  if (accounts !== undefined) all.push(accounts.length === 0 ? sql`1 = 0` : sql`${plus}orders.account in (${sql.join(accounts)})`);
  if (placed !== undefined && placed.from !== null) all.push(sql`orders.placed_at >= ${placed.from}`);
  if (placed !== undefined && placed.before !== null) all.push(sql`orders.placed_at < ${placed.before}`);
  return all;
}
