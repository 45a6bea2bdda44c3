import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openOurs } from '../../scripts/bench/peers/ours.ts';
import { openOursOnServer } from '../../scripts/bench/peers/ours-on-server.ts';
import { compared, peers } from '../../scripts/bench/peers/peers.ts';
import type { PeerFound } from '../../scripts/bench/peers/peers.ts';
import { measurePeer } from '../../scripts/bench/peers/protocol.ts';
import type { Amounts, Peer } from '../../scripts/bench/peers/protocol.ts';
import { startServer } from '../support/server.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'suivi-bench-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const few: Amounts = { bulk: 30, idle: 4, open: 5 };
const silent = { say: () => undefined };

/** Works each job off after `ms`, in the order in which they came. */
function queueInMemory(ms: number, log: number[]): Peer & { readonly closed: () => boolean } {
  const waiting: number[] = [];
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  return {
    server: null,
    addMany: (from, count) => Promise.resolve(void waiting.push(...Array.from({ length: count }, (_, i) => from + i))),
    add: (job) => Promise.resolve(waiting.push(job)),
    work(onJob) {
      timer = setInterval(() => {
        for (const job of waiting.splice(0)) {
          log.push(job);
          onJob(job);
        }
      }, ms);
      return Promise.resolve(() => Promise.resolve(clearInterval(timer)));
    },
    close: () => Promise.resolve((closed = true)),
    closed: () => closed,
  };
}

describe('the protocol', () => {
  test('hands each job over once, counts each kind, and closes what it opened', async () => {
    const log: number[] = [];
    const peer = queueInMemory(20, log);
    const found = await measurePeer(peer, few, silent);
    expect(log.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 39 }, (_, i) => i));
    expect([found.idle.n, found.open.n, found.serverMemory]).toEqual([4, 5, 0]);
    expect(found.idle.most).toBeGreaterThan(0);
    expect(found.workedPerSecond).toBeLessThan(30 / 0.015);
    expect(1 / found.wholePerSecond).toBeCloseTo(1 / found.addedPerSecond + 1 / found.workedPerSecond);
    expect(peer.closed()).toBe(true);
  });

  test('measures ours as it measures the others', async () => {
    const place = mkdtempSync(join(folder, 'ours-'));
    const found = await measurePeer(await openOurs(place, few, 'warn'), few, silent);
    expect([found.idle.n, found.open.n]).toEqual([4, 5]);
    expect(found.workedPerSecond).toBeGreaterThan(0);
  });
});

test('several workers of one server do each job once, and what they use is counted', async () => {
  const place = mkdtempSync(join(folder, 'server-'));
  const server = await startServer();
  const found = await measurePeer(await openOursOnServer(place, few, { workers: 2, accounts: 3 }, { port: server.port, pid: server.pid, connectionString: server.url('postgres'), stop: () => server.stop() }), few, silent);
  expect([found.idle.n, found.open.n]).toEqual([4, 5]);
  expect(found.microseconds).toBeGreaterThan(0);
}, 180_000);

describe('the tables', () => {
  const spread = { n: 1, p50: 2, p99: 8, most: 9 };
  const ours: PeerFound = { engine: 'ours', settings: 'a', keeps: 'all', amounts: few, addedPerSecond: 9, workedPerSecond: 300, wholePerSecond: 100, microseconds: 50, idle: spread, open: spread, resident: 120e6, serverMemory: 0 };
  const other: PeerFound = { ...ours, engine: 'other', workedPerSecond: 100, wholePerSecond: 200, microseconds: 200, idle: { ...spread, p50: 1, p99: 16 }, open: { ...spread, p50: 4, p99: 8 }, resident: 100e6, serverMemory: 140e6 };

  test('say how many times ours is each', () => {
    const [, ratios] = compared([ours, other]);
    expect(ratios?.rows).toEqual([['other', 'a', 3, 0.5, 0.25, 2, 0.5, 0.5, 1, 0.5]]);
  });

  test('compare nothing where ours, or everybody else, was left out', () => {
    expect(compared([other, other])).toHaveLength(1);
    expect(compared([ours])).toHaveLength(1);
  });
});

test('each peer has settings and a word on what it keeps', () => {
  const all = peers('whole');
  expect(all.map(({ name }) => name)).toEqual(['ours', 'ours-on-postgres', 'plainjob', 'graphile-worker', 'pg-boss', 'bullmq']);
  for (const { cases } of all) for (const { settings, keeps } of cases) expect([settings, keeps]).not.toContain('');
});
