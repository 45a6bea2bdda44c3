import type { Fault } from './fault.ts';
import type { StateTexts } from './order-state.ts';

/** What a state's texts may name, in double braces: `Votre commande {{order}} est partie avec {{carrier}}.` */
export const variables = ['order', 'carrier', 'tracking', 'trackingLink'] as const;
export type Variable = (typeof variables)[number];

/** In characters. A longer SMS would be sent as more than four. */
export const longestText = { name: 80, comment: 4_000, sms: 640 } as const;
// Blanks around a name are trimmed afterwards: a pattern with three stars for them takes half a minute over 4,000.
const placeholder = /\{\{([^{}\n]*)\}\}/g;

/** What is wrong with a state's texts in one language; checked when the state is saved. */
export function textFaults(language: string, texts: StateTexts): Fault[] {
  const faults: Fault[] = [];
  for (const part of ['name', 'comment', 'sms'] as const) {
    const field = `texts.${language}.${part}`;
    const text = texts[part];
    if (part === 'name' && text.trim() === '') faults.push({ code: 'required', field });
    faults.push(...lengthFaults(field, part, text), ...variableFaults(field, text));
  }
  return faults;
}

/** A text that is longer than its part of a state may be. */
export function lengthFaults(field: string, part: keyof typeof longestText, text: string): Fault[] {
  return Array.from(text).length > longestText[part] ? [{ code: 'too-long', field, limit: longestText[part] }] : [];
}

/** Unknown variables and braces that do not close, in one text. */
export function variableFaults(field: string, text: string): Fault[] {
  const faults: Fault[] = [];
  for (const name of named(text)) {
    if (!isVariable(name)) faults.push({ code: 'text-variable', field, found: name, expected: variables.join(', ') });
  }
  const rest = text.replace(placeholder, '');
  if (rest.includes('{{') || rest.includes('}}')) faults.push({ code: 'text-braces', field });
  return faults;
}

/**
 * The text with its variables filled in. One that has no value leaves nothing behind: a line whose variables all
 * have none (`Suivi : {{tracking}}`) goes as a whole.
 */
export function fill(text: string, values: Readonly<Partial<Record<Variable, string>>>): string {
  const valueOf = (name: string): string => (isVariable(name) ? (values[name] ?? '') : '');
  return text
    .split('\n')
    .filter((line) => named(line).length === 0 || named(line).some((name) => valueOf(name) !== ''))
    .map((line) => line.replace(placeholder, (_, name: string) => valueOf(name.trim())))
    .join('\n');
}

/** The names in double braces, as they come. */
function named(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name.trim());
}

function isVariable(name: string): name is Variable {
  return (variables as readonly string[]).includes(name);
}
