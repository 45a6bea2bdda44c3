import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disarm, writeRow } from '../../../src/runtime/csv.ts';
import { separators } from '../../../src/sources/carrier-file/csv-text.ts';
import { readTable } from '../../../src/sources/carrier-file/table.ts';
import type { CsvTable } from '../../../src/sources/carrier-file/table.ts';
import { bytesOf, read, refusal } from './files.ts';

function table(text: string): CsvTable {
  const read = readTable(bytesOf(text));
  if ('fault' in read || read.format !== 'csv') throw new Error(JSON.stringify(read));
  return read;
}

describe('the separator', () => {
  it.each([
    ['semicolons', 'Commande;Transporteur;Suivi\nC-1;Colissimo;8R1234\n', ';'],
    ['commas', 'Order,Carrier,Tracking\nC-1,Colissimo,8R1234\n', ','],
    ['tabs', 'order-id\tcarrier-code\ttracking-number\nC-1\tColissimo\t8R1234\n', '\t'],
    ['semicolons, with commas in the values', 'Commande;Suivi;Poids;Prix\nC-1;8R1234;0,45;1,20\nC-2;8R1235;0,45;1,20\n', ';'],
    ['semicolons, with a comma in a header', 'Commande;Poids, kg, net;Suivi\nC-1;1;8R1234\n', ';'],
    ['commas, with semicolons in a quoted header', '"Order","a;b;c;d;e","Tracking"\nC-1,x,8R1234\n', ','],
    ['tabs, with semicolons in the values', 'Commande\tSuivi\tRemarque\nC-1\t8R1234\ta;b;c\nC-2\t8R1235\ta;b;c\n', '\t'],
    ['semicolons, though commas would make more columns', 'Commande;Suivi;a,b,c,d\nC-1;8R1234;1,2,3,4\n', ';'],
    ['semicolons, though commas would make more headers', 'aaa;b,c,d\n1;2\n3;4\n', ';'],
    ['semicolons between headers nobody knows', 'aaa;bbb,ccc\n1;2,5\n3;4\n', ';'],
    ["what Excel's own first line says", 'sep=,\nCommande;x,Suivi\nC-1,8R1234\n', ','],
  ])('is found: %s', (_, text, separator) => {
    expect(table(text).separator).toBe(separator);
  });

  it('is none in a file of order numbers alone', () => {
    const file = read('Commande\nC-1\nC-2\n', { parcels: false });
    expect(file.rows.map((row) => row.order)).toEqual(['C-1', 'C-2']);
  });
});

describe('rows', () => {
  it.each(['\r\n', '\n', '\r'])('end with %j, the last one with or without', (end) => {
    const text = ['Commande;Suivi', 'C-1;8R1234', 'C-2;8R1235'].join(end);
    for (const given of [text, text + end]) expect(table(given).rows.map((row) => row.cells)).toEqual([['C-1', '8R1234'], ['C-2', '8R1235']]);
  });

  it('may end differently in one file', () => {
    expect(table('Commande;Suivi\r\nC-1;8R1234\nC-2;8R1235\r\n').rows).toHaveLength(2);
  });

  it('are numbered as a spreadsheet numbers them: blank rows count, line breaks inside cells do not', () => {
    expect(table('\nCommande;Note\n\nC-1;"two\nlines"\n;\nC-2;x\n').rows.map((row) => row.row)).toEqual([4, 6]);
  });

  it('keep quotes inside unquoted cells, and doubled ones inside quoted cells', () => {
    expect(table('Commande;Article;Note\nC-1;Tube 12" acier;"dit ""le grand""; neuf"\n').rows[0]?.cells).toEqual(['C-1', 'Tube 12" acier', 'dit "le grand"; neuf']);
  });

  it('that repeat the header are left out: exports put one under the other', () => {
    expect(table('Commande;Suivi\nC-1;8R1234\nCommande;Suivi\nC-2;8R1235\n').rows.map((row) => row.cells[0])).toEqual(['C-1', 'C-2']);
  });

  it('may be followed by empty cells', () => {
    expect(table('Commande;Suivi;;\nC-1;8R1234;;\nC-2;8R1235;;;;;\n')).toMatchObject({ headers: ['Commande', 'Suivi'], rows: [{ cells: ['C-1', '8R1234'] }, { cells: ['C-2', '8R1235'] }] });
  });
});

describe('a quote that opens by mistake refuses the file, because it hides rows', () => {
  it.each([
    ['up to the end', 'Commande;Transporteur;Suivi;Note\nC-1;DPD;1550;x\nC-2;DPD;1551;"12 pouces\nC-3;DPD;1552;x\n', 3],
    ['up to a quote further down', 'Commande;Transporteur;Suivi;Note\nC-1;DPD;1550;"12 pouces\nC-2;DPD;1551;14" plat\nC-3;DPD;1552;x\n', 2],
    ['up to a quote at the end of a cell', 'Commande;Transporteur;Suivi;Note\nC-1;DPD;1550;"12 pouces\nC-2;DPD;1551;14"\nC-3;DPD;1552;x\n', 2],
    ['up to a quote in a column before, with nothing behind it', 'Commande;Transporteur;Suivi;Note\nC-1;DPD;1550;"12 pouces\nC-2";;;\nC-3;DPD;1552;x\n', 2],
    ['in a file of order numbers alone', 'Commande\n"C-1\nC-2"\nC-3\n', 2],
  ])('%s', (_, text, row) => {
    expect(refusal(text).faults).toEqual([{ code: 'quote-open', row }]);
  });

  it('a cell of two lines is none', () => {
    expect(read('Commande;Transporteur;Suivi;Adresse\nC-1;DPD;15501234;"12; rue\nbâtiment B"\nC-2;DPD;15501235;"""A""\nB"\n').rows).toHaveLength(2);
  });
});

describe('cells under the wrong header', () => {
  it('are seen by their number: a separator in an unquoted cell refuses its row and no other', () => {
    const file = read('Commande;Note;Transporteur;Suivi\nC-1;a;DPD;15501234\nC-2;a;b;DPD;15501235\n');
    expect(file.rows.map((row) => row.order)).toEqual(['C-1']);
    expect(file.refused).toMatchObject([{ row: 3, order: 'C-2', faults: [{ code: 'cells-too-many', found: '5', expected: '4' }] }]);
  });

  it('are seen where a line break in an unquoted cell cut a row in two', () => {
    const file = read('Commande;Note;Transporteur;Suivi\nC-1;first\nsecond;DPD;15501234\nC-2;x;DPD;15501235\n');
    expect(file.rows.map((row) => row.order)).toEqual(['C-2']);
    expect(file.refused.flatMap((row) => row.faults.map((fault) => fault.code))).toEqual(['cells-too-few', 'cells-too-few']);
  });

  it('that nobody reads may be missing at the end', () => {
    expect(read('Commande;Transporteur;Suivi;Poids;Note\nC-1;DPD;15501234\n').rows).toHaveLength(1);
  });
});

describe('what is written reads back as it was', () => {
  const letters = ['a', 'B', '7', ' ', ';', ',', '\t', '"', '\n', '\r', '\r\n', 'é', '€', "'", '=', '°'];
  const columns = 4;
  // A cell of several lines that looks as if a quote hid rows in it is refused on purpose.
  const cell = fc
    .array(fc.constantFrom(...letters), { maxLength: 8 })
    .map((parts) => parts.join(''))
    .filter((text) => !/[\r\n]/.test(text) || separators.every((separator) => text.split(separator).length < columns));
  const record = fc.array(cell, { minLength: columns - 1, maxLength: columns - 1 });
  // A header that is known, and an accent before a plain letter: no Windows-1252 text like it is valid UTF-8.
  const header = ['Réf. client', 'aaa', 'bbb', 'ccc'];

  it.each(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const)('in %s, under each separator', (encoding) => {
    fc.assert(
      fc.property(fc.constantFrom(...separators), fc.array(record, { minLength: 1, maxLength: 6 }), (separator, records) => {
        const rows = records.map((cells, index) => [`C-${index}`, ...cells]);
        const bytes = bytesOf([header, ...rows].map((cells) => writeRow(cells, separator)).join('\r\n'), encoding);
        const back = readTable(bytes);
        expect(back).toMatchObject({ encoding, separator });
        expect('rows' in back && back.rows.map((row) => row.cells)).toEqual(rows);
      }),
      { numRuns: 200 },
    );
  });

  it('and no cell of it begins like a formula', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ' =', '＝'), (rest, sign) => {
        const safe = disarm(sign + rest);
        expect(safe.startsWith("'") || /^[+-]?\d+([.,]\d+)?$/.test(safe)).toBe(true);
      }),
    );
  });

  it.each(['-12,5', '+33', '12', '-1', '3.50'])('a plain number stays one: %s', (number) => {
    expect(disarm(number)).toBe(number);
  });
});
