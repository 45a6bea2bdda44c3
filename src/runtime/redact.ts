/**
 * Shapes of what must never be stored or logged: mail addresses, bearer tokens, Amazon's and eBay's tokens and
 * secrets. Rooms leave them out where they arise; this is the net below them.
 */
const shapes: readonly RegExp[] = [
  /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g,
  /\bAtz[ar]\|[\w|.~+/=-]+/g,
  /\bamzn1\.oa2-cs\.v1\.[\w.-]+/g,
  /\bv\^1\.1#[\w#^=+/.-]+/g,
  /\b(Bearer|Basic|IAF|TOKEN)\s+[\w.~+/=|^#-]{8,}/gi,
  /(\b(?:access|refresh|client|app|cert)[_-]?(?:token|secret|id)\\?"?\s*[:=]\s*\\?"?)[^"\\,&\s}]{6,}/gi,
];

const removed = '[removed]';

/** The text with everything that looks like a secret or a mail address taken out. */
export function redactText(text: string): string {
  let clean = text;
  for (const shape of shapes) clean = clean.replace(shape, (match: string, kept: unknown) => (typeof kept === 'string' && match.startsWith(kept) ? `${kept}${removed}` : removed));
  return clean;
}
