import type { Clock, Duration } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Reader } from '../store/reader.ts';

/** Tells open pages that something happened. One look at the database serves them all; without an open page there is none. */
export interface Live {
  /** Events for one page, until it goes or `stop`. */
  open(): ReadableStream<Uint8Array>;
}

/** How soon a page hears of what happened. */
const pace: Duration = second;
/** A sign of life, so that nobody on the way takes the connection for dead. */
const quiet = 20;
/** Pages that listen at the same time; a browser asks again later. */
const most = 200;

export function createLive(reader: Reader, clock: Clock, log: Log, stop: AbortSignal): Live {
  const listeners = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  let watching = false;
  stop.addEventListener('abort', () => {
    for (const listener of listeners) listener.close();
    listeners.clear();
  });

  function tell(text: string): void {
    const bytes = encode(text);
    for (const listener of listeners) {
      // A page that does not read is left behind: it asks anew when it comes back.
      if ((listener.desiredSize ?? 0) < -1_000) {
        listeners.delete(listener);
        listener.close();
      } else listener.enqueue(bytes);
    }
  }

  async function watch(): Promise<void> {
    let [version, pulse] = [await reader.version(), await reader.view('pulse')];
    for (let round = 1; listeners.size > 0 && !stop.aborted; round += 1) {
      await clock.sleep(pace, stop);
      const seen = await reader.version();
      const felt = seen === version ? pulse : await reader.view('pulse');
      if (felt !== pulse) tell('event: changed\ndata: {}\n\n');
      else if (round % quiet === 0) tell(': still here\n\n');
      [version, pulse] = [seen, felt];
    }
  }

  function begin(): void {
    if (watching) return;
    watching = true;
    watch()
      .catch((error: unknown) => {
        if (stop.aborted) return;
        log.error('pages could not be kept up to date', { error });
        for (const listener of listeners) listener.close();
        listeners.clear();
      })
      .finally(() => {
        watching = false;
        if (listeners.size > 0 && !stop.aborted) begin();
      });
  }

  return {
    open() {
      let mine: ReadableStreamDefaultController<Uint8Array>;
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            mine = controller;
            controller.enqueue(encode(`retry: ${listeners.size < most ? 3_000 : 60_000}\nevent: hello\ndata: {}\n\n`));
            if (stop.aborted || listeners.size >= most) return controller.close();
            listeners.add(controller);
            begin();
          },
          cancel: () => void listeners.delete(mine),
        },
        { highWaterMark: 1 },
      );
    },
  };
}
