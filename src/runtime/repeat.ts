import type { Clock, Duration } from './clock.ts';

/** Calls `work` again and again, `pause` apart, until `stop`. What it throws is handed to `onError`, and the next round comes all the same. */
export async function repeat(clock: Clock, pause: Duration, stop: AbortSignal, onError: (error: unknown) => void, work: () => Promise<void>): Promise<void> {
  while (!stop.aborted) {
    try {
      await work();
    } catch (error) {
      onError(error);
    }
    await clock.sleep(pause, stop);
  }
}
