import type { Instant } from '../runtime/clock.ts';
import type { Tx } from './rows.ts';
import type { Schema } from './schema.ts';

/** Somebody who was told that an application stands: who made it, or who applied the same after them. */
export interface Claimant {
  /** `api/NAME`, `bulk/NUMBER`, `cli`, `console`. */
  readonly source: string;
  readonly author: string;
  readonly at: Instant;
}

/** Whose word is taken back: one record's (a bulk application, an application of their own), or one author's. */
export interface Withdrawal {
  readonly author: string;
  readonly source?: string;
  readonly own?: number;
}

interface Claim extends Claimant {
  readonly own: number;
  readonly first: boolean;
}

/** Stores that these stand behind an application of somebody else's; who had withdrawn stands behind it again. */
export async function keepClaims(tx: Tx, claims: readonly Schema['claim'][]): Promise<void> {
  for (const claim of claims) {
    await tx
      .insertInto('claim')
      .values(claim)
      .onConflict((conflict) => conflict.columns(['applied_state_id', 'source', 'author', 'own_id']).doUpdateSet({ withdrawn_at: null }))
      .execute();
  }
}

/**
 * Takes one claimant's word back. An author who never claimed it speaks for whoever applied it first.
 * @returns who stands behind the application still, and whether anybody withdrew now
 */
export async function withdraw(tx: Tx, applied: number, by: Withdrawal, now: Instant): Promise<{ readonly standing: readonly Claimant[]; readonly withdrew: boolean }> {
  const first = await tx.selectFrom('applied_state').select(['source', 'author', 'received_at']).where('id', '=', applied).executeTakeFirstOrThrow();
  const rows = await tx.selectFrom('claim').selectAll().where('applied_state_id', '=', applied).orderBy('at').orderBy('source').execute();
  const isFirst = (row: Pick<Schema['claim'], 'source' | 'author' | 'own_id'>): boolean => row.own_id === 0 && row.source === first.source && row.author === first.author;
  const others = rows.filter((row) => !isFirst(row));
  if (others.length === 0) return { standing: [], withdrew: true };
  const maker: Claim = { source: first.source, author: first.author, at: first.received_at, own: 0, first: true };
  const makerStands = !rows.some((row) => isFirst(row) && row.withdrawn_at !== null);
  const claims: Claim[] = [...(makerStands ? [maker] : []), ...others.filter((row) => row.withdrawn_at === null).map(({ source, author, at, own_id }) => ({ source, author, at, own: own_id, first: false }))];
  const own = claims.filter((claim) => (by.own !== undefined ? claim.own === by.own : by.source !== undefined ? claim.source === by.source : claim.author === by.author));
  const knownAuthor = by.own !== undefined || by.source !== undefined || rows.some((row) => row.author === by.author) || maker.author === by.author;
  const mine = own.length > 0 || knownAuthor ? own : claims.filter((claim) => claim.first);
  const standing = claims.filter((claim) => !mine.includes(claim)).map(({ source, author, at }) => ({ source, author, at }));
  if (standing.length === 0) return { standing, withdrew: mine.length > 0 };
  for (const { source, author, own: own_id, at } of mine) {
    await tx
      .insertInto('claim')
      .values({ applied_state_id: applied, source, author, own_id, at, withdrawn_at: now })
      .onConflict((conflict) => conflict.columns(['applied_state_id', 'source', 'author', 'own_id']).doUpdateSet({ withdrawn_at: now }))
      .execute();
  }
  return { standing, withdrew: mine.length > 0 };
}

/** Applications of others that this one stood behind, and does no more. */
export async function claimedThrough(tx: Tx, own: number): Promise<readonly number[]> {
  const rows = await tx.selectFrom('claim').select('applied_state_id').where('own_id', '=', own).where('own_id', '>', 0).where('withdrawn_at', 'is', null).execute();
  return rows.map((row) => row.applied_state_id);
}

/** A claimant, named as people would: `Bob (bulk/8)`, `api/erp`. */
export function claimantName({ source, author }: Claimant): string {
  return source === author ? author : `${author} (${source})`;
}
