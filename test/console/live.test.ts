import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLive } from '../../src/console/live.ts';
import type { Live } from '../../src/console/live.ts';
import { silentLog } from '../../src/runtime/log.ts';
import type { Reader } from '../../src/store/reader.ts';
import { createTestClock } from '../support/clock.ts';
import type { TestClock } from '../support/clock.ts';

let clock: TestClock;
let stop: AbortController;
let live: Live;
let version: number;
let pulse: number;
let looks: number;

beforeEach(() => {
  [version, pulse, looks] = [1, 1, 0];
  clock = createTestClock(0);
  stop = new AbortController();
  const reader = {
    version: () => {
      looks += 1;
      return Promise.resolve(String(version));
    },
    view: () => Promise.resolve(String(pulse)),
  } as unknown as Reader;
  live = createLive(reader, clock, silentLog, stop.signal);
});
afterEach(() => stop.abort());

/** Something happens that a page shows. */
function happen(): void {
  version += 1;
  pulse += 1;
}

/** Names of the events that a stream has brought so far. */
function eventsOf(stream: ReadableStream<Uint8Array>): { readonly seen: readonly string[]; leave(): Promise<void> } {
  const reader = stream.getReader();
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      for (const [, name = ''] of Buffer.from(value ?? []).toString().matchAll(/^event: (\w+)$/gm)) seen.push(name);
    }
    seen.push('end');
  };
  void read();
  return { seen, leave: () => reader.cancel() };
}

describe('an open page hears', () => {
  test('of what happens, within a second, and of nothing else', async () => {
    const page = eventsOf(live.open(await live.mark(), 'a'));
    await expect.poll(() => page.seen).toEqual(['hello']);
    await clock.advance(5_000);
    version += 1;
    await clock.advance(5_000);
    expect(page.seen).toEqual(['hello']);
    happen();
    await clock.advance(1_000);
    await expect.poll(() => page.seen).toEqual(['hello', 'changed']);
  });

  test('at once of what happened since it was made, whether it is the first that is open or not', async () => {
    const mark = await live.mark();
    happen();
    const first = eventsOf(live.open(mark, 'a'));
    await expect.poll(() => first.seen).toEqual(['hello', 'changed']);
    const second = eventsOf(live.open(mark, 'a'));
    await expect.poll(() => second.seen).toEqual(['hello', 'changed']);
    const third = eventsOf(live.open(await live.mark(), 'a'));
    await expect.poll(() => third.seen).toEqual(['hello']);
  });

  test('of a mark that another process gave, which says nothing here', async () => {
    const page = eventsOf(live.open('17.1', 'a'));
    await expect.poll(() => page.seen).toEqual(['hello', 'changed']);
  });

  test('nothing more once the daemon stops', async () => {
    const page = eventsOf(live.open(await live.mark(), 'a'));
    await expect.poll(() => page.seen).toEqual(['hello']);
    stop.abort();
    await expect.poll(() => page.seen).toEqual(['hello', 'end']);
  });
});

test('without an open page nobody looks', async () => {
  const page = eventsOf(live.open(await live.mark(), 'a'));
  await expect.poll(() => page.seen).toEqual(['hello']);
  await page.leave();
  await clock.advance(2_000);
  const before = looks;
  await clock.advance(60_000);
  expect(looks).toBe(before);
});

test('one person’s pages leave room for those of the others', async () => {
  const mark = await live.mark();
  const own = Array.from({ length: 41 }, () => eventsOf(live.open(mark, 'a')));
  const other = eventsOf(live.open(mark, 'b'));
  await expect.poll(() => [own.at(-1)?.seen, other.seen]).toEqual([['end'], ['hello']]);
});
