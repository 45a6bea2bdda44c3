import type { Language } from '../../syncing/diagnosis.ts';
import { normalHeader } from './column-names.ts';
import { disarm, writeRow } from '../../runtime/csv.ts';
import type { FileFault } from './file-fault.ts';
import { reasonMembers } from './json-wish.ts';
import type { CsvTable, FileTable, JsonTable } from './table.ts';
import { fileFaultWords, reasonHeader } from './words.ts';

/** Why a row comes back: this room's own faults, or the intake's, in the words of whoever refused. */
export interface Refusal {
  readonly row: number;
  readonly reasons: readonly (FileFault | string)[];
}

/**
 * The rows that did not go through, with the reason, to be corrected and given again. CSV keeps its separator and its
 * columns and gains one in front; it is UTF-8 with a mark, which spreadsheets need, and no cell of it runs as a formula. JSON
 * lines gain a member.
 */
export function refusedFile(table: FileTable, refusals: readonly Refusal[], language: Language): Uint8Array {
  const reasons = new Map<number, string[]>();
  for (const { row, reasons: why } of refusals) {
    const words = why.map((reason) => (typeof reason === 'string' ? reason : fileFaultWords(reason, language)));
    reasons.set(row, [...(reasons.get(row) ?? []), ...words]);
  }
  const text = new Map([...reasons].map(([row, words]) => [row, [...new Set(words)].join(' ')]));
  return new TextEncoder().encode(table.format === 'csv' ? csv(table, text, language) : jsonLines(table, text, language));
}

function csv(table: CsvTable, reasons: ReadonlyMap<number, string>, language: Language): string {
  const earlier = new Set([normalHeader(reasonHeader.fr), normalHeader(reasonHeader.en)]);
  const said = new Set(table.headers.flatMap((header, index) => (earlier.has(normalHeader(header)) ? [index] : [])));
  // The reason stands first: a row that was too short or too long for its header stays so until it is corrected.
  const line = (cells: readonly string[], reason: string): string => writeRow([reason, ...cells.filter((_, index) => !said.has(index))].map(quiet).map(disarm), table.separator);
  const lines = table.rows.flatMap(({ row, cells }) => {
    const reason = reasons.get(row);
    return reason === undefined ? [] : [line(cells, reason)];
  });
  return `\ufeff${[line(table.headers, reasonHeader[language]), ...lines].join('\r\n')}\r\n`;
}

/** Without what would command a terminal or a printer; tabs and line ends are text. */
function quiet(cell: string): string {
  return cell.replace(/[^\P{Cc}\t\r\n]/gu, '');
}

/** The line itself with one member more: numbers keep all their digits. */
function jsonLines(table: JsonTable, reasons: ReadonlyMap<number, string>, language: Language): string {
  const member = reasonMembers[language === 'fr' ? 0 : 1];
  return table.lines
    .flatMap(({ row, text, fault }) => {
      const reason = reasons.get(row);
      if (reason === undefined) return [];
      if (fault?.code === 'json-malformed') return [JSON.stringify({ text, [member]: reason })];
      // What an earlier refusal added at the end goes.
      const object = text.replace(/,?"(?:motif|reason)":"(?:[^"\\]|\\.)*"\}$/, '}').slice(0, -1).trimEnd();
      return [`${object}${object === '{' ? '' : ','}${JSON.stringify(member)}:${JSON.stringify(reason)}}`];
    })
    .map((line) => `${line}\n`)
    .join('');
}
