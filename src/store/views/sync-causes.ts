import { countCauses, countStatuses } from '../log.ts';
import type { CauseCount } from '../log.ts';
import type { ViewContext } from './view.ts';

/** What the sync log is filtered by, with how many there are: from counters alone. */
export interface SyncCounts {
  readonly causes: readonly CauseCount[];
  readonly statuses: Awaited<ReturnType<typeof countStatuses>>;
  /** Destinations that ever had a sync. */
  readonly accounts: readonly string[];
}

export async function syncCounts({ store: { db } }: ViewContext): Promise<SyncCounts> {
  const statuses = await countStatuses(db);
  return { causes: await countCauses(db), statuses, accounts: [...new Set(statuses.map(({ account }) => account))].toSorted() };
}
