/**
 * Shapes of what must never be stored or logged: mail addresses, bearer tokens, Amazon's and eBay's tokens and
 * secrets. Rooms leave them out where they arise; this is the net below them. Each is looked for only where its
 * mark stands in the text: nearly every text has none.
 */
const shapes: readonly { readonly mark: string | null; readonly shape: RegExp }[] = [
  { mark: '@', shape: /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g },
  { mark: 'Atz', shape: /\bAtz[ar]\|[\w|.~+/=-]+/g },
  { mark: 'amzn1.', shape: /\bamzn1\.oa2-cs\.v1\.[\w.-]+/g },
  { mark: 'v^1', shape: /\bv\^1\.1#[\w#^=+/.-]+/g },
  { mark: null, shape: /\b(?:Bearer|Basic|IAF|TOKEN)\s+[\w.~+/=|^#-]{8,}/gi },
  { mark: null, shape: /(\b(?:access|refresh|client|app|cert)[_-]?(?:token|secret|id)\\?"?\s*[:=]\s*\\?"?)[^"\\,&\s}]{6,}/gi },
];

const removed = '[removed]';

/** The text with everything that looks like a secret or a mail address taken out. */
export function redactText(text: string): string {
  let clean = text;
  for (const { mark, shape } of shapes) {
    if (mark !== null && !clean.includes(mark)) continue;
    clean = clean.replace(shape, (_: string, kept: unknown) => (typeof kept === 'string' ? `${kept}${removed}` : removed));
  }
  return clean;
}
