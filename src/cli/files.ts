import { once } from 'node:events';
import { closeSync, existsSync, fchmodSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { exits } from '../app/exits.ts';
import type { Call } from './command.ts';
import { Refused } from './refused.ts';
import { plain } from './terminal.ts';

/** The largest file that is read whole. */
const largest = 64 * 1024 * 1024;

/** The bytes of a file named on the command line; `-` is standard input. */
export async function bytesOf({ world, say }: Pick<Call, 'world' | 'say'>, name: string): Promise<Uint8Array> {
  try {
    const bytes = name === '-' ? await standardInput() : fileAt(resolve(world.directory, name));
    if (bytes === 'too-large') throw new Refused(exits.usage, say('fileTooLarge', { file: plain(name), limit: largest / 1024 / 1024 }));
    return bytes;
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(exits.usage, say('fileUnreadable', { file: plain(name), why: codeOf(error) }));
  }
}

function fileAt(path: string): Uint8Array | 'too-large' {
  if (statSync(path).size > largest) return 'too-large';
  const file = openSync(path, 'r');
  try {
    // A pipe or a device has no size before it is read, and may have no end.
    const chunks: Uint8Array[] = [];
    for (let length = 0; ; ) {
      const chunk = new Uint8Array(1024 * 1024);
      const read = readSync(file, chunk);
      if (read === 0) return Buffer.concat(chunks);
      length += read;
      if (length > largest) return 'too-large';
      chunks.push(chunk.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
}

/** Read to its end also where it is too large: whoever writes it is not to be cut off. */
async function standardInput(): Promise<Uint8Array | 'too-large'> {
  const chunks: Buffer[] = [];
  let length = 0;
  process.stdin.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= largest) chunks.push(chunk);
  });
  await once(process.stdin, 'end');
  return length > largest ? 'too-large' : Buffer.concat(chunks);
}

/** Writes a file for its owner alone: it may hold what customers wrote, or order numbers. */
export function writeOwnFile({ world, say }: Pick<Call, 'world' | 'say'>, name: string, content: string | Uint8Array): string {
  const path = resolve(world.directory, name);
  try {
    const file = openSync(path, 'w', 0o600);
    try {
      fchmodSync(file, 0o600);
      writeFileSync(file, content);
    } finally {
      closeSync(file);
    }
    return path;
  } catch (error) {
    throw new Refused(exits.usage, say('fileUnwritable', { file: plain(name), why: codeOf(error) }));
  }
}

/** @throws Refused where the file is there and nobody said that it may be replaced */
export function refuseToReplace({ world, say, given }: Pick<Call, 'world' | 'say' | 'given'>, name: string): void {
  if (existsSync(resolve(world.directory, name)) && !given.flag('overwrite')) throw new Refused(exits.usage, say('fileIsThere', { file: plain(name) }), say('fileIsThereRemedy'));
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
