import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { install } from './installation.ts';

describe('the file of the lock', () => {
  test.each([
    ['removed', (file: string): void => rmSync(file)],
    ['replaced', (file: string): void => {
      renameSync(file, `${file}.moved`);
      writeFileSync(file, '');
    }],
  ])('%s: the daemon says so and ends, and the next one works', async (_, take) => {
    const installation = await install();
    const daemon = await installation.start();
    const lock = join(installation.folder, 'var', 'suivi.db.lock');
    expect(existsSync(lock)).toBe(true);
    take(lock);
    const { code, out } = await daemon.ended;
    expect({ code, said: out.includes('the file of the lock was removed or replaced') }).toEqual({ code: 69, said: true });
    const next = await installation.start();
    expect(next.address).toMatch(/^http/);
  });
});
