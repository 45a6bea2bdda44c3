import { createHash } from 'node:crypto';
import type { Instant } from '../runtime/clock.ts';
import { append, journalLane } from './audit.ts';
import type { Context } from './context.ts';
import { allocateOne } from './identifiers.ts';
import type { Db } from './rows.ts';
import { transact } from './transact.ts';

export const scopes = ['read', 'write'] as const;
export type TokenScope = (typeof scopes)[number];

/** A caller, as their token names them. */
export interface Bearer {
  readonly id: number;
  readonly name: string;
  readonly scope: TokenScope;
}

/** Makes a token: 32 random bytes. Only its hash is stored, so that this is the one time it can be read. */
export async function createToken(context: Context, name: string, scope: TokenScope, author: string, now: Instant): Promise<{ readonly token: string } | { readonly taken: true }> {
  const token = `suivi_${Buffer.from(context.audit.random.bytes(32)).toString('base64url')}`;
  return transact(context.store.db, async (tx) => {
    const same = await tx.selectFrom('token').select('id').where('name', '=', name).executeTakeFirst();
    if (same !== undefined) return { taken: true };
    const id = await allocateOne(tx, 'token');
    await tx.insertInto('token').values({ id, name, hash: hashOf(token), scope, created_at: now, created_by: author, last_used_at: null, revoked_at: null }).execute();
    await append(tx, context.audit, journalLane, now, [{ kind: 'token-created', sync: null, attempt: null, what: name, cause: null, body: { by: author, name, scope } }]);
    return { token };
  });
}

/** Whose token this is; null for one that never was, or was revoked. */
export async function bearerOf(db: Db, token: string): Promise<Bearer | null> {
  const row = await db.selectFrom('token').select(['id', 'name', 'scope']).where('hash', '=', hashOf(token)).where('revoked_at', 'is', null).executeTakeFirst();
  return row === undefined ? null : { id: row.id, name: row.name, scope: row.scope as TokenScope };
}

/** Notes the last use, at most once a minute. */
export async function tokenUsed(db: Db, id: number, now: Instant): Promise<void> {
  await db
    .updateTable('token')
    .set({ last_used_at: now })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', now - 60_000)]))
    .execute();
}

export async function listTokens(db: Db) {
  return db.selectFrom('token').select(['id', 'name', 'scope', 'created_at', 'created_by', 'last_used_at', 'revoked_at']).orderBy('id').execute();
}

/** False where there is no such token in use. */
export async function revokeToken(context: Context, name: string, author: string, now: Instant): Promise<boolean> {
  return transact(context.store.db, async (tx) => {
    const result = await tx.updateTable('token').set({ revoked_at: now }).where('name', '=', name).where('revoked_at', 'is', null).executeTakeFirst();
    if (result.numUpdatedRows === 0n) return false;
    await append(tx, context.audit, journalLane, now, [{ kind: 'token-revoked', sync: null, attempt: null, what: name, cause: null, body: { by: author, name } }]);
    return true;
  });
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
