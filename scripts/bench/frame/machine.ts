import Database from 'better-sqlite3';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { spreadOf } from './figures.ts';
import type { Spread } from './figures.ts';

/** What figures belong to: they are those of one machine at one hour. */
export interface Machine {
  readonly node: string;
  readonly sqlite: string;
  readonly system: string;
  readonly processors: number;
  readonly model: string;
  readonly memoryGb: number;
  /** Processes that wanted a processor during the last minute, ours among them. */
  readonly load: number;
  /** 4 KiB written through to the disk of the temporary folder, in ms. */
  readonly sync: Spread;
}

/** @param syncs how many times something is written through to the disk */
export function lookAtMachine(syncs: number): Machine {
  const database = new Database(':memory:');
  const sqlite = database.prepare('select sqlite_version()').pluck().get() as string;
  database.close();
  return { node: process.version, sqlite, system: `${process.platform} ${process.arch}`, processors: availableParallelism(), model: cpus()[0]?.model.trim() ?? 'unknown', memoryGb: totalmem() / 1e9, load: loadavg()[0] ?? 0, sync: timeSync(syncs) };
}

export function machineText({ node, sqlite, system, processors, model, memoryGb, load, sync }: Machine): string {
  return [
    `Node ${node}, SQLite ${sqlite}, ${system}; ${processors} processors (${model}), ${memoryGb.toFixed(0)} GB; load ${load.toFixed(1)} before the run.`,
    `4 KiB written through to this disk: p50 ${sync.p50.toFixed(2)} ms, p99 ${sync.p99.toFixed(2)} ms, at most ${sync.most.toFixed(1)} ms (${sync.n} times).`,
  ].join('\n');
}

function timeSync(times: number): Spread {
  const folder = mkdtempSync(join(tmpdir(), 'suivi-bench-'));
  const file = openSync(join(folder, 'sync'), 'w');
  const block = Buffer.alloc(4_096, 1);
  try {
    const found = Array.from({ length: times }, () => {
      const before = performance.now();
      writeSync(file, block);
      fsyncSync(file);
      return performance.now() - before;
    });
    return spreadOf(found);
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}
