import { shop } from '../../orders/order.ts';
import type { Instant } from '../../runtime/clock.ts';
import type { Db } from '../rows.ts';
import { firstSyncSince } from './day.ts';
import { longAgo } from './due.ts';
import { ofStatus } from './failures.ts';

/** Money that a marketplace gives once it has been told. */
export interface WaitingMoney {
  readonly account: string;
  readonly currency: string;
  readonly orders: number;
  /** A decimal string. */
  readonly total: string;
  /** Of some orders the marketplace gives no total: that of their lines stands for it, without postage. */
  readonly ofGoods: boolean;
}

/**
 * By account and currency: orders of marketplaces of which something is left to ship, or whose confirmation is not accepted
 * yet. What was refused long ago is history.
 */
export async function waitingMoney(db: Db, now: Instant): Promise<readonly WaitingMoney[]> {
  // By number, so that the refusals of years are not read one by one.
  const since = (await firstSyncSince(db, now - longAgo)) ?? Number.MAX_SAFE_INTEGER;
  // All of them, and each once afterwards: told to merge them, SQLite would walk through all syncs in the order of their orders.
  const open = db
    .selectFrom('orders')
    .select('orders.id as order_id')
    .where('open_until', 'is not', null)
    .where('account', '<>', shop)
    .unionAll(db.selectFrom('sync').select('order_id').where('ended_at', 'is', null).where('operation', '=', 'confirm-shipment'))
    .unionAll(ofStatus(db, 'rejected').select('order_id').where('operation', '=', 'confirm-shipment').where('id', '>=', since))
    .unionAll(ofStatus(db, 'exhausted').select('order_id').where('operation', '=', 'confirm-shipment').where('id', '>=', since));
  const each = db.selectFrom(open.as('open')).select('open.order_id').distinct();
  const rows = await db.selectFrom(each.as('each')).innerJoin('orders', 'orders.id', 'each.order_id').select(['orders.id', 'account', 'currency', 'total']).execute();
  const lines = await db.selectFrom(each.as('each')).innerJoin('orders', 'orders.id', 'each.order_id').innerJoin('order_line', 'order_line.order_id', 'orders.id').select(['orders.id', 'quantity', 'cancelled', 'unit_price']).where('total', 'is', null).where('currency', 'is not', null).execute();
  const goods = valueOfGoods(lines);
  const known = rows.flatMap((row) => {
    const total = row.total ?? goods.get(row.id);
    return total === undefined ? [] : [{ ...row, total, ofGoods: row.total === null }];
  });
  return [...Map.groupBy(known, ({ account, currency }) => `${account}\n${currency ?? ''}`)]
    .map(([key, group]): WaitingMoney => {
      const [account = '', currency = ''] = key.split('\n');
      return { account, currency, orders: group.length, total: sum(group.map(({ total }) => total)), ofGoods: group.some(({ ofGoods }) => ofGoods) };
    })
    .toSorted((a, b) => (a.account < b.account ? -1 : 1));
}

/** What the articles of orders without a total are worth; an order with an article without a price is left out. */
function valueOfGoods(lines: readonly { readonly id: number; readonly quantity: number; readonly cancelled: number; readonly unit_price: string | null }[]): ReadonlyMap<number, string> {
  const ofOrders = [...Map.groupBy(lines, ({ id }) => id)].filter(([, all]) => all.every(({ unit_price }) => unit_price !== null));
  return new Map(ofOrders.map(([id, all]) => [id, decimal(all.reduce((worth, { quantity, cancelled, unit_price }) => worth + BigInt(quantity - cancelled) * units(unit_price ?? '0'), 0n))]));
}

/** Adds decimal strings digit by digit, never by way of a float. */
export function sum(amounts: readonly string[]): string {
  return decimal(amounts.reduce((all, amount) => all + units(amount), 0n));
}

/** Ten-thousandths: what no currency divides further. */
function units(amount: string): bigint {
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(amount) ?? [];
  const all = BigInt(whole) * 10_000n + BigInt(part.padEnd(4, '0'));
  return sign === '-' ? -all : all;
}

function decimal(all: bigint): string {
  const plain = (all < 0n ? -all : all).toString().padStart(5, '0');
  const cents = plain.slice(-4).replace(/0{1,2}$/, '');
  return `${all < 0n ? '-' : ''}${plain.slice(0, -4)}.${cents}`;
}
