import { endAll } from './child.ts';
import type { Command } from './command.ts';
import { helpText, readOptions } from './options.ts';
import { report } from './run.ts';

/** Runs one of the two commands. Resolves to its exit status: 0 done, 1 something could not be measured, 2 wrong usage. */
export async function main(command: Command, args: readonly string[]): Promise<number> {
  const all = command.measurements('whole');
  const options = readOptions(args, all.map(({ name }) => name));
  if ('fault' in options) {
    process.stderr.write(`${options.fault}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(`${helpText(command.name, command.summary, all)}\n`);
    return 0;
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      endAll();
      process.kill(process.pid, signal);
    });
  }
  if (command.prepare?.() === false) return 1;
  return (await report(command, options)) ? 0 : 1;
}
