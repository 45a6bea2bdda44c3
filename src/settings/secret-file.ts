import { closeSync, constants, copyFileSync, fchmodSync, fstatSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Fault } from './fault.ts';
import { isSecret } from './values.ts';

/** The secret of a file, the file's absence, or why it cannot be used. */
export type SecretFile = { readonly secret: string } | { readonly absent: true } | { readonly fault: Fault };

const largest = 4_096;

/**
 * Reads the secret of a file.
 * A file that others may read or write is refused, as ssh does with its keys, and not put right in silence: somebody may
 * have read the secret already, or have put their own there, and would then sign the audit.
 */
export function readSecretFile(path: string): SecretFile {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { absent: true };
    return fault(path, `a file that cannot be read (${code})`, 'a file of the user who runs Suivi, of mode 0600', null);
  }
  try {
    const { mode, size } = fstatSync(file);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) return fault(path, 'something that is no file', 'a file with the secret in it', null);
    // Windows knows no such bits.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) return fault(path, `a file of mode ${(mode & 0o777).toString(8).padStart(4, '0')}, which others may read or change`, 'a file for its owner alone; if somebody else may have read it, make a new secret too', `chmod 600 ${path}`);
    const secret = size > largest ? '' : readFileSync(file, 'utf8').trim();
    return isSecret(secret) ? { secret } : fault(path, `a file of ${size} bytes that holds no secret`, 'at least 32 random characters without blanks; put it back from your backup', null);
  } finally {
    closeSync(file);
  }
}

/**
 * Makes a file with a new secret: whole and on disk, or not at all, and never over another one.
 * Whoever comes second at the same moment gets the secret of the first.
 * @param random from a cryptographic generator
 */
export function makeSecretFile(path: string, random: (length: number) => Uint8Array): SecretFile {
  const draft = `${path}.${Buffer.from(random(6)).toString('hex')}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeDraft(draft, Buffer.from(random(48)).toString('base64url'));
    putInPlace(draft, path);
    flushFolder(dirname(path));
  } catch (error) {
    return fault(path, `a place where no file can be made (${codeOf(error)})`, 'a folder where the user who runs Suivi may write, or SUIVI_SECRET set', null);
  } finally {
    discard(draft);
  }
  return readSecretFile(path);
}

function writeDraft(draft: string, secret: string): void {
  const file = openSync(draft, 'wx', 0o600);
  try {
    // The mode of an opening is narrowed by the umask; here it may not be another one than this.
    fchmodSync(file, 0o600);
    writeSync(file, `${secret}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Nothing may be left of a draft; where it was never made there is nothing to do. */
function discard(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // What failed before this is what is told.
  }
}

/** A link appears whole, and fails where something is; file systems without links get an exclusive copy. */
function putInPlace(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    try {
      copyFileSync(draft, path, constants.COPYFILE_EXCL);
    } catch (second) {
      if (codeOf(second) !== 'EEXIST') throw second;
    }
  }
}

/** Without it a power cut may take the new name away again, after keys were derived from the secret. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

function fault(path: string, found: string, expected: string, example: string | null): { readonly fault: Fault } {
  return { fault: { name: path, found, expected, example } };
}
