import type { Client } from 'pg';

/** Values of columns that differ from the row that is copied, as SQL over `n.i`, the number of the copy, and `s`, the row. */
type Changes = Readonly<Record<string, string>>;

/** So much of each kind. */
export interface Amounts {
  /** Lives that have ended: most went well. */
  readonly finished: number;
  /** Of each kind of what is open: due later, held, to be read back, blocked. What is ready is much less. */
  readonly open: number;
}

/** Numbers from here on are copies. What is made afterwards by the store is given higher ones. */
const first = 1_000;

/** One row in so many is of this kind; the rest went well. Prime to each other, so that the kinds do not coincide. */
const oddities = { rejected: 199, skipped: 101, cancelled: 499, superseded: 331 } as const;

/**
 * Fills a server's database past the store: by copying the rows of one life that was really lived, whose numbers are all 1.
 * Triggers and references are not looked at meanwhile.
 * @param accounts to whom the copies belong, by turns
 */
export async function fillPast(db: Client, accounts: readonly string[], { finished, open }: Amounts): Promise<void> {
  await db.query('set session_replication_role = replica');
  // Made once all is there, they cost a tenth.
  await db.query(`set maintenance_work_mem = '256MB'`);
  const indexes = await db.query<{ name: string; text: string }>(`select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as text from pg_index
    where indrelid = any('{orders,order_line,applied_state,parcel,sync,dependence,audit_entry,source_answer}'::regclass[]) and not indisunique`);
  for (const { name } of indexes.rows) await db.query(`drop index ${name}`);
  const account = `(array[${accounts.map((one) => `'${one}'`).join()}])[1 + n.i % ${accounts.length}]`;
  const [ready, kinds] = [Math.max(600, Math.floor(open / 100)), 4];
  const last = first + finished + kinds * open + ready;
  const from = (kind: number): number => first + finished + kind * open;
  // 47 s apart: two million of them are three years.
  const at = (moment: string): string => `${moment} - 86400000 - (${last} - n.i) * 47000`;
  const isOf = (kind: number): string => `n.i >= ${from(kind)} and n.i < ${kind < kinds ? from(kind + 1) : last}`;
  const [isDelayed, isHeld, isRead, isBlocked, isReady] = [0, 1, 2, 3, 4].map(isOf) as [string, string, string, string, string];
  const status = `case when ${isDelayed} then 'delayed' when ${isHeld} then 'held' when ${isRead} then 'accepted' when ${isBlocked} then 'blocked' when ${isReady} then 'ready'
    when n.i % ${oddities.rejected} = 0 then 'rejected' when n.i % ${oddities.skipped} = 0 then 'skipped' when n.i % ${oddities.cancelled} = 0 then 'cancelled' when n.i % ${oddities.superseded} = 0 then 'superseded' else 'confirmed' end`;
  const cause = `case when ${isHeld} then (case when n.i % 2 = 0 then 'order/tracking-missing' else 'amazon/carrier-unknown' end) when n.i >= ${from(0)} then null
    when n.i % ${oddities.rejected} = 0 then 'amazon/order-cancelled' when n.i % ${oddities.skipped} = 0 then 'order/already-shipped' end`;
  const told = `n.i < ${from(0)} or (${isRead})`;

  const copy = async (table: string, where: string, changes: Changes, numbers = `generate_series(${first}::bigint, ${last - 1})`): Promise<void> => {
    const { rows } = await db.query<{ name: string }>(`select attname as name from pg_attribute where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped`);
    const columns = rows.map(({ name }) => name);
    await db.query(`insert into ${table} (${columns.map((name) => `"${name}"`).join()}) select ${columns.map((name) => changes[name] ?? `s."${name}"`).join()} from ${numbers} as n (i) cross join (select * from ${table} where ${where}) as s`);
  };
  const reference = `'402-' || lpad((n.i / 10000000)::text, 7, '0') || '-' || lpad((n.i % 10000000)::text, 7, '0')`;
  await copy('orders', 'id = 1', { id: 'n.i', account, reference, own_reference: `'D-' || n.i`, placed_at: at('s.placed_at'), created_at: at('s.created_at'), updated_at: at('s.updated_at'), open_until: 'null' });
  await copy('order_line', 'order_id = 1', { order_id: 'n.i', line_id: `'7' || lpad(n.i::text, 13, '0')` });
  await copy('applied_state', 'id = 1', { id: 'n.i', order_id: 'n.i', applied_at: at('s.applied_at'), received_at: at('s.received_at') });
  const tracking = `'9V' || lpad(n.i::text, 11, '0')`;
  await copy('parcel', 'id = 1', { id: 'n.i', order_id: 'n.i', applied_state_id: 'n.i', tracking_number: tracking, tracking_normal: tracking });
  await copy('sync', 'id = 1', {
    id: 'n.i', account, order_id: 'n.i', applied_state_id: 'n.i', parcel_id: 'n.i', status, cause,
    due_at: `case when n.i >= ${from(0)} and n.i < ${from(3)} then s.created_at + 86400000 + n.i end`,
    ship_by: `case when n.i < ${from(0)} then ${at('s.ship_by')} else s.ship_by + n.i end`,
    attempts: `case when ${told} then 1 else 0 end`,
    told_at: `case when ${told} then ${at('s.created_at')} end`,
    accepted_at: `case when ${told} then ${at('s.created_at')} end`,
    ended_at: `case when ${told} then ${at('s.created_at')} end`,
    created_at: at('s.created_at'),
    reference: `case when ${told} then s.reference end`,
  });
  await db.query(`insert into dependence select id, id - ${open} from sync where status = 'blocked'`);
  await copy('source_answer', 'true', { source_ref: `'S-' || n.i`, at: at('s.at') });
  // Two entries for each life, in chains that nobody will recompute.
  await copy('audit_entry', 'sync_id = 1', { lane: account, number: `1000 + n.i / ${accounts.length} * 2 + s.number`, at: at('s.at'), sync_id: 'n.i' }, `generate_series(${first}::bigint, ${from(0) - 1})`);
  await db.query(`insert into audit_head select lane, max(number), max(hash) from audit_entry group by lane on conflict (lane) do update set number = excluded.number`);
  await db.query(`delete from counter; insert into counter select account, status, case when status in ('held', 'rejected', 'exhausted', 'in-doubt', 'skipped') then coalesce(cause, '') else '' end, count(*) from sync group by 1, 2, 3`);
  for (const name of ['order', 'applied', 'parcel', 'sync']) await db.query(`alter sequence id_${name} restart with ${last}`);
  await db.query('set session_replication_role = default');
  for (const { text } of indexes.rows) await db.query(text);
  // As autovacuum leaves them.
  await db.query('vacuum analyze');
}
