import { exits } from '../app/exits.ts';
import type { Fault } from '../orders/fault.ts';
import type { Call } from './command.ts';
import { Refused } from './refused.ts';

/** The option under which a field was given, where it has another name there. */
const options: Readonly<Record<string, string>> = { state: 'STATE', order: '--order', account: '--account', mnemonic: '--mnemonic', colour: '--colour', graceS: '--grace', carrier: '--carrier', trackingNumber: '--tracking', untracked: '--untracked', comment: '--comment', sms: '--sms' };

/** Everything that is wrong with what was given, each with what to do. */
export function refusedByFaults({ say, speech }: Pick<Call, 'say' | 'speech'>, faults: readonly Fault[], status: number = exits.usage): Refused {
  const lines = faults.map((fault) => say('labelled', { label: optionOf(fault.field), value: speech.mend(fault) }));
  return new Refused(status, ...(lines.length === 1 ? lines : [say('severalFaults', { count: lines.length }), ...lines]));
}

/** `parcels[0].lines[1].quantity` was given by --line, the second time it stands there. */
export function optionOf(field: string): string {
  const line = /^parcels\[\d+\]\.lines(?:\[(\d+)\])?/.exec(field);
  if (line !== null) return line[1] === undefined ? '--line' : `--line ${Number(line[1]) + 1}`;
  const name = field.replace(/^parcels\[\d+\]\.?/, '');
  if (name === '' || name === 'parcels') return '--line';
  const text = /^texts\.(\w+)(?:\.(\w+))?$/.exec(name);
  if (text !== null) return `--${text[2] ?? 'name'} ${text[1] ?? ''}`;
  const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return options[name] ?? `--${kebab}`;
}
