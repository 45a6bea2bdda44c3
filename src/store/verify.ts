import { sql } from 'kysely';
import { breathe } from './breathe.ts';
import { anchorSignature, digestOf, genesis, hashOf } from './chain.ts';
import type { Keyring } from './chain.ts';
import type { Db } from './rows.ts';

/** A chain's last entry, as it was written down elsewhere: in the log, in an export. */
export interface Head {
  readonly lane: string;
  readonly number: number;
  readonly hash: string;
}

/** What looking through one lane's chain found. */
export interface LaneVerdict {
  readonly lane: string;
  readonly entries: number;
  readonly bodies: number;
  readonly head: Head | null;
  readonly faults: readonly { readonly number: number; readonly what: VerifyFault }[];
}

export type VerifyFault = 'hash' | 'gap' | 'key-unknown' | 'body' | 'anchor' | 'head-behind' | 'head-missing' | 'head-differs' | 'head-unknown';

const chunk = 500;

/**
 * Recomputes every hash of every lane.
 * @param heads heads that were written down elsewhere: a cut tail or a recomputed chain shows by them
 */
export async function verifyAudit(db: Db, keyring: Keyring, heads: readonly Head[] = [], onProgress: (entries: number) => void = () => undefined): Promise<readonly LaneVerdict[]> {
  const lanes = new Set<string>(heads.map((head) => head.lane));
  for (const row of await db.selectFrom('audit_head').select('lane').execute()) lanes.add(row.lane);
  for (const row of await db.selectFrom('audit_entry').select('lane').distinct().execute()) lanes.add(row.lane);
  const verdicts: LaneVerdict[] = [];
  let seen = 0;
  for (const lane of [...lanes].toSorted()) {
    const verdict = await verifyLane(db, keyring, lane, heads.filter((head) => head.lane === lane), (entries) => onProgress(seen + entries));
    seen += verdict.entries;
    verdicts.push(verdict);
  }
  return verdicts;
}

async function verifyLane(db: Db, keyring: Keyring, lane: string, heads: readonly Head[], onProgress: (entries: number) => void): Promise<LaneVerdict> {
  const faults: { number: number; what: VerifyFault }[] = [];
  const anchor = await db.selectFrom('audit_anchor').selectAll().where('lane', '=', lane).executeTakeFirst();
  let number = anchor?.number ?? 0;
  let hash = anchor?.hash ?? genesis;
  if (anchor !== undefined && ![...keyring.keys.values()].some((key) => anchorSignature(key, lane, anchor.number, anchor.hash, anchor.at) === anchor.signature)) faults.push({ number: anchor.number, what: 'anchor' });
  const wanted = new Map(heads.map((head) => [head.number, head.hash]));
  let entries = 0;
  let bodies = 0;
  let stored = await headOf(db, lane);
  for (;;) {
    await breathe();
    const rows = await db
      .selectFrom('audit_entry')
      .leftJoin('audit_body', (join) => join.onRef('audit_body.lane', '=', 'audit_entry.lane').onRef('audit_body.number', '=', 'audit_entry.number'))
      .select(['audit_entry.lane', 'audit_entry.number', 'at', 'kind', 'sync_id', 'attempt', 'what', 'cause', 'key', 'digest', 'hash', 'salt', 'body'])
      .where('audit_entry.lane', '=', lane)
      .where('audit_entry.number', '>', number)
      .orderBy('audit_entry.number')
      .limit(chunk)
      .execute();
    if (rows.length === 0) {
      // A daemon writes meanwhile: what it has appended is read too before the head is compared.
      const before = stored?.number;
      stored = await headOf(db, lane);
      if (stored?.number === before) break;
      continue;
    }
    for (const row of rows) {
      entries += 1;
      if (row.number !== number + 1) faults.push({ number: row.number, what: 'gap' });
      const key = keyring.keys.get(row.key);
      if (key === undefined) faults.push({ number: row.number, what: 'key-unknown' });
      else if (hashOf(key, hash, row) !== row.hash) faults.push({ number: row.number, what: 'hash' });
      if (row.body !== null && row.salt !== null) {
        bodies += 1;
        if (digestOf(row.salt, row.body) !== row.digest) faults.push({ number: row.number, what: 'body' });
      }
      const written = wanted.get(row.number);
      if (written !== undefined && written !== row.hash) faults.push({ number: row.number, what: 'head-differs' });
      number = row.number;
      hash = row.hash;
    }
    onProgress(entries);
  }
  for (const head of heads) if (head.number > number) faults.push({ number: head.number, what: 'head-missing' });
  for (const head of heads) if (head.number < (anchor?.number ?? 0)) faults.push({ number: head.number, what: 'head-unknown' });
  if (stored === undefined ? entries > 0 : stored.number !== number || stored.hash !== hash) faults.push({ number: stored?.number ?? number, what: 'head-behind' });
  return { lane, entries, bodies, head: number === 0 ? null : { lane, number, hash }, faults };
}

async function headOf(db: Db, lane: string): Promise<{ readonly number: number; readonly hash: string } | undefined> {
  return db.selectFrom('audit_head').select(['number', 'hash']).where('lane', '=', lane).executeTakeFirst();
}

/** The last entry of every lane, to be written down elsewhere. */
export async function listHeads(db: Db): Promise<readonly Head[]> {
  return db.selectFrom('audit_head').select(['lane', 'number', 'hash']).orderBy('lane').execute();
}

/** The ids of the keys under which the lanes' last entries were written. */
export async function keysOfHeads(db: Db): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('audit_head')
    .innerJoin('audit_entry', (join) => join.onRef('audit_entry.lane', '=', 'audit_head.lane').onRef('audit_entry.number', '=', 'audit_head.number'))
    .select('audit_entry.key')
    .distinct()
    .execute();
  return rows.map(({ key }) => key);
}

/** A head on one line, and back: `amazon-fr:1842:9f86d0…`. */
export function headText(head: Head): string {
  return `${head.lane}:${head.number}:${head.hash}`;
}

export function parseHead(text: string): Head | null {
  const match = /^(.+):(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim());
  return match === null ? null : { lane: match[1] ?? '', number: Number(match[2]), hash: match[3] ?? '' };
}

/** One row of an export: an entry with what it is about. */
export interface ExportRow {
  readonly lane: string;
  readonly number: number;
  readonly at: number;
  readonly kind: string;
  readonly sync: number | null;
  readonly attempt: number | null;
  readonly order: string | null;
  readonly operation: string | null;
  readonly what: string | null;
  readonly cause: string | null;
  readonly hash: string;
  readonly body: unknown;
}

/** Entries between two instants, lane by lane, in parts that keep memory small. */
export async function* exportEntries(db: Db, from: number, to: number): AsyncGenerator<readonly ExportRow[]> {
  for (const { lane } of await db.selectFrom('audit_head').select('lane').orderBy('lane').execute()) {
    let number = 0;
    for (;;) {
      const rows = await db
        .selectFrom('audit_entry')
        .leftJoin('audit_body', (join) => join.onRef('audit_body.lane', '=', 'audit_entry.lane').onRef('audit_body.number', '=', 'audit_entry.number'))
        .leftJoin('sync', 'sync.id', 'audit_entry.sync_id')
        .leftJoin('orders', 'orders.id', 'sync.order_id')
        .select(['audit_entry.lane', 'audit_entry.number', 'at', 'kind', 'audit_entry.sync_id as sync', 'attempt', 'orders.reference as order', 'sync.operation', 'what', 'audit_entry.cause', 'hash', 'body'])
        .where('audit_entry.lane', '=', sql.lit(lane))
        .where('audit_entry.number', '>', number)
        .where('at', '>=', from)
        .where('at', '<', to)
        .orderBy('audit_entry.number')
        .limit(chunk)
        .execute();
      if (rows.length === 0) break;
      number = rows.at(-1)?.number ?? number;
      await breathe();
      yield rows.map((row) => ({ ...row, body: row.body === null ? null : (JSON.parse(row.body) as unknown) }));
    }
  }
}
