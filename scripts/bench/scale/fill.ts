import Database from 'better-sqlite3';

/** Values of columns that differ from the row that is copied, as SQL over `n.i`, the number of the copy. */
type Changes = Readonly<Record<string, string>>;

/** Which copies are made: from the one number up to, not including, the other. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A database that is filled past the store: by copying the rows of lives that were really lived. */
export interface Filling {
  /** Copies the finished life of one order, once for each number; the bodies of its audit entries are erased, as old ones may be. */
  finished(range: Range): void;
  /** Copies the same order with its confirmation still to come. */
  ready(range: Range): void;
  /** With its confirmation due in an hour or later. */
  delayed(range: Range): void;
  /** A correction for each order of `range`, which waits for its confirmation. */
  blocked(range: Range, from: number): void;
  close(): void;
}

/** One row in so many is of this kind; the rest went well. Prime to each other, so that the kinds do not coincide. */
const oddities = { rejected: 199, skipped: 101, cancelled: 499, superseded: 331, ofEbay: 5, ofSmallAccount: 997 } as const;

/** The latest 0.1 % of the history have none: it is a cause that was put right long ago. */
export const rareCause = 'amazon/order-cancelled';
export const commonCause = 'amazon/carrier-unknown';
export const smallAccount = 'amazon-be';

/**
 * Opens a database for filling. The whole is written without a journal: should it break off, it is worth nothing.
 * @param file made by the store, with the life of the order `template`, which has ended
 * @param last number of the copy that is a day old; each before it is 47 s older, so that two million are three years
 */
export function openFilling(file: string, template: number, last: number): Filling {
  const db = new Database(file);
  for (const pragma of ['journal_mode = off', 'synchronous = off', 'cache_size = -524288', 'temp_store = memory', 'foreign_keys = off']) db.pragma(pragma);
  const triggers = db.prepare("select name, sql from sqlite_master where type = 'trigger'").all() as { readonly name: string; readonly sql: string }[];
  for (const { name } of triggers) db.exec(`drop trigger ${name}`);
  const base = db.prepare('select placed_at, created_at from orders where id = ?').get(template) as { readonly placed_at: number; readonly created_at: number };
  const entries = db.prepare('select number from audit_entry where sync_id = ? order by number').pluck().all(template) as number[];
  if (entries.length !== 2) throw new Error(`the life that is copied has ${entries.length} audit entries, not 2`);

  const ago = (moment: string | number): string => `${moment} - 86400000 - max(0, ${last} - n.i) * 47000`;

  function copy(table: string, where: string, changes: Changes): void {
    const columns = (db.pragma(`table_info(${table})`) as { readonly name: string }[]).map(({ name }) => name);
    const values = columns.map((column) => changes[column] ?? `s.${column}`);
    db.exec(`insert into ${table} (${columns.join()}) select ${values.join()} from numbers n cross join (select * from ${table} where ${where}) s order by n.i`);
  }

  function count({ from, to }: Range): void {
    db.exec('drop table if exists temp.numbers; create temp table numbers (i integer primary key)');
    db.prepare('insert into numbers with recursive r(i) as (select ? union all select i + 1 from r where i + 1 < ?) select i from r').run(from, to);
  }

  /** An order with its line, the state applied to it and its parcel. Earlier numbers are older. */
  function orders(range: Range): void {
    count(range);
    const account = `case when n.i % ${oddities.ofSmallAccount} = 0 then '${smallAccount}' when n.i % ${oddities.ofEbay} = 0 then 'ebay-fr' else s.account end`;
    copy('orders', `id = ${template}`, { id: 'n.i', account, reference: "printf('402-%07d-%07d', n.i / 10000000, n.i % 10000000)", own_reference: "'D-' || n.i", placed_at: ago(base.placed_at), created_at: ago(base.created_at) });
    copy('order_line', `order_id = ${template}`, { order_id: 'n.i', line_id: "printf('7%013d', n.i)" });
    copy('applied_state', `id = ${template}`, { id: 'n.i', order_id: 'n.i', received_at: ago('s.received_at'), comment: "''", sms: "''" });
    copy('parcel', `id = ${template}`, { id: 'n.i', order_id: 'n.i', applied_state_id: 'n.i', tracking_number: "printf('9V%011d', n.i)", tracking_normal: "printf('9V%011d', n.i)" });
  }

  const own: Changes = { id: 'n.i', order_id: 'n.i', applied_state_id: 'n.i', parcel_id: 'n.i', created_at: ago('s.created_at'), payload: "replace(s.payload, '171-0000000-0000000', printf('402-%07d-%07d', n.i / 10000000, n.i % 10000000))" };
  const open: Changes = { ...own, step: "'send'", call: "'confirmShipment'", cause: 'null', reference: 'null', attempts: '0', told_at: 'null', accepted_at: 'null', ended_at: 'null' };

  function total(): void {
    db.exec("delete from counter; insert into counter select account, status, case when status in ('held', 'rejected', 'exhausted', 'in-doubt', 'skipped') then coalesce(cause, '') else '' end, count(*) from sync group by 1, 2, 3");
  }

  return {
    finished(range) {
      orders(range);
      const { rejected, skipped, cancelled, superseded } = oddities;
      const status = `case when n.i % ${rejected} = 0 then 'rejected' when n.i % ${skipped} = 0 then 'skipped' when n.i % ${cancelled} = 0 then 'cancelled' when n.i % ${superseded} = 0 then 'superseded' else 'confirmed' end`;
      const cause = `case when n.i % ${rejected} = 0 then iif(n.i < 1000, '${rareCause}', '${commonCause}') when n.i % ${skipped} = 0 then 'order/already-shipped' end`;
      const account = `(select account from orders where orders.id = n.i)`;
      copy('sync', `id = ${template}`, { ...own, account, status, cause, due_at: 'null', told_at: ago('s.told_at'), accepted_at: `case when ${status} = 'confirmed' then ${ago('s.accepted_at')} end`, ended_at: ago('s.ended_at') });
      for (const [index, number] of entries.entries()) {
        const at = `(select number from audit_head where lane = s.lane) + (n.i - ${range.from}) * 2 + ${index + 1}`;
        copy('audit_entry', `lane = 'amazon-fr' and number = ${number}`, { number: at, sync_id: 'n.i' });
      }
      db.exec(`update audit_head set number = number + ${2 * (range.to - range.from)} where lane = 'amazon-fr'`);
      total();
    },
    ready(range) {
      orders(range);
      copy('sync', `id = ${template}`, { ...open, status: "'ready'", ship_by: 's.ship_by + n.i', due_at: 'null' });
      db.exec(`update orders set account = 'amazon-fr' where id >= ${range.from} and id < ${range.to}`);
      total();
    },
    delayed(range) {
      orders(range);
      copy('sync', `id = ${template}`, { ...open, status: "'delayed'", ship_by: 's.ship_by + n.i', due_at: 's.created_at + 86400000 + n.i' });
      total();
    },
    blocked(range, from) {
      count(range);
      const id = `n.i - ${range.from} + ${from}`;
      copy('sync', `id = ${template}`, { ...open, id, operation: "'correct-shipment'", call: 'null', status: "'blocked'", ship_by: 's.ship_by + n.i', due_at: 'null' });
      db.exec(`insert into dependence select ${id}, n.i from numbers n`);
      total();
    },
    close() {
      const last = db.prepare('select max(id) from sync').pluck().get() as number;
      db.prepare("update sequence set next = max(next, ?) where name in ('order', 'applied', 'parcel', 'sync')").run(last + 1);
      for (const { sql } of triggers) db.exec(sql);
      // Figures on the indexes, as a chore of the daemon keeps them.
      db.pragma('optimize');
      db.pragma('journal_mode = wal');
      db.close();
    },
  };
}
