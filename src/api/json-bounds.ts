import { Problem } from './problem.ts';

/** Deeper than anything that is taken here. */
const deepest = 32;
/** Values in one body: a thousand orders with fifty lines each. More would keep the parser busy for seconds. */
const mostValues = 400_000;

const [quote, backslash, comma, openBrace, closeBrace, openBracket, closeBracket] = Array.from('"\\,{}[]', (character) => character.charCodeAt(0));

/** What of a JSON text is too much to be parsed at all; null: nothing. It looks at brackets and commas only, faults are the parser's. */
export function boundsProblem(bytes: Uint8Array): Problem | null {
  let depth = 0;
  let values = 1;
  let inText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (inText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inText = false;
      continue;
    }
    if (byte === quote) inText = true;
    else if (byte === comma) values += 1;
    else if (byte === openBrace || byte === openBracket) {
      depth += 1;
      values += 1;
      if (depth > deepest) return new Problem('nested-too-deep', { values: { limit: deepest } });
    } else if (byte === closeBrace || byte === closeBracket) depth -= 1;
    if (values > mostValues) return new Problem('too-many-values', { values: { limit: mostValues } });
  }
  return null;
}
