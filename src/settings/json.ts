/** A text read as JSON, or where it stops being JSON (line and column from 1) and why. */
export type ReadJson = { readonly value: unknown } | { readonly line: number; readonly column: number; readonly why: string };

/** Deeper than any table of ours; what nests further would exhaust the stack. */
const deepest = 64;

/**
 * Reads JSON as RFC 8259 has it. Unlike `JSON.parse` it says where and why in words, repeats nothing of the text
 * (which may hold a secret), and refuses a field that is written twice in one object, of which only the last would count.
 */
export function readJson(text: string): ReadJson {
  const fault = firstFault(text);
  if (fault === null) return { value: JSON.parse(text) as unknown };
  const before = text.slice(0, fault.at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, why: fault.why };
}

/** Carries a position out of the recursion; never leaves this file. */
class Stop extends Error {
  readonly at: number;
  readonly why: string;
  constructor(at: number, why: string) {
    super(why);
    this.at = at;
    this.why = why;
  }
}

function firstFault(text: string): { readonly at: number; readonly why: string } | null {
  try {
    const end = blanks(text, element(text, blanks(text, 0), 0));
    return end === text.length ? null : { at: end, why: 'something stands after the end of the JSON text' };
  } catch (error) {
    if (error instanceof Stop) return error;
    throw error;
  }
}

/** Each of these reads one thing at `at` and returns where it ends. */
function element(text: string, at: number, depth: number): number {
  if (depth > deepest) throw new Stop(at, `nested more than ${deepest} deep`);
  const first = text[at];
  if (first === '{') return object(text, at, depth);
  if (first === '[') return array(text, at, depth);
  if (first === '"') return string(text, at);
  for (const word of ['true', 'false', 'null']) if (text.startsWith(word, at)) return at + word.length;
  const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  number.lastIndex = at;
  const found = number.exec(text);
  if (found !== null) return at + found[0].length;
  throw new Stop(at, unexpected(text, at, 'a value is missing here (text in "quotation marks", a number, true, false, null, {…} or […])'));
}

function object(text: string, start: number, depth: number): number {
  const names = new Set<string>();
  let at = blanks(text, start + 1);
  if (text[at] === '}') return at + 1;
  for (;;) {
    if (text[at] !== '"') throw new Stop(at, unexpected(text, at, text[at] === '}' ? 'the comma before this } is one too many' : 'a field name in "quotation marks" is missing here'));
    const end = string(text, at);
    const name = JSON.parse(text.slice(at, end)) as string;
    if (names.has(name)) throw new Stop(at, 'this field is written twice in the same {…}');
    names.add(name);
    at = blanks(text, end);
    if (text[at] !== ':') throw new Stop(at, unexpected(text, at, 'a colon is missing here, between the field and its value'));
    at = blanks(text, element(text, blanks(text, at + 1), depth + 1));
    if (text[at] === '}') return at + 1;
    if (text[at] !== ',') throw new Stop(at, unexpected(text, at, 'a comma or the closing } is missing here'));
    at = blanks(text, at + 1);
  }
}

function array(text: string, start: number, depth: number): number {
  let at = blanks(text, start + 1);
  if (text[at] === ']') return at + 1;
  for (;;) {
    if (text[at] === ']') throw new Stop(at, 'the comma before this ] is one too many');
    at = blanks(text, element(text, at, depth + 1));
    if (text[at] === ']') return at + 1;
    if (text[at] !== ',') throw new Stop(at, unexpected(text, at, 'a comma or the closing ] is missing here'));
    at = blanks(text, at + 1);
  }
}

function string(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') return at + 1;
    if (character === '\n' || character === '\r') throw new Stop(at, 'a text must end with " on the line where it begins');
    if (character < ' ') throw new Stop(at, 'a tab or another control character stands in a text; a tab is written \\t');
    if (character !== '\\') continue;
    const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
    escape.lastIndex = at;
    const found = escape.exec(text);
    if (found === null) throw new Stop(at, 'a backslash in a text is written twice: \\\\');
    at += found[0].length - 1;
  }
  throw new Stop(start, 'the text that begins here has no closing quotation mark');
}

function blanks(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
}

/** The likely reason, where the character shows one. */
function unexpected(text: string, at: number, otherwise: string): string {
  const character = text[at];
  if (character === undefined) return 'the text ends here, before everything that was opened is closed';
  if (character === '/' || character === '#') return 'JSON has no comments';
  if ("'‘’“”«»`".includes(character)) return 'JSON knows only straight double quotation marks: "';
  if (/\s|[\u200B-\u200D\u2060\uFEFF]/.test(character)) return `an invisible character stands here (U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')})`;
  return otherwise;
}
