import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ours } from '../../scripts/bench/catalogue.ts';
import { backlog } from '../../scripts/bench/scale/backlog.ts';
import { history } from '../../scripts/bench/scale/history.ts';
import { pages } from '../../scripts/bench/scale/pages.ts';
import { latency } from '../../scripts/bench/spine/latency.ts';
import type { Way } from '../../scripts/bench/spine/latency.ts';
import { lives } from '../../scripts/bench/spine/lives.ts';
import { startUp } from '../../scripts/bench/spine/start-up.ts';

// Each table once, with numbers so small that the figures mean nothing: they show that the script still measures what it says.

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'suivi-bench-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function place(): { readonly folder: string; readonly say: () => void } {
  return { folder: mkdtempSync(join(folder, 'case-')), say: () => undefined };
}

test('lives are lived whole: two entries of a whole chain for each', async () => {
  const measurement = lives('quick');
  const found = await measurement.measure({ batch: 20, lives: 60, width: 16, logLevel: 'warn' }, place());
  expect(found).toMatchObject({ entriesPerLife: 2, isChainWhole: true });
  for (const figure of [found.insertsPerSecond, found.drainedPerSecond, found.applying, found.telling, found.bytesPerLife]) expect(figure).toBeGreaterThan(0);
  expect(1 / found.livesPerSecond).toBeCloseTo(1 / found.insertsPerSecond + 1 / found.drainedPerSecond);
  expect(measurement.tables([found])[0]?.rows).toHaveLength(1);
});

test.each<[Way, number | null]>([
  ['in the process', null],
  ['HTTP API', 100],
  ['another process', null],
])('latency, applied %s', async (way, rate) => {
  const measurement = latency('quick');
  const { spread } = await measurement.measure({ way, rate, count: 6, logLevel: 'warn' }, place());
  expect(spread.n).toBe(6);
  expect(spread.p50).toBeGreaterThan(0);
  expect(spread.most).toBeLessThan(10_000);
});

test('the daemon is ready some time after it was started', async () => {
  const { times } = await startUp('quick').measure({ cached: true, first: true, runs: 1 }, place());
  expect(times).toHaveLength(1);
  expect(times[0]).toBeGreaterThan(50);
});

test('claiming and reading are measured beside each size of history, and what is copied fits the tables', async () => {
  const measurement = history('quick');
  const found = await measurement.measure({ steps: [300, 1_200], waiting: 50, rounds: 3 }, place());
  expect(found.bytes[1]).toBeGreaterThan(found.bytes[0] ?? Infinity);
  for (const [what, spreads] of Object.entries(found.costs)) expect(spreads.map(({ n }) => n > 0), what).toEqual([true, true]);
  const [table] = measurement.tables([found]);
  expect(table?.rows.length).toBeGreaterThan(12);
  expect(table?.rows[0]?.at(-1)).toMatch(/^flat within 1.3: (met|MISSED)$/);
});

test('a backlog is told whole in simulated time, by a marketplace that counts for itself', async () => {
  const found = await backlog('quick').measure({ parcels: 30, latency: 100, until: 'told' }, place());
  expect(found.parcelsThere).toBe(30);
  // Ten at once, the rest at 1.9 a second.
  expect(found.toldAfter).toBeGreaterThan(10_000);
  expect(found.toldAfter).toBeLessThan(40_000);
  expect(found.used).toBeGreaterThan(0.8);
  expect(found.used).toBeLessThanOrEqual(1.05);
});

test('the command prints its table, writes the same as JSON, and leaves nothing behind', async () => {
  const json = join(folder, 'rest.json');
  const env = { ...process.env, TMPDIR: folder };
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(new URL('../../scripts/bench/bench.ts', import.meta.url)), '--only', 'rest', '--quick', '--json', json], { env });
  expect(stdout).toContain('### At rest, with two accounts on the simulator');
  const written = JSON.parse(readFileSync(json, 'utf8')) as { readonly tables: readonly { readonly name: string; readonly rows: readonly unknown[][] }[]; readonly faults: readonly string[] };
  expect(written.faults).toEqual([]);
  expect(written.tables.map(({ name }) => name)).toEqual(['rest']);
  expect(written.tables[0]?.rows[0]?.[2]).toBeGreaterThan(20);
  expect(readdirSync(folder).filter((name) => name.startsWith('suivi-bench-'))).toEqual([]);
  // Three processes one inside the other, each with all of Suivi to load.
}, 60_000);

test('every measurement has cases of both sizes, a title for each, and a name of its own', () => {
  for (const size of ['whole', 'quick'] as const) {
    const all = ours(size);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const one of all) for (const each of one.cases) expect(one.titleOf(each)).not.toBe('');
  }
});

test('pages are asked for as a browser asks, and all of them answer', async () => {
  const found = await pages('quick').measure({ finished: 300, waiting: 20, rounds: 1 }, place());
  expect(Object.keys(found.times).length).toBeGreaterThan(15);
  expect(found.firstLoad).toBeGreaterThan(5_000);
});
