import { parentPort, workerData } from 'node:worker_threads';
import { openStore } from './database.ts';
import { look } from './reader.ts';
import type { Answer, Question, ReadingPlace } from './reader.ts';

/** The thread in which pages are read: one connection that cannot write, one question after another. */
const place = workerData as ReadingPlace;
const port = parentPort;
if (port === null) throw new Error('this file is a thread of the reader');
const store = await openStore(place.file, 'read');
const context = { store, profiles: place.profiles, timeZone: place.timeZone };

let before: Promise<void> = Promise.resolve();
port.on('message', (question: Question | null) => {
  before = before.then(() => (question === null ? end() : answer(question)));
});

async function answer({ id, name, asked }: Question): Promise<void> {
  let reply: Answer;
  try {
    reply = { id, seen: name === '' ? store.version() : await look(context, name, asked) };
  } catch (error) {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    reply = { id, message, stack };
  }
  port?.postMessage(reply);
}

async function end(): Promise<void> {
  await store.close();
  port?.close();
}
