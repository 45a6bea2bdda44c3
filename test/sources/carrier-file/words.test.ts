import { describe, expect, it } from 'vitest';
import { columns } from '../../../src/sources/carrier-file/column-names.ts';
import { rowCodes, wholeFileCodes } from '../../../src/sources/carrier-file/file-fault.ts';
import { fileFaultWords } from '../../../src/sources/carrier-file/words.ts';

const codes = [...wholeFileCodes, ...rowCodes];

describe.each(['fr', 'en'] as const)('the words for a fault, in %s', (language) => {
  it.each(codes)('say what is wrong and what to do: %s', (code) => {
    for (const column of columns) {
      const words = fileFaultWords({ code, column, found: 'FOUND', expected: 'EXPECTED', row: 12, limit: 100_000 }, language);
      expect(words).toMatch(/^[\p{Lu}«“].*[.»]$/u);
      expect(words).not.toMatch(/[{}]|undefined|\b(le|la|the) (le|la|the)\b|\b(le|la) l’|\ble (date|quantité)/);
    }
  });

  it('never leave a member of a fault unsaid', () => {
    const words = codes.map((code) => fileFaultWords({ code, column: 'tracking', found: 'FOUND', expected: 'EXPECTED', row: 12, limit: 7 }, language)).join('\n');
    for (const member of ['FOUND', 'EXPECTED', '12', '7']) expect(words).toContain(member);
  });
});

it('French is set as French is printed', () => {
  const words = codes.map((code) => fileFaultWords({ code, column: 'tracking', found: 'FOUND', expected: 'EXPECTED', row: 12, limit: 7 }, 'fr')).join('\n');
  expect(words).not.toMatch(/ [:;!?»]|« |'/);
});

it('what is shown of the file stays as it is in it', () => {
  expect(fileFaultWords({ code: 'tracking-malformed', found: 'a : {limit} $& b' }, 'fr')).toContain('«\u00a0a : {limit} $& b\u00a0»');
});

it('numbers are written as the reader writes them', () => {
  expect(fileFaultWords({ code: 'too-many-rows', limit: 100_000 }, 'en')).toContain('100,000');
  expect(fileFaultWords({ code: 'too-many-rows', limit: 100_000 }, 'fr')).toContain('100\u202f000');
});
