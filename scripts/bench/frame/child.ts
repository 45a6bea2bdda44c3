import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Duration } from '../../../src/runtime/clock.ts';
import type { Size } from './measurement.ts';

/** What a child is to measure, as its arguments say it. */
export interface Errand {
  readonly list: 'ours' | 'peers';
  readonly size: Size;
  readonly measurement: string;
  readonly index: number;
}

/** `absent`: what would be measured is not on this machine. */
export type Came = { readonly found: unknown } | { readonly absent: string } | { readonly fault: string };

const script = fileURLToPath(new URL('../child.ts', import.meta.url));

/** Where the command line keeps its compiled code too: a child starts in half the time. */
const compileCache = fileURLToPath(new URL('../../../node_modules/.cache/suivi', import.meta.url));

const running = new Map<ChildProcess, string>();

/**
 * Measures one case in a process of its own, which leads a group: whatever it starts ends with it.
 * @param limit after which the whole group is ended
 * @param profile folder that gets a CPU profile of the child
 */
export async function measureInChild(errand: Errand, limit: Duration, profile: string | null): Promise<Came> {
  const folder = mkdtempSync(join(tmpdir(), 'suivi-bench-'));
  const log = openSync(join(folder, 'stdout.log'), 'a');
  const flags = profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${errand.measurement}-${errand.index}.cpuprofile`];
  // What the daemon logs goes to a file, as under a service manager; progress goes to stderr.
  const child = spawn(process.execPath, [...flags, script, errand.list, errand.size, errand.measurement, String(errand.index), folder], { stdio: ['ignore', log, 'inherit', 'ipc'], detached: true, env: { ...process.env, NODE_COMPILE_CACHE: compileCache } });
  closeSync(log);
  running.set(child, folder);
  let came: Came = { fault: 'it ended without a figure' };
  child.on('message', (message) => (came = message as Came));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup(child);
  }, limit);
  try {
    await once(child, 'close');
    return late ? { fault: `it took longer than ${Math.round(limit / 1000)} s and was ended` } : came;
  } finally {
    clearTimeout(timer);
    endGroup(child);
    running.delete(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ends every child with all that it started, and removes their folders: the last thing before this process ends early. */
export function endAll(): void {
  for (const [child, folder] of running) {
    endGroup(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
