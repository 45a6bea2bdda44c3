import { CompiledQuery, sql } from 'kysely';
import type { Insertable, Kysely, Transaction } from 'kysely';
import { serverOf } from './postgres-dialect.ts';
import type { ServerAdapter } from './postgres-dialect.ts';
import type { Schema } from './schema.ts';

export type Tx = Transaction<Schema>;
export type Db = Kysely<Schema>;

type Table = keyof Schema;
type Row = Readonly<Record<string, unknown>>;

/** Rows per statement on SQLite: few enough to stay under its limit of parameters, many enough to cost little. */
const chunk = 100;
/** On a server a statement has one parameter per column, however many rows there are: what bounds it is its length. */
const serverChunk = 1_000;

/** Statements by table, columns and number of rows: built once, since building is what costs. */
const built = new Map<string, string>();

/** Inserts many rows in few statements. All must have the same columns, in the same order. */
export async function insertRows<T extends Table>(tx: Tx, table: T, rows: readonly Insertable<Schema[T]>[]): Promise<void> {
  const first = rows[0];
  if (first === undefined) return;
  const columns = Object.keys(first);
  const server = serverOf(tx);
  if (server !== null) {
    const text = once(`server insert ${table} ${columns.join()}`, () => `insert into ${quoted(table)} (${columns.map(quoted).join(', ')}) select * from ${unnested(server, table, columns)}`);
    for (const part of partsOf(rows, serverChunk)) await tx.executeQuery(CompiledQuery.raw(text, byColumn(part, columns)));
    return;
  }
  for (const part of partsOf(rows, chunk)) {
    const text = once(`insert ${table} ${part.length} ${columns.join()}`, () => tx.insertInto(table).values(part).compile().sql);
    await tx.executeQuery(CompiledQuery.raw(text, byRow(part, columns)));
  }
}

/**
 * Inserts many rows in few statements; what is there already under the same `keys` is changed to them.
 * @param keys in ascending order of which the rows are given: as all locks are taken
 * @param add a column to which a row's value is added, instead of taking its place
 * @returns the rows as they stand then
 */
export async function upsertRows<T extends Table>(tx: Tx, table: T, keys: readonly (keyof Schema[T] & string)[], rows: readonly Insertable<Schema[T]>[], add?: keyof Schema[T] & string): Promise<readonly Schema[T][]> {
  const first = rows[0];
  if (first === undefined) return [];
  const columns = Object.keys(first);
  const set = columns.filter((column) => !keys.some((key) => key === column)).map((column) => `${quoted(column)} = ${column === add ? `${quoted(table)}.${quoted(column)} + ` : ''}excluded.${quoted(column)}`);
  const otherwise = `on conflict (${keys.map(quoted).join(', ')}) do update set ${set.join(', ')} returning *`;
  const server = serverOf(tx);
  const changed: Schema[T][] = [];
  for (const part of partsOf(rows, server === null ? chunk : serverChunk)) {
    const text = once(`upsert ${table} ${server === null ? part.length : 'server'} ${keys.join()} ${columns.join()} ${add}`, () => {
      if (server === null) return `${tx.insertInto(table).values(part).compile().sql} ${otherwise}`;
      return `insert into ${quoted(table)} (${columns.map(quoted).join(', ')}) select * from ${unnested(server, table, columns)} ${otherwise}`;
    });
    const result = await tx.executeQuery<Schema[T]>(CompiledQuery.raw(text, server === null ? byRow(part, columns) : byColumn(part, columns)));
    changed.push(...result.rows);
  }
  return changed;
}

/**
 * Changes many rows, each to its own values, in few statements.
 * @param rows each with its `id` and the same columns to set, in the same order
 */
export async function updateRows<T extends 'sync' | 'orders' | 'parcel'>(tx: Tx, table: T, rows: readonly ({ readonly id: number } & Partial<Schema[T]>)[]): Promise<void> {
  const first = rows[0];
  if (first === undefined) return;
  const columns = Object.keys(first).filter((column) => column !== 'id');
  const all = ['id', ...columns];
  const server = serverOf(tx);
  if (server !== null) {
    const set = columns.map((column) => `${quoted(column)} = v.${quoted(column)}`);
    const text = once(`server update ${table} ${columns.join()}`, () => `update ${quoted(table)} set ${set.join(', ')} from ${unnested(server, table, all)} as v (${all.map(quoted).join(', ')}) where ${quoted(table)}.id = v.id`);
    for (const part of partsOf(rows, serverChunk)) await tx.executeQuery(CompiledQuery.raw(text, byColumn(part, all)));
    return;
  }
  for (const part of partsOf(rows, chunk)) {
    const text = once(`update ${table} ${part.length} ${columns.join()}`, () => {
      const values = part.map((row) => sql`(${sql.join(all.map((column) => (row as Row)[column]))})`);
      const set = columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`v.${column}`)}`);
      return sql`with v (${sql.join(all.map((column) => sql.ref(column)))}) as (values ${sql.join(values)}) update ${sql.table(table)} set ${sql.join(set)} from v where ${sql.ref(`${table}.id`)} = v.id`.compile(tx).sql;
    });
    await tx.executeQuery(CompiledQuery.raw(text, byRow(part, all)));
  }
}

function once(key: string, build: () => string): string {
  let text = built.get(key);
  if (text === undefined) {
    text = build();
    built.set(key, text);
  }
  return text;
}

/** Columns as arrays: one text for any number of rows. */
function unnested(server: ServerAdapter, table: string, columns: readonly string[]): string {
  const arrays = columns.map((column, i) => {
    const type = server.types.get(`${table}.${column}`);
    if (type === undefined) throw new Error(`the database has no column ${table}.${column}`);
    return `$${i + 1}::${type}[]`;
  });
  return `unnest(${arrays.join(', ')})`;
}

function quoted(name: string): string {
  return `"${name}"`;
}

function byRow(rows: readonly object[], columns: readonly string[]): unknown[] {
  const parameters: unknown[] = [];
  for (const row of rows) for (const column of columns) parameters.push((row as Row)[column]);
  return parameters;
}

function byColumn(rows: readonly object[], columns: readonly string[]): unknown[] {
  return columns.map((column) => rows.map((row) => (row as Row)[column]));
}

function* partsOf<R>(rows: readonly R[], length: number): Generator<readonly R[]> {
  for (let from = 0; from < rows.length; from += length) yield rows.slice(from, from + length);
}

/** Lists too long for one `in (…)` are asked for in parts. */
export async function inParts<T, R>(values: readonly T[], ask: (part: readonly T[]) => Promise<readonly R[]>): Promise<R[]> {
  const rows: R[] = [];
  for (const part of partsOf(values, 500)) rows.push(...(await ask(part)));
  return rows;
}

export function truth(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}
