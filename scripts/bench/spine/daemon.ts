import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Variables } from '../../../src/settings/environment.ts';
import { within } from '../frame/wait.ts';

const root = new URL('../../../', import.meta.url);
/** What `npm start` hands to Node, its own options first. */
const words = (JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { readonly scripts: { readonly start: string } }).scripts.start.split(' ').slice(1);
const line = words.map((word) => (word.endsWith('.js') ? fileURLToPath(new URL(word, root)) : word));

/** `npm start`, as a service manager runs it. */
export interface Started {
  readonly pid: number;
  readonly address: string;
  /** From its start until /readyz answered 200, ms. */
  readonly readyAfter: number;
  /** The path of the link that makes the first admin, once it is told of. */
  joinPath(): Promise<string>;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
}

/** @param folder where its settings and its database are */
export async function startDaemon(folder: string, variables: Variables): Promise<Started> {
  const began = performance.now();
  const child = spawn(process.execPath, line, { cwd: folder, env: { PATH: process.env['PATH'], ...variables }, stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  const told = Promise.withResolvers<string>();
  child.stderr.on('data', (part: Buffer) => {
    complaint = (complaint + part.toString('utf8')).slice(-4_000);
    const path = /\/join\/\S+(?=\s)/.exec(complaint)?.[0];
    if (path !== undefined) told.resolve(path);
  });
  try {
    const address = await within(addressSaid(child.stdout), 30_000, 'the daemon said where it listens');
    const ready = await fetch(`${address}/readyz`);
    await ready.text();
    if (ready.status !== 200) throw new Error(`/readyz answered ${ready.status}`);
    const readyAfter = performance.now() - began;
    child.stdout.resume();
    return {
      pid: child.pid ?? 0,
      address,
      readyAfter,
      joinPath: () => within(told.promise, 10_000, 'the daemon told of the link for its first admin'),
      async stop() {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`the daemon was not ready:\n${complaint}`, { cause: error });
  }
}

async function addressSaid(stream: Readable): Promise<string> {
  let text = '';
  for await (const part of stream.iterator({ destroyOnReturn: false })) {
    text += String(part);
    const address = /"address":"(http[^"]+)"/.exec(text)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`it ended:\n${text}`);
}
