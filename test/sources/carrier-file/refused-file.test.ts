import { describe, expect, it } from 'vitest';
import { refusedFile } from '../../../src/sources/carrier-file/refused-file.ts';
import type { Refusal } from '../../../src/sources/carrier-file/refused-file.ts';
import { bytesOf, gathered, read } from './files.ts';

function text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** The file that comes back of one that was given. */
function back(given: string | Uint8Array, more: readonly Refusal[] = [], language: 'fr' | 'en' = 'fr'): string {
  const file = read(given);
  const own = gathered(file).refused.map(({ row, faults }) => ({ row, reasons: faults }));
  return text(refusedFile(file.table, [...own, ...more], language));
}

describe('rows that did not go through come back', () => {
  const given = 'Commande;Transporteur;Suivi;Note\nC-1;DPD;15501234;a\nC-2;DPD;8,12E+12;"b; ""c"""\nC-3;DPD;15501235;d\n';

  it('with their separator and columns, and one more for the reason, in UTF-8 with its mark', () => {
    expect(back(given)).toBe(
      '\ufeffMotif du refus;Commande;Transporteur;Suivi;Note\r\n' +
        '"« 8,12E+12 » a été abîmé par un tableur : les chiffres d’origine sont perdus. Reprenez l’export d’origine et importez la colonne numéro de suivi au format Texte.";C-2;DPD;"8,12E+12";"b; ""c"""\r\n'.replace(/« | »| :/g, (sign) => sign.replace(' ', '\u00a0')),
    );
  });

  it('in English for who reads English', () => {
    expect(back(given, [], 'en')).toContain('\ufeffReason for refusal;Commande;');
    expect(back(given, [], 'en')).toContain('spoilt by a spreadsheet: the original digits are lost.');
  });

  it('with the words of the intake where it refused, in the order of the file', () => {
    const rows = back(given, [{ row: 4, reasons: ['Il ne reste rien à expédier.', 'Deuxième motif.', 'Deuxième motif.'] }]).split('\r\n');
    expect(rows[1]).toMatch(/;C-2;DPD;/);
    expect(rows[2]).toBe('Il ne reste rien à expédier. Deuxième motif.;C-3;DPD;15501235;d');
  });

  it('and can be given again once corrected, without the reason being in the way', () => {
    const first = back(given);
    const second = read(first.replace(';"8,12E+12"', ';15501236'));
    expect(second.rows).toMatchObject([{ order: 'C-2', trackingNumber: '15501236' }]);
    const again = back(first);
    expect(again).toBe(first);
    expect(back(back(given, [], 'en'))).toBe(first);
  });

  it('as long or as short as they were, so that they are refused again until they are corrected', () => {
    const long = back('Commande;Transporteur;Suivi;Qté;Ligne\nC-1;a;DPD;15501234;1;L1\n');
    expect(long).toMatch(/^\ufeffMotif du refus;Commande;Transporteur;Suivi;Qté;Ligne\r\n.*;C-1;a;DPD;15501234;1;L1\r\n$/);
    const short = back('Commande;Transporteur;Suivi;Qté;Ligne\nC-1;DPD;15501234\n');
    expect(short).toMatch(/;C-1;DPD;15501234\r\n$/);
    for (const given of [long, short]) expect(read(given).rows).toEqual([]);
  });

  it('from Windows-1252 with their accents', () => {
    expect(back(bytesOf('Commande;Transporteur;Suivi;Désignation\nC-1;DPD;;Été à 5 €\n', 'windows-1252'))).toMatch(/;Désignation\r\n.*;C-1;DPD;;Été à 5 €\r\n$/);
  });

  it('and nobody’s row twice, nor a row that is not in the file', () => {
    expect(back(given, [{ row: 99, reasons: ['x'] }]).split('\r\n')).toHaveLength(3);
  });
});

it('no cell of the file commands the terminal that shows it', () => {
  const written = back('Commande,Transporteur,Suivi\nC-1,D\u001b[31mPD\u0007,X\u009b9\n');
  expect(written).toContain('D[31mPD,X9');
  expect(written).not.toMatch(/[^\P{Cc}\t\r\n]/u);
});

describe('no cell of the file runs as a formula', () => {
  it('neither one of the file, nor a header, nor the reason', () => {
    const given = 'Commande,Transporteur,Suivi,=fx()\n=1+1,DPD,15501234,+33612345678\n@SUM(A1),DPD,15501235,-2\n-x,DPD,15501236,"\t=1"\n"\n=1",DPD,15501237,＝1\n';
    const file = read(given);
    const written = text(refusedFile(file.table, file.table.rows.map(({ row }) => ({ row, reasons: ['=HYPERLINK("x")'] })), 'fr'));
    expect(written.split('\r\n')).toEqual([
      "\ufeffMotif du refus,Commande,Transporteur,Suivi,'=fx()",
      `"'=HYPERLINK(""x"")",'=1+1,DPD,15501234,+33612345678`,
      `"'=HYPERLINK(""x"")",'@SUM(A1),DPD,15501235,-2`,
      `"'=HYPERLINK(""x"")",'-x,DPD,15501236,"'\t=1"`,
      `"'=HYPERLINK(""x"")","'\n=1",DPD,15501237,'＝1`,
      '',
    ]);
  });

  it('and what was kept as text by a formula reads as before when it comes back', () => {
    const given = 'Commande;Transporteur;Suivi\n"=""00123""";DPD;8,12E+12\n';
    expect(back(given)).toContain(`;"'=""00123""";DPD`);
    expect(gathered(read(back(given).replace(';"8,12E+12"', ';15501234'))).wishes).toMatchObject([{ order: '00123' }]);
  });
});

describe('JSON lines come back as JSON lines', () => {
  it('each with one member more, and its numbers as they were', () => {
    const given = '{"order":"C-1","carrier":"DPD","tracking":8123456789012345678}\n{"order":"C-2","carrier":"DPD","tracking":"15501234"}\n{"order": "C-3", "parcels": [{"x": 1}] }\noops\n';
    const lines = back(given, [], 'en').split('\n');
    expect(lines[0]).toMatch(/^\{"order":"C-1","carrier":"DPD","tracking":8123456789012345678,"reason":"“8\.123456789012346e\+18” was spoilt/);
    expect(lines[1]).toMatch(/^\{"order": "C-3", "parcels": \[\{"x": 1\}\],"reason":"“parcels\[0\]\.x” is not expected/);
    expect(JSON.parse(lines[2] ?? '')).toEqual({ text: 'oops', reason: 'The line is not a JSON object. Correct it.' });
    expect(lines).toHaveLength(4);
  });

  it('and when they come again, the reason is replaced and not in the way', () => {
    const given = '{"order":"C-1","carrier":"DPD","tracking":"8,12E+12"}\n{"order":"C-2","parcels":[],"publish":"no"}\n';
    const first = back(given);
    expect(back(first)).toBe(first);
    expect(back(back(given, [], 'en'))).toBe(first);
    const corrected = first.replace('"8,12E+12"', '"15501234"').replace('"no"', 'false');
    expect(gathered(read(corrected))).toMatchObject({ refused: [], wishes: [{ order: 'C-1' }, { order: 'C-2', publish: false }] });
  });

  it('an object of nothing stays one', () => {
    expect(JSON.parse(back('{"order":"C-1","carrier":"DPD","tracking":"15501234"}\n{}\n').trim())).toHaveProperty('motif');
  });
});
