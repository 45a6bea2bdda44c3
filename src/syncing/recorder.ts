import type { Clock } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import type { Recorded, Result } from './ledger.ts';

/** Writes outcomes: those that end in the same moment share one transaction. */
export interface Recorder {
  /** Resolves once `results` are on disk. A store that refuses (disk full, locked) is asked again until it does, or until `cut`. */
  record(results: readonly Result[]): Promise<void>;
}

export function createRecorder(clock: Clock, cut: AbortSignal, write: (results: readonly Result[]) => Promise<Recorded>, onError: (error: unknown) => void): Recorder {
  let waiting: Result[] = [];
  let next: Promise<void> | null = null;
  let current: Promise<void> = Promise.resolve();

  async function writeAll(): Promise<void> {
    await current.catch(() => undefined);
    const batch = waiting;
    waiting = [];
    next = null;
    current = persist(batch);
    await current;
  }

  async function persist(batch: readonly Result[]): Promise<void> {
    for (;;) {
      try {
        await write(batch);
        return;
      } catch (error) {
        onError(error);
        // Unwritten outcomes are found again after a restart: their intents are on disk.
        if (cut.aborted) return;
        await clock.sleep(second, cut);
      }
    }
  }

  return {
    record(results) {
      waiting.push(...results);
      next ??= writeAll();
      return next;
    },
  };
}
