import { createHash } from 'node:crypto';
import { columns, knownColumn, normalHeader } from './column-names.ts';
import type { Column } from './column-names.ts';
import { shown } from './file-fault.ts';
import type { FileFault } from './file-fault.ts';

/**
 * Which header names which column, as somebody chose. Null: this file tells nothing of it, even where a header looks
 * like it. Remembered by the fingerprint of the file's headers; where, is the store's business.
 */
export type ColumnChoice = Readonly<Partial<Record<Column, string | null>>>;

/** Where each column stands in a row: its index. A column that the file does not have is not in it. */
export type ColumnPlaces = Readonly<Partial<Record<Column, number>>>;

/** What the state that is to be applied wants to know. */
export interface Wanted {
  /** Whether its Type tells of parcels (`parcelsWanted`). Where not, only orders and accounts are read. */
  readonly parcels: boolean;
  /** Whether a carrier is named for all rows that name none. */
  readonly carrier: boolean;
}

const longestList = 30;

/**
 * The same for all files of one program: its headers, in whatever order, without case, accents and punctuation.
 */
export function fingerprint(headers: readonly string[]): string {
  const names = headers.map((header) => normalHeader(header) || header.trim());
  return createHash('sha256').update(JSON.stringify(names.toSorted())).digest('hex');
}

/**
 * Finds the columns by their headers. What somebody chose wins over what the names say. Nothing is guessed: two headers
 * that could both be meant, or a needed column without one, are faults that name the headers found.
 */
export function placeColumns(headers: readonly string[], choice: ColumnChoice, wanted: Wanted): { readonly places: ColumnPlaces } | { readonly faults: readonly FileFault[] } {
  const faults: FileFault[] = [];
  const places: Partial<Record<Column, number>> = {};
  const read = wanted.parcels ? columns : (['order', 'account'] as const);
  for (const column of read) {
    const chosen = choice[column];
    if (typeof chosen !== 'string') continue;
    const at = chosenAt(headers, chosen);
    if (at.length > 1) faults.push(ambiguous(column, headers, at));
    else if (at[0] === undefined) faults.push({ code: 'column-not-found', column, expected: shown(chosen), found: listed(headers) });
    else if (Object.values(places).includes(at[0])) faults.push({ code: 'column-shared', column, found: shown(chosen) });
    else places[column] = at[0];
  }
  const taken = new Set(Object.values(places));
  const known = headers.map((header, index) => (taken.has(index) ? undefined : knownColumn(header)));
  for (const column of read) {
    if (choice[column] !== undefined) continue;
    const steps = known.flatMap((name) => (name?.column === column ? [name.step] : []));
    const at = known.flatMap((name, index) => (name?.column === column && name.step === Math.min(...steps) ? [index] : []));
    if (at.length > 1) faults.push(ambiguous(column, headers, at));
    else if (at[0] !== undefined) places[column] = at[0];
  }
  const ambiguities = new Set(faults.map((fault) => fault.column));
  for (const column of needed(wanted)) {
    const found = places[column] !== undefined || (column === 'carrier' && places.carrierName !== undefined);
    const setAside = choice[column] === null && column !== 'order';
    if (!found && !setAside && !ambiguities.has(column)) faults.push({ code: column === 'carrier' ? 'carrier-not-named' : 'column-missing', column, found: listed(headers) });
  }
  if (places.quantity !== undefined && places.lineId === undefined && places.sku === undefined) {
    faults.push({ code: 'quantity-without-line', column: 'quantity', found: shown(headers[places.quantity] ?? '') });
  }
  return faults.length === 0 ? { places } : { faults };
}

function needed(wanted: Wanted): readonly Column[] {
  if (!wanted.parcels) return ['order'];
  return wanted.carrier ? ['order', 'tracking'] : ['order', 'tracking', 'carrier'];
}

/** The header itself, or else the only ones that are written alike. */
function chosenAt(headers: readonly string[], chosen: string): readonly number[] {
  const exact = headers.flatMap((header, index) => (header === chosen.trim() ? [index] : []));
  if (exact.length > 0) return exact;
  const name = normalHeader(chosen);
  return headers.flatMap((header, index) => (name !== '' && normalHeader(header) === name ? [index] : []));
}

function ambiguous(column: Column, headers: readonly string[], at: readonly number[]): FileFault {
  return { code: 'column-ambiguous', column, found: listed(at.map((index) => headers[index] ?? '')) };
}

/** Whether the first row looks like a row of values: a file without headers. Its values are then not shown as headers. */
export function looksLikeValues(headers: readonly string[]): boolean {
  return headers.every((header) => knownColumn(header) === undefined) && headers.some((header) => /@|\d{5,}|\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}/.test(header));
}

function listed(headers: readonly string[]): string {
  const names = headers.filter((header) => header !== '').map(shown);
  return (names.length > longestList ? [...names.slice(0, longestList), '…'] : names).join(' · ');
}
