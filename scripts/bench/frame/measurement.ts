import type { Duration } from '../../../src/runtime/clock.ts';
import type { Table } from './table.ts';

/** Where one case is measured. */
export interface Place {
  /** Of its own, empty at first, removed afterwards with all that is in it. */
  readonly folder: string;
  /** Tells whoever waits what is being done. */
  readonly say: (line: string) => void;
}

/** Something that is measured, case by case, each in a process of its own, and what the cases come to. */
export interface Measurement<Case = unknown, Found = unknown> {
  readonly name: string;
  /** One line of `--help`. */
  readonly about: string;
  readonly cases: readonly Case[];
  /** Longest time one case may take. */
  readonly limit: Duration;
  titleOf(one: Case): string;
  /** What is found must survive JSON. */
  measure(one: Case, place: Place): Promise<Found>;
  /** @param found of the cases that could be measured, in their order */
  tables(found: readonly Found[]): readonly Table[];
}

/** `whole` for figures that mean something; `quick` to see in a minute that everything works. */
export type Size = 'whole' | 'quick';

/** What would be measured is not on this machine: nothing is wrong, and the report says so. */
export class NotHere extends Error {
  override readonly name = 'NotHere';
}
