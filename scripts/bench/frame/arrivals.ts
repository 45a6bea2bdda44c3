import { sleep } from './wait.ts';

/** One after the other, each once the one before has come to its end and a pause has passed. */
export async function oneByOne(count: number, pause: () => number, measure: (n: number) => Promise<number>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    await sleep(pause());
    times.push(await measure(n));
  }
  return times;
}

/**
 * So many a second, whatever becomes of those before: as customers come. Each is counted from the moment at which it was
 * due, so that a process that was held up does not hide what waited meanwhile.
 * @param measure is given the moment at which it was due (`performance.now()`)
 */
export async function openLoop(count: number, rate: number, measure: (n: number, due: number) => Promise<number>): Promise<readonly number[]> {
  const began = performance.now();
  const all: Promise<number>[] = [];
  for (let n = 0; n < count; n += 1) {
    const due = began + (n * 1000) / rate;
    await sleep(due - performance.now());
    all.push(measure(n, due));
  }
  return Promise.all(all);
}
