import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/sources/carrier-file/encoding.ts';
import { readTable } from '../../../src/sources/carrier-file/table.ts';
import { bytesOf, refusal } from './files.ts';

const text = 'N° de commande;Réf. article\r\nC-1;Assiette « été » à 5 €\r\n';

describe('the encoding of a file', () => {
  it.each(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const)('is found: %s', (encoding) => {
    expect(decode(bytesOf(text, encoding))).toEqual({ text, encoding });
  });

  it('is UTF-8 with or without its mark, which is no part of the first header', () => {
    expect(decode(bytesOf(`\ufeff${text}`))).toEqual({ text, encoding: 'utf-8' });
    const table = readTable(bytesOf(`\ufeff${text}`));
    expect('headers' in table && table.headers[0]).toBe('N° de commande');
  });

  it('is not taken for Windows-1252 where the mark says UTF-8 and the bytes say otherwise', () => {
    expect(decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41, 0xe9, 0x3b))).toEqual({ fault: { code: 'encoding-mixed' } });
    expect(decode(Uint8Array.of(0xff, 0xfe, 0x41))).toEqual({ fault: { code: 'encoding-mixed' } });
  });

  it('is refused where bytes occur that Windows-1252 does not use', () => {
    expect(decode(Uint8Array.of(0x41, 0xe9, 0x81, 0x3b))).toEqual({ fault: { code: 'encoding-unknown' } });
  });

  it('leaves out the Ctrl-Z with which old programs end a text', () => {
    expect(decode(bytesOf(`${text}\u001a\r\n`))).toEqual({ text, encoding: 'utf-8' });
  });
});

describe('what is no table gets a word of its own', () => {
  const ascii = (start: string, ...rest: number[]): Uint8Array => Uint8Array.from([...bytesOf(start), ...rest]);

  it.each([
    ['nothing at all', new Uint8Array(), 'empty'],
    ['a mark alone', bytesOf('\ufeff'), 'empty'],
    ['blanks and line ends', bytesOf(' \r\n\t\r\n'), 'empty'],
    ['an .xlsx or .ods', ascii('PK', 3, 4, 20, 0, 8, 0), 'workbook'],
    ['an empty zip', ascii('PK', 5, 6, 0, 0), 'workbook'],
    ['an .xls of before 2007', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1), 'workbook'],
    ['a PDF', ascii('%PDF-1.7\n', 0xe2, 0xe3), 'pdf'],
    ['a PDF behind a line end', bytesOf('\r\n%PDF-1.4\n'), 'pdf'],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 'compressed'],
    ['a web page', bytesOf('\n<!DOCTYPE html>\n<html><body>Connexion</body></html>'), 'html-page'],
    ['a web page without its doctype', bytesOf('<HTML><HEAD></HEAD></HTML>'), 'html-page'],
    ['a table of a web page under .xls', bytesOf('<table><tr><td>Commande</td></tr></table>'), 'html-page'],
    ['XML', bytesOf('<?xml version="1.0"?><Workbook/>'), 'xml'],
    ['RTF, which begins like JSON', bytesOf('{\\rtf1\\ansi Commande}'), 'rich-text'],
    ['an image', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13), 'not-text'],
    ['UTF-16 without its mark', bytesOf('Commande;Suivi', 'utf-16le').slice(2), 'not-text'],
    ['a JSON array', bytesOf('[{"order":"C-1"}]'), 'json-array'],
    ['a JSON document over several lines', bytesOf('{\n  "order": "C-1"\n}\n'), 'json-not-lines'],
    ['a header alone', bytesOf('Commande;Suivi\r\n'), 'header-only'],
    ['a header above blank rows', bytesOf('Commande;Suivi\r\n;\r\n\r\n ; \r\n'), 'header-only'],
    ['a header above itself', bytesOf('Commande;Suivi\r\nCommande;Suivi\r\n'), 'header-only'],
    ['rows without a header', bytesOf('171-0000001-0000002;8R12345678901;23/11/2026\r\n'), 'header-missing'],
  ])('%s', (_, bytes, code) => {
    expect(refusal(bytes).faults.map((fault) => fault.code)).toEqual([code]);
  });

  it('does not repeat the values of a file without headers', () => {
    const { faults, headers } = refusal('Camille;camille@example.test;171-0000001-0000002\n');
    expect(JSON.stringify({ faults, headers })).not.toContain('example');
  });
});

describe('what is too much', () => {
  const mega = 1024 * 1024;

  it('is a file over 20 MB', () => {
    expect(refusal(new Uint8Array(20 * mega + 1).fill(65)).faults).toEqual([{ code: 'too-large', limit: 20 }]);
  });

  it('is a row beyond the 100,000th, in CSV and in JSON lines; the 100,000th is not', { timeout: 60_000 }, () => {
    const csv = (rows: number): string => `Commande\n${'C\n'.repeat(rows)}`;
    const json = (rows: number): string => '{"order":"C"}\n'.repeat(rows);
    const options = { parcels: false };
    expect(refusal(csv(100_001), options).faults).toEqual([{ code: 'too-many-rows', limit: 100_000 }]);
    expect(refusal(json(100_001), options).faults).toEqual([{ code: 'too-many-rows', limit: 100_000 }]);
    expect(readTable(bytesOf(csv(100_000)))).toMatchObject({ rows: { length: 100_000 } });
    expect(readTable(bytesOf(json(100_000)))).toMatchObject({ lines: { length: 100_000 } });
  });

  it.each([
    ['a row of one huge cell', `Commande;Suivi\nC-1;${'x'.repeat(70_000)}\n`, { code: 'row-too-long', row: 2, limit: 65_536 }],
    ['a line of JSON as long', `{"order":"${'x'.repeat(70_000)}"}\n`, { code: 'row-too-long', row: 1, limit: 65_536 }],
    ['more than 200 columns', `Commande${';x'.repeat(200)}\nC-1\n`, { code: 'too-wide', limit: 200 }],
    ['more than 200 columns of JSON', `{"order":"C-1"${Array.from({ length: 200 }, (_, n) => `,"x${n}":1`).join('')}}\n`, { code: 'too-wide', limit: 200 }],
    ['one row of twenty million empty cells', `Commande;Suivi\n${';'.repeat(20 * mega - 100)}`, { code: 'too-wide', limit: 200 }],
    ['the same behind quoted line ends', `Commande;Suivi\n${`"\n"${';'.repeat(60_000)}`.repeat(300)}`, { code: 'too-wide', limit: 200 }],
    ['blank rows without end', `Commande;Suivi\n${';\n'.repeat(1_000_000)}`, { code: 'too-many-rows', limit: 100_000 }],
  ])('is %s', (_, text, fault) => {
    expect(refusal(text).faults).toEqual([expect.objectContaining(fault)]);
  });

  it('is not twenty megabytes of line ends, which cost neither time nor memory', () => {
    const text = `Commande;Transporteur;Suivi\n${'\n'.repeat(19 * mega)}C-1;Colissimo;8R12345678901\n`;
    expect(readTable(bytesOf(text))).toMatchObject({ rows: [{ row: 19 * mega + 2, cells: ['C-1', 'Colissimo', '8R12345678901'] }] });
  });
});
