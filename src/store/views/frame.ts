import { failed } from '../../syncing/status.ts';
import type { ViewContext } from './view.ts';

/** What stands around every page of the console. */
export interface Frame {
  /** Syncs that failed or are in doubt. */
  readonly failing: number;
  /** Syncs that wait for a carrier's code, or were refused for want of it. */
  readonly unmapped: number;
  /** Every state's colour, archived ones too: histories show them. */
  readonly colours: readonly { readonly id: number; readonly colour: string }[];
}

/** Counters and colours: nothing that grows with the history. */
export async function frame({ store: { db } }: ViewContext): Promise<Frame> {
  const counts = await db.selectFrom('counter').select(['status', 'cause', 'n']).where('n', '>', 0).where('status', 'in', [...failed, 'held']).execute();
  const sum = (rows: readonly { readonly n: number }[]): number => rows.reduce((all, { n }) => all + n, 0);
  return {
    failing: sum(counts.filter(({ status }) => status !== 'held')),
    unmapped: sum(counts.filter(({ cause }) => cause.endsWith('/carrier-unknown'))),
    colours: await db.selectFrom('order_state').select(['id', 'colour']).orderBy('id').execute(),
  };
}
