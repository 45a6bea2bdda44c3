import { expect, test } from 'vitest';
import { second } from '../../src/runtime/clock.ts';
import { Connections } from '../../src/store/postgres-pool.ts';
import { closeLater } from '../faults/installation.ts';
import { openWire } from '../faults/wire.ts';
import { startServer } from '../support/server.ts';
import type { Server } from '../support/server.ts';

/** Short, so that silence is noticed within a test: half a second for a statement, and what a word of its end may take. */
const limits = { connections: 4, statement: second / 2 };

async function begun(): Promise<Server> {
  const server = await startServer();
  closeLater(() => server.stop());
  return server;
}

function opened(url: string): Connections {
  const connections = new Connections(url, limits);
  closeLater(() => void connections.end());
  return connections;
}

async function ask(connections: Connections): Promise<number> {
  const connection = await connections.connect();
  try {
    return (await connection.query<{ port: number }>('select inet_server_port() as port', [])).rows[0]?.port ?? 0;
  } finally {
    connection.release();
  }
}

/** As many statements at once as there may be connections, so that all of them are open. */
const all = (connections: Connections) => Promise.allSettled(Array.from({ length: limits.connections }, () => ask(connections)));

test('of connections that are half open one is waited for; the others are not tried one after another', async () => {
  const server = await begun();
  const wire = await openWire(server.port);
  const connections = opened(server.url('postgres').replace(`:${server.port}/`, `:${wire.port}/`));
  await all(connections);
  wire.freeze();
  await expect(ask(connections)).rejects.toThrow('timeout');
  const before = performance.now();
  for (let n = 0; n < limits.connections; n += 1) expect(await ask(connections)).toBe(server.port);
  // Each of them would be silent for five seconds and a half.
  expect(performance.now() - before).toBeLessThan(5 * second);
});

test('a restart of the server costs what was under way, and nothing after it', async () => {
  const server = await begun();
  const connections = opened(server.url('postgres'));
  await all(connections);
  const cut = connections.connect().then(async (connection) => {
    const slept = connection.query('select pg_sleep(60)', []).finally(() => connection.release());
    await Promise.all([expect(slept).rejects.toThrow(/terminat/), server.restart()]);
  });
  await cut;
  expect((await all(connections)).map(({ status }) => status)).toEqual(Array.from({ length: limits.connections }, () => 'fulfilled'));
});

test('where one address is gone, the next one is gone to', async () => {
  const server = await begun();
  const wire = await openWire(server.port);
  const connections = opened(server.url('postgres').replace(`127.0.0.1:${server.port}/`, `127.0.0.1:${wire.port},127.0.0.1:${server.port}/`));
  await all(connections);
  await wire.close();
  // Whoever was led there hears of it, and whoever finds nobody there; the next one is led to the other address.
  let failures = 0;
  for (let n = 0; n < 3; n += 1) await ask(connections).catch(() => (failures += 1));
  expect(failures).toBeLessThanOrEqual(2);
  expect((await all(connections)).map(({ status }) => status)).toEqual(Array.from({ length: limits.connections }, () => 'fulfilled'));
});
