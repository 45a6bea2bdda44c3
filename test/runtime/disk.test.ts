import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freeSpace } from '../../src/runtime/disk.ts';

describe('free space', () => {
  it('is what the system says of the volume', async () => {
    const { bavail, bsize, blocks } = statfsSync(tmpdir());
    const free = await freeSpace(tmpdir());
    expect(free).not.toBeNull();
    expect(free).toBeLessThanOrEqual(blocks * bsize);
    // Others write at the same time: within a tenth of the volume is the same figure.
    expect(Math.abs((free ?? 0) - bavail * bsize)).toBeLessThan((blocks * bsize) / 10);
  });

  it('of a file that is not there yet is its folder’s', async () => {
    expect(await freeSpace(join(tmpdir(), 'not', 'there', 'yet.db'))).toBeGreaterThan(0);
  });

  it('is unknown where the system cannot tell', async () => {
    expect(await freeSpace('\0')).toBeNull();
  });
});
