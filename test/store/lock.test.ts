import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreUnusable } from '../../src/store/unusable.ts';
import { takeLock } from '../../src/store/lock.ts';
import type { Lock } from '../../src/store/lock.ts';
import { start } from '../runtime/children.ts';

const now = Date.parse('2026-11-23T09:00:00Z');
const locks: Lock[] = [];
let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'suivi-'));
  file = join(folder, 'suivi.db');
});

afterEach(() => {
  for (const lock of locks.splice(0)) lock.release();
  rmSync(folder, { recursive: true, force: true });
});

function take(path = file, pid = process.pid): Lock | 'refused' {
  const taken = takeLock(path, pid, now);
  if (!('lock' in taken)) return 'refused';
  locks.push(taken.lock);
  return taken.lock;
}

describe('the lock of a database', () => {
  it('is one process’s; another is refused at once and told whose it is', async () => {
    const holder = start('holds.ts', [file]);
    await holder.saw('HELD');
    const started = performance.now();
    expect(takeLock(file, process.pid, now)).toEqual({ holder: { pid: holder.pid, since: expect.any(Number) } });
    expect(performance.now() - started).toBeLessThan(4_000);
    const other = start('holds.ts', [file]);
    expect(await other.saw('REFUSED')).toContain(`{"pid":${holder.pid},"since":`);
    expect(await other.ended).toMatchObject({ code: 75 });
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('is free the moment its process is gone, by %s too, with nothing to clear away', async (signal) => {
    const holder = start('holds.ts', [file]);
    await holder.saw('HELD');
    expect(take()).toBe('refused');
    holder.kill(signal);
    await holder.ended;
    expect(take()).not.toBe('refused');
    const next = start('holds.ts', [file]);
    expect(await next.saw('REFUSED')).toBe(`REFUSED ${JSON.stringify({ pid: process.pid, since: now })}`);
  });

  it('is still its holder’s after that one was stopped and went on', async () => {
    const holder = start('holds.ts', [file]);
    await holder.saw('HELD');
    holder.kill('SIGSTOP');
    expect(take()).toBe('refused');
    holder.kill('SIGCONT');
    expect(take()).toBe('refused');
  });

  it('goes to one of several that start at once, again and again', async () => {
    for (let round = 0; round < 4; round += 1) {
      const children = Array.from({ length: 4 }, () => start('holds.ts', [file, 'stay']));
      const said = await Promise.all(children.map((child) => Promise.race([child.saw('HELD'), child.saw('REFUSED')])));
      expect(said.filter((line) => line === 'HELD')).toHaveLength(1);
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map((child) => child.ended));
    }
  });

  it('is refused within one process too, and given again after its release', () => {
    const first = take();
    expect(take()).toBe('refused');
    expect(take(file, 4_711)).toBe('refused');
    // A refused look must not have dropped what the first one holds.
    expect(take()).toBe('refused');
    expect(first).not.toBe('refused');
    locks.splice(0).forEach((lock) => lock.release());
    expect(take()).not.toBe('refused');
  });

  it('is the same by whatever name the database is reached', () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    expect(take(join(folder, 'link', 'suivi.db'))).not.toBe('refused');
    expect(take(join(folder, 'real', 'suivi.db'))).toBe('refused');
    writeFileSync(join(folder, 'real', 'other.db'), '');
    symlinkSync(join(folder, 'real', 'other.db'), join(folder, 'other.db'));
    expect(take(join(folder, 'other.db'))).not.toBe('refused');
    expect(take(join(folder, 'real', 'other.db'))).toBe('refused');
    expect(take(join(folder, 'link', '..', 'third.db'))).not.toBe('refused');
  });

  it('makes the folder of a database that is yet to be made, and is a file of its own beside it', () => {
    take(join(folder, 'var', 'suivi.db'));
    expect(readdirSync(join(folder, 'var'))).toEqual(['suivi.db.lock']);
  });

  it('knows when its file was taken away or replaced', () => {
    const lock = take();
    expect(lock).toMatchObject({});
    if (lock === 'refused') return;
    expect(lock.intact()).toBe(true);
    unlinkSync(`${file}.lock`);
    expect(lock.intact()).toBe(false);
    expect(take()).not.toBe('refused');
    expect(lock.intact()).toBe(false);
    lock.release();
    expect(lock.intact()).toBe(false);
  });

  it('of a database in memory is always given, and no file', () => {
    expect(take(':memory:')).not.toBe('refused');
    expect(take(':memory:')).not.toBe('refused');
  });

  it('is held without a name where an earlier one cannot be overwritten', async () => {
    const holder = start('holds.ts', [file]);
    await holder.saw('HELD');
    holder.kill('SIGKILL');
    await holder.ended;
    // Somebody reads the name for longer than the next holder waits to write its own.
    const { default: Database } = await import('better-sqlite3');
    const reader = new Database(`${file}.lock`);
    try {
      const rows = reader.prepare('select pid from holder').iterate();
      rows.next();
      expect(take()).not.toBe('refused');
      rows.return?.();
      expect(take()).toBe('refused');
    } finally {
      reader.close();
    }
  });

  it('whose file is damaged, or cannot be made, says what to do', () => {
    writeFileSync(`${file}.lock`, 'x'.repeat(5_000));
    expect(() => take()).toThrow(StoreUnusable);
    expect(() => take()).toThrow(/make sure that no Suivi runs on this database, and delete it/);
    expect(readFileSync(`${file}.lock`, 'utf8')).toBe('x'.repeat(5_000));
    closeSync(openSync(join(folder, 'a-file'), 'w'));
    expect(() => take(join(folder, 'a-file', 'suivi.db'))).toThrow(StoreUnusable);
    mkdirSync(`${join(folder, 'b.db')}.lock`);
    expect(() => take(join(folder, 'b.db'))).toThrow(/check that this user may write there/);
  });
});
