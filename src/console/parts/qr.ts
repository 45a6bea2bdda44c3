import { encode } from 'uqr';
import { raw } from '../html.ts';
import type { Html } from '../html.ts';

/** Text as a QR code: dark on light whatever the theme, since cameras want it so. */
export function qrCode(text: string, label: string): Html {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const dark = data.flatMap((row, y) => row.flatMap((is, x) => (is ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return raw(`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label.replace(/[&<>"]/g, '')}"><rect width="${size}" height="${size}" fill="#fff"/><path d="${dark}" fill="#000"/></svg>`);
}
