import { describe, expect, test } from 'vitest';
import { minute, second } from '../../src/runtime/clock.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const send = 'createShippingFulfillment';

async function opened(orders: number): Promise<{ stage: Stage; ids: number[]; answer: () => void }> {
  const stage = await openStage({ kind: 'ebay' });
  const ids = await stage.backlog('O', orders);
  const { promise, resolve } = Promise.withResolvers<void>();
  stage.remote.always(send, { until: promise });
  return { stage, ids, answer: resolve };
}

describe('the first signal', () => {
  test('claims nothing more, and lets what is under way end', async () => {
    const { stage, answer } = await opened(20);
    const running = await stage.start();
    const stopped = running.stop();
    await stage.pass(5 * second);
    expect(await stage.statuses()).toEqual({ sending: 8, ready: 12 });
    answer();
    await stage.pass(0);
    await stopped;
    expect(await stage.statuses()).toEqual({ accepted: 8, ready: 12 });
    expect(stage.remote.effects).toHaveLength(8);
  });

  test('waits no longer than half a minute for a call that never ends', async () => {
    const { stage, ids } = await opened(1);
    stage.remote.always(send, null);
    const hung = stage.remote.destination();
    const running = await stage.start({ over: { destination: { ...hung, send: async () => new Promise<never>(() => undefined) } } });
    const stopped = running.stop();
    let over = false;
    void stopped.then(() => (over = true));
    await stage.pass(29 * second);
    expect(over).toBe(false);
    await stage.pass(second);
    expect(over).toBe(true);
    expect(await stage.status(ids[0] ?? 0)).toBe('sending');
    // Whoever comes next settles it.
    await stage.start({ name: 'next' });
    await stage.pass(10 * minute);
    expect(stage.remote.doneFor(ids[0] ?? 0)).toHaveLength(1);
  });

  test('an idle daemon stops at once', async () => {
    const { stage } = await opened(0);
    const running = await stage.start();
    await running.stop();
    expect(await stage.statuses()).toEqual({});
  });
});

describe('the second signal', () => {
  test('cuts the calls under way, and each is recorded as interrupted', async () => {
    const { stage, ids } = await opened(3);
    const running = await stage.start();
    await running.cut();
    expect(await stage.statuses()).toEqual({ delayed: 3 });
    for (const id of ids) {
      expect((await stage.story(id)).map((entry) => [entry.kind, entry.what])).toEqual([['intent', send], ['outcome', 'interrupted']]);
      expect(await stage.row(id)).toMatchObject({ step: 'check', unsettled: 1, failures: 0 });
    }
  });

  test('what was cut is looked for, not told again', async () => {
    const { stage, ids } = await opened(3);
    const running = await stage.start();
    await running.cut();
    stage.remote.always(send, null);
    await stage.start({ name: 'next' });
    await stage.pass(5 * minute);
    for (const id of ids) expect(stage.remote.doneFor(id)).toHaveLength(1);
    expect(await stage.statuses()).toEqual({ confirmed: 3 });
  });

  test('an answer that came in time stays what it is', async () => {
    const { stage, ids } = await opened(1);
    const inner = stage.remote.destination();
    const running = await stage.start({
      over: {
        destination: {
          ...inner,
          send: async (intents, permit) => {
            await stage.clock.sleep(minute, permit.signal);
            return intents.map(() => ({ kind: 'accepted', reference: 'F-1', evidence: null }) as const);
          },
        },
      },
    });
    await running.cut();
    expect((await stage.story(ids[0] ?? 0)).at(-1)).toMatchObject({ kind: 'outcome', what: 'accepted' });
    expect(await stage.status(ids[0] ?? 0)).toBe('accepted');
  });

  test('what was claimed and had not left yet is not told any more, and is no failure', async () => {
    const { stage, ids } = await opened(1);
    const { ledger } = stage.shop;
    const running = await stage.start({ over: { ledger: { ...ledger, intend: async (tenure, profile, room, now) => {
      const claimed = await ledger.intend(tenure, profile, room, now);
      if (claimed.groups.length > 0) await stage.clock.sleep(5 * second);
      return claimed;
    } } } });
    const stopped = running.cut();
    await stage.pass(6 * second);
    await stopped;
    expect(stage.remote.met).toEqual([]);
    expect(await stage.row(ids[0] ?? 0)).toMatchObject({ step: 'send', unsettled: 0, failures: 0 });
  });
});
