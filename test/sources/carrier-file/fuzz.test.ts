import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCarrierFile } from '../../../src/sources/carrier-file/carrier-file.ts';
import { fileFaultWords } from '../../../src/sources/carrier-file/words.ts';
import { refusedFile } from '../../../src/sources/carrier-file/refused-file.ts';
import { bytesOf, gathered } from './files.ts';

interface Found {
  readonly end: string;
  readonly wrong: readonly string[];
}

/**
 * What is wrong with the answer to a file, whatever its bytes: every row is in exactly one place, and a file of refused
 * rows that comes back uncorrected lets nothing through.
 */
function look(bytes: Uint8Array, parcels: boolean): Found {
  const options = { timeZone: 'Europe/Paris', parcels, carrier: 'Colissimo' };
  const file = readCarrierFile(bytes, options);
  if ('headers' in file) return { end: file.faults.map((fault) => fault.code).join(' '), wrong: file.faults.every((fault) => fileFaultWords(fault, 'fr') !== '') && file.faults.length > 0 ? [] : ['no words'] };

  const wrong: string[] = [];
  const { wishes, refused } = gathered(file);
  const given = file.table.format === 'csv' ? file.table.rows : file.table.lines;
  const placed = [...wishes.flatMap((wish) => wish.rows), ...refused.map((row) => row.row)].toSorted((a, b) => a - b);
  if (JSON.stringify(placed) !== JSON.stringify(given.map((row) => row.row))) wrong.push(`rows ${placed.join()} of ${given.map((row) => row.row).join()}`);
  if (wishes.some((wish) => wish.order === '')) wrong.push('a wish for no order');
  if (wishes.some((wish) => wish.parcels?.some((parcel) => parcel.lines?.some((line) => !(line.quantity >= 1))))) wrong.push('a line of nothing');

  // Where a row of an order stays behind, the others may go only if each says what is in its parcel.
  const behind = (order: string, account: string | undefined): boolean => refused.some((row) => row.order === order && (row.account === null || account === undefined || row.account === account));
  const open = wishes.filter((wish) => behind(wish.order, wish.account) && (wish.parcels ?? []).some((parcel) => parcel.lines === undefined));
  if (file.table.format === 'csv' && open.length > 0) wrong.push(`all that is left of an order of which a row stays behind: ${JSON.stringify(open)}`);

  const back = readCarrierFile(refusedFile(file.table, refused.map(({ row, faults }) => ({ row, reasons: faults })), 'fr'), options);
  const again = 'headers' in back ? [] : gathered(back).wishes;
  if (again.length > 0) wrong.push(`refused rows went through: ${JSON.stringify(again)}`);
  return { end: 'read', wrong };
}

const pieces = [
  'N° de commande', 'Commande', 'Transporteur', 'Suivi', "Date d'expédition", 'Ligne', 'SKU', 'Qté', 'Compte',
  'C-1', 'C-2', '171-0000001-0000002', '8R12345678901', '15501234', '8,12E+12', '="0012345"', "'0012345", '23/11/2026', '11/23/2026', '31/02/2026', '2026-11-23T09:00:00Z', '1', '2', '0', '-1', 'sans suivi',
  ';', ';', ';', ',', '\t', '\n', '\n', '\r\n', '\r', '"', '""', ' ', '\u00a0', '\u200b', '\ufeff', '\0', '\u001a', '=', '{', '}', '[', ']', ':', '{"order":"C-1","tracking":"15501234"}', '{"order":"C-1","parcels":[{}]}', '<', 'é', '€', '😀', '\ud800',
];
const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''));
const header = 'Commande;Transporteur;Suivi;Date d\'expédition;Ligne;Qté;Compte\n';

describe('no file makes it throw, hang or lose a row', () => {
  it('whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.boolean(), (bytes, parcels) => {
        expect(look(bytes, parcels).wrong).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('whatever its text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), fc.boolean(), (text, parcels) => {
        expect(look(bytesOf(text), parcels).wrong).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('whatever is put together of what files are made of', () => {
    fc.assert(
      fc.property(soup, fc.boolean(), (text, parcels) => {
        expect(look(bytesOf(text), parcels).wrong).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('whatever stands under a good header', () => {
    const ends: string[] = [];
    fc.assert(
      fc.property(soup, fc.boolean(), (text, parcels) => {
        const { end, wrong } = look(bytesOf(header + text), parcels);
        ends.push(end);
        expect(wrong).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
    expect(ends.filter((end) => end === 'read').length).toBeGreaterThan(300);
  });

  it('whatever its cells are', () => {
    const row = fc.tuple(
      fc.constantFrom('C-1', 'C-2', 'C-1', 'C-2', '', '#N/A', '="C-1"'),
      fc.constantFrom('DPD', 'GLS', ''),
      fc.constantFrom('15501234', '1550-1234', '15501235', '15501236', '', '8,12E+12', 'sans suivi'),
      fc.constantFrom('23/11/2026', '2026-11-22', '', '31/02/2026'),
      fc.constantFrom('L1', 'L2', ''),
      fc.constantFrom('1', '2', '', '0', 'x'),
      fc.constantFrom('a', 'b', '', ''),
    );
    let through = 0;
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
        const text = header + rows.map((cells) => cells.join(';')).join('\n');
        const { end, wrong } = look(bytesOf(text), true);
        expect(wrong).toEqual([]);
        through += Number(end === 'read');
      }),
      { numRuns: 1_000 },
    );
    expect(through).toBeGreaterThan(600);
  });

  it('whatever JSON its lines are', () => {
    const line = fc.oneof(fc.json(), fc.dictionary(fc.constantFrom('order', 'carrier', 'tracking', 'line', 'qty', 'parcels', 'state', 'motif'), fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant([]), fc.constant([{}]))).map((object) => JSON.stringify(object)));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        expect(look(bytesOf(['{"order":"C-1","tracking":"15501234"}', ...lines].join('\n')), true).wrong).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('no file at the limit takes minutes', () => {
  const full = 20 * 1024 * 1024 - 1_000;
  const fill = (start: string, piece: string): Uint8Array => {
    const bytes = new Uint8Array(full).fill(10);
    const pattern = bytesOf(piece);
    for (let at = start.length; at + pattern.length <= full; at += pattern.length) bytes.set(pattern, at);
    bytes.set(bytesOf(start));
    return bytes;
  };

  it.each([
    ['quotes', `C-1;DPD;${'"'.repeat(60_000)}\n`],
    ['apostrophes', `C-1;DPD;${"'".repeat(60_000)}\n`],
    ['spaces', `C-1;DPD;${' '.repeat(60_000)}x\n`],
    ['digits and commas', `C-1;DPD;${'1,'.repeat(30_000)}\n`],
    ['zeros', `C-1;DPD;${'0'.repeat(60_000)}\n`],
    ['quotes that open', '"C-1;DPD;1\n'],
    ['one huge row', '"\n";;;;;;;;'],
  ])('%s', { timeout: 60_000 }, (_, piece) => {
    const before = performance.now();
    expect(look(fill('Commande;Transporteur;Suivi\n', piece), true).wrong).toEqual([]);
    expect(performance.now() - before).toBeLessThan(30_000);
  });

  it('nested JSON', { timeout: 60_000 }, () => {
    expect(look(fill('{"order":"C-1"}\n', `{"order":${'['.repeat(30_000)}${']'.repeat(30_000)}}\n`), true).wrong).toEqual([]);
  });
});
