import { CompiledQuery, sql } from 'kysely';
import type { Insertable, Kysely, Transaction } from 'kysely';
import type { Schema } from './schema.ts';

export type Tx = Transaction<Schema>;
export type Db = Kysely<Schema>;

type Table = keyof Schema;

/** Rows per statement: few enough to stay under every database's limit of parameters, many enough to cost little. */
const chunk = 100;

/** Statements by table, columns and number of rows: built once, since building is what costs. */
const built = new Map<string, string>();

/** Inserts many rows in few statements. All must have the same columns, in the same order. */
export async function insertRows<T extends Table>(tx: Tx, table: T, rows: readonly Insertable<Schema[T]>[]): Promise<void> {
  const first = rows[0];
  if (first === undefined) return;
  const columns = Object.keys(first);
  for (let from = 0; from < rows.length; from += chunk) {
    const part = rows.slice(from, from + chunk);
    const key = `insert ${table} ${part.length} ${columns.join()}`;
    let text = built.get(key);
    if (text === undefined) {
      text = tx.insertInto(table).values(part).compile().sql;
      built.set(key, text);
    }
    const parameters: unknown[] = [];
    for (const row of part) for (const column of columns) parameters.push((row as Record<string, unknown>)[column]);
    await tx.executeQuery(CompiledQuery.raw(text, parameters));
  }
}

/**
 * Changes many rows, each to its own values, in few statements.
 * @param rows each with its `id` and the same columns to set, in the same order
 */
export async function updateRows<T extends 'sync' | 'orders' | 'parcel'>(tx: Tx, table: T, rows: readonly ({ readonly id: number } & Partial<Schema[T]>)[]): Promise<void> {
  const first = rows[0];
  if (first === undefined) return;
  const columns = Object.keys(first).filter((column) => column !== 'id');
  for (let from = 0; from < rows.length; from += chunk) {
    const part = rows.slice(from, from + chunk);
    const key = `update ${table} ${part.length} ${columns.join()}`;
    let text = built.get(key);
    if (text === undefined) {
      const values = part.map((row) => sql`(${sql.join(['id', ...columns].map((column) => (row as Record<string, unknown>)[column]))})`);
      const set = columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`v.${column}`)}`);
      text = sql`with v (${sql.join(['id', ...columns].map((column) => sql.ref(column)))}) as (values ${sql.join(values)}) update ${sql.table(table)} set ${sql.join(set)} from v where ${sql.ref(`${table}.id`)} = v.id`.compile(tx).sql;
      built.set(key, text);
    }
    const parameters: unknown[] = [];
    for (const row of part) for (const column of ['id', ...columns]) parameters.push((row as Record<string, unknown>)[column]);
    await tx.executeQuery(CompiledQuery.raw(text, parameters));
  }
}

/** The first of `count` identifiers that are now ours, one after another. */
export async function allocate(tx: Tx, name: 'order' | 'state' | 'applied' | 'parcel' | 'sync' | 'token' | 'bulk' | 'rerun' | 'invitation', count: number): Promise<number> {
  if (count === 0) return 0;
  const row = await tx
    .insertInto('sequence')
    .values({ name, next: count + 1 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet((eb) => ({ next: eb('sequence.next', '+', count) })))
    .returning('next')
    .executeTakeFirstOrThrow();
  return row.next - count;
}

/** Lists too long for one `in (…)` are asked for in parts. */
export async function inParts<T, R>(values: readonly T[], ask: (part: readonly T[]) => Promise<readonly R[]>): Promise<R[]> {
  const rows: R[] = [];
  for (let from = 0; from < values.length; from += 500) rows.push(...(await ask(values.slice(from, from + 500))));
  return rows;
}

export function truth(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}
