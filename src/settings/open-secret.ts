import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lookAt } from './database-file.ts';
import { faultOf } from './environment.ts';
import type { Environment } from './environment.ts';
import type { Fault } from './fault.ts';
import { makeSecretFile, readSecretFile } from './secret-file.ts';
import type { SecretFile } from './secret-file.ts';
import { keyId } from './secrets.ts';

export interface SecretWish {
  /** The SQLite file, or null on PostgreSQL. */
  readonly database: string | null;
  /** Whether a secret may be made where there is none. */
  readonly make: boolean;
  readonly random: (length: number) => Uint8Array;
}

/** The secret in use, or why there is none. `absent`: it would be made, if that were wished. */
export type OpenedSecret = { readonly secret: string; readonly notices: readonly Fault[] } | { readonly fault: Fault } | { readonly absent: true };

/**
 * SUIVI_SECRET where it is set, else the file `secret` beside the SQLite file. A first start makes that file; a database
 * without it is no first start: with a new secret its audit could not be verified, and links and sealed tokens would be dead.
 */
export function openSecret(environment: Pick<Environment, 'SUIVI_SECRET' | 'SUIVI_SECRET_PREVIOUS'>, wish: SecretWish): OpenedSecret {
  const file = wish.database === null ? null : join(dirname(wish.database), 'secret');
  const fromVariable = environment.SUIVI_SECRET;
  if (fromVariable !== undefined) return { secret: fromVariable, notices: file === null ? [] : unused(file, [fromVariable, ...environment.SUIVI_SECRET_PREVIOUS]) };
  if (file === null || wish.database === null) return { fault: faultOf('SUIVI_SECRET', 'nothing', 'at least 32 random characters, the same for every process: on PostgreSQL there is no file of its own for it') };
  const read = readSecretFile(file);
  if (!('absent' in read)) return opened(read);
  const stranger = strangerAt(wish.database);
  if (stranger !== null) return { fault: faultOf('SUIVI_DATABASE_URL', stranger, 'a database of SQLite, or a path where nothing is yet') };
  if (holdsSomething(wish.database)) return { fault: lost(file, wish.database) };
  return wish.make ? opened(makeSecretFile(file, wish.random)) : read;
}

function opened(file: SecretFile): OpenedSecret {
  return 'secret' in file ? { secret: file.secret, notices: [] } : file;
}

function lost(file: string, database: string): Fault {
  return {
    name: file,
    found: `no such file, although the database is there (${database})`,
    expected: 'the secret that the database was made with: put it back from your backup, or set SUIVI_SECRET to it. If it is lost, set SUIVI_SECRET to a new one: links to customers and sealed tokens from before stop working, and older entries of the audit can no longer be verified',
    example: 'cp BACKUP/secret ' + file,
  };
}

/** Somebody moved the secret into the environment, or replaced it: the old one opens nothing unless it is named. */
function unused(file: string, known: readonly string[]): readonly Fault[] {
  const read = readSecretFile(file);
  if (!('secret' in read) || known.map(keyId).includes(keyId(read.secret))) return [];
  return [{ name: file, found: 'a secret that is not used, because SUIVI_SECRET is set', expected: 'its content in SUIVI_SECRET_PREVIOUS, if Suivi has run with it; else nothing there', example: null }];
}

/** What lies where the database should be, if that is something else: no secret would make a database of it. */
function strangerAt(path: string): string | null {
  const there = lookAt(path);
  if (there === 'folder') return 'a folder';
  return there === 'other' ? 'a file that is no database of SQLite' : null;
}

function holdsSomething(file: string): boolean {
  try {
    return statSync(file).size > 0;
  } catch {
    return false;
  }
}
