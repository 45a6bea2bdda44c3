import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRoom } from './room.ts';
import type { Room } from './room.ts';

let room: Room;
beforeAll(async () => {
  room = openRoom();
  await room.run('migrate');
});
afterAll(() => room.close());

test('people are invited by a link that stands alone on its line, one for each name', async () => {
  const made = await room.run('users', 'invite', 'Hélène', '--role', 'admin', '--as', 'ops');
  expect([made.code, made.out.trim()]).toEqual([0, expect.stringMatching(/^http:\/\/127\.0\.0\.1:0\/join\/[\w-]{32}$/)]);
  expect((await room.run('users', 'invite', 'no name', '--role', 'admin', '--as', 'ops')).code).toBe(2);
  expect((await room.run('users', 'invite', 'marc', '--role', 'king', '--as', 'ops')).code).toBe(2);
  expect((await room.run('users', 'invite', 'marc', '--as', 'ops')).code).toBe(2);
  expect(await room.json('users', 'list')).toEqual({ users: [] });
  expect((await room.run('users', 'role', 'nobody', '--role', 'viewer', '--as', 'ops')).code).toBe(1);
  expect((await room.run('users', 'revoke', 'nobody', '--as', 'ops')).code).toBe(1);
});
