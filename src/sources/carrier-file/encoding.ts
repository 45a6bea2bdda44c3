import type { FileFault } from './file-fault.ts';
import { limits } from './limits.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export type Decoded = { readonly text: string; readonly encoding: Encoding } | { readonly fault: FileFault };

/** What files of other programs begin with. `PK`: xlsx, ods and every other zip. `D0 CF 11 E0`: xls and doc of before 2007. */
const beginnings: readonly (readonly [readonly number[], FileFault['code']])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'workbook'],
  [[0x50, 0x4b, 0x05, 0x06], 'workbook'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'workbook'],
  [[0x25, 0x50, 0x44, 0x46], 'pdf'],
  [[0x1f, 0x8b], 'compressed'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'compressed'],
  [[0x52, 0x61, 0x72, 0x21], 'compressed'],
];

const boms: readonly (readonly [readonly number[], Encoding])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/**
 * The text of a file. A byte order mark decides (a spreadsheet's "Unicode text" is UTF-16); without one it is UTF-8
 * where that is valid, else Windows-1252, which is what French spreadsheets write.
 */
export function decode(bytes: Uint8Array): Decoded {
  if (bytes.length > limits.bytes) return fault({ code: 'too-large', limit: limits.bytes / 1024 / 1024 });
  const other = beginnings.find(([first]) => begins(bytes, first));
  if (other !== undefined) return fault({ code: other[1] });

  const bom = boms.find(([first]) => begins(bytes, first));
  const encoding = bom?.[1] ?? (read(bytes, 'utf-8') === null ? 'windows-1252' : 'utf-8');
  const whole = read(bytes, encoding);
  if (whole === null) return fault({ code: 'encoding-mixed' });

  // Old programs end a text with Ctrl-Z.
  const text = whole.trimEnd().endsWith('\u001a') ? whole.slice(0, whole.lastIndexOf('\u001a')) : whole;
  if (text.includes('\0')) return fault({ code: 'not-text' });
  // Windows-1252 leaves five bytes unused: where they occur, it is DOS or Macintosh text, or none at all.
  if (encoding === 'windows-1252' && /[\u{80}-\u{9f}]/u.test(text)) return fault({ code: 'encoding-unknown' });
  const document = documentOf(text.slice(0, 4_000).trimStart());
  return document === null ? { text, encoding } : fault({ code: document });
}

function documentOf(start: string): FileFault['code'] | null {
  if (start.startsWith('{\\rtf')) return 'rich-text';
  if (start.startsWith('%PDF')) return 'pdf';
  if (!start.startsWith('<')) return null;
  return /<(!doctype\s+html|html|head|body|table|script|div|meta)\b/i.test(start) ? 'html-page' : 'xml';
}

function read(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function begins(bytes: Uint8Array, first: readonly number[]): boolean {
  return first.every((byte, index) => bytes[index] === byte);
}

function fault(what: FileFault): { readonly fault: FileFault } {
  return { fault: what };
}
