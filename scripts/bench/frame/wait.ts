import { setTimeout as pass } from 'node:timers/promises';

/** Lets time pass on the real clock, as short as a fraction of a millisecond. */
export async function sleep(ms: number): Promise<void> {
  if (ms > 0) await pass(ms);
}

/** Resolves as `promise` does; rejects after `ms`, saying what was waited for. */
export async function within<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  const over = new AbortController();
  try {
    return await Promise.race([
      promise,
      pass(ms, undefined, { signal: over.signal }).then(() => {
        throw new Error(`after ${ms} ms still not: ${what}`);
      }),
    ]);
  } finally {
    over.abort();
  }
}

/** Milliseconds of the clock that all processes of one machine share and nobody puts back. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
