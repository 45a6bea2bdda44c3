import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../../src/runtime/clock.ts';
import { openReader } from '../../src/store/reader.ts';
import { openShop } from '../support/shop.ts';

const folder = mkdtempSync(join(tmpdir(), 'suivi-reader-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a thread of its own reads what was written, tells of new writes, and goes on after a question that fails', async () => {
  const shop = await openShop(systemClock, undefined, { file: join(folder, 'suivi.db') });
  const reader = openReader(shop.context);
  expect((await reader.view('journal', { before: null, limit: 1 })).entries).toMatchObject([{ by: 'test', kind: 'state-added' }]);
  const before = await reader.version();
  expect(await reader.version()).toBe(before);
  await shop.context.store.db.insertInto('setting').values({ key: 'test', value: '1' }).execute();
  expect(await reader.version()).not.toBe(before);
  await expect(reader.view('nothing of this name' as 'journal', { before: null, limit: 10 })).rejects.toThrow('not a function');
  expect((await reader.view('journal', { before: null, limit: 1 })).entries).toHaveLength(1);
  await reader.close();
  await expect(reader.version()).rejects.toThrow('closed');
  await shop.close();
});
