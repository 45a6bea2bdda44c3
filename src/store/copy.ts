import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { breathe } from './breathe.ts';
import type { Store } from './database.ts';
import { serverOf } from './postgres-dialect.ts';
import { insertRows } from './rows.ts';
import type { Db } from './rows.ts';
import type { Schema } from './schema.ts';
import { transact } from './transact.ts';

/** A table, with what identifies a row of it. */
export interface CopiedTable {
  readonly name: keyof Schema;
  readonly key: readonly string[];
}

type Row = Readonly<Record<string, unknown>>;

/** Rows per transaction, and per look. */
const part = 2_000;

/** What each of two databases keeps for itself: numbers that are given out, who is at work, and how the copy stands. */
const own: readonly string[] = ['sequence', 'worker'];
const copySettings = ['moved-to', 'copy-of'] as const;

/** Every table of a SQLite database that is to be copied, what is referred to before what refers to it. */
export async function copiedTables(from: Db): Promise<readonly CopiedTable[]> {
  const { rows } = await sql<{ name: keyof Schema }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%' order by name`.execute(from);
  const left = new Map<string, { readonly table: CopiedTable; readonly needs: readonly string[] }>();
  for (const { name } of rows) {
    if (own.includes(name)) continue;
    const { rows: key } = await sql<{ name: string }>`select name from pragma_table_info(${name}) where pk > 0 order by pk`.execute(from);
    const { rows: needs } = await sql<{ table: string }>`select distinct "table" from pragma_foreign_key_list(${name})`.execute(from);
    left.set(name, { table: { name, key: key.map((column) => column.name) }, needs: needs.map((need) => need.table).filter((need) => need !== name) });
  }
  const ordered: CopiedTable[] = [];
  while (left.size > 0) {
    const next = [...left.values()].filter(({ needs }) => !needs.some((need) => left.has(need)));
    if (next.length === 0) throw new Error('tables refer to each other in a circle');
    for (const { table } of next) left.delete(table.name);
    ordered.push(...next.map(({ table }) => table));
  }
  return ordered;
}

/**
 * Copies what of a table is not there yet, in the order of its key: an earlier copy that was cut off is gone on with.
 * @returns false where it was stopped
 */
export async function copyTable(from: Db, to: Db, table: CopiedTable, stop: AbortSignal, onRows: (rows: number) => void): Promise<boolean> {
  // A handful, whose values may change: taken anew each time.
  if (table.name === 'setting') await to.deleteFrom('setting').where('key', 'not in', copySettings).execute();
  for (let last = await lastOf(to, table); ; ) {
    if (stop.aborted) return false;
    const rows = await rowsAfter(from, table, last);
    if (rows.length === 0) return true;
    await transact(to, (tx) => insertRows(tx, table.name, rows as never[]));
    last = rows.at(-1) ?? null;
    onRows(rows.length);
    await breathe();
  }
}

/**
 * Reads a table on both sides, row by row.
 * @returns how many rows there are, or the key of the first that is not the same; null where it was stopped
 */
export async function compareTable(from: Db, to: Db, table: CopiedTable, stop: AbortSignal, onRows: (rows: number) => void): Promise<{ readonly rows: number } | { readonly differs: string } | null> {
  const types = serverOf(to)?.types;
  const moments = new Set([...(types ?? [])].filter(([name, type]) => name.startsWith(`${table.name}.`) && type.startsWith('timestamp')).map(([name]) => name.slice(table.name.length + 1)));
  let count = 0;
  for (let last: Row | null = null; ; ) {
    if (stop.aborted) return null;
    const [here, there]: readonly [readonly Row[], readonly Row[]] = await Promise.all([rowsAfter(from, table, last), rowsAfter(to, table, last)]);
    const length = Math.max(here.length, there.length);
    for (let n = 0; n < length; n += 1) {
      const [one, other] = [here[n], there[n]];
      if (one === undefined || other === undefined || !isSame(one, other, moments)) return { differs: keyText(table, one ?? other ?? {}) };
    }
    if (length === 0) return { rows: count };
    count += length;
    last = here.at(-1) ?? null;
    onRows(length);
    await breathe();
  }
}

/** Numbers that are given out next go on where the other database stood. */
export async function copySequences(from: Db, to: Db): Promise<void> {
  for (const { name, next } of await from.selectFrom('sequence').selectAll().execute()) {
    await sql`select setval(${`id_${name}`}::regclass, ${next}::bigint, false)`.execute(to);
  }
}

/** All rows that are to be copied. */
export async function countRows(from: Db, tables: readonly CopiedTable[]): Promise<number> {
  let count = 0;
  for (const { name } of tables) count += (await sql<{ n: number }>`select count(*) as n from ${sql.table(name)}`.execute(from)).rows[0]?.n ?? 0;
  return count;
}

/** Nothing of anybody's is in it. */
export async function isEmpty({ db }: Store, tables: readonly CopiedTable[]): Promise<boolean> {
  for (const table of tables) if (table.name !== 'setting' && (await rowsAfter(db, table, null, 1)).length > 0) return false;
  return true;
}

async function lastOf(db: Db, { name, key }: CopiedTable): Promise<Row | null> {
  if (name === 'setting') return null;
  const { rows } = await sql<Row>`select ${sql.join(key.map((column) => sql.ref(column)))} from ${sql.table(name)} order by ${sql.join(key.map((column) => sql`${ordered(db, name, column)} desc`))} limit 1`.execute(db);
  return rows[0] ?? null;
}

async function rowsAfter(db: Db, { name, key }: CopiedTable, last: Row | null, limit = part): Promise<readonly Row[]> {
  const order = key.map((column) => ordered(db, name, column));
  const behind = last === null ? sql`1 = 1` : sql`(${sql.join(order)}) > (${sql.join(key.map((column) => last[column]))})`;
  const ours = name === 'setting' ? sql` and key not in (${sql.join(copySettings)})` : sql``;
  const { rows } = await sql<Row>`select * from ${sql.table(name)} where ${behind}${ours} order by ${sql.join(order)} limit ${limit}`.execute(db);
  return rows;
}

/** Both sides put text in the order of its bytes. */
function ordered(db: Db, table: string, column: string): RawBuilder<unknown> {
  return serverOf(db)?.types.get(`${table}.${column}`) === 'text' ? sql`${sql.ref(column)} collate "C"` : sql`${sql.ref(column)}`;
}

function isSame(one: Row, other: Row, moments: ReadonlySet<string>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => plain(one[name], moments.has(name)) === plain(other[name], moments.has(name)));
}

/** A value as both databases have it: truths are numbers, moments milliseconds. */
function plain(value: unknown, isMoment: boolean): unknown {
  if (value === null || value === undefined) return null;
  if (isMoment) return new Date(value as string | Date).getTime();
  return typeof value === 'boolean' ? Number(value) : value;
}

function keyText({ key }: CopiedTable, row: Row): string {
  return key.map((column) => String(row[column])).join(' ');
}
