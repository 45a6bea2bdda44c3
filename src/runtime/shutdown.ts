import type { Clock, Duration } from './clock.ts';
import { second } from './clock.ts';
import type { Log } from './log.ts';

/** How the process is asked to end, by signal or by code. */
export interface Shutdown {
  /** Claim nothing more, finish what is under way. */
  readonly stop: AbortSignal;
  /** Drop even that, and write down that it was cut off. Aborts at the latest {@link gentle} after `stop`. */
  readonly cut: AbortSignal;
  /** As a signal would: the first time stops, the second time cuts. */
  ask(why: string): void;
  /** The last thing that main does: signals have the system's own effect again, and no timer keeps the process alive. */
  dispose(): void;
}

/** So long may what is under way take after the first signal. */
export const gentle: Duration = 30 * second;

/** So long may a cut take to be written down after a fault of our own. */
const lastWords: Duration = 5 * second;

/** Exit status for a fault of our own (EX_SOFTWARE of sysexits.h). */
const ownFault = 70;

/**
 * Where npm starts us through a shell that replaces itself by us (bash), one Ctrl-C arrives twice: from the terminal, and
 * passed on by npm (11.19: up to 60 ms later). Nobody presses it twice on purpose as fast as this.
 */
const echo: Duration = 300;

/**
 * Listens to SIGTERM and SIGINT: the first stops, the second cuts, a third ends the process as if nobody listened.
 * What nobody caught is a bug: it is logged, everything is cut, and the process exits with 70 once `dispose` is called,
 * or after five seconds.
 */
export function listenForShutdown(clock: Clock, log: Log): Shutdown {
  const stop = new AbortController();
  const cut = new AbortController();
  const disposed = new AbortController();
  let interruptedAt = -Infinity;

  function ask(why: string): void {
    if (!stop.signal.aborted) {
      log.info('stopping: what is under way is finished first', { why, secondsAtMost: gentle / second });
      stop.abort();
      void clock.sleep(gentle, AbortSignal.any([disposed.signal, cut.signal])).then(() => {
        if (!disposed.signal.aborted && !cut.signal.aborted) cutNow('it took too long');
      });
    } else if (!cut.signal.aborted) {
      cutNow(why);
    }
  }

  function cutNow(why: string): void {
    log.warn('stopping at once: what is under way is cut off', { why });
    stop.abort();
    cut.abort();
  }

  function onSignal(signal: NodeJS.Signals): void {
    const now = clock.monotonic();
    const echoed = signal === 'SIGINT' && now - interruptedAt < echo;
    if (signal === 'SIGINT') interruptedAt = now;
    if (echoed) return;
    if (!cut.signal.aborted) return ask(signal);
    dispose();
    process.kill(process.pid, signal);
  }

  function onBug(error: unknown, origin: NodeJS.UncaughtExceptionOrigin | 'unhandledRejection'): void {
    process.exitCode = ownFault;
    log.fatal('a fault of our own, which nobody caught', { origin, error });
    stop.abort();
    cut.abort();
    void exitSoon();
  }

  async function exitSoon(): Promise<void> {
    await clock.sleep(lastWords, disposed.signal);
    process.exit(ownFault);
  }

  const onRejection = (reason: unknown): void => onBug(reason, 'unhandledRejection');

  function dispose(): void {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal).off('uncaughtException', onBug).off('unhandledRejection', onRejection);
    disposed.abort();
  }

  process.on('SIGTERM', onSignal).on('SIGINT', onSignal).on('uncaughtException', onBug).on('unhandledRejection', onRejection);
  return { stop: stop.signal, cut: cut.signal, ask, dispose };
}
