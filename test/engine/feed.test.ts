import { describe, expect, test } from 'vitest';
import { minute, second } from '../../src/runtime/clock.ts';
import { perform } from '../../src/store/verbs.ts';
import { createTestClock } from '../support/clock.ts';
import { createFeedRemote } from '../support/feed.ts';
import type { FeedRemote } from '../support/feed.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

async function uploads(count: number): Promise<{ stage: Stage; remote: FeedRemote; ids: number[] }> {
  const clock = createTestClock();
  const remote = createFeedRemote(clock);
  const stage = await openStage({ clock, remote });
  return { stage, remote, ids: await stage.backlog('A', count) };
}

function calls(remote: FeedRemote, call: string): number {
  return remote.met.filter((met) => met.call === call).length;
}

describe('one upload for many', () => {
  test('carries a thousand at a time, and pays for its calls once', async () => {
    const { stage, remote } = await uploads(1_500);
    await stage.start();
    expect(remote.uploads.map((upload) => upload.members.length)).toEqual([1_000, 500]);
    expect([calls(remote, 'createFeedDocument'), calls(remote, 'createFeed')]).toEqual([2, 2]);
    const spent = await stage.shop.context.store.db.selectFrom('quota').select(['budget', 'tokens']).where('budget', 'like', 'createFeed%').execute();
    // Half of the thousand is kept back: so much flows in during a second.
    expect(spent).toEqual([{ budget: 'createFeed', tokens: 498 }, { budget: 'createFeedDocument', tokens: 498 }]);
  });

  test('every one of them has its own intent and its own outcome', async () => {
    const { stage, ids } = await uploads(3);
    await stage.start();
    for (const id of ids) expect((await stage.story(id)).map((entry) => [entry.kind, entry.what])).toEqual([['intent', 'createFeedDocument'], ['outcome', 'submitted']]);
  });

  test('the verdict is asked for at its time, once for all, and comes one by one', async () => {
    const { stage, remote, ids } = await uploads(5);
    remote.refused.set('A-2', 'remote/bad-carrier');
    await stage.start();
    await stage.pass(minute);
    expect(calls(remote, 'getFeed')).toBe(0);
    await stage.pass(minute + second);
    expect(calls(remote, 'getFeed')).toBe(1);
    expect(await stage.statuses()).toEqual({ submitted: 5 });
    await stage.pass(2 * minute);
    expect(calls(remote, 'getFeed')).toBe(2);
    expect(await stage.statuses()).toEqual({ accepted: 4, rejected: 1 });
    expect(await stage.row(ids[1] ?? 0)).toMatchObject({ status: 'rejected', cause: 'remote/bad-carrier', reference: 'FEED-1' });
  });

  test('an upload whose answer was lost is looked for, with one look for all of it, and not uploaded again', async () => {
    const { stage, remote } = await uploads(40);
    remote.script('createFeed', 'lost-after');
    await stage.start();
    await stage.pass(30 * second);
    expect(await stage.statuses()).toEqual({ delayed: 40 });
    await stage.pass(31 * second);
    expect(calls(remote, 'getFeed')).toBe(1);
    expect(await stage.statuses()).toEqual({ submitted: 40 });
    await stage.pass(5 * minute);
    expect(await stage.statuses()).toEqual({ accepted: 40 });
    expect(remote.uploads).toHaveLength(1);
  });

  test('an upload that never arrived is uploaded again after two looks', async () => {
    const { stage, remote, ids } = await uploads(10);
    remote.script('createFeed', 'lost-before');
    await stage.start();
    await stage.pass(119 * second);
    expect(remote.uploads).toHaveLength(0);
    await stage.pass(2 * second);
    expect(remote.uploads).toHaveLength(1);
    await stage.pass(6 * minute);
    expect(await stage.statuses()).toEqual({ accepted: 10 });
    for (const id of ids) expect(remote.doneFor(id)).toHaveLength(1);
  });

  test('a worker that dies with its upload leaves it to the next one, which looks for it', async () => {
    const { stage, remote, ids } = await uploads(10);
    await stage.start({ name: 'one', dies: 'after-effect' });
    await stage.pass(31 * second);
    await stage.start({ name: 'two' });
    await stage.pass(10 * minute);
    expect(remote.uploads).toHaveLength(1);
    for (const id of ids) expect(remote.doneFor(id)).toHaveLength(1);
  });

  test('a lost upload counts as one failure of the marketplace, not as forty', async () => {
    const { stage, remote } = await uploads(40);
    remote.script('createFeed', 'lost-before');
    await stage.start();
    const breaker = await stage.shop.context.store.db.selectFrom('breaker').select(['failures', 'opened_at']).where('call', '=', 'createFeedDocument').executeTakeFirstOrThrow();
    expect(breaker).toEqual({ failures: 1, opened_at: null });
  });

  test('is not begun without the tokens for both of its calls', async () => {
    const clock = createTestClock();
    const remote = createFeedRemote(clock);
    const stage = await openStage({ clock, remote, plan: { limits: { createFeed: { rate: 1 / 120, burst: 1 } } } });
    await stage.backlog('A', 3);
    await stage.start();
    expect(remote.uploads).toHaveLength(1);
    await stage.backlog('B', 3);
    await stage.pass(minute);
    expect(remote.uploads).toHaveLength(1);
    await stage.pass(70 * second);
    expect(remote.uploads).toHaveLength(2);
  });

  test('an order with two parcels goes in two uploads: one thing of an order at a time', async () => {
    const { stage, remote } = await uploads(0);
    await stage.sell('A-1', { lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }] });
    for (const n of [1, 2]) await stage.ship('A-1', { trackingNumber: `T-${n}`, lines: [{ lineId: 'L1', quantity: 1 }] });
    await stage.start();
    await stage.pass(0);
    expect(remote.uploads.map((upload) => upload.members.length)).toEqual([1, 1]);
  });

  test('a lane that was closed by hand while the verdict was awaited stays closed', async () => {
    const { stage, remote, ids } = await uploads(1);
    await stage.start();
    expect(await perform(stage.shop.context, { verb: 'resolve', filter: { ids }, author: 'Ana', reason: 'seen there' }, stage.clock.now())).toMatchObject({ done: ids });
    await stage.pass(10 * minute);
    expect(await stage.status(ids[0] ?? 0)).toBe('accepted');
    expect(calls(remote, 'getFeed')).toBe(0);
  });
});
