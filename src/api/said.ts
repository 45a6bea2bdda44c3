import { speak } from '../language/speak.ts';
import type { Warning } from '../planning/preflight.ts';
import { diagnose } from '../syncing/diagnosis.ts';
import type { Diagnoses, Language } from '../syncing/diagnosis.ts';
import type { Cause } from '../syncing/outcome.ts';
import { sayFault } from './words.ts';
import type { AnyFault, SaidFault } from './words.ts';

/** The answer for an item that is refused. */
export function sayRefused(language: Language, faults: readonly AnyFault[]): { readonly error: SaidFault; readonly errors: SaidFault[] } {
  const errors = faults.map((fault) => sayFault(language, fault));
  const [error = { code: 'malformed', message: '', field: '' }] = errors;
  return { error, errors };
}

export function sayWarnings(language: Language, warnings: readonly Warning[]): { code: string; message: string }[] {
  return warnings.map((warning) => ({ code: warning.code, message: speak(language).warning(warning) }));
}

/** A cause explained, without its button: those who call an API press none. */
export function sayCause(diagnoses: Diagnoses, cause: string, language: Language): { what: string; remedy: string } {
  const { what, remedy } = diagnose(diagnoses, cause as Cause, language);
  return { what, remedy };
}
