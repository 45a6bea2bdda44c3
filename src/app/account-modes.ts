import type { AccountView } from '../store/account-views.ts';

/** Why nothing of an account leaves. `settings`: its owner's choice in accounts.json; the others end with `accounts resume`. */
export type Asleep = 'paused' | 'restored' | 'observed' | 'settings';

/** Whatever the settings say, a pause and a restore come first: what has to be done about it differs. */
export function asleep({ mode, pausedAt, observeSince, observeWhy }: AccountView): Asleep | null {
  if (pausedAt !== null) return 'paused';
  if (mode === 'observe') return 'settings';
  if (observeSince === null) return null;
  return observeWhy === 'restored' ? 'restored' : 'observed';
}

/** What leaves of each account and what does not, for the log: whatever accounts.json says, a pause or a restore may stand against it. */
export function accountsAtWork(views: readonly AccountView[]): readonly { readonly id: string; readonly mode: 'live' | 'observe' | 'paused'; readonly why?: Asleep }[] {
  return views.map((view) => {
    const why = asleep(view);
    return why === null ? { id: view.id, mode: 'live' } : { id: view.id, mode: why === 'paused' ? 'paused' : 'observe', why };
  });
}
