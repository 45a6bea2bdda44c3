import { Client } from 'pg';
import type { Clock } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import { addressesOf } from '../settings/database-address.ts';
import { clientConfig } from './postgres-pool.ts';
import { channel } from './tidings.ts';

/** So often is the connection asked whether it still stands: one that is half open says nothing by itself. */
const pulse = 10 * second;
const patience = { connections: 1, statement: 5 * second };

/**
 * Hears what is told on the channel until `stop`, on a connection of its own. While there is none it tries again every
 * second, at one address after the other; whatever was told meanwhile is unknown, which it says.
 */
export async function listenOn(url: string, hear: (payload: string) => void, clock: Clock, stop: AbortSignal): Promise<void> {
  const addresses = addressesOf(url);
  for (let n = 0; !stop.aborted; n += 1) {
    const ended = new AbortController();
    const client = new Client(clientConfig(addresses[n % addresses.length] ?? url, patience));
    client.on('error', () => ended.abort()).on('end', () => ended.abort());
    client.on('notification', ({ payload }) => hear(payload ?? ''));
    const over = AbortSignal.any([stop, ended.signal]);
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      hear('');
      while (!over.aborted) {
        await clock.sleep(pulse, over);
        if (!over.aborted) await client.query('select 1');
      }
    } catch {
      // The next one is opened in its place; that there is trouble is told by those who write.
    }
    // Not waited for: where it is half open no answer to a goodbye comes.
    void client.end().catch(() => undefined);
    if (!stop.aborted) await clock.sleep(second, stop);
  }
}
