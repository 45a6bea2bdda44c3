import { createHash, hkdfSync } from 'node:crypto';

/** What keys are derived for: each purpose has keys of its own, so that none serves where another was meant. */
export const purposes = ['audit', 'links', 'sessions', 'sealing', 'alerts'] as const;

export type Purpose = (typeof purposes)[number];

/** The keys of one purpose, by key id. What an earlier secret wrote is still opened and verified with its key. */
export interface Keyring {
  /** The id of the key in use: everything new is written with it. */
  readonly current: string;
  /** 32 bytes each. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/** The key that everything new is written with. @throws where the keyring lacks it: our own fault */
export function keyInUse({ current, keys }: Keyring): Uint8Array {
  const key = keys.get(current);
  if (key === undefined) throw new Error(`the keyring lacks its key in use, ${current}`);
  return key;
}

export type Keyrings = Readonly<Record<Purpose, Keyring>>;

/** Everything that must not be shown, kept apart from the settings that may be. */
export interface Secrets {
  readonly keys: Keyrings;
  /** With its password; null on SQLite. */
  readonly databaseUrl: string | null;
  /** Its path often is the key to it. */
  readonly alertUrl: string | null;
  /** Every secret value that the process was given: a log takes them out wherever they turn up. */
  readonly values: readonly string[];
}

/**
 * The keys of all purposes, from the secret in use and those before it.
 * HKDF-SHA256 (RFC 5869) over the secret's UTF-8 bytes, without salt, with the info `suivi/1/<purpose>`, 32 bytes.
 * The key id, of a secret whatever the purpose, is the first 8 hex digits of SHA-256 over the key of info `suivi/1/id`.
 * This derivation is for ever: another one would orphan every link, sealed token and audit entry.
 */
export function deriveKeys(secret: string, previous: readonly string[] = []): Keyrings {
  const all = [...new Set([secret, ...previous])].map((one) => ({ id: keyId(one), secret: one }));
  const current = keyId(secret);
  const keyring = (purpose: Purpose): Keyring => ({ current, keys: new Map(all.toReversed().map((one) => [one.id, derive(one.secret, purpose)])) });
  return { audit: keyring('audit'), links: keyring('links'), sessions: keyring('sessions'), sealing: keyring('sealing'), alerts: keyring('alerts') };
}

/** Tells secrets apart without saying anything of them. */
export function keyId(secret: string): string {
  return createHash('sha256').update(derive(secret, 'id')).digest('hex').slice(0, 8);
}

function derive(secret: string, purpose: Purpose | 'id'): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', Buffer.from(secret, 'utf8'), Buffer.alloc(0), `suivi/1/${purpose}`, 32));
}
