import { readFileSync } from 'node:fs';
import { readCarrierFile } from '../../../src/sources/carrier-file/carrier-file.ts';
import type { UnreadableFile } from '../../../src/sources/carrier-file/carrier-file.ts';
import type { Encoding } from '../../../src/sources/carrier-file/encoding.ts';
import type { FileFault } from '../../../src/sources/carrier-file/file-fault.ts';
import type { FileRow } from '../../../src/sources/carrier-file/file-row.ts';
import type { CarrierFile, CarrierFileOptions } from '../../../src/sources/carrier-file/rows.ts';
import type { KnownOrder } from '../../../src/sources/carrier-file/skus.ts';
import { wishesOf } from '../../../src/sources/carrier-file/wishes.ts';
import type { FileWishes } from '../../../src/sources/carrier-file/wishes.ts';

const paris: CarrierFileOptions = { timeZone: 'Europe/Paris', parcels: true };

/** A file that is known to be readable. */
export function read(given: string | Uint8Array, options: Partial<CarrierFileOptions> = {}): CarrierFile {
  const file = readCarrierFile(typeof given === 'string' ? bytesOf(given) : given, { ...paris, ...options });
  if ('headers' in file) throw new Error(`refused: ${JSON.stringify(file.faults)}`);
  return file;
}

/** A file that is known to be refused as a whole. */
export function refusal(given: string | Uint8Array, options: Partial<CarrierFileOptions> = {}): UnreadableFile {
  const file = readCarrierFile(typeof given === 'string' ? bytesOf(given) : given, { ...paris, ...options });
  if (!('headers' in file)) throw new Error(`read: ${JSON.stringify(file.rows)}`);
  return file;
}

/** What comes out for one state. */
export function gathered(file: CarrierFile, state = 'EXPEDIEE', linesByOrder: ReadonlyMap<string, KnownOrder> = new Map()): FileWishes {
  return wishesOf(file, state, linesByOrder);
}

/** The same, straight from the file, with nothing known of the orders. */
export function wishes(given: string | Uint8Array, options: Partial<CarrierFileOptions> = {}): FileWishes {
  return gathered(read(given, options));
}

/** The only row of a file with these cells under the plainest headers. */
export function rowOf(cells: Readonly<Record<string, string>>, options: Partial<CarrierFileOptions> = {}): FileRow | readonly FileFault[] {
  const all = { Commande: 'C-1', Transporteur: 'Colissimo', Suivi: '8R12345678901', ...cells };
  const quoted = Object.values(all).map((cell) => `"${cell.replaceAll('"', '""')}"`);
  const file = read(`${Object.keys(all).join(';')}\n${quoted.join(';')}\n`, options);
  return file.rows[0] ?? file.refused[0]?.faults ?? [];
}

/** The codes of what is wrong with the only row; empty where it goes through. */
export function codesOf(cells: Readonly<Record<string, string>>, options: Partial<CarrierFileOptions> = {}): readonly string[] {
  const row = rowOf(cells, options);
  return 'order' in row ? [] : row.map((fault) => fault.code);
}

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../fixtures/carrier-files/${name}`, import.meta.url)));
}

/** Text in an encoding; what the encoding does not have is a fault of the test. */
export function bytesOf(text: string, encoding: Encoding = 'utf-8'): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text);
  if (encoding === 'windows-1252') return Uint8Array.from(text, (letter) => windows1252.get(letter) ?? missing(letter));
  const little = new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));
  return encoding === 'utf-16le' ? little : new Uint8Array(Buffer.from(little).swap16());
}

const windows1252 = new Map(Array.from({ length: 256 }, (_, byte) => [new TextDecoder('windows-1252').decode(Uint8Array.of(byte)), byte] as const));

function missing(letter: string): never {
  throw new Error(`no ${letter} in Windows-1252`);
}
