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
  const rows = await db.selectFrom(each.as('each')).innerJoin('orders', 'orders.id', 'each.order_id').select(['account', 'currency', 'total']).where('total', 'is not', null).execute();
  return [...Map.groupBy(rows, ({ account, currency }) => `${account}\n${currency ?? ''}`)]
    .map(([key, group]): WaitingMoney => {
      const [account = '', currency = ''] = key.split('\n');
      return { account, currency, orders: group.length, total: sum(group.map(({ total }) => total ?? '0')) };
    })
    .toSorted((a, b) => (a.account < b.account ? -1 : 1));
}

/** Adds decimal strings digit by digit, never by way of a float. */
export function sum(amounts: readonly string[]): string {
  let all = 0n;
  for (const amount of amounts) {
    const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(amount) ?? [];
    const units = BigInt(whole) * 10_000n + BigInt(part.padEnd(4, '0'));
    all += sign === '-' ? -units : units;
  }
  const plain = (all < 0n ? -all : all).toString().padStart(5, '0');
  const cents = plain.slice(-4).replace(/0{1,2}$/, '');
  return `${all < 0n ? '-' : ''}${plain.slice(0, -4)}.${cents}`;
}
