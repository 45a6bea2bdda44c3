import { parseArgs } from 'node:util';
import { planOf } from './generate.ts';
import { simulate } from './run.ts';
import type { Result } from './run.ts';

/** Where the command prints: a line at a time. */
type Print = (line: string) => void;

const usage = 'npm run simulate -- [--seeds N] [--from SEED] [--seed SEED [--verbose]]';

/** Runs seeds and tells of those that fail. Resolves to the exit status: 0 all held, 1 one or more failed, 2 wrong usage. */
export async function main(args: readonly string[], print: Print): Promise<number> {
  const asked = read(args);
  if (asked === null) {
    print(usage);
    return 2;
  }
  let failed = 0;
  const began = performance.now();
  for (const seed of asked.seeds) {
    const result = await simulate(planOf(seed));
    if (asked.verbose) for (const line of result.trace) print(line);
    if (result.findings.length > 0) failed += 1;
    if (result.findings.length > 0 || asked.verbose) print(lineOf(result));
    if (asked.verbose) for (const { promise, what } of result.findings) print(`  ${promise}: ${what}`);
  }
  const seconds = (performance.now() - began) / 1_000;
  print(`${asked.seeds.length} seeds, ${failed} failed, ${seconds.toFixed(1)} s (${(seconds / asked.seeds.length).toFixed(2)} s a seed)`);
  return failed === 0 ? 0 : 1;
}

function lineOf({ plan, findings, fingerprint, figures }: Result): string {
  const what = findings.length === 0 ? 'holds' : findings.slice(0, 3).map((finding) => `${finding.promise}: ${finding.what}`).join(' | ');
  return `seed ${plan.seed} ${fingerprint} (${Object.entries(figures).map(([name, n]) => `${n} ${name}`).join(', ')}): ${what}${findings.length > 3 ? ` | and ${findings.length - 3} more` : ''}`;
}

function read(args: readonly string[]): { readonly seeds: readonly number[]; readonly verbose: boolean } | null {
  try {
    const { values } = parseArgs({ args: [...args], options: { seeds: { type: 'string' }, from: { type: 'string' }, seed: { type: 'string' }, verbose: { type: 'boolean', default: false } } });
    const numbers = [values.seeds ?? '100', values.from ?? '1', values.seed ?? '0'].map(Number);
    const [count = 0, from = 0, one = 0] = numbers;
    if (!numbers.every((n) => Number.isSafeInteger(n) && n >= 0)) return null;
    return { seeds: values.seed === undefined ? Array.from({ length: count }, (_, i) => from + i) : [one], verbose: values.verbose };
  } catch {
    return null;
  }
}
