import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** How a process ended, with everything that it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
}

/** A real process. */
export interface Running {
  readonly pid: number;
  /** Everything that it wrote so far. */
  out(): string;
  /** Resolves with everything it wrote so far once `words` is in it `times` times; fails when the process ends first, or after `patience` (ms). */
  saw(words: string, times?: number, patience?: number): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** No exit, no signal yet. */
  alive(): boolean;
  readonly ended: Promise<Ended>;
}

const started = new Set<ChildProcess>();

/** Ends every process that was begun here and still runs, and waits until it is gone. */
export async function endAll(): Promise<void> {
  const left = [...started].filter((child) => child.exitCode === null && child.signalCode === null);
  for (const child of left) child.kill('SIGKILL');
  await Promise.all(left.map((child) => once(child, 'close')));
}

/** Begins a process. Its pid is that of the program also behind wrappers, as long as each of them replaces itself by the next. */
export function begin(command: readonly string[], options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> }): Running {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  started.add(child);
  const parts: string[] = [];
  const waiting = new Set<() => void>();
  let over = false;
  const out = (): string => parts.join('');
  const wake = (): void => {
    for (const look of waiting) look();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      parts.push(text);
      wake();
    });
  }
  const ended = once(child, 'close').then(([code, signal]: unknown[]): Ended => {
    over = true;
    started.delete(child);
    wake();
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, out: out() };
  });
  return {
    pid: child.pid ?? 0,
    out,
    ended,
    alive: () => !over && child.exitCode === null && child.signalCode === null,
    kill: (signal) => void child.kill(signal),
    saw: (words, times = 1, patience = 60_000) =>
      new Promise((resolve, reject) => {
        const limit = setTimeout(() => end(new Error(`it did not say "${words}" within ${patience} ms:\n${out().slice(-4_000)}`)), patience);
        const look = (): void => {
          const text = out();
          if (text.split(words).length > times) end(null);
          else if (over) end(new Error(`it ended without saying "${words}":\n${text.slice(-4_000)}`));
        };
        function end(error: Error | null): void {
          clearTimeout(limit);
          waiting.delete(look);
          if (error === null) resolve(out());
          else reject(error);
        }
        waiting.add(look);
        look();
      }),
  };
}
