import type { Random } from '../runtime/random.ts';
import { redactText } from '../runtime/redact.ts';
import { keyInUse } from '../settings/secrets.ts';
import { digestOf, genesis, hashOf } from './chain.ts';
import type { Keyring } from './chain.ts';
import { inParts, insertRows, upsertRows } from './rows.ts';
import type { Tx } from './rows.ts';
import type { AuditEntryTable } from './schema.ts';

/** What is to be written down; number, key and hashes are given when it is. */
export interface Entry {
  readonly kind: string;
  readonly sync: number | null;
  readonly attempt: number | null;
  readonly what: string | null;
  readonly cause: string | null;
  /** Raw requests and answers, tracking numbers, reasons: erasable. */
  readonly body: unknown;
}

/** What people do that belongs to no lane. */
export const journalLane = '#journal';

export interface Audit {
  readonly keyring: Keyring;
  readonly random: Random;
}

/** Longest body kept (characters): an answer longer than this is cut, and says so. */
const longestBody = 40_000;

/** Appends entries to a lane's chain, inside the transaction that does what they tell of. */
export async function append(tx: Tx, audit: Audit, lane: string, at: number, entries: readonly Entry[]): Promise<void> {
  await appendAll(tx, audit, at, new Map([[lane, entries]]));
}

/** The same to the chains of many lanes, in as many statements as to that of one. */
export async function appendAll(tx: Tx, audit: Audit, at: number, byLane: ReadonlyMap<string, readonly Entry[]>): Promise<void> {
  const told = [...byLane].filter(([, entries]) => entries.length > 0).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (told.length === 0) return;
  const { current } = audit.keyring;
  const key = keyInUse(audit.keyring);
  const known = await inParts(told, (part) => tx.selectFrom('audit_head').select(['lane', 'number', 'hash']).where('lane', 'in', part.map(([lane]) => lane)).orderBy('lane').forNoKeyUpdate().execute());
  const heads = new Map(known.map((head) => [head.lane, head]));
  const rows: AuditEntryTable[] = [];
  const bodies: { lane: string; number: number; salt: string; body: string }[] = [];
  const next: { lane: string; number: number; hash: string }[] = [];
  for (const [lane, entries] of told) {
    let { number, hash } = heads.get(lane) ?? { number: 0, hash: genesis };
    const salts = audit.random.bytes(16 * entries.length);
    for (const [index, entry] of entries.entries()) {
      number += 1;
      const salt = Buffer.from(salts.subarray(16 * index, 16 * index + 16)).toString('base64url');
      const body = bodyText(entry.body);
      const header = { lane, number, at, kind: entry.kind, sync_id: entry.sync, attempt: entry.attempt, what: entry.what, cause: entry.cause, key: current, digest: digestOf(salt, body) };
      hash = hashOf(key, hash, header);
      rows.push({ ...header, hash });
      bodies.push({ lane, number, salt, body });
    }
    next.push({ lane, number, hash });
  }
  await insertRows(tx, 'audit_entry', rows);
  await insertRows(tx, 'audit_body', bodies);
  await upsertRows(tx, 'audit_head', ['lane'], next);
}

/** Longer than any token: what stands across the cut is still seen whole by the redaction. */
const acrossTheCut = 4_000;

/** A body as it is stored: no token, no address, never longer than it may be. The last guard, after the rooms' own. */
function bodyText(body: unknown): string {
  const whole = JSON.stringify(body);
  // Cut first: looking through megabytes would stop the whole daemon meanwhile.
  const text = redactText(whole.slice(0, longestBody + acrossTheCut));
  return whole.length <= longestBody ? text : JSON.stringify({ cut: whole.length, text: text.slice(0, longestBody) });
}
