import { breathe } from '../store/breathe.ts';
import type { ReadShape } from './shape-faults.ts';
import type { AnyFault } from './words.ts';

/** What came of one item. */
export type Placed<R> = R | { readonly faults: readonly AnyFault[] };

/** Items that go to the store in one transaction: others wait no longer than for these. */
export const together = 100;

/**
 * Hands on those items that could be read, some at a time, and puts what came of each back in its place.
 * Where the store fails after some are on disk, those are answered, and the rest is refused by name: what was stored is
 * never answered with an error.
 * @param atOnce how many go together
 * @param onFailure told what stopped it on the way
 * @throws whatever stops it before anything is on disk
 */
export async function inPlaces<T, R>(items: readonly ReadShape<T>[], atOnce: number, handOn: (values: readonly T[]) => Promise<readonly R[]>, onFailure: (error: unknown) => void): Promise<readonly Placed<R>[]> {
  const values = items.flatMap((item) => ('faults' in item ? [] : [item.value]));
  const results: Placed<R>[] = [];
  for (let from = 0; from < values.length; from += atOnce) {
    const part = values.slice(from, from + atOnce);
    try {
      results.push(...(await handOn(part)));
    } catch (error) {
      if (from === 0) throw error;
      onFailure(error);
      results.push(...values.slice(from).map((): Placed<R> => ({ faults: [{ code: 'not-taken', field: '' }] })));
      break;
    }
    if (from + atOnce < values.length) await breathe();
  }
  let next = 0;
  return items.map((item) => {
    if ('faults' in item) return item;
    const result = results[next];
    next += 1;
    if (result === undefined) throw new Error('an item was not answered');
    return result;
  });
}
