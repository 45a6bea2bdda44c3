import { parseArgs } from 'node:util';
import type { Size } from './measurement.ts';

export interface Options {
  /** Where the JSON goes. */
  readonly json: string | null;
  /** Names of what is wanted; null: everything. */
  readonly only: readonly string[] | null;
  readonly size: Size;
  /** Folder that gets a CPU profile of each case. */
  readonly profile: string | null;
  readonly help: boolean;
}

/**
 * Reads the command line.
 * @param names that `--only` may choose from
 */
export function readOptions(args: readonly string[], names: readonly string[]): Options | { readonly fault: string } {
  try {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'string' }, only: { type: 'string' }, quick: { type: 'boolean' }, profile: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
    const only = values.only === undefined ? null : values.only.split(',').map((name) => name.trim());
    const unknown = only?.filter((name) => !names.includes(name)) ?? [];
    if (unknown.length > 0) return { fault: `--only: ${unknown.join(', ')}: no such measurement; there are ${names.join(', ')}` };
    return { json: values.json ?? null, only, size: values.quick === true ? 'quick' : 'whole', profile: values.profile ?? null, help: values.help === true };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

export function helpText(command: string, summary: string, measurements: readonly { readonly name: string; readonly about: string }[]): string {
  const width = Math.max(...measurements.map(({ name }) => name.length));
  return [
    `${command} [-- OPTIONS]`,
    '',
    summary,
    '',
    ...measurements.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    '',
    '  --only NAME,…     these alone',
    '  --json FILE       the same figures, whole, as JSON',
    '  --quick           small numbers: shows that everything works, the figures mean little',
    '  --profile FOLDER  a CPU profile of each case',
    '',
    'Nothing but 127.0.0.1 is reached. Temporary folders lie where TMPDIR says, are removed, and should be on the kind of disk',
    'that the daemon will have: a write-through to the disk is what costs most. Progress goes to stderr, tables to stdout.',
  ].join('\n');
}
