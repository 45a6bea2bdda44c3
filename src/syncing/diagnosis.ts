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

export const languages = ['fr', 'en'] as const;
export type Language = (typeof languages)[number];

/** All diagnoses, by language and cause, as config/diagnoses holds them. */
export type Diagnoses = Readonly<Record<Language, Readonly<Record<string, Diagnosis>>>>;

/** A cause that nobody explained yet is shown as itself: never an empty cell, never a made-up remedy. */
export function diagnose(diagnoses: Diagnoses, cause: Cause, language: Language): Diagnosis {
  return diagnoses[language][cause] ?? { what: cause, remedy: unexplained[language], button: null };
}

/** One file of config/diagnoses, parsed: causes of one room, or of several, in one language. */
export interface DiagnosisFile {
  /** As faults name it: `fr/amazon.json`. */
  readonly name: string;
  readonly language: Language;
  readonly json: unknown;
}

const members = ['what', 'remedy', 'button'];

/** Puts the files of both languages together, and says everything that is wrong with them. */
export function readDiagnoses(files: readonly DiagnosisFile[]): { readonly diagnoses: Diagnoses } | { readonly faults: readonly string[] } {
  const faults: string[] = [];
  const found: Record<Language, Map<string, { readonly file: string; readonly diagnosis: unknown }>> = { fr: new Map(), en: new Map() };
  for (const { name, language, json } of files) {
    if (!isRecord(json)) faults.push(`${name}: expected an object with one entry per cause`);
    for (const [cause, diagnosis] of isRecord(json) ? Object.entries(json) : []) {
      if (cause === '$comment') continue;
      const other = found[language].get(cause);
      if (other !== undefined) faults.push(`${name}: ${cause}: explained in ${other.file} too`);
      faults.push(...diagnosisFaults(cause, diagnosis).map((fault) => `${name}: ${cause}${fault}`));
      found[language].set(cause, { file: name, diagnosis });
    }
  }
  for (const language of languages) {
    const otherLanguage = language === 'fr' ? 'en' : 'fr';
    for (const [cause, { file, diagnosis }] of found[language]) {
      const other = found[otherLanguage].get(cause);
      if (other === undefined) faults.push(`${file}: ${cause}: has no words in "${otherLanguage}"`);
      else if (language === 'fr' && isRecord(diagnosis) && isRecord(other.diagnosis) && diagnosis['button'] !== other.diagnosis['button']) faults.push(`${file}: ${cause}.button: not the one of ${other.file}`);
    }
  }
  const all = (language: Language): Record<string, Diagnosis> => Object.fromEntries([...found[language]].map(([cause, { diagnosis }]) => [cause, diagnosis as Diagnosis]));
  return faults.length > 0 ? { faults } : { diagnoses: { fr: all('fr'), en: all('en') } };
}

function diagnosisFaults(cause: string, diagnosis: unknown): string[] {
  const faults = /^[a-z-]+\/[a-z-]+$/.test(cause) ? [] : [': expected a cause such as "order/tracking-missing"'];
  if (!isRecord(diagnosis)) return [...faults, ': expected { "what", "remedy", "button" }'];
  for (const text of ['what', 'remedy']) {
    if (typeof diagnosis[text] !== 'string' || diagnosis[text].trim() === '') faults.push(`.${text}: expected a text`);
  }
  if (diagnosis['button'] !== null && !(buttons as readonly unknown[]).includes(diagnosis['button'])) faults.push(`.button: expected null or one of ${buttons.join(', ')}`);
  for (const member of Object.keys(diagnosis)) if (!members.includes(member)) faults.push(`.${member}: no such member; expected one of ${members.join(', ')}`);
  return faults;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const unexplained: Record<Language, string> = {
  fr: 'Cause sans explication pour le moment : ouvrez la réponse brute, et signalez-la.',
  en: 'No explanation for this cause yet: open the raw answer, and report it.',
};
