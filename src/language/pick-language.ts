import type { Language } from '../syncing/diagnosis.ts';
import { languages } from '../syncing/diagnosis.ts';

/** Longer headers come from nobody's browser. */
const longest = 1_000;

/**
 * The language for a browser's `Accept-Language` (`fr-CA;q=0.8, en;q=0.9`) or a shell's `LANG` (`fr_FR.UTF-8`).
 * Who names neither French nor English reads English; who names nothing (empty, absent, `*`) reads French, as most
 * merchants here do. `C` and `POSIX`, the shell's plain locale, are English.
 */
export function pickLanguage(given: string | null | undefined): Language {
  const wishes = (given ?? '').slice(0, longest).split(/[,:]/).flatMap(wishOf).toSorted((a, b) => b.weight - a.weight);
  for (const { tag } of wishes) {
    if (tag === '*') return 'fr';
    const language = languages.find((known) => known === tag);
    if (language !== undefined) return language;
  }
  return wishes.length === 0 ? 'fr' : 'en';
}

function wishOf(part: string): { readonly tag: string; readonly weight: number }[] {
  const [name = '', ...parameters] = part.split(';');
  const tag = name.trim().toLowerCase().split(/[-_.@]/)[0] ?? '';
  const q = parameters.map((parameter) => /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(parameter)?.[1]).find((value) => value !== undefined);
  const weight = q === undefined ? 1 : Number(q);
  return tag === '' || !(weight > 0) ? [] : [{ tag, weight: Math.min(weight, 1) }];
}
