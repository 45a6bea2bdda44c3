import { setImmediate } from 'node:timers/promises';

/**
 * Lets whatever else waits have its turn: sockets, timers, other lanes. On SQLite every statement is done at once, so a
 * long row of transactions would keep the whole process to itself although each of them is awaited.
 */
export async function breathe(): Promise<void> {
  await setImmediate();
}
