import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { planOf } from './generate.ts';
import { narrow, promiseOf } from './narrow.ts';
import type { Plan } from './plan.ts';
import { simulate } from './run.ts';
import type { Result } from './run.ts';

/** Where the command prints: a line at a time. */
type Print = (line: string) => void;

const usage = `npm run simulate -- [--seeds N] [--from SEED]     N seeds (100), from SEED (1) on
npm run simulate -- --seed SEED [--verbose] [--narrow]
npm run simulate -- --plan FILE [--verbose] [--narrow]
--verbose prints all that happened; --narrow prints the smallest plan that breaks the same promise, for --plan`;

interface Asked {
  readonly plans: Iterable<Plan>;
  readonly verbose: boolean;
  readonly narrow: boolean;
}

/** Lives through plans and tells of those that break a promise. Resolves to the exit status: 0 all held, 1 one or more did not, 2 wrong usage. */
export async function main(args: readonly string[], print: Print): Promise<number> {
  const asked = read(args);
  if (asked === null) {
    print(usage);
    return 2;
  }
  let lived = 0;
  let failed = 0;
  const began = performance.now();
  for (const plan of asked.plans) {
    const result = await simulate(plan);
    lived += 1;
    if (asked.verbose) for (const line of result.trace) print(line);
    if (result.findings.length > 0) failed += 1;
    if (result.findings.length > 0 || asked.verbose) print(lineOf(result));
    if (asked.verbose) for (const { promise, what } of result.findings) print(`  ${promise}: ${what}`);
    if (asked.narrow) await printNarrowed(result, print);
  }
  const seconds = (performance.now() - began) / 1_000;
  print(`${lived} seeds, ${failed} failed, ${seconds.toFixed(1)} s (${(seconds / Math.max(1, lived)).toFixed(2)} s a seed)`);
  return failed === 0 ? 0 : 1;
}

async function printNarrowed({ plan, findings }: Result, print: Print): Promise<void> {
  const promise = promiseOf(findings);
  if (promise === null) return;
  const smallest = await narrow(plan, async (smaller) => (await simulate(smaller)).findings.some((finding) => finding.promise === promise), (left) => print(`  ${left} events left`));
  print(JSON.stringify(smallest));
}

function lineOf({ plan, findings, fingerprint, figures }: Result): string {
  const what = findings.length === 0 ? 'holds' : findings.slice(0, 3).map((finding) => `${finding.promise}: ${finding.what}`).join(' | ');
  return `seed ${plan.seed} ${fingerprint} (${Object.entries(figures).map(([name, n]) => `${n} ${name}`).join(', ')}): ${what}${findings.length > 3 ? ` | and ${findings.length - 3} more` : ''}`;
}

function read(args: readonly string[]): Asked | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' }, seed: { type: 'string' }, plan: { type: 'string' }, verbose: { type: 'boolean', default: false }, narrow: { type: 'boolean', default: false } },
    });
    const [count, from, one] = [values.seeds, values.from, values.seed ?? '0'].map((text) => (/^\d{1,9}$/.test(text) ? Number(text) : null));
    if (count == null || from == null || one == null) return null;
    const of = { verbose: values.verbose, narrow: values.narrow };
    if (values.plan !== undefined) return { ...of, plans: [JSON.parse(readFileSync(values.plan, 'utf8')) as Plan] };
    return { ...of, plans: values.seed === undefined ? seeds(from, count) : [planOf(one)] };
  } catch {
    return null;
  }
}

function* seeds(from: number, count: number): Iterable<Plan> {
  for (let seed = from; seed < from + count; seed += 1) yield planOf(seed);
}
