import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulatedCredentials } from '../../src/marketplaces/simulator/credentials.ts';
import { startSimulator } from '../../src/marketplaces/simulator/simulator.ts';
import type { Simulator } from '../../src/marketplaces/simulator/simulator.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { systemRandom } from '../../src/runtime/random.ts';

export const bin = fileURLToPath(new URL('../../src/cli/bin.js', import.meta.url));

/** How a command ended, with everything that it wrote. */
export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  /** Beside the room's own; undefined takes one of those away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Another program than this Node. */
  readonly node?: string;
  /** Another file than the command `suivi`. */
  readonly script?: string;
}

/** A process that is still running. */
export interface Child {
  readonly pid: number;
  /** Resolves with what it wrote so far, once `words` is in it; fails when the process ends first. */
  saw(words: string): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ran>;
}

/** An installation of its own: folder, settings, database, and simulated marketplaces where they matter. */
export interface Room {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  run(...args: readonly string[]): Promise<Ran>;
  runWith(options: RunOptions, ...args: readonly string[]): Promise<Ran>;
  /** A command that must end with 0; what it printed. */
  done(...args: readonly string[]): Promise<string>;
  /** The one JSON document that a command prints, however it ends. */
  // Tests look into answers as their readers do.
  json(...args: readonly string[]): Promise<any>; // eslint-disable-line typescript/no-explicit-any
  start(...args: readonly string[]): Child;
  startUnder(node: string, ...args: readonly string[]): Child;
  /** The daemon, once it works. */
  daemon(): Promise<Child & { readonly address: string }>;
  write(name: string, content: string | Uint8Array): string;
  read(name: string): string;
  close(): Promise<void>;
}

const amazonEnv = { A_ID: simulatedCredentials.amazon.clientId, A_SECRET: simulatedCredentials.amazon.clientSecret, A_TOKEN: simulatedCredentials.amazon.refreshToken };
const ebayEnv = { E_ID: simulatedCredentials.ebay.appId, E_CERT: simulatedCredentials.ebay.certId, E_TOKEN: simulatedCredentials.ebay.refreshToken };

/** Simulated marketplaces in this process, reached over loopback. */
export async function openSimulator(): Promise<Simulator> {
  return startSimulator({ clock: systemClock, random: systemRandom, pace: 100 });
}

/** @param endpoints where the accounts' calls go; where nothing listens, nothing is meant to be called */
export function openRoom(endpoints: { readonly amazon: string; readonly ebay: string } | null = { amazon: 'http://127.0.0.1:9', ebay: 'http://127.0.0.1:9' }): Room {
  const folder = mkdtempSync(join(tmpdir(), 'suivi-cli-'));
  mkdirSync(join(folder, 'config'));
  const { amazon, ebay } = simulatedCredentials;
  const patience = { timeoutS: 2.5, settleS: 3, sweepS: 1 };
  const accounts =
    endpoints === null
      ? []
      : [
          { id: 'amazon-fr', marketplace: 'amazon', region: amazon.region, marketplaceId: amazon.marketplaceId, sellerId: amazon.sellerId, endpoint: endpoints.amazon, patience, limits: { searchOrders: { rate: 5, burst: 20 }, getOrder: { rate: 5, burst: 30 } }, clientId: { env: 'A_ID' }, clientSecret: { env: 'A_SECRET' }, refreshToken: { env: 'A_TOKEN' } },
          { id: 'ebay-fr', marketplace: 'ebay', site: ebay.site, endpoint: endpoints.ebay, patience, appId: { env: 'E_ID' }, certId: { env: 'E_CERT' }, refreshToken: { env: 'E_TOKEN' } },
        ];
  writeFileSync(join(folder, 'config', 'accounts.json'), JSON.stringify({ accounts }));
  const env = { PATH: process.env['PATH'] ?? '', LANG: 'en_GB.UTF-8', SUIVI_LISTEN: '127.0.0.1:0', SUIVI_LOG_LEVEL: 'info', ...amazonEnv, ...ebayEnv };
  const children = new Set<ChildProcess>();

  function begin({ input, env: more, cwd, node, script }: RunOptions, args: readonly string[]): Child {
    const child = spawn(node ?? process.execPath, [script ?? bin, ...args], { cwd: cwd ?? folder, env: { ...env, ...more }, stdio: 'pipe' });
    children.add(child);
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    const waiting = new Set<() => void>();
    let over = false;
    const text = (): string => Buffer.concat([...out, ...err]).toString('utf8');
    for (const [stream, parts] of [[child.stdout, out], [child.stderr, err]] as const) {
      stream.on('data', (part: Buffer) => {
        parts.push(part);
        for (const look of waiting) look();
      });
    }
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    const ended = once(child, 'close').then(([code, signal]: unknown[]): Ran => {
      over = true;
      children.delete(child);
      for (const look of waiting) look();
      return { code: code as number | null, signal: signal as NodeJS.Signals | null, out: Buffer.concat(out).toString('utf8'), err: Buffer.concat(err).toString('utf8') };
    });
    return {
      pid: child.pid ?? 0,
      kill: (signal) => void child.kill(signal),
      ended,
      saw: (words) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            const so = text();
            if (!so.includes(words) && !over) return;
            waiting.delete(look);
            if (so.includes(words)) resolve(so);
            else reject(new Error(`it ended without saying "${words}":\n${so}`));
          };
          waiting.add(look);
          look();
        }),
    };
  }

  const room: Room = {
    folder,
    env,
    run: (...args) => begin({}, args).ended,
    runWith: (options, ...args) => begin(options, args).ended,
    async done(...args) {
      const ran = await room.run(...args);
      if (ran.code !== 0) throw new Error(`${args.join(' ')} ended with ${ran.code}:\n${ran.out}\n${ran.err}`);
      return ran.out;
    },
    async json(...args) {
      const ran = await room.run(...args, '--json');
      try {
        return JSON.parse(ran.out) as unknown;
      } catch {
        throw new Error(`${args.join(' ')} printed no JSON (status ${ran.code}):\n${ran.out}\n${ran.err}`);
      }
    },
    start: (...args) => begin({}, args),
    startUnder: (node, ...args) => begin({ node }, args),
    async daemon() {
      const child = begin({}, ['start']);
      const said = await child.saw('Suivi is at work');
      const address = /"address":"([^"]+)"/.exec(said)?.[1] ?? '';
      return { ...child, address };
    },
    write(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all([...children].filter((child) => child.exitCode === null && child.signalCode === null).map((child) => once(child, 'close')));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return room;
}

/** An order as `orders import` takes it. */
export function orderLine(reference: string, more: Readonly<Record<string, unknown>> = {}): string {
  const now = Date.now();
  return JSON.stringify({ account: 'amazon-fr', reference, placedAt: new Date(now - 86_400_000).toISOString(), shipBy: new Date(now + 86_400_000).toISOString(), currency: 'EUR', total: '24.95', lines: [{ lineId: `${reference}-1`, sku: 'MUG', title: 'Mug', quantity: 2, unitPrice: '12.475' }], ...more });
}

/** Looks `every` so many ms until something is so; other processes have no bell to ring. */
export async function until(so: () => boolean | Promise<boolean>, what: string, { ms = 60_000, every = 50 } = {}): Promise<void> {
  const end = performance.now() + ms;
  while (!(await so())) {
    if (performance.now() > end) throw new Error(`after ${ms} ms still not so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
