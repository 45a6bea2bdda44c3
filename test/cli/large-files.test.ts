import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRoom } from './room.ts';

const mega = 1024 * 1024;

const room = openRoom();
beforeAll(async () => {
  await room.run('migrate');
  await room.run('states', 'add', 'EXPEDIEE', '--as', 'test');
});
afterAll(() => room.close());

/** JSON lines of orders. */
function orders(bytes: number): Uint8Array {
  const line = `${JSON.stringify({ account: 'shop', reference: 'B-1', placedAt: '2026-11-22T08:00:00Z', payment: 'confirmed', lines: [{ lineId: '1', sku: 'MUG', title: 'x'.repeat(60_000), quantity: 1, unitPrice: '1.00' }] })}\n`;
  return Buffer.from(line.repeat(Math.ceil(bytes / line.length)));
}

describe('a file that is too large', () => {
  it('is refused as a whole from standard input: nothing of its beginning is taken for all of it', async () => {
    const ran = await room.runWith({ input: orders(66 * mega) }, 'orders', 'import', '-');
    expect(ran.code, ran.err).toBe(2);
    expect(`${ran.out}${ran.err}`).toContain('larger than 64 MB');
    expect(ran.out).not.toMatch(/import(ed|és)/i);
  });

  it('is refused before it is read', async () => {
    const path = join(room.folder, 'sparse.csv');
    writeFileSync(path, 'Commande;Suivi\n');
    truncateSync(path, 5_000 * mega);
    const ran = await room.run('apply', 'EXPEDIEE', '--file', path);
    expect(ran.code, ran.err).toBe(2);
    expect(`${ran.out}${ran.err}`).toContain('larger than 64 MB');
  });

  it('and one without an end is read no further than that', async () => {
    const ran = await room.run('apply', 'EXPEDIEE', '--file', '/dev/zero');
    expect(ran.code, ran.err).toBe(2);
    expect(`${ran.out}${ran.err}`).toContain('larger than 64 MB');
  });
});

it('nothing that is there is replaced unasked, and a backup never takes the place of a secret', async () => {
  const secret = join(room.folder, 'var', 'secret');
  const before = room.read('var/secret');
  const rows = room.write('rows.csv', 'Commande;Suivi\nB-1;8R00000000001\n');
  const [exported, backed, refused] = await Promise.all([room.run('states', 'export', secret), room.run('backup', secret, '--overwrite'), room.run('apply', 'EXPEDIEE', '--file', rows, '--refused', './rows.csv', '--yes')]);
  expect([exported.code, backed.code, refused.code]).toEqual([2, 2, 2]);
  expect(exported.err).toContain('--overwrite');
  expect(backed.err).toContain('is no database');
  expect(refused.err).toContain('is the file that is applied itself');
  expect([room.read('var/secret') === before, room.read('rows.csv')]).toEqual([true, 'Commande;Suivi\nB-1;8R00000000001\n']);
});
