import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDate } from '../../../src/sources/carrier-file/dates.ts';
import { bytesOf, codesOf, read, refusal, rowOf } from './files.ts';

const header = "Commande;Transporteur;Suivi;Date d'expédition";

function tracking(...cells: string[]): ReturnType<typeof read> {
  return read(`Commande;Transporteur;Suivi\n${cells.map((cell, index) => `C-${index};DPD;"${cell.replaceAll('"', '""')}"`).join('\n')}\n`);
}

describe('a tracking number', () => {
  it.each([
    ['as it is', '8R12345678901', '8R12345678901'],
    ['with spaces around', ' 8R12345678901\u00a0', '8R12345678901'],
    ['in groups', '8R 1234 5678 901', '8R 1234 5678 901'],
    ['in the groups that UPS prints', '1Z 999 AA1 01 2345 6784', '1Z 999 AA1 01 2345 6784'],
    ['in brackets and groups', '(00)340434161094015902', '(00)340434161094015902'],
    ['kept as text by a formula', '="00123456789012"', '00123456789012'],
    ['kept as text by an apostrophe', "'00123456789012", '00123456789012'],
    ['kept as text by both, as a file of refused rows writes it', `'="00123456789012"`, '00123456789012'],
    ['with what cannot be seen', '\ufeff8R\u200b1234\u00ad5678901\u200e', '8R12345678901'],
    ['between quotes that a program left', '"8R12345678901"', '8R12345678901'],
    ['of zeros and letters, as GLS has them', '00ABCDEF', '00ABCDEF'],
    ['with an E that no spreadsheet wrote', '8E12345678901', '8E12345678901'],
  ])('is read %s', (_, cell, number) => {
    expect(rowOf({ Suivi: cell })).toMatchObject({ trackingNumber: number });
  });

  it.each(['8,12E+12', '8.12E+12', '8E+12', '8,12346e+12', '8,12E12', '"8,12E+12"', "'8,12E+12", ' 8,12E+12 ', '8123456789012,00', '8123456789012.0', '8 123 456 789 012,00'])('that a spreadsheet spoilt is refused: %s', (cell) => {
    expect(codesOf({ Suivi: cell })).toEqual(['number-spoilt']);
  });

  it.each(['#N/A', '#REF!', '#VALEUR!', '#NOM?', '########'])('is not an error of a spreadsheet: %s', (cell) => {
    expect(codesOf({ Suivi: cell })).toEqual(['spreadsheet-error']);
  });

  it.each(['8R12345678901, 8R12345678902', '8R12345678901/8R12345678902', '8R12345678901;8R12345678902', '8R12345678901\n8R12345678902', '8R12345678901 8R12345678902', '8R12345678901 + 8R12345678902'])('is one to a row: %j', (cell) => {
    expect(codesOf({ Suivi: cell })).toEqual(['tracking-several']);
  });

  it.each(['https://example.test/track?code=8R12345678901', 'camille@example.test', 'Remis en main propre le 23/11', 'Expédié', '0', '0000000000', '12', '???'])('is not %s', (cell) => {
    expect(codesOf({ Suivi: cell })).toEqual(['tracking-malformed']);
  });

  it('is at most 50 characters long', () => {
    expect(codesOf({ Suivi: '1'.repeat(14) + 'A'.repeat(36) })).toEqual([]);
    expect(codesOf({ Suivi: '1'.repeat(14) + 'A'.repeat(37) })).toEqual(['too-long']);
  });

  it.each(['', ' ', '-', 'NULL', 'null', 'N/A', 'NaN', '\u200b'])('that is not there yet refuses the row, not a parcel without one: %j', (cell) => {
    expect(codesOf({ Suivi: cell })).toEqual(['tracking-missing']);
  });

  it.each(['sans suivi', 'SANS NUMÉRO', 'Non suivi', 'untracked'])('there will be none where the cell says so: %s', (cell) => {
    expect(rowOf({ Suivi: cell })).toMatchObject({ trackingNumber: null, untracked: true });
  });
});

describe('numbers that a spreadsheet rounded after 15 digits', () => {
  it('are refused where all of a file are', () => {
    const file = tracking('340434161094015000', '340434161094016000', '8R12345678901');
    expect(file.refused.map((row) => [row.row, row.faults[0]?.code])).toEqual([[2, 'number-rounded'], [3, 'number-rounded']]);
    expect(file.rows.map((row) => row.trackingNumber)).toEqual(['8R12345678901']);
  });

  it('are not suspected where another long number kept its digits, nor where chance can have ended one in 0', () => {
    expect(tracking('340434161094015000', '340434161094015902').refused).toEqual([]);
    expect(tracking('3404341610940150').refused).toEqual([]);
    expect(tracking('3404341610940150', '3404341610940160').refused).toEqual([]);
    expect(tracking('3404341610940150', '3404341610940160', '3404341610940170').refused).toHaveLength(3);
    expect(tracking('3404341610940150', '3404341610940150').refused).toEqual([]);
  });

  it('are refused in the column of line ids too', () => {
    const file = read('Commande;Transporteur;Suivi;Ligne;Qté\nC-1;DPD;15501234;123456789012345000;1\n');
    expect(file.refused[0]?.faults).toMatchObject([{ code: 'number-rounded', column: 'lineId' }]);
  });
});

describe('an order number', () => {
  it.each([
    ['="20931"', '20931'],
    ["'20931", '20931'],
    ['171–0000001–0000002', '171-0000001-0000002'],
    ['171\u20110000001\u20110000002', '171-0000001-0000002'],
    ['#1001', '#1001'],
    [' C-20931 ', 'C-20931'],
  ])('%s is %s', (cell, order) => {
    expect(rowOf({ Commande: cell })).toMatchObject({ order });
  });

  it.each([['4,03E+13', 'number-spoilt'], ['20931,00', 'number-spoilt'], ['20931.0', 'number-spoilt'], ['#N/A', 'spreadsheet-error'], ['', 'order-missing'], ['NULL', 'order-missing'], ['x'.repeat(101), 'too-long']])('%s is refused: %s', (cell, code) => {
    expect(codesOf({ Commande: cell })).toEqual([code]);
  });
});

describe('a date', () => {
  const winter = 'Europe/Paris';

  it.each([
    ['23/11/2026', '2026-11-23'],
    ['3/1/2026', '2026-01-03'],
    ['23-11-2026', '2026-11-23'],
    ['23.11.2026', '2026-11-23'],
    ['2026-11-23', '2026-11-23'],
    ['2026/11/23', '2026-11-23'],
    ['20261123', '2026-11-23'],
    ['29/02/2028', '2028-02-29'],
    ['23/11/2026 16:40', '2026-11-23T15:40:00Z'],
    ['23/11/2026 16:40:05', '2026-11-23T15:40:05Z'],
    ['23/11/2026 à 16h40', '2026-11-23T15:40:00Z'],
    ['23/07/2026 16:40', '2026-07-23T14:40:00Z'],
    ['2026-11-23 16:40:05', '2026-11-23T15:40:05Z'],
    ['2026-11-23T16:40:05', '2026-11-23T15:40:05Z'],
    ['2026-11-23T16:40:05Z', '2026-11-23T16:40:05Z'],
    ['2026-11-23T16:40:05.123Z', '2026-11-23T16:40:05Z'],
    ['2026-11-23T16:40:05+01:00', '2026-11-23T15:40:05Z'],
    ['2026-11-23 16:40:05 +0100', '2026-11-23T15:40:05Z'],
    ['2026-11-23 16:40:05 UTC', '2026-11-23T16:40:05Z'],
  ])('%s is %s', (text, shippedAt) => {
    expect(readDate(text, winter)).toEqual({ shippedAt });
  });

  it('at midnight without a zone is a day: so exports write that they know no more', () => {
    expect(readDate('23/11/2026 00:00:00', winter)).toEqual({ shippedAt: '2026-11-23' });
    expect(readDate('2026-11-23 00:00', winter)).toEqual({ shippedAt: '2026-11-23' });
    expect(readDate('2026-11-23T00:00:00Z', winter)).toEqual({ shippedAt: '2026-11-23T00:00:00Z' });
  });

  it('in the hour that a night in March does not have is the hour after it, in the one that October has twice the first', () => {
    expect(readDate('29/03/2026 02:30', winter)).toEqual({ shippedAt: '2026-03-29T01:30:00Z' });
    expect(readDate('25/10/2026 02:30', winter)).toEqual({ shippedAt: '2026-10-25T00:30:00Z' });
  });

  it("is the merchant's in their own zone", () => {
    expect(readDate('23/11/2026 16:40', 'Indian/Reunion')).toEqual({ shippedAt: '2026-11-23T12:40:00Z' });
  });

  it.each([
    ['31/02/2026', 'date-impossible'],
    ['29/02/2026', 'date-impossible'],
    ['00/00/0000', 'date-impossible'],
    ['0000-00-00', 'date-impossible'],
    ['30/12/1899', 'date-impossible'],
    ['32/13/2026', 'date-impossible'],
    ['23/11/2026 25:00', 'date-impossible'],
    ['2026-11-23T10:00:00+99:00', 'date-impossible'],
    ['23/11/26', 'date-two-digit-year'],
    ['23/11', 'date-malformed'],
    ['46349', 'date-malformed'],
    ['23/11-2026', 'date-malformed'],
    ['23 novembre 2026', 'date-malformed'],
    ['hier', 'date-malformed'],
    ['23/11/2026 10:15 PM', 'date-malformed'],
  ])('%s is refused: %s', (text, code) => {
    expect(readDate(text, winter)).toEqual({ code });
    expect(codesOf({ "Date d'expédition": text })).toEqual([code]);
  });

  it('left out says nothing', () => {
    expect(rowOf({ "Date d'expédition": '' })).toMatchObject({ shippedAt: null });
  });

  it('written in either way is the same day', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true }), (date) => {
        const iso = date.toISOString().slice(0, 10);
        const [year, month, day] = iso.split('-');
        expect(readDate(`${day}/${month}/${year}`, winter)).toEqual({ shippedAt: iso });
      }),
    );
  });
});

describe('dates with their month first', () => {
  it('refuse the whole file where none has its day first: the doubtful ones would be read wrongly', () => {
    expect(refusal(`${header}\nC-1;DPD;15501234;11/05/2026\nC-2;DPD;15501235;11/23/2026\n`).faults).toEqual([{ code: 'month-first-dates', column: 'shippedAt', row: 3, found: '11/23/2026' }]);
  });

  it('refuse their row alone where others show that the day comes first', () => {
    const file = read(`${header}\nC-1;DPD;15501234;23/11/2026\nC-2;DPD;15501235;11/23/2026\n`);
    expect(file.rows).toMatchObject([{ order: 'C-1', shippedAt: '2026-11-23' }]);
    expect(file.refused).toMatchObject([{ order: 'C-2', faults: [{ code: 'date-month-first' }] }]);
  });

  it('are no matter where nobody reads them', () => {
    expect(read(`${header}\nC-1;DPD;15501234;11/23/2026\n`, { columns: { shippedAt: null } }).rows).toHaveLength(1);
  });
});

describe('a quantity', () => {
  const item = (cell: string): Readonly<Record<string, string>> => ({ Ligne: '12345678901234', Qté: cell });

  it.each([['2', 2], ['2,0', 2], ['2.00', 2], ['1.0000', 1], ['+3', 3], [' 4 ', 4], ['', null]])('%j is %j', (cell, quantity) => {
    expect(rowOf(item(cell))).toMatchObject({ item: { lineId: '12345678901234', sku: null, quantity } });
  });

  it.each([['1.000', 'quantity-ambiguous'], ['2,000', 'quantity-ambiguous'], ['0', 'quantity-zero'], ['0,000', 'quantity-zero'], ['-1', 'quantity-malformed'], ['1,5', 'quantity-malformed'], ['1 000', 'quantity-malformed'], ['deux', 'quantity-malformed'], ['1e3', 'quantity-malformed'], ['9'.repeat(10), 'quantity-malformed']])('%s is refused: %s', (cell, code) => {
    expect(codesOf(item(cell))).toEqual([code]);
  });

  it('may be of an article whose SKU looks like a number with decimals, but not like a spoilt one', () => {
    expect(rowOf({ SKU: '1234.00', Qté: '1' })).toMatchObject({ item: { sku: '1234.00' } });
    expect(codesOf({ SKU: '1,23E+05', Qté: '1' })).toEqual(['number-spoilt']);
  });

  it('says of which line, or the row is refused: it would mean all that is left of the order', () => {
    expect(codesOf({ Ligne: '', Qté: '2' })).toEqual(['line-missing']);
    expect(rowOf({ Ligne: '', Qté: '' })).toMatchObject({ item: null });
  });
});

describe('a carrier', () => {
  it('of the row wins over the one named for the file', () => {
    expect(rowOf({ Transporteur: 'Chronopost' }, { carrier: 'Colissimo' })).toMatchObject({ carrier: 'Chronopost' });
    expect(rowOf({ Transporteur: '' }, { carrier: 'Colissimo' })).toMatchObject({ carrier: 'Colissimo' });
    expect(rowOf({ Transporteur: '' })).toMatchObject({ carrier: null });
  });

  it.each([['Other', 'Mondial Relay'], ['Autre', 'Mondial Relay'], ['', 'Mondial Relay'], ['Chronopost', 'Chronopost']])("beside a name column, as in Amazon's template: %j gives %s", (code, carrier) => {
    expect(rowOf({ Transporteur: code, 'Carrier name': 'Mondial Relay' })).toMatchObject({ carrier });
  });

  it('may be named by a name column alone', () => {
    expect(read('Commande;Carrier name;Suivi\nC-1;DPD;15501234\n').rows).toMatchObject([{ carrier: 'DPD' }]);
  });

  it('is at most 80 characters long', () => {
    expect(codesOf({ Transporteur: 'x'.repeat(81) })).toEqual(['too-long']);
  });
});

describe('an account', () => {
  it('comes from the row, or from the option, or is left open', () => {
    expect(rowOf({ Compte: 'amazon-fr' }, { account: 'ebay-fr' })).toMatchObject({ account: 'amazon-fr' });
    expect(rowOf({ Compte: '' }, { account: 'ebay-fr' })).toMatchObject({ account: 'ebay-fr' });
    expect(rowOf({})).toMatchObject({ account: null });
  });

  it('that one row of an order names is that of its other rows', () => {
    const file = read('Commande;Compte;Transporteur;Suivi\nC-1;;DPD;15501234\nC-1;amazon-fr;DPD;15501235\nC-2;;DPD;15501236\n');
    expect(file.rows.map((row) => row.account)).toEqual(['amazon-fr', 'amazon-fr', null]);
  });

  it('named for the file stands behind one that another row of the order names', () => {
    const file = read('Commande;Compte;Transporteur;Suivi\nC-1;;DPD;15501234\nC-1;ebay-fr;DPD;15501235\nC-2;;DPD;15501236\n', { account: 'amazon-fr' });
    expect(file.rows.map((row) => row.account)).toEqual(['ebay-fr', 'ebay-fr', 'amazon-fr']);
  });

  it('is not guessed for an order that two accounts have', () => {
    const file = read('Commande;Compte;Transporteur;Suivi\nC-1;;DPD;15501234\nC-1;a;DPD;15501235\nC-1;b;DPD;15501236\n');
    expect(file.rows.map((row) => row.account)).toEqual(['a', 'b']);
    expect(file.refused).toEqual([{ row: 2, account: null, order: 'C-1', faults: [{ code: 'account-missing', column: 'account', found: 'C-1' }] }]);
  });
});

it('all that is wrong with a row is told at once', () => {
  expect(codesOf({ Commande: '', Suivi: '8,12E+12', "Date d'expédition": '31/02/2026', Ligne: 'L1', Qté: '-1' })).toEqual(['order-missing', 'date-impossible', 'number-spoilt', 'quantity-malformed']);
});

it('nothing of columns that nobody reads is in what was read', () => {
  const file = read('Commande;Transporteur;Suivi;Nom;Adresse\nC-1;DPD;15501234;Camille Exemple;1 rue du Test\nC-2;DPD;x;Camille Exemple;1 rue du Test\n');
  expect(JSON.stringify([file.rows, file.refused, file.columns])).not.toMatch(/Camille|rue/);
});

it('text of the file is cut where a fault shows it', () => {
  const [fault] = refusal(bytesOf(`Commande;Transporteur;${'x'.repeat(500)}\nC-1;DPD;1\n`)).faults;
  expect(fault?.found?.length).toBeLessThan(120);
});
