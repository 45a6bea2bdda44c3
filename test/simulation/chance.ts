import { createHash } from 'node:crypto';
import type { Random } from '../../src/runtime/random.ts';
import { createRandom } from '../support/random.ts';

/** Chance with the questions that a plan asks of it. */
export interface Chance extends Random {
  /** A whole number, both ends included. */
  between(low: number, high: number): number;
  pick<T>(choices: readonly T[]): T;
  /** True so often out of one. */
  happens(probability: number): boolean;
}

/** A stream of chance of its own: what one part draws does not move what another part meets. */
export function chanceOf(seed: number, stream: string): Chance {
  const random = createRandom(createHash('sha256').update(`${seed} ${stream}`).digest().readUInt32LE(0));
  return {
    ...random,
    between: (low, high) => low + Math.floor(random.next() * (high - low + 1)),
    pick(choices) {
      const chosen = choices[Math.floor(random.next() * choices.length)];
      if (chosen === undefined) throw new RangeError('there is nothing to choose from');
      return chosen;
    },
    happens: (probability) => random.next() < probability,
  };
}
