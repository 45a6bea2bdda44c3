import { orderHistory } from '../history.ts';
import type { OrderHistory } from '../history.ts';
import { storyOf } from '../log.ts';
import type { StoryEntry } from '../log.ts';
import { listStates } from '../states.ts';
import { loadDossiers } from '../situations.ts';
import type { StoredSync } from '../situations.ts';
import { verbs } from '../../syncing/rerun.ts';
import { tellingOf } from '../../syncing/tellings.ts';
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

export type SyncSeen = StoredSync & { readonly entries: readonly SeenEntry[] };

interface SeenEntry extends Pick<StoryEntry, 'at' | 'kind' | 'attempt' | 'what' | 'cause'> {
  /** Which telling its attempt was; null for a look, and for what is no attempt. */
  readonly telling: number | null;
  /** Who asked for a verb, and why; null for what nobody asked. Empty where it was erased. */
  readonly word: { readonly by: string; readonly reason: string } | null;
}

/** Null: no such order. */
export async function orderPage({ store: { db }, profiles }: ViewContext, { id }: { readonly id: number }): Promise<OrderSeen | null> {
  const history = await orderHistory(db, id);
  const dossier = (await loadDossiers(db, [id])).get(id);
  if (history === null || dossier === undefined) return null;
  const syncs: SyncSeen[] = [];
  for (const sync of dossier.syncs) syncs.push({ ...sync, entries: seenEntries(await storyOf(db, sync.id)) });
  const states = new Map((await listStates(db)).map(({ id: state, mnemonic, texts }): [string, ShownState] => [mnemonic, { id: state, mnemonic, texts }]));
  return { history, marketplace: profiles.get(history.order.account)?.marketplace ?? null, due: dueOf(dossier), states, syncs };
}

function seenEntries(story: readonly StoryEntry[]): readonly SeenEntry[] {
  return story.map(({ at, kind, attempt, what, cause, body }) => {
    const given = (typeof body === 'object' && body !== null ? body : {}) as { readonly by?: string; readonly reason?: string };
    const word = verbs.some((verb) => verb === kind) ? { by: given.by ?? '', reason: given.reason ?? '' } : null;
    return { at, kind, attempt, what, cause, telling: tellingOf(story, attempt), word };
  });
}
