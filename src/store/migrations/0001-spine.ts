import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migrate } from './index.ts';
import { appendOnlyOnServer, tune } from './postgres.ts';

const statuses = ['ready', 'delayed', 'blocked', 'held', 'sending', 'submitted', 'checking', 'accepted', 'confirmed', 'rejected', 'exhausted', 'in-doubt', 'skipped', 'superseded', 'cancelled'];

/** Where syncs stay: each of them is in the log's index once or twice in its life. */
const kept = ['confirmed', 'skipped', 'rejected', 'held', 'cancelled', 'superseded', 'blocked', 'submitted', 'exhausted', 'in-doubt'];

/** What is given a number of its own. */
const numbered = ['order', 'state', 'applied', 'parcel', 'sync', 'token', 'bulk', 'rerun', 'invitation'];

/** Orders, states, syncs, quotas and the audit. Times are epoch milliseconds. */
export const spine: Migrate = async (db, dialect) => {
  const { int, real, strict, withoutRowid } = dialect;
  const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
  const table = (name: string, columns: string, options = strict): Promise<unknown> => run(`create table ${name} (${columns.replace(/\btext\b/g, dialect.text)})${options === '' ? '' : ` ${options}`}`);
  const id = `id ${int} primary key not null`;

  // Identifiers are handed out from here: known before the rows that carry them are written.
  if (dialect.kind === 'postgres') for (const name of numbered) await run(`create sequence id_${name}`);
  else await table('sequence', `name text primary key not null, next ${int} not null`);
  await table('setting', 'key text primary key not null, value text not null');

  await table('account', `id text primary key not null, marketplace text not null, mode text not null, live_from ${int} not null, first_seen_at ${int} not null,
    paused_at ${int}, paused_by text, observe_since ${int}, observe_why text`);
  await table('lane', `account text primary key not null, holder text, number ${int} not null, lease_until ${int} not null, served_at ${int}, sweep_after ${int}`);
  await table('sweep', `scope text primary key not null, until ${int}, started_at ${int}`);

  await table('orders', `${id}, account text not null, reference text not null, own_reference text, placed_at ${int} not null, ship_by ${int},
    payment text not null, publication text not null, fulfilment text not null, cancellation text not null, currency text, total text,
    language text not null, imported ${int} not null, unknown_at ${int},
    state_id ${int}, state_at ${int}, indicator text, indicator_at ${int}, created_at ${int} not null, updated_at ${int} not null,
    unique (account, reference)`);
  await run('create index orders_reference on orders (reference)');
  await run('create index orders_own_reference on orders (own_reference) where own_reference is not null');
  await run('create index orders_missing on orders (account, id) where imported = 0 and unknown_at is null');
  await table('order_line', `order_id ${int} not null references orders (id), line_id text not null, position ${int} not null, sku text not null, title text not null,
    quantity ${int} not null check (quantity >= 0), cancelled ${int} not null, shipped_elsewhere ${int} not null, unit_price text,
    primary key (order_id, line_id)`, withoutRowid);

  await table('order_state', `${id}, mnemonic text not null, mnemonic_key text not null unique, type text not null, texts text not null, colour text not null, indicator text,
    publish ${int} not null, notify_by_mail ${int} not null, notify_by_sms ${int} not null, generate_invoice ${int} not null, grace_s ${int} not null,
    position ${int} not null, archived_at ${int}`);
  await table('applied_state', `${id}, order_id ${int} not null references orders (id), state_id ${int} not null references order_state (id),
    applied_at ${int} not null, received_at ${int} not null, source text not null, author text not null, comment text not null, sms text not null,
    publish ${int} not null, notify_by_mail ${int} not null, notify_by_sms ${int} not null, generate_invoice ${int} not null,
    cancel_reason text, refund text, grace_until ${int}, bulk_id ${int}, undone_at ${int}, undone_by text`);
  await run('create index applied_state_order on applied_state (order_id)');
  await run('create index applied_state_received on applied_state (received_at)');
  await run('create index applied_state_bulk on applied_state (bulk_id) where bulk_id is not null');
  // The first answer to each of a caller's own keys: asked again with the same content, it is given again.
  await table('source_answer', `source text not null, source_ref text not null, content text not null, answer text not null, at ${int} not null, primary key (source, source_ref)`, withoutRowid);

  await table('parcel', `${id}, order_id ${int} not null references orders (id), applied_state_id ${int} references applied_state (id), reference text not null,
    carrier text, tracking_number text, tracking_normal text, untracked ${int} not null, shipped_at ${int} not null, ship_from text, lines text,
    origin text not null, voided_at ${int}, unique (order_id, reference)`);
  await run('create index parcel_tracking on parcel (tracking_normal) where tracking_normal is not null');

  await table('sync', `${id}, account text not null, order_id ${int} not null references orders (id), applied_state_id ${int} references applied_state (id), parcel_id ${int} references parcel (id),
    operation text not null, status text not null check (status in (${statuses.map((s) => `'${s}'`).join(', ')})), step text not null check (step in ('send', 'check')),
    call text, share text not null check (share in ('fresh', 'rerun')), cause text, payload text not null, reference text,
    ship_by ${int} not null, useless_after ${int} not null, due_at ${int}, grace_until ${int},
    attempts ${int} not null, failures ${int} not null, absents ${int} not null, unsettled ${int} not null, before text,
    told_at ${int}, accepted_at ${int}, superseded_by ${int}, word ${int} not null, look_first ${int} not null, late text, created_at ${int} not null, ended_at ${int}`);
  // Finished syncs are in none of these: claiming costs the same with two million of them.
  await run(`create index sync_ready on sync (account, call, operation, share, ship_by, id) where status = 'ready'`);
  await run(`create index sync_due on sync (account, due_at) where status in ('delayed', 'submitted')`);
  await run(`create index sync_held on sync (account, cause, due_at) where status = 'held'`);
  await run(`create index sync_under_way on sync (account) where status in ('sending', 'checking')`);
  await run(`create index sync_read_back on sync (account, due_at) where status = 'accepted'`);
  await run('create index sync_deadline on sync (ship_by, account) where ended_at is null');
  await run('create index sync_ended on sync (ended_at) where ended_at is not null');
  await run('create index sync_late on sync (account) where late is not null');
  await run('create index sync_order on sync (order_id)');
  // The log's own: only a statement that says "id > 0" is led by them, the engine's never are. What passes through a status
  // in a moment is left out. Written with "or": of a longer list SQLite builds a table at every change of a status.
  await run(`create index sync_status on sync (status, id) where id > 0 and (${kept.map((status) => `status = '${status}'`).join(' or ')})`);
  await run('create index sync_cause on sync (cause, status, id) where id > 0 and cause is not null');
  await run('create index sync_account on sync (account, id) where id > 0');
  await table('dependence', `sync_id ${int} not null references sync (id), on_sync_id ${int} not null references sync (id), primary key (sync_id, on_sync_id)`, withoutRowid);
  await run('create index dependence_on on dependence (on_sync_id)');

  await table('quota', `scope text not null, budget text not null, rate ${real} not null, burst ${real} not null, tokens ${real} not null, refilled_at ${int} not null,
    closed_until ${int} not null, calm_since ${int} not null, throttles ${int} not null, turn ${int} not null, primary key (scope, budget)`, withoutRowid);
  await table('breaker', `scope text not null, call text not null, failures ${int} not null, opened_at ${int}, probe_at ${int}, ramp ${int}, primary key (scope, call)`, withoutRowid);
  // What the marketplace refuses us: the whole account (call '*'), or one API call for want of a role.
  await table('refusal', `account text not null, call text not null, cause text not null, since ${int} not null, probe_at ${int} not null, primary key (account, call)`, withoutRowid);

  // Entries are chained by lane; bodies lie apart and may be erased without breaking the chain.
  await table('audit_entry', `lane text not null, number ${int} not null, at ${int} not null, kind text not null, sync_id ${int}, attempt ${int}, what text, cause text,
    key text not null, digest text not null, hash text not null, primary key (lane, number)`, withoutRowid);
  await run('create index audit_entry_sync on audit_entry (sync_id) where sync_id is not null');
  await table('audit_body', `lane text not null, number ${int} not null, salt text not null, body text not null, primary key (lane, number)`, withoutRowid);
  await table('audit_head', `lane text primary key not null, number ${int} not null, hash text not null`);
  await table('audit_anchor', `lane text primary key not null, number ${int} not null, hash text not null, at ${int} not null, signature text not null`);
  await (dialect.kind === 'postgres' ? appendOnlyOnServer(run) : appendOnly(db));

  // Totals, kept in the transactions that change them: no page counts two million rows.
  await table('counter', `account text not null, status text not null, cause text not null, n ${int} not null, primary key (account, status, cause)`, withoutRowid);
  await table('carrier_code', `account text not null, name text not null, carrier text not null, code text not null, other_name text, at ${int} not null, author text not null, primary key (account, name)`, withoutRowid);
  await table('token', `${id}, name text not null unique, hash text not null unique, scope text not null, created_at ${int} not null, created_by text not null, last_used_at ${int}, revoked_at ${int}`);
  await table('bulk', `${id}, state text not null, author text not null, source text not null, created_at ${int} not null, total ${int} not null, undone_at ${int}, undone_by text`);
  await table('bulk_item', `bulk_id ${int} not null references bulk (id), n ${int} not null, account text not null, reference text not null, applied_state_id ${int}, fault text, primary key (bulk_id, n)`, withoutRowid);
  await table('rerun', `${id}, verb text not null, author text not null, reason text not null, filter text not null, created_at ${int} not null, total ${int} not null, ended_at ${int}`);
  await table('rerun_item', `rerun_id ${int} not null references rerun (id), sync_id ${int} not null, outcome text, primary key (rerun_id, sync_id)`, withoutRowid);
  await table('alert', `key text primary key not null, kind text not null, details text not null, count ${int} not null, first_at ${int} not null, last_at ${int} not null, posted_at ${int}, over_at ${int}`);
  if (dialect.kind === 'postgres') await tune(run);
};

/** The database itself refuses to change an entry, and to delete one except below the anchor that retention leaves. */
async function appendOnly(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`create trigger audit_entry_never_changed before update on audit_entry begin select raise(abort, 'an audit entry is never changed'); end`).execute(db);
  // "insert or replace" deletes what it replaces without asking the trigger on delete.
  await sql.raw(`create trigger audit_entry_never_replaced before insert on audit_entry
    when exists (select 1 from audit_entry known where known.lane = new.lane and known.number = new.number)
    begin select raise(abort, 'an audit entry is never replaced'); end`).execute(db);
  await sql.raw(`create trigger audit_body_never_changed before update on audit_body begin select raise(abort, 'the body of an audit entry is erased or kept, never changed'); end`).execute(db);
  await sql.raw(`create trigger audit_entry_kept before delete on audit_entry
    when not exists (select 1 from audit_anchor where audit_anchor.lane = old.lane and old.number <= audit_anchor.number)
    begin select raise(abort, 'an audit entry is deleted only below an anchor'); end`).execute(db);
}
