type Run = (text: string) => Promise<unknown>;

/** The server itself refuses to change an entry, and to delete one except below the anchor that retention leaves. */
export async function appendOnlyOnServer(run: Run): Promise<void> {
  const refuse = async (name: string, when: string, condition: string, words: string): Promise<void> => {
    const table = name.startsWith('audit_body') ? 'audit_body' : 'audit_entry';
    await run(`create function ${name}() returns trigger language plpgsql as $$ begin ${condition === '' ? '' : `if not (${condition}) then return old; end if; `}raise exception '${words}'; end $$`);
    await run(`create trigger ${name} before ${when} on ${table} for each row execute function ${name}()`);
  };
  await refuse('audit_entry_never_changed', 'update', '', 'an audit entry is never changed');
  await refuse('audit_body_never_changed', 'update', '', 'the body of an audit entry is erased or kept, never changed');
  await refuse('audit_entry_kept', 'delete', 'not exists (select 1 from audit_anchor where audit_anchor.lane = old.lane and old.number <= audit_anchor.number)', 'an audit entry is deleted only below an anchor');
  await run(`create function audit_never_emptied() returns trigger language plpgsql as $$ begin raise exception 'the audit is not emptied'; end $$`);
  for (const table of ['audit_entry', 'audit_anchor', 'audit_head']) await run(`create trigger ${table}_never_emptied before truncate on ${table} for each statement execute function audit_never_emptied()`);
}

/** Of a table with few rows, changed with nearly every transaction. */
export const fewAndBusy = 'fillfactor = 40, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0';

/**
 * A row that is changed leaves its former self behind until it is vacuumed, and an index that leads to many of those is
 * slow: a queue's tables are vacuumed by number, not by share. By default a table of two million rows waits for four
 * hundred thousand dead ones.
 */
export async function tune(run: Run): Promise<void> {
  // A sync changes its status some six times in its life, then never again.
  await run('alter table sync set (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 1)');
  // What is due soonest, whoever's it is: one look for all lanes of a worker.
  await run(`create index sync_due_soonest on sync (due_at, account) where status in ('delayed', 'submitted')`);
  await run(`create index sync_read_back_soonest on sync (due_at, account) where status = 'accepted' and due_at is not null`);
  await run(`create index sync_ripe_soonest on sync (due_at, account) where status = 'held' and cause = 'order/tracking-missing'`);
  await run('alter table orders set (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.05)');
  await run('alter table dependence set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000)');
  // Few rows, changed with nearly every transaction: room on their pages for the next version, and dead ones cleared away early.
  for (const table of ['lane', 'quota', 'breaker', 'counter', 'audit_head', 'sweep']) await run(`alter table ${table} set (${fewAndBusy})`);
  // Only ever added to: what is vacuumed early is found without looking at the table itself, and is frozen in small parts.
  for (const table of ['audit_entry', 'audit_body', 'applied_state', 'parcel', 'order_line']) await run(`alter table ${table} set (autovacuum_vacuum_insert_scale_factor = 0.05)`);
}
