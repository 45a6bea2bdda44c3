import type { Console } from '../console/console.ts';
import type { Trial } from '../console/ports.ts';
import type { Suivi } from '../app.ts';
import type { OpenTrial } from './trial/open.ts';

/** A trial as the daemon keeps it: begun and ended by whoever sits at its console. */
export interface KeptTrial extends Trial {
  /** Its own console, while it runs. */
  console(): Console | null;
}

/** Simulated marketplaces to try Suivi out on, in a database of their own. Nothing of it is loaded before somebody asks. */
export function keepTrial(suivi: Suivi, stop: AbortSignal, cut: AbortSignal): KeptTrial {
  let open: OpenTrial | null = null;
  /** One thing after another: two people may press at once. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (what: () => Promise<void>): Promise<void> => {
    const turn = last.then(what);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    inside: false,
    isRunning: () => open !== null,
    console: () => open?.console ?? null,
    begin: () =>
      inTurn(async () => {
        if (open !== null || stop.aborted) return;
        const { openTrial } = await import('./trial/open.ts');
        open = await openTrial(suivi, stop, cut);
        suivi.log.info('a trial on simulated marketplaces has begun', { folder: open.folder });
      }),
    end: () =>
      inTurn(async () => {
        if (open === null) return;
        const ending = open;
        open = null;
        await ending.close();
        suivi.log.info('the trial has ended, and its folder is gone');
      }),
  };
}
