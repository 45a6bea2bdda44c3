import { sql } from 'kysely';
import type { World } from '../world.ts';

/** Rows of the run's database, asked for in plain SQL: none of the engine's own reading is used. */
export async function rowsOf<Row>(world: World, text: string): Promise<readonly Row[]> {
  return (await sql.raw<Row>(text).execute(world.context.store.db)).rows;
}
