import { orderHistory } from '../history.ts';
import type { OrderHistory } from '../history.ts';
import { storyOf } from '../log.ts';
import type { StoryEntry } from '../log.ts';
import { listStates } from '../states.ts';
import { loadDossiers } from '../situations.ts';
import type { StoredSync } from '../situations.ts';
import { dueOf } from './order-rows.ts';
import type { Due, ShownState } from './order-rows.ts';
import type { ViewContext } from './view.ts';

/** One order with all that can be told of it. */
export interface OrderSeen {
  readonly history: OrderHistory;
  readonly marketplace: string | null;
  readonly due: Due;
  /** The states of its history, by mnemonic. */
  readonly states: ReadonlyMap<string, ShownState>;
  /** Oldest first. */
  readonly syncs: readonly SyncSeen[];
}

export type SyncSeen = StoredSync & { readonly entries: readonly Pick<StoryEntry, 'at' | 'kind' | 'attempt' | 'what' | 'cause'>[] };

/** Null: no such order. */
export async function orderPage({ store: { db }, profiles }: ViewContext, { id }: { readonly id: number }): Promise<OrderSeen | null> {
  const history = await orderHistory(db, id);
  const dossier = (await loadDossiers(db, [id])).get(id);
  if (history === null || dossier === undefined) return null;
  const syncs: SyncSeen[] = [];
  for (const sync of dossier.syncs) syncs.push({ ...sync, entries: (await storyOf(db, sync.id)).map(({ at, kind, attempt, what, cause }) => ({ at, kind, attempt, what, cause })) });
  const states = new Map((await listStates(db)).map(({ id: state, mnemonic, texts }): [string, ShownState] => [mnemonic, { id: state, mnemonic, texts }]));
  return { history, marketplace: profiles.get(history.order.account)?.marketplace ?? null, due: dueOf(dossier), states, syncs };
}
