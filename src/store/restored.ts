import type { Duration, Instant } from '../runtime/clock.ts';
import type { Db, Tx } from './rows.ts';

/** A backup took the database's place. */
export interface Restore {
  /** When, by a clock that may have been wrong then: never earlier than it was, as far as is known by now. */
  readonly at: Instant;
  /** The last sync that the backup held; null where a version wrote this down that did not ask. */
  readonly lastSync: number | null;
}

const moment = 'restored-at';
const last = 'restored-sync';

/** The last time that a backup took the database's place; null: never. */
export async function lastRestore(db: Db | Tx): Promise<Restore | null> {
  const rows = await db.selectFrom('setting').selectAll().where('key', 'in', [moment, last]).execute();
  const [at, lastSync] = [moment, last].map((key) => rows.find((row) => row.key === key)?.value);
  return at === undefined ? null : { at: Number(at), lastSync: lastSync === undefined ? null : Number(lastSync) };
}

export async function keepRestore(tx: Tx, now: Instant): Promise<void> {
  const { id } = await tx.selectFrom('sync').select((eb) => eb.fn.max<number | null>('id').as('id')).executeTakeFirstOrThrow();
  await put(tx, moment, now);
  await put(tx, last, id ?? 0);
}

/**
 * Orders that were placed before the restore may have been told of by what was lost with the database, and a machine that
 * is set up anew may have been far behind then: whoever resumes an account did so after it, and with a clock that is right.
 */
export async function wasRestoredBefore(tx: Tx, now: Instant): Promise<void> {
  const restore = await lastRestore(tx);
  if (restore !== null && restore.at < now) await put(tx, moment, now);
}

/** The clock was put forward: so was the moment that it showed. */
export async function moveRestore(tx: Tx, jump: Duration): Promise<void> {
  const restore = await lastRestore(tx);
  if (restore !== null && jump > 0) await put(tx, moment, restore.at + jump);
}

async function put(tx: Tx, key: string, value: number): Promise<void> {
  const text = String(value);
  await tx.insertInto('setting').values({ key, value: text }).onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text })).execute();
}
