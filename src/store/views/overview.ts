import type { Instant } from '../../runtime/clock.ts';
import { accountViews } from '../account-views.ts';
import type { AccountView } from '../account-views.ts';
import { countCauses } from '../log.ts';
import type { CauseCount } from '../log.ts';
import type { ViewContext } from './view.ts';

/** What somebody who opens the console should know first. */
export interface Overview {
  readonly accounts: readonly AccountView[];
  readonly causes: readonly CauseCount[];
}

export async function overview(context: ViewContext, { now }: { readonly now: Instant }): Promise<Overview> {
  return { accounts: await accountViews(context, now), causes: await countCauses(context.store.db) };
}
