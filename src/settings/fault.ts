/**
 * One thing in the settings that is not as it must be, for whoever starts the daemon.
 * `found` never holds a secret, nor a value that might be one.
 */
export interface Fault {
  /** Where it stands: `SUIVI_LISTEN`, or `config/accounts.json: amazon-fr: patience.settleS`. */
  readonly name: string;
  readonly found: string;
  readonly expected: string;
  /** How it is written right, or null where the expectation says it all. */
  readonly example: string | null;
}

/** So many are shown at once: what is wrong with thousands of accounts is seen in the first ones. */
const shownAtOnce = 50;

/** What stands around faults that are shown, and what their sentences are in another language. */
export interface FaultWords {
  readonly found: string;
  readonly expected: string;
  readonly example: string;
  readonly more: (count: number) => string;
  readonly text: (english: string) => string;
  /** Of where a fault stands: an account without a name of its own is told by its place. */
  readonly name: (english: string) => string;
}

const english: FaultWords = { found: 'found:', expected: 'expected:', example: 'example:', more: (count) => `and ${count} more of the same kind`, text: (text) => text, name: (name) => name };

/** Faults as lines of text, with a headline; in English, unless other words are given. */
export function renderFaults(headline: string, faults: readonly Fault[], words: FaultWords = english): readonly string[] {
  const { text } = words;
  const width = Math.max(words.found.length, words.expected.length, words.example.length) + 1;
  const line = (label: string, value: string): string => `    ${label.padEnd(width)}${value}`;
  const lines = [headline];
  for (const fault of faults.slice(0, shownAtOnce)) {
    lines.push('', `  ${words.name(fault.name)}`, line(words.found, text(fault.found)), line(words.expected, text(fault.expected)));
    if (fault.example !== null) lines.push(line(words.example, text(fault.example)));
  }
  if (faults.length > shownAtOnce) lines.push('', `  ${words.more(faults.length - shownAtOnce)}`);
  return lines;
}

/** The faults that stop a start. */
export function renderRefusal(faults: readonly Fault[]): readonly string[] {
  return renderFaults(faults.length === 1 ? 'Suivi does not start: one setting cannot be used.' : `Suivi does not start: ${faults.length} settings cannot be used.`, faults);
}

const longest = 60;

/** A value that is not meant to be a secret, as a person can read it on one line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  // A long text may be a secret that was pasted into the wrong place.
  if (typeof value === 'string' && value.length > longest) return `a text of ${value.length} characters (not shown)`;
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list […]' : 'an object {…}';
  return JSON.stringify(value) ?? typeof value;
}
