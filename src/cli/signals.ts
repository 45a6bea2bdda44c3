import type { Clock, Duration } from '../runtime/clock.ts';

/** How Ctrl-C and `kill` reach a command. */
export interface Signals {
  /** Aborts at the first one: what is under way is finished, the rest is left. A second one ends the process at once. */
  readonly stop: AbortSignal;
  /** The last thing: where a signal came, the process ends as signals end a process, so that a shell stops its script too. */
  end(): void;
}

/** One Ctrl-C arrives twice where npm or an older Node passes it on beside the terminal (see runtime/shutdown.ts). */
const echo: Duration = 300;

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @param listen false where the command has its own way of stopping */
export function listenForSignals(clock: Clock, listen: boolean): Signals {
  const stop = new AbortController();
  let came: NodeJS.Signals | null = null;
  let at = -Infinity;
  const hear = (signal: NodeJS.Signals): void => {
    const again = came !== null && clock.monotonic() - at >= echo;
    if (came === null) at = clock.monotonic();
    came ??= signal;
    stop.abort();
    if (again) end();
  };
  const end = (): void => {
    for (const name of names) process.off(name, hear);
    if (came !== null) process.kill(process.pid, came);
  };
  if (listen) for (const name of names) process.on(name, hear);
  return { stop: stop.signal, end };
}
