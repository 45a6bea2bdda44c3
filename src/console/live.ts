import type { Clock, Duration } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Reader } from '../store/reader.ts';

/** Tells open pages that something happened. One look at the database serves them all; without an open page there is none. */
export interface Live {
  /** What the database stands at. Whoever reads afterwards sees at least that; empty: it could not be found out. */
  mark(): Promise<string>;
  /** Events for one page of somebody, until it goes or `stop`. What happened between its mark and its coming is told at once. */
  open(since: string, person: string): ReadableStream<Uint8Array>;
}

/** How soon a page hears of what happened. */
const pace: Duration = second;
/** A sign of life, so that nobody on the way takes the connection for dead. */
const quiet = 20;
/** Pages that listen at the same time; a browser asks again later. */
const most = 200;
/** And of these, one person's: nobody takes the places of all. */
const mostOfOne = 40;
const changed = 'event: changed\ndata: {}\n\n';

export function createLive(reader: Reader, clock: Clock, log: Log, stop: AbortSignal): Live {
  /** Each with whose page it is. */
  const listeners = new Map<ReadableStreamDefaultController<Uint8Array>, string>();
  const hasRoom = (person: string): boolean => listeners.size < most && [...listeners.values()].filter((one) => one === person).length < mostOfOne;
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  /** No mark of an earlier process is one of ours. */
  const process = clock.now();
  const mark = async (): Promise<string> => `${process}.${await reader.version()}`;
  /** Resolves when the first look was taken; null while nobody watches. */
  let watching: PromiseWithResolvers<void> | null = null;
  stop.addEventListener('abort', () => {
    for (const listener of listeners.keys()) listener.close();
    listeners.clear();
  });

  function tell(text: string): void {
    const bytes = encode(text);
    for (const listener of listeners.keys()) {
      // A page that does not read is left behind: it asks anew when it comes back.
      if ((listener.desiredSize ?? 0) < -1_000) {
        listeners.delete(listener);
        listener.close();
      } else listener.enqueue(bytes);
    }
  }

  async function watch(begun: () => void): Promise<void> {
    let [version, pulse] = [await reader.version(), await reader.view('pulse')];
    begun();
    for (let round = 1; listeners.size > 0 && !stop.aborted; round += 1) {
      await clock.sleep(pace, stop);
      const seen = await reader.version();
      const felt = seen === version ? pulse : await reader.view('pulse');
      if (felt !== pulse) tell(changed);
      else if (round % quiet === 0) tell(': still here\n\n');
      [version, pulse] = [seen, felt];
    }
  }

  function begin(): Promise<void> {
    if (watching !== null) return watching.promise;
    const first = Promise.withResolvers<void>();
    watching = first;
    watch(first.resolve)
      .catch((error: unknown) => {
        if (stop.aborted) return;
        log.error('pages could not be kept up to date', { error });
        for (const listener of listeners.keys()) listener.close();
        listeners.clear();
      })
      .finally(() => {
        first.resolve();
        watching = null;
        if (listeners.size > 0 && !stop.aborted) void begin();
      });
    return first.promise;
  }

  /** A look was taken before this mark: whatever is written after it will be noticed. */
  async function greet(listener: ReadableStreamDefaultController<Uint8Array>, since: string): Promise<void> {
    await begin();
    const now = await mark();
    if (listeners.has(listener)) listener.enqueue(encode(`event: hello\ndata: {}\n\n${since === now ? '' : changed}`));
  }

  function leave(listener: ReadableStreamDefaultController<Uint8Array>): void {
    if (listeners.delete(listener)) listener.close();
  }

  return {
    mark: () => mark().catch(() => ''),
    open(since, person) {
      let mine: ReadableStreamDefaultController<Uint8Array>;
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            mine = controller;
            const room = hasRoom(person);
            controller.enqueue(encode(`retry: ${room ? 3_000 : 60_000}\n\n`));
            if (stop.aborted || !room) return controller.close();
            listeners.set(controller, person);
            greet(controller, since).catch(() => leave(controller));
          },
          cancel: () => void listeners.delete(mine),
        },
        { highWaterMark: 1 },
      );
    },
  };
}
