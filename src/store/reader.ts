import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { sql } from 'kysely';
import { processVariables } from '../settings/process-variables.ts';
import type { Context } from './context.ts';
import { views } from './views/views.ts';
import type { Asked, Seen, ViewName } from './views/views.ts';
import type { ViewContext } from './views/view.ts';

/** Reads for pages, exports and whoever else has time. Never in the way of those who write. */
export interface Reader {
  view<N extends ViewName>(name: N, ...asked: Asked<N> extends undefined ? [] : [Asked<N>]): Promise<Seen<N>>;
  /** Differs as soon as anything was written, by whomever. */
  version(): Promise<string>;
  close(): Promise<void>;
}

/** What the thread is started with. */
export interface ReadingPlace {
  readonly file: string;
  readonly profiles: Context['profiles'];
  readonly timeZone: string;
}

export interface Question {
  readonly id: number;
  readonly name: ViewName | '';
  readonly asked: unknown;
}

export type Answer = { readonly id: number; readonly seen: unknown } | { readonly id: number; readonly message: string; readonly stack: string };

/**
 * Opens a reader beside a store. In a thread of its own it has a connection that cannot write, and whoever works is not
 * held up; here it reads through the store's own, which is all there is in memory. A server does the reading by itself.
 */
export function openReader(context: Context, where: 'thread' | 'here' = context.store.file === ':memory:' ? 'here' : 'thread'): Reader {
  const { file } = context.store;
  return where === 'here' || file === null ? readHere(context) : readInThread({ file, profiles: context.profiles, timeZone: context.timeZone });
}

function readHere(context: ViewContext): Reader {
  const { db, kind } = context.store;
  let [last, version] = ['', 0];
  return {
    view: (async (name: ViewName, asked: unknown) => look(context, name, asked)) as Reader['view'],
    async version() {
      // A server says which transactions have ended; SQLite does not count for a connection what it wrote itself.
      if (kind === 'postgres') return (await sql<{ snapshot: string }>`select pg_current_snapshot()::text as snapshot`.execute(db)).rows[0]?.snapshot ?? '';
      const pulse = await views.pulse(context);
      if (pulse !== last) version += 1;
      last = pulse;
      return String(version);
    },
    close: () => Promise.resolve(),
  };
}

/** Calls a view by its name. */
export function look(context: ViewContext, name: ViewName, asked: unknown): Promise<unknown> {
  const view: (context: ViewContext, asked: never) => Promise<unknown> = views[name];
  return view(context, asked as never);
}

function readInThread(place: ReadingPlace): Reader {
  const waiting = new Map<number, { readonly resolve: (seen: unknown) => void; readonly reject: (error: Error) => void }>();
  let worker: Worker | null = null;
  let last = 0;
  let closed = false;

  function start(): Worker {
    const begun = new Worker(new URL(import.meta.url.replace(/reader(\.[jt]s)$/, 'reader-thread$1')), { workerData: place, name: 'suivi-reader', env: threadEnvironment() });
    begun.on('message', (answer: Answer) => {
      const asker = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('seen' in answer) asker?.resolve(answer.seen);
      else asker?.reject(Object.assign(new Error(answer.message), { stack: answer.stack }));
    });
    const lost = (error: Error): void => {
      if (worker === begun) worker = null;
      for (const asker of waiting.values()) asker.reject(error);
      waiting.clear();
    };
    begun.on('error', lost);
    begun.on('exit', () => lost(new Error('the reading thread has ended')));
    return begun;
  }

  function ask(name: Question['name'], asked: unknown): Promise<unknown> {
    if (closed) return Promise.reject(new Error('the reader is closed'));
    worker ??= start();
    const id = (last += 1);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, name, asked } satisfies Question);
    return promise;
  }

  return {
    view: ((name: ViewName, asked: unknown) => ask(name, asked)) as Reader['view'],
    version: async () => String(await ask('', undefined)),
    async close() {
      closed = true;
      const ending = worker;
      if (ending === null) return;
      const ended = once(ending, 'exit');
      ending.postMessage(null);
      await ended;
    },
  };
}

/** A thread does not take over where its process keeps compiled code: without being told it compiles everything again, half a second each time. */
function threadEnvironment(): NodeJS.ProcessEnv {
  // Node names the folder of its own version within the one that it was given.
  const cache = getCompileCacheDir();
  const variables = processVariables();
  return cache === undefined ? variables : { ...variables, NODE_COMPILE_CACHE: dirname(cache) };
}
