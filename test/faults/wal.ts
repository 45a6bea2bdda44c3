import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A write-ahead log of SQLite, as it lay on the disk. Its form: sqlite.org/fileformat2.html#walformat */
export interface Wal {
  readonly bytes: Buffer;
  /** Where each frame ends (bytes from the beginning), in their order. */
  readonly ends: readonly number[];
  /** The ends of those frames that commit a transaction. */
  readonly commits: readonly number[];
  readonly frame: number;
}

const header = 32;

export function readWal(bytes: Buffer): Wal {
  const frame = 24 + bytes.readUInt32BE(8);
  const salt = bytes.subarray(16, 24);
  const ends: number[] = [];
  const commits: number[] = [];
  for (let at = header; at + frame <= bytes.length && bytes.subarray(at + 8, at + 16).equals(salt); at += frame) {
    ends.push(at + frame);
    // The size of the database after the transaction, in its last frame; zero in the others.
    if (bytes.readUInt32BE(at + 4) > 0) commits.push(at + frame);
  }
  return { bytes, ends, commits, frame };
}

/**
 * A database as the current left it: the file as it was when the log began, and so much of the log.
 * @param torn what stands behind the cut up to the end of its frame: a block that was never written, or half written
 */
export function lay(file: string, base: string, wal: Wal, cut: number, torn: Buffer = Buffer.alloc(0)): void {
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(base, file);
  writeFileSync(`${file}-wal`, Buffer.concat([wal.bytes.subarray(0, cut), torn]));
}
