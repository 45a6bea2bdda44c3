import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCalendar } from '../../src/runtime/calendar.ts';
import type { Calendar, Entry } from '../../src/runtime/calendar.ts';
import { day, hour, minute, second } from '../../src/runtime/clock.ts';

// node-cron goes by the machine's clock: the test sets that one.
let stop: AbortController;
let calendar: Calendar;
const written: string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.parse('2026-11-23T09:00:30Z') });
  stop = new AbortController();
  calendar = createCalendar(stop.signal);
  written.length = 0;
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) vi.spyOn(console, name).mockImplementation((...words: unknown[]) => void written.push(words.join(' ')));
});

afterEach(async () => {
  await calendar.stopAll();
  const left = vi.getTimerCount();
  vi.useRealTimers();
  vi.restoreAllMocks();
  if (left > 0 || written.length > 0) throw new Error(`left: ${left} timers, ${written.length} lines on the console: ${written.join('\n')}`);
});

function schedule(expression: string, work: Entry['work'], more: Partial<Entry> = {}): { readonly errors: unknown[]; readonly overlaps: () => number } {
  const errors: unknown[] = [];
  let overlaps = 0;
  calendar.schedule({ name: 'test', expression, timeZone: 'Europe/Paris', work, onError: (error) => void errors.push(error), onOverlap: () => void (overlaps += 1), ...more });
  return { errors, overlaps: () => overlaps };
}

/** A run that ends when the test says so. */
function gate(): { readonly work: () => Promise<void>; readonly runs: () => number; readonly open: () => void } {
  let runs = 0;
  let waiting: (() => void)[] = [];
  return {
    work: () => {
      runs += 1;
      return new Promise((resolve) => void waiting.push(resolve));
    },
    runs: () => runs,
    open: () => {
      for (const resolve of waiting.splice(0)) resolve();
      waiting = [];
    },
  };
}

const moments = () => {
  const at: string[] = [];
  return { at, work: () => Promise.resolve(void at.push(new Date().toISOString())) };
};

describe('an entry', () => {
  it('comes at its time, by the clock of its time zone', async () => {
    const { at, work } = moments();
    schedule('15 3 * * *', work);
    await vi.advanceTimersByTimeAsync(2 * day);
    expect(at).toEqual(['2026-11-24T02:15:00.000Z', '2026-11-25T02:15:00.000Z']);
  });

  it('comes on the first of the month, further off than a timer can wait at once', async () => {
    const { at, work } = moments();
    schedule('0 0 1 * *', work);
    await vi.advanceTimersByTimeAsync(40 * day);
    expect(at).toEqual(['2026-11-30T23:00:00.000Z', '2026-12-31T23:00:00.000Z']);
  });

  it.each([
    ['once on the night when its hour comes twice', '2026-10-24T12:00:00Z', ['2026-10-25T01:30:00.000Z', '2026-10-26T01:30:00.000Z']],
    ['not on the night when its hour does not come', '2027-03-27T12:00:00Z', ['2027-03-29T00:30:00.000Z']],
  ])('comes %s', async (_name, now, expected) => {
    const { at, work } = moments();
    vi.setSystemTime(now);
    schedule('30 2 * * *', work);
    await vi.advanceTimersByTimeAsync(2 * day);
    expect(at).toEqual(expected);
  });

  it('is left out while it still runs, and comes again after', async () => {
    const { work, runs, open } = gate();
    const { overlaps, errors } = schedule('* * * * *', work);
    await vi.advanceTimersByTimeAsync(3 * minute);
    expect([runs(), overlaps()]).toEqual([1, 2]);
    open();
    await vi.advanceTimersByTimeAsync(minute);
    expect([runs(), overlaps(), errors]).toEqual([2, 2, []]);
    open();
  });

  it('that throws hands its error over, and comes again', async () => {
    let runs = 0;
    const { errors } = schedule('* * * * *', () => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error('first')) : Promise.resolve();
    });
    await vi.advanceTimersByTimeAsync(2 * minute);
    expect([runs, errors]).toEqual([2, [new Error('first')]]);
  });

  it('that throws at once, before it waits for anything, does so too', async () => {
    const { errors } = schedule('* * * * *', () => {
      throw new Error('at once');
    });
    await vi.advanceTimersByTimeAsync(minute);
    expect(errors).toEqual([new Error('at once')]);
  });

  it('missed while the process was held up is made up for once', async () => {
    const { at, work } = moments();
    schedule('0 * * * *', work);
    // The process sleeps: the clock goes on, no timer fires.
    vi.setSystemTime('2026-11-23T14:20:00Z');
    await vi.advanceTimersByTimeAsync(2 * hour);
    expect(at).toEqual(['2026-11-23T15:19:30.000Z', '2026-11-23T16:00:00.000Z']);
  });

  it('that is none is refused at once', () => {
    expect(() => schedule('61 * * * *', () => Promise.resolve())).toThrow('61');
    expect(() => schedule('0 0 30 2 *', () => Promise.resolve())).toThrow('impossible');
    expect(() => schedule('* * * * *', () => Promise.resolve(), { timeZone: 'Paris' })).toThrow(RangeError);
  });
});

describe('the end', () => {
  it('aborts what runs, waits for it, and starts nothing more', async () => {
    let seen: AbortSignal | null = null;
    const { work, runs, open } = gate();
    schedule('* * * * * *', (signal) => {
      seen = signal;
      return work();
    });
    await vi.advanceTimersByTimeAsync(second);
    expect(seen).toHaveProperty('aborted', false);
    let over = false;
    const end = calendar.stopAll().then(() => void (over = true));
    expect(seen).toHaveProperty('aborted', true);
    await vi.advanceTimersByTimeAsync(minute);
    expect([runs(), over]).toEqual([1, false]);
    open();
    await end;
    await vi.advanceTimersByTimeAsync(minute);
    expect(runs()).toBe(1);
  });

  it('comes with the stop signal too', async () => {
    const { at, work } = moments();
    let seen: AbortSignal | null = null;
    schedule('* * * * *', work);
    schedule('* * * * *', (signal) => Promise.resolve(void (seen = signal)), { name: 'other' });
    await vi.advanceTimersByTimeAsync(minute);
    stop.abort();
    expect(seen).toHaveProperty('aborted', true);
    await vi.advanceTimersByTimeAsync(5 * minute);
    expect(at).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves nothing to be scheduled after it', async () => {
    const { at, work } = moments();
    await calendar.stopAll();
    schedule('* * * * *', work);
    await vi.advanceTimersByTimeAsync(5 * minute);
    expect(at).toEqual([]);
  });
});
