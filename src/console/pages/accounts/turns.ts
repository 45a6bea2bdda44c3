import type { AccountView } from '../../../store/account-views.ts';

/** What can be done to an account's lane. */
export const everyTurn = ['pause', 'observe', 'resume'] as const;
export type Turn = (typeof everyTurn)[number];

/** Nothing of it leaves, on somebody's word or the settings'. */
export function isAsleep({ mode, pausedAt, observeSince }: Pick<AccountView, 'mode' | 'pausedAt' | 'observeSince'>): boolean {
  return mode === 'observe' || pausedAt !== null || observeSince !== null;
}

/** What can be done to it as it is. What the settings hold back is let go in the settings alone. */
export function turns({ mode, pausedAt, observeSince }: Pick<AccountView, 'mode' | 'pausedAt' | 'observeSince'>): readonly Turn[] {
  const halted = pausedAt !== null || observeSince !== null;
  return everyTurn.filter((turn) => (turn === 'resume' ? halted : turn === 'pause' ? pausedAt === null : observeSince === null && pausedAt === null && mode === 'live'));
}
