import type { Keyring } from './chain.ts';
import type { Db } from './rows.ts';
import { keysOfHeads } from './verify.ts';

/** The setting that names the secret in use by its key id, which says nothing of the secret itself. */
const key = 'secret-in-use';

/** Writes down under which secret the database is worked with: a new one has no entry in its audit that would say so. */
export async function markSecret(db: Db, { current }: Keyring): Promise<void> {
  if ((await marked(db)) === current) return;
  await db.insertInto('setting').values({ key, value: current }).onConflict((conflict) => conflict.column('key').doUpdateSet({ value: current })).execute();
}

/** Whether the database was worked with under a secret of this keyring, as far as it tells. */
export async function isUnder(db: Db, { keys }: Keyring): Promise<boolean> {
  const used = [...(await keysOfHeads(db)), await marked(db)];
  return used.every((id) => id === null || keys.has(id));
}

async function marked(db: Db): Promise<string | null> {
  return (await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst())?.value ?? null;
}
