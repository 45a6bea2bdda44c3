import type { Errand } from './child.ts';
import type { Measurement, Size } from './measurement.ts';
import type { Table } from './table.ts';

/** One of the two commands: bench, and bench:peers. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly list: Errand['list'];
  readonly measurements: (size: Size) => readonly Measurement[];
  /** What must be there before anything is measured; false: it is not, and why was said. */
  readonly prepare?: () => boolean;
  /** Tables of all that was found, once everything is measured. */
  readonly together?: (found: readonly unknown[]) => readonly Table[];
}
