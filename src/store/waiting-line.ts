import { sql } from 'kysely';
import type { Operation } from '../planning/operation.ts';
import type { Step } from '../syncing/destination.ts';
import type { Tx } from './rows.ts';

/** What claiming reads of a sync. */
export const columns = ['id', 'order_id', 'parcel_id', 'operation', 'status', 'step', 'call', 'cause', 'share', 'payload', 'reference', 'attempts', 'failures', 'absents', 'unsettled', 'before', 'told_at', 'accepted_at', 'useless_after', 'due_at', 'ship_by'] as const;

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
  private rows: Row[] = [];
  private at = 0;
  private last: Row | null = null;
  private readonly page: number;
  private readonly tx: Tx;
  private readonly line: Line;
  private readonly share: 'fresh' | 'rerun';

  constructor(tx: Tx, line: Line, share: 'fresh' | 'rerun', wanted: number) {
    this.tx = tx;
    this.line = line;
    this.share = share;
    this.page = wanted + 8;
  }

  /** The next row; undefined after the last one. */
  async next(): Promise<Row | undefined> {
    const row = this.rows[this.at++];
    if (this.at >= this.rows.length) await this.fill();
    return row;
  }

  /** Reads the next page. */
  async fill(): Promise<void> {
    const { line, share, page, last } = this;
    if (last === null || this.rows.length === page) {
      let ask = this.tx.selectFrom('sync').select(columns).where('status', '=', sql.lit('ready')).where('account', '=', line.account).where('call', '=', line.call).where('operation', '=', line.operation).where('step', '=', line.step).where('share', '=', share);
      if (last !== null) ask = ask.where(sql<boolean>`(ship_by, id) > (${last.ship_by}, ${last.id})`);
      this.rows = await ask.orderBy('ship_by').orderBy('id').limit(page).forNoKeyUpdate().skipLocked().execute();
    } else {
      this.rows = [];
    }
    this.at = 0;
    this.last = this.rows.at(-1) ?? last;
    this.isOver = this.rows.length === 0;
  }
}
