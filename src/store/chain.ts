import { createHmac, hash } from 'node:crypto';

/** The keys that entries are chained with. A key that was replaced still verifies what it wrote. */
export interface Keyring {
  /** The key in use, named by its id. */
  readonly current: string;
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/** What a hash stands for: the entry's header, in this order, and nothing else. */
export interface Header {
  readonly lane: string;
  readonly number: number;
  readonly at: number;
  readonly kind: string;
  readonly sync_id: number | null;
  readonly attempt: number | null;
  readonly what: string | null;
  readonly cause: string | null;
  readonly key: string;
  /** Of the body, salted: the body may be erased, and cannot be guessed from it. */
  readonly digest: string;
}

/** The hash before the first entry of a lane. */
export const genesis = '0'.repeat(64);

/** The salted digest of a body. */
export function digestOf(salt: string, body: string): string {
  return hash('sha256', `${salt}\n${body}`);
}

/** The keyed hash of an entry over the one before it. */
export function hashOf(key: Uint8Array, previous: string, header: Header): string {
  const fields = [header.lane, header.number, header.at, header.kind, header.sync_id, header.attempt, header.what, header.cause, header.key, header.digest];
  return createHmac('sha256', key).update(`${previous}\n${JSON.stringify(fields)}`).digest('hex');
}

/** What a retention anchor signs: that the chain up to `number` was whole and ended in `hash` when it was cut. */
export function anchorSignature(key: Uint8Array, lane: string, number: number, hash: string, at: number): string {
  return createHmac('sha256', key).update(JSON.stringify(['anchor', lane, number, hash, at])).digest('hex');
}
