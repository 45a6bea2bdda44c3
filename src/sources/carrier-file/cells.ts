import type { FileFault } from './file-fault.ts';
import { shown } from './file-fault.ts';
import type { Column } from './column-names.ts';

/** What exports write where they have nothing. */
const nothing = new Set(['', '-', '--', '—', 'null', '(null)', 'n/a', 'nan', 'none', 'undefined', 'néant']);

/** Most cells: nothing is to be taken out of them. */
const plain = /^[A-Za-z0-9]+(?:[ ./:-][A-Za-z0-9]+)*$/;

/**
 * A cell's value: without what cannot be seen, and out of the forms in which spreadsheets keep text as text
 * (`="0123"`, a leading apostrophe). Empty where an export writes that it has nothing.
 */
export function cellText(cell: string): string {
  if (plain.test(cell)) return nothing.has(cell.toLowerCase()) ? '' : cell;
  let text = cell
    // Zero-width characters, soft hyphens, direction marks, byte order marks, control characters.
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u00ad\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    // oxlint-disable-next-line no-control-regex -- they are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, '')
    .trim();
  // One form may be wrapped in another, a few deep.
  for (let depth = 0; depth < 4; depth += 1) {
    const quoted = /^=?\s*"(.*)"$/.exec(text);
    if (quoted !== null) text = (quoted[1] ?? '').replaceAll('""', '"').trim();
    else if (/^['’`]./.test(text)) text = text.slice(1).trim();
  }
  return nothing.has(text.toLowerCase()) ? '' : text;
}

/** An identifier's value: dashes that a spreadsheet made long are short again. */
export function identifierText(cell: string): string {
  return cellText(cell).replace(/[\u2010-\u2015\u2212]/g, '-');
}

/** A spreadsheet's own error in place of a value: `#N/A`, `#REF!`, `####`. */
function isSpreadsheetError(text: string): boolean {
  return /^#(#+|N\/A|N\/D|REF ?!|VALUE ?!|VALEUR ?!|NAME\?|NOM ?\?|DIV\/0 ?!|NUM ?!|NOMBRE ?!|NULL ?!|NUL ?!|SPILL!|CALC!)$/i.test(text);
}

/**
 * An identifier that a spreadsheet or a script turned into a number: `8,12E+12`, `8123456789012,00`, `8123456789012.0`.
 * `8E12345678901` is none: a spreadsheet always writes the sign, and letters occur in tracking numbers.
 */
function isSpoiltNumber(column: Column, text: string): boolean {
  if (/^[+-]?\d+([.,]\d+)?E\+\d+$/i.test(text) || /^\d[.,]\d+E\d+$/i.test(text)) return true;
  return column !== 'sku' && /^\d[\d ]+[.,]0+$/.test(text);
}

const longest: Readonly<Partial<Record<Column, number>>> = { order: 100, account: 100, carrier: 80, tracking: 50, lineId: 100, sku: 200 };

/** What a spreadsheet did to an identifier on the way, or null. */
export function spoiltFault(column: Column, text: string): FileFault | null {
  if (isSpreadsheetError(text)) return { code: 'spreadsheet-error', column, found: shown(text) };
  if (isSpoiltNumber(column, text)) return { code: 'number-spoilt', column, found: shown(text) };
  return lengthFault(column, text);
}

export function lengthFault(column: Column, text: string): FileFault | null {
  const limit = longest[column];
  return limit !== undefined && text.length > limit ? { code: 'too-long', column, found: shown(text), limit } : null;
}

/**
 * Identifiers of more than 15 digits that a spreadsheet rounded: it keeps 15 and writes zeros after them. One such number
 * may end in zeros by itself; where all of a column's do, and chance is under one in a thousand, it was the spreadsheet.
 * Excel: "numbers with more than 15 digits are changed to zeros".
 */
export function roundedBySpreadsheet(texts: Iterable<string>): ReadonlySet<string> {
  const long = new Set<string>();
  for (const text of texts) if (/^\d{16,}$/.test(text)) long.add(text);
  const zeros = [...long].map((text) => (/^0+$/.test(text.slice(15)) ? text.length - 15 : null));
  const chance = zeros.reduce<number>((sum, digits) => sum + (digits ?? 0), 0);
  return zeros.includes(null) || chance < 3 ? new Set() : long;
}
