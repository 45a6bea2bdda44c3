import type { Log } from '../runtime/log.ts';

/** Begins something that may outlast its answer. Whoever waits for the promise hears of what goes wrong; the log does in any case. */
export type Background = <T>(what: string, work: (stop: AbortSignal) => Promise<T>) => Promise<T>;

/** Keeps what is done behind the pages, so that the daemon does not close the database under it. */
export function createJobs(log: Log, stop: AbortSignal): { readonly background: Background; idle(): Promise<void> } {
  const jobs = new Set<Promise<void>>();
  return {
    background(what, work) {
      const begun = work(stop);
      const kept = begun.then(
        () => undefined,
        (error: unknown) => log.error(`${what} failed`, { error }),
      );
      jobs.add(kept);
      void kept.then(() => jobs.delete(kept));
      return begun;
    },
    async idle() {
      await Promise.all(jobs);
    },
  };
}
