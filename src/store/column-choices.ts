import type { Db } from './rows.ts';

/** Which header names which column of a carrier's file, as somebody chose, by the fingerprint of the file's headers. */
export type RememberedColumns = Readonly<Record<string, string | null>>;

const prefix = 'columns ';

export async function findColumns(db: Db, fingerprint: string): Promise<RememberedColumns | null> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', prefix + fingerprint).executeTakeFirst();
  return row === undefined ? null : (JSON.parse(row.value) as RememberedColumns);
}

export async function keepColumns(db: Db, fingerprint: string, columns: RememberedColumns): Promise<void> {
  const value = JSON.stringify(columns);
  await db.insertInto('setting').values({ key: prefix + fingerprint, value }).onConflict((conflict) => conflict.column('key').doUpdateSet({ value })).execute();
}
