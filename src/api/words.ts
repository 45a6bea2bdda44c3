import { capital, speak } from '../language/speak.ts';
import { message, quoted } from '../language/message.ts';
import type { Fault } from '../orders/fault.ts';
import type { Language } from '../syncing/diagnosis.ts';
import type { ProblemCode, ShapeCode, TypeName } from './problem-codes.ts';
import { shapeCodes, typeNames } from './problem-codes.ts';
import { en } from './words/en.ts';
import { fr } from './words/fr.ts';

/** The words of one language: each problem's title and detail, each fault of shape, each type of value. */
export interface Words {
  readonly problems: Readonly<Record<ProblemCode, readonly [string, string]>>;
  readonly shapes: Readonly<Record<ShapeCode, string>>;
  readonly types: Readonly<Record<TypeName, string>>;
}

/** What a problem's words name. Texts are cut and made fit for a line. */
export type Values = Readonly<Record<string, string | number>>;

/** A fault of the shape of what was sent. `expected` and `found` of `wrong-type` are names of types. */
export interface ShapeFault {
  readonly code: ShapeCode;
  readonly field: string;
  readonly found?: string | number;
  readonly expected?: string;
  readonly limit?: number;
}

export type AnyFault = Fault | ShapeFault;

/** A fault as callers read it. */
export interface SaidFault {
  readonly code: string;
  readonly message: string;
  readonly field: string;
}

const spoken: Readonly<Record<Language, Words>> = { fr, en };

export function sayProblem(language: Language, code: ProblemCode, values: Values): { readonly title: string; readonly detail: string } {
  const [title, detail] = spoken[language].problems[code];
  const { types } = spoken[language];
  const plain = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value !== 'string' ? value : code === 'not-a-list' && isTypeName(value) ? types[value] : quoted(value, 200)]));
  return { title, detail: message(language, detail, plain) };
}

export function sayFault(language: Language, fault: AnyFault): SaidFault {
  return { code: fault.code, message: capital(isShapeFault(fault) ? sayShape(language, fault) : speak(language).mend(fault)), field: quoted(fault.field, 200) };
}

function sayShape(language: Language, { code, found, expected, limit }: ShapeFault): string {
  const { shapes, types } = spoken[language];
  const ofTypes = code === 'wrong-type' || code === 'null-given';
  const typed = (name: string | number | undefined): string | number => (ofTypes && isTypeName(name) ? types[name] : typeof name === 'string' ? quoted(name, 400) : (name ?? ''));
  return message(language, shapes[code], { found: typed(found), expected: typed(expected), isExpected: expected === undefined ? 'no' : 'yes', limit: limit ?? 0 });
}

function isShapeFault(fault: AnyFault): fault is ShapeFault {
  return (shapeCodes as readonly string[]).includes(fault.code);
}

function isTypeName(name: unknown): name is TypeName {
  return (typeNames as readonly unknown[]).includes(name);
}
