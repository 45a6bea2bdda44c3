import type { ConsolePorts } from '../console/ports.ts';
import { speak } from '../language/speak.ts';
import type { Context } from '../store/context.ts';
import { readCarrierFile, sayColumn, sayFileFault } from './carrier-files.ts';

/** Carriers' files as the console asks for them: what is wrong comes in words, since their codes are the sources' own. */
export function carrierFilesFor(context: Context): ConsolePorts['carrierFile'] {
  return async (bytes, asked, language) => {
    const read = await readCarrierFile(context, bytes, asked);
    if ('faults' in read) return { faults: read.faults.map((fault) => sayFileFault(fault, language)) };
    return {
      rows: read.rows,
      remembered: read.remembered,
      columns: Object.entries(read.columns).map(([column, header]) => `${sayColumn(column, language)} = ${header ?? ''}`),
      wishes: read.wishes,
      refused: read.refused.map(({ row, order, faults }) => ({ row, order, reasons: faults.map((fault) => ('field' in fault ? speak(language).mend(fault) : sayFileFault(fault, language))) })),
      refusedFile: (refused) => {
        const { bytes, json } = read.refusedFile(refused, language);
        // The mark at the beginning is part of it.
        return { text: Buffer.from(bytes).toString('utf8'), json };
      },
      remember: () => read.remember(),
    };
  };
}
