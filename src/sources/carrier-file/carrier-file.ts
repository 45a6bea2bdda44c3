import type { FileFault } from './file-fault.ts';
import { readFileRows } from './rows.ts';
import type { CarrierFile, CarrierFileOptions } from './rows.ts';
import { readTable } from './table.ts';

/** A file of which nothing goes through. `headers` and `fingerprint` are there where only the choice of columns is missing. */
export interface UnreadableFile {
  readonly faults: readonly FileFault[];
  readonly headers: readonly string[];
  readonly fingerprint: string | null;
}

/**
 * Reads a file of a carrier, a logistician or an ERP: CSV with `;`, `,` or tabs in UTF-8, UTF-16 with its mark or
 * Windows-1252, or JSON lines. Pure; 1,000 rows take some 30 ms, a file at the limit of 20 MB or 100,000 rows a few
 * seconds, which belong in a worker thread.
 *
 * The way of a file: `readTable` → a choice of columns remembered under the table's fingerprint →
 * `readFileRows` → the orders whose rows `needsLines` are looked up → `wishesOf` → preview or apply → `refusedFile`
 * with the rows refused here and those of the wishes that the intake refused. This does the first three in one step,
 * for callers that remember no choice.
 */
export function readCarrierFile(bytes: Uint8Array, options: CarrierFileOptions): CarrierFile | UnreadableFile {
  const table = readTable(bytes);
  if ('fault' in table) return { faults: [table.fault], headers: [], fingerprint: null };
  const read = readFileRows(table, options);
  return 'faults' in read ? { faults: read.faults, headers: table.headers, fingerprint: table.fingerprint } : read;
}
