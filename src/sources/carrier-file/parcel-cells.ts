import { normalTracking } from '../../orders/parcel.ts';
import { lengthFault, spoiltFault } from './cells.ts';
import { normalHeader } from './column-names.ts';
import type { FileFault } from './file-fault.ts';
import { shown } from './file-fault.ts';

export type ReadTracking = { readonly trackingNumber: string } | { readonly untracked: true } | { readonly fault: FileFault };

/** What a cell says where there will be no tracking number. */
const untracked = new Set(['Sans suivi', 'Sans numéro', 'Sans numéro de suivi', 'Non suivi', 'Pas de suivi', 'Untracked', 'Not tracked', 'No tracking', 'No tracking number'].map(normalHeader));

/**
 * Reads a tracking number out of a cell's text. Spaces and punctuation inside stay: they make no difference when numbers
 * are compared. An empty cell is refused: in a cumulative export it is a parcel that has not left yet.
 */
export function readTracking(text: string): ReadTracking {
  if (text === '') return { fault: { code: 'tracking-missing', column: 'tracking' } };
  if (!/\d/.test(text) && untracked.has(normalHeader(text))) return { untracked: true };
  const spoilt = spoiltFault('tracking', text);
  if (spoilt !== null && spoilt.code !== 'too-long') return { fault: spoilt };
  if (isSeveral(text)) return { fault: { code: 'tracking-several', column: 'tracking', found: shown(text) } };
  const long = lengthFault('tracking', text);
  if (long !== null) return { fault: long };
  return isTracking(text) ? { trackingNumber: text } : { fault: { code: 'tracking-malformed', column: 'tracking', found: shown(text) } };
}

/** Numbers beside one another: each piece alone is as long as a tracking number. Groups of digits of one number are shorter. */
function isSeveral(text: string): boolean {
  const pieces = text.split(/[\s,;|/+&]+/).filter((piece) => piece !== '');
  return pieces.length > 1 && pieces.every((piece) => normalTracking(piece).length >= 8 && /\d/.test(piece));
}

/** Letters, digits and what groups them: four at least, with a digit among them, not all 0. An address, a mail or a remark is none. */
function isTracking(text: string): boolean {
  const number = normalTracking(text);
  const isRemark = text.split(' ').some((piece) => /^\p{L}{5,}$/u.test(piece));
  return !isRemark && /^[\p{L}\p{N} ()./_-]+$/u.test(text) && number.length >= 4 && /\d/.test(number) && !/^0+$/.test(number);
}

export type ReadQuantity = { readonly quantity: number | null } | { readonly fault: FileFault };

/**
 * Reads a number of units: `2`, `2,0`, `2.00`. Three zeros after a point or a comma are refused: `1.000` is one here
 * and a thousand there. Null where the cell is empty. Zero is refused under a code of its own: nothing of that line left.
 */
export function readQuantity(text: string): ReadQuantity {
  if (text === '') return { quantity: null };
  const fault = (code: FileFault['code']): ReadQuantity => ({ fault: { code, column: 'quantity', found: shown(text) } });
  if (/^\d+[.,]000$/.test(text)) return fault(/^0+\D/.test(text) ? 'quantity-zero' : 'quantity-ambiguous');
  const units = /^\+?(\d{1,9})([.,]0+)?$/.exec(text)?.[1];
  if (units === undefined) return fault('quantity-malformed');
  return Number(units) === 0 ? fault('quantity-zero') : { quantity: Number(units) };
}
