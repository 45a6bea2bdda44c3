import type { Clock, Instant } from '../runtime/clock.ts';
import { append, journalLane } from './audit.ts';
import type { Audit } from './audit.ts';
import { compareTable, copiedTables, copySequences, copyTable, countRows, isEmpty } from './copy.ts';
import type { CopiedTable } from './copy.ts';
import type { Store } from './database.ts';
import type { Db, Tx } from './rows.ts';
import { transact } from './transact.ts';
import { listHeads, verifyAudit } from './verify.ts';

export interface CopyParts {
  readonly from: Store;
  readonly to: Store;
  readonly audit: Audit;
  readonly author: string;
  readonly clock: Clock;
  /** How far it is: rows copied, rows compared and entries verified together. */
  readonly onStep: (done: number, all: number) => void;
}

export interface Copied {
  /** Rows that are the same on both sides. */
  readonly rows: number;
  readonly tables: number;
  /** Entries of the audit whose chains were recomputed there. */
  readonly entries: number;
}

export type CopyFault =
  | { readonly fault: 'stopped' }
  /** Something else is in the target, or it was copied there and has been at work since. */
  | { readonly fault: 'not-empty' | 'done-before' }
  /** A row is not the same on both sides: somebody has written to one of them since the copy was begun. */
  | { readonly fault: 'differs'; readonly table: string; readonly key: string }
  | { readonly fault: 'chain'; readonly lane: string };

/** What of the accounts is put back once they live in the new place. */
interface Observed {
  readonly id: string;
  readonly observe_since: Instant | null;
  readonly observe_why: string | null;
}

interface Moved {
  /** Names this copy on both sides. */
  readonly copy: string;
  readonly before: readonly Observed[];
}

/**
 * Copies a database that nobody works with to an empty one. From the first moment the source only observes: whatever
 * becomes of the copy, the two never both tell. The copy can be told of only once every row of it has been read back and
 * the chains have been recomputed; until then no daemon opens it.
 * Where it is cut off, it is begun again and goes on.
 */
export async function copyDatabase(parts: CopyParts, stop: AbortSignal): Promise<Copied | CopyFault> {
  const { from, to, audit, clock } = parts;
  const tables = await copiedTables(from.db);
  const standing = await copyOf(to.db);
  if (standing === null && !(await isEmpty(to, tables))) return { fault: 'not-empty' };
  const moved = await leave(parts, standing?.copy ?? null);
  if (moved === null || (standing !== null && standing.copy !== moved.copy)) return { fault: 'not-empty' };
  if (standing?.done === true) return { fault: 'done-before' };
  if (standing === null) await writeSetting(to.db, 'copy-of', { copy: moved.copy, done: false });

  const entries = (await listHeads(from.db)).reduce((sum, { number }) => sum + number, 0);
  const all = 2 * (await countRows(from.db, tables)) + entries;
  let done = 0;
  const step = (rows: number): void => parts.onStep((done += rows), all);
  for (const table of tables) {
    if (!(await copyTable(from.db, to.db, table, stop, step))) return { fault: 'stopped' };
  }
  await copySequences(from.db, to.db);
  const rows = await compareAll(parts, tables, stop, step);
  if (typeof rows !== 'number') return rows;
  const verdicts = await verifyAudit(to.db, audit.keyring, [], (verified) => parts.onStep(done + verified, all));
  const broken = verdicts.find(({ faults }) => faults.length > 0);
  if (broken !== undefined) return { fault: 'chain', lane: broken.lane };
  await arrive(parts, moved, clock.now());
  return { rows, tables: tables.length, entries: verdicts.reduce((sum, verdict) => sum + verdict.entries, 0) };
}

/** A copy that is not finished: nobody may work with it. */
export async function isHalfCopied(db: Db): Promise<boolean> {
  const standing = await copyOf(db);
  return standing !== null && !standing.done;
}

async function compareAll({ from, to }: CopyParts, tables: readonly CopiedTable[], stop: AbortSignal, step: (rows: number) => void): Promise<number | CopyFault> {
  let rows = 0;
  for (const table of tables) {
    const compared = await compareTable(from.db, to.db, table, stop, step);
    if (compared === null) return { fault: 'stopped' };
    if ('differs' in compared) return { fault: 'differs', table: table.name, key: compared.differs };
    rows += compared.rows;
  }
  return rows;
}

/**
 * From now on the source only observes. Said once in its journal, before anything is copied.
 * @param known the copy that the target is of
 * @returns null where the target is a copy of something else
 */
async function leave({ from, to, audit, author, clock }: CopyParts, known: string | null): Promise<Moved | null> {
  const earlier = await setting<Moved>(from.db, 'moved-to');
  if (known !== null) return earlier?.copy === known ? earlier : null;
  return transact(from.db, async (tx) => {
    const now = clock.now();
    const before = await tx.selectFrom('account').select(['id', 'observe_since', 'observe_why']).execute();
    // A copy that was begun elsewhere, or whose target was thrown away: what held before that one holds.
    const moved: Moved = { copy: Buffer.from(audit.random.bytes(12)).toString('hex'), before: before.map((row) => (row.observe_why === 'moved' ? (earlier?.before.find(({ id }) => id === row.id) ?? row) : row)) };
    await writeSetting(tx, 'moved-to', moved);
    await tx.updateTable('account').set({ observe_since: now, observe_why: 'moved' }).execute();
    await append(tx, audit, journalLane, now, [{ kind: 'moved', sync: null, attempt: null, what: null, cause: null, body: { by: author, to: to.place } }]);
    return moved;
  });
}

/** What was in force in the old place is in force in the new one, after a look at what changed meanwhile. */
async function arrive({ from, to, audit, author }: CopyParts, { copy, before }: Moved, now: Instant): Promise<void> {
  await transact(to.db, async (tx) => {
    for (const { id, observe_since, observe_why } of before) await tx.updateTable('account').set({ observe_since, observe_why }).where('id', '=', id).execute();
    await tx.updateTable('lane').set({ holder: null, sweep_after: now }).execute();
    await writeSetting(tx, 'copy-of', { copy, done: true });
    await append(tx, audit, journalLane, now, [{ kind: 'moved', sync: null, attempt: null, what: null, cause: null, body: { by: author, from: from.place } }]);
  });
}

interface Standing {
  readonly copy: string;
  readonly done: boolean;
}

async function copyOf(db: Db): Promise<Standing | null> {
  return setting<Standing>(db, 'copy-of');
}

async function setting<T>(db: Db, key: string): Promise<T | null> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst();
  return row === undefined ? null : (JSON.parse(row.value) as T);
}

async function writeSetting(db: Db | Tx, key: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value);
  await db.insertInto('setting').values({ key, value: text }).onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text })).execute();
}
