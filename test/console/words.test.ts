import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { dictionaries } from '../../src/console/words.ts';
import { frenchFaults } from '../config/french.ts';

const pages = Object.keys(dictionaries.fr);

describe.each(pages)('the words of %s', (page) => {
  const { fr, en } = { fr: dictionaries.fr[page] ?? {}, en: dictionaries.en[page] ?? {} };

  test('are there in both languages, under the same keys', () => {
    expect(Object.keys(en).toSorted()).toEqual(Object.keys(fr).toSorted());
  });

  test('take the same values in both languages', () => {
    for (const key of Object.keys(fr)) expect([key, valuesOf(en[key] ?? '')]).toEqual([key, valuesOf(fr[key] ?? '')]);
  });

  test('are set as French is', () => {
    expect(Object.values(fr).flatMap((pattern) => frenchFaults(plain(pattern)))).toEqual([]);
  });

  test('have typographic apostrophes in English too', () => {
    expect(Object.values(en).filter((pattern) => /['"]|\.\.\./.test(pattern))).toEqual([]);
  });
});

/** Names of the values that a pattern is filled with. */
function valuesOf(pattern: string): string[] {
  const names = new Set<string>();
  const walk = (parts: readonly { readonly type: number; readonly value?: unknown; readonly options?: Readonly<Record<string, { readonly value: readonly never[] }>> }[]): void => {
    for (const part of parts) {
      if (part.type !== 0 && part.type !== 7 && typeof part.value === 'string') names.add(part.value);
      for (const option of Object.values(part.options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(pattern, 'fr', undefined, { ignoreTag: true }).getAst() as never);
  return [...names].toSorted();
}

/** What stands inside plurals and choices, without their signs. */
function plain(pattern: string): string {
  return pattern.replace(/\{\w+, (?:plural|select), /g, '').replace(/(?:=\d+|one|other|\w+) \{/g, '').replace(/[{}]/g, '');
}
