import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

/** A real process that runs one of the scripts in children/. */
export interface Child {
  readonly pid: number;
  /** Resolves with the first line that has `words` in it, of those already written and those to come; fails when the process ends first. */
  saw(words: string): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Exit status or signal, with everything it wrote. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly out: string }>;
}

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

export function start(script: string, args: readonly string[] = [], options: { readonly stdout?: number; readonly detached?: boolean } = {}): Child {
  const stdio: StdioOptions = ['ignore', options.stdout ?? 'pipe', 'pipe'];
  const child = spawn(process.execPath, ['--expose-gc', fileURLToPath(new URL(`children/${script}`, import.meta.url)), ...args], { stdio, detached: options.detached ?? false });
  started.push(child);
  let out = '';
  let over = false;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of waiting) look();
  };
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    wake();
  });
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => {
    over = true;
    wake();
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, out };
  });
  return {
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    ended,
    saw: (words) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const line = out.split('\n').slice(0, -1).find((one) => one.includes(words));
          if (line === undefined && !over) return;
          waiting.delete(look);
          if (line === undefined) reject(new Error(`the process ended without saying "${words}":\n${out}`));
          else resolve(line);
        };
        waiting.add(look);
        look();
      }),
  };
}
