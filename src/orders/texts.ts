import type { Fault } from './fault.ts';
import type { StateTexts } from './order-state.ts';

/** What a state's texts may name, in double braces: `Votre commande {{order}} est partie avec {{carrier}}.` */
export const variables = ['order', 'carrier', 'tracking', 'trackingLink'] as const;
export type Variable = (typeof variables)[number];

const longest = { name: 80, comment: 4_000, sms: 640 } as const;
const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** What is wrong with a state's texts in one language; checked when the state is saved. */
export function textFaults(language: string, texts: StateTexts): Fault[] {
  const faults: Fault[] = [];
  for (const part of ['name', 'comment', 'sms'] as const) {
    const field = `texts.${language}.${part}`;
    const text = texts[part];
    if (part === 'name' && text.trim() === '') faults.push({ code: 'required', field });
    if (Array.from(text).length > longest[part]) faults.push({ code: 'too-long', field, limit: longest[part] });
    faults.push(...variableFaults(field, text));
  }
  return faults;
}

/** Unknown variables and braces that do not close, in one text. */
export function variableFaults(field: string, text: string): Fault[] {
  const faults: Fault[] = [];
  for (const [, name = ''] of text.matchAll(placeholder)) {
    if (!isVariable(name)) faults.push({ code: 'text-variable', field, found: name, expected: variables.join(', ') });
  }
  const rest = text.replace(placeholder, '');
  if (rest.includes('{{') || rest.includes('}}')) faults.push({ code: 'text-braces', field });
  return faults;
}

/** The text with its variables filled in. One that has no value leaves nothing behind. */
export function fill(text: string, values: Readonly<Partial<Record<Variable, string>>>): string {
  return text.replace(placeholder, (_, name: string) => (isVariable(name) ? (values[name] ?? '') : ''));
}

function isVariable(name: string): name is Variable {
  return (variables as readonly string[]).includes(name);
}
