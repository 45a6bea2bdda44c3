import { sql } from 'kysely';
import type { Instant } from '../runtime/clock.ts';
import type { Operation } from '../planning/operation.ts';
import type { Step } from '../syncing/destination.ts';
import { serverOf } from './postgres-dialect.ts';
import type { Tx } from './rows.ts';

/** What claiming reads of a sync. */
const columns = ['id', 'order_id', 'parcel_id', 'operation', 'status', 'step', 'call', 'cause', 'share', 'payload', 'reference', 'attempts', 'failures', 'absents', 'unsettled', 'before', 'told_at', 'accepted_at', 'useless_after', 'due_at', 'ship_by'] as const;

export interface Row {
  id: number;
  order_id: number;
  parcel_id: number | null;
  operation: string;
  status: string;
  step: string;
  cause: string | null;
  payload: string;
  reference: string | null;
  attempts: number;
  failures: number;
  absents: number;
  unsettled: number;
  before: string | null;
  told_at: number | null;
  accepted_at: number | null;
  useless_after: number;
  ship_by: number;
}

/** Ready syncs of one account that have the same next step. */
export interface Line {
  readonly account: string;
  readonly call: string;
  readonly step: Step;
  readonly operation: Operation;
}

/** One share of a line, the most urgent first, read as far as it is wanted: behind a hundred parcels of one order another order is found too. */
export class Waiting {
  /** Nothing is left of it. */
  isOver = false;
  readonly page: number;
  readonly line: Line;
  readonly share: 'fresh' | 'rerun';
  private rows: readonly Row[] = [];
  private at = 0;
  private last: Row | null = null;
  private isFilled = false;
  private readonly tx: Tx;

  constructor(tx: Tx, line: Line, share: 'fresh' | 'rerun', page: number) {
    this.tx = tx;
    this.line = line;
    this.share = share;
    this.page = page;
  }

  /** Reads the first page, where it was not read with others'. */
  async begin(): Promise<void> {
    if (!this.isFilled) await this.fill();
  }

  /** The next row; undefined after the last one. */
  async next(): Promise<Row | undefined> {
    const row = this.rows[this.at++];
    if (this.at >= this.rows.length) await this.fill();
    return row;
  }

  /** Takes a page that was read. */
  take(rows: readonly Row[]): void {
    this.isFilled = true;
    this.rows = rows;
    this.at = 0;
    this.last = rows.at(-1) ?? this.last;
    this.isOver = rows.length === 0;
  }

  /** Reads the next page. */
  private async fill(): Promise<void> {
    const { line, share, page, last } = this;
    if (last !== null && this.rows.length < page) return this.take([]);
    let ask = this.tx.selectFrom('sync').select(columns).where('status', '=', sql.lit('ready')).where('account', '=', line.account).where('call', '=', line.call).where('operation', '=', line.operation).where('step', '=', line.step).where('share', '=', share);
    if (last !== null) ask = ask.where(sql<boolean>`(ship_by, id) > (${last.ship_by}, ${last.id})`);
    this.take(await ask.orderBy('ship_by').orderBy('id').limit(page).forNoKeyUpdate().skipLocked().execute());
  }
}

/** Reads the first pages of all these, on a server in one statement; SQLite reads each when it is its turn, which costs no way there. */
export async function readPages(tx: Tx, waiting: readonly Waiting[]): Promise<void> {
  if (serverOf(tx) === null || waiting.length === 0) return;
  const of = <T>(what: (one: Waiting) => T): T[] => waiting.map(what);
  const { rows } = await sql<Row & { ask: number }>`
    select ask.n as ask, one.*
    from unnest(cast(${waiting.map((_, n) => n)} as bigint[]), cast(${of(({ line }) => line.account)} as text[]), cast(${of(({ line }) => line.call)} as text[]), cast(${of(({ line }) => line.operation)} as text[]),
      cast(${of(({ line }) => line.step)} as text[]), cast(${of(({ share }) => share)} as text[]), cast(${of(({ page }) => page)} as bigint[])) as ask (n, account, call, operation, step, share, page)
    cross join lateral (
      select ${listed()} from sync
      where sync.status = 'ready' and sync.account = ask.account and sync.call = ask.call and sync.operation = ask.operation and sync.step = ask.step and sync.share = ask.share
      order by sync.ship_by, sync.id limit ask.page for no key update skip locked) as one`.execute(tx);
  const byAsk = Map.groupBy(rows, (row) => row.ask);
  for (const [n, one] of waiting.entries()) one.take((byAsk.get(n) ?? []).toSorted((a, b) => a.ship_by - b.ship_by || a.id - b.id));
}

/** Accepted syncs of one account that should have been read back, as many as there is room for. */
export class Overdue {
  readonly account: string;
  readonly page: number;
  rows: readonly Row[] = [];

  constructor(account: string, page: number) {
    this.account = account;
    this.page = page;
  }
}

/** Reads all these, the longest overdue first. */
export async function readOverdue(tx: Tx, overdue: readonly Overdue[], now: Instant): Promise<void> {
  if (overdue.length === 0) return;
  if (serverOf(tx) === null) {
    for (const one of overdue) one.rows = await tx.selectFrom('sync').select(columns).where('status', '=', sql.lit('accepted')).where('account', '=', one.account).where('due_at', '<=', now).orderBy('due_at').limit(one.page).execute();
    return;
  }
  const { rows } = await sql<Row & { ask: string; due_at: number }>`
    select ask.account as ask, one.*
    from unnest(cast(${overdue.map(({ account }) => account)} as text[]), cast(${overdue.map(({ page }) => page)} as bigint[])) as ask (account, page)
    cross join lateral (
      select ${listed()} from sync
      where sync.status = 'accepted' and sync.account = ask.account and sync.due_at <= ${now}
      order by sync.due_at limit ask.page for no key update skip locked) as one`.execute(tx);
  const byAccount = Map.groupBy(rows, (row) => row.ask);
  for (const one of overdue) one.rows = (byAccount.get(one.account) ?? []).toSorted((a, b) => a.due_at - b.due_at);
}

function listed() {
  return sql.join(columns.map((column) => sql.ref(`sync.${column}`)));
}
