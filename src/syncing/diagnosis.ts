import type { Cause } from './outcome.ts';

/** What the reader can press to put it right. The console and the command line offer the same. */
export const buttons = ['map-carrier', 'complete-parcel', 'rerun', 'resend', 'resolve', 'cancel', 'reconnect', 'resume', 'import'] as const;

export type Button = (typeof buttons)[number];

/** A cause explained to a merchant: what happened, what to do, which button. Two sentences each at most. */
export interface Diagnosis {
  readonly what: string;
  readonly remedy: string;
  readonly button: Button | null;
}

export type Language = 'fr' | 'en';

/** All diagnoses, by language and cause, as config/diagnoses holds them. */
export type Diagnoses = Readonly<Record<Language, Readonly<Record<string, Diagnosis>>>>;

/** A cause that nobody explained yet is shown as itself: never an empty cell, never a made-up remedy. */
export function diagnose(diagnoses: Diagnoses, cause: Cause, language: Language): Diagnosis {
  return diagnoses[language][cause] ?? { what: cause, remedy: unexplained[language], button: null };
}

const unexplained: Record<Language, string> = {
  fr: 'Cause sans explication pour le moment : ouvrez la réponse brute, et signalez-la.',
  en: 'No explanation for this cause yet: open the raw answer, and report it.',
};
