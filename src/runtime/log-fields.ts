/** How a text loses its secrets. */
export type CleanText = (text: string) => string;

const removed = '[removed]';

/** Names below which a text or an object is a secret, or personal; a number (how many tokens are left) is neither. */
const secretName = /token|secret|passw|passphrase|authori[sz]ation|cookie|credential|api_?key|private_?key|cert_?id|client_?id|^auth$/i;
const personalName = /e-?mail|phone|first_?name|last_?name|full_?name|customer_?name|recipient|buyer(?!.*(?:cancel|request))|(?:shipping|billing|postal|delivery|home)_?address|^ship_?to$/i;
/** Heads of requests and answers, whoever's. */
const headersName = /^(?:raw_?)?headers$/i;
/** What HTTP clients hang on their errors: the request with its token, the answer with its cookies, the settings with the secrets. */
const clientName = /^(?:config|meta|headers|request|response|req|res|options|agent|socket)$/;

const deepest = 6;
const widest = 50;
/** Of everything in one line together, so that an object which leads to half the process stays a line. */
const mostValues = 400;
const deepestCause = 4;
const longestText = 2_000;
const longestStack = 4_000;

/** One line in the making. */
interface Copying {
  readonly clean: CleanText;
  left: number;
}

/** A log line's fields: a bounded copy of plain values without secrets. Of the original nothing is called but getters. */
export function cleanFields(fields: Readonly<Record<string, unknown>>, clean: CleanText): Record<string, unknown> {
  return record(entriesOf(fields), { clean, left: mostValues }, 0, [fields]);
}

/** A text without secrets, of about `longest` characters at most. It is cut after the cleaning: half a secret has no shape. */
export function cleanText(text: string, clean: CleanText, longest: number = longestText): string {
  const cleaned = clean(text.length > 2 * longest ? wholeWords(text.slice(0, 2 * longest)) : text);
  return cleaned.length > longest || text.length > 2 * longest ? `${cleaned.slice(0, longest)}… [of ${text.length} characters]` : cleaned;
}

/** Without the last word, which the cut may have halved. */
function wholeWords(text: string): string {
  return text.slice(0, Math.max(text.lastIndexOf(' '), text.lastIndexOf('\n'), 0));
}

function copy(given: unknown, copying: Copying, depth: number, above: readonly object[]): unknown {
  copying.left -= 1;
  if (copying.left < 0) return '[more]';
  switch (typeof given) {
    case 'string':
      return cleanText(given, copying.clean);
    case 'bigint':
      return String(given);
    case 'number':
      return Number.isFinite(given) ? given : String(given);
    case 'boolean':
    case 'undefined':
      return given;
    case 'function':
    case 'symbol':
      return undefined;
    case 'object':
      return given === null ? null : object(given, copying, depth, above);
  }
}

function object(given: object, copying: Copying, depth: number, above: readonly object[]): unknown {
  if (above.includes(given)) return '[circular]';
  if (depth >= deepest) return '[deeper]';
  const path = [...above, given];
  try {
    if (given instanceof Error) return error(given, copying, depth, path);
    if (given instanceof Date) return Number.isNaN(given.getTime()) ? 'Invalid Date' : given.toISOString();
    if (ArrayBuffer.isView(given) || given instanceof ArrayBuffer) return `[${given.byteLength} bytes]`;
    if (given instanceof URL) return cleanText(given.href, copying.clean);
    if (given instanceof URLSearchParams) return cleanText(given.toString(), copying.clean);
    if (isTemporal(given)) return given.toString();
    if (given instanceof Headers || given instanceof Request || given instanceof Response || given instanceof FormData) return `[${given.constructor.name}]`;
    if (Array.isArray(given) || given instanceof Set) return list([...(given as Iterable<unknown>)], copying, depth, path);
    if (given instanceof Map) return record([...given].map(([key, inner]: [unknown, unknown]) => [typeof key === 'string' || typeof key === 'number' ? String(key) : typeof key, inner]), copying, depth + 1, path);
    const entries = entriesOf(given);
    return record(isClientError(given) ? entries.filter(([key]) => !clientName.test(key)) : entries, copying, depth + 1, path);
  } catch {
    return '[unreadable]';
  }
}

function list(given: readonly unknown[], copying: Copying, depth: number, above: readonly object[]): unknown[] {
  const shown = given.slice(0, widest).map((item) => copy(item, copying, depth + 1, above) ?? null);
  return given.length > widest ? [...shown, `[${given.length - widest} more]`] : shown;
}

function record(entries: readonly (readonly [string, unknown])[], copying: Copying, depth: number, above: readonly object[]): Record<string, unknown> {
  const shown = entries.slice(0, widest).map(([key, inner]): [string, unknown] => [cleanText(key, copying.clean, 100), isHidden(key, inner) ? removed : copy(inner, copying, depth, above)]);
  if (entries.length > widest) shown.push(['more', entries.length - widest]);
  return Object.fromEntries(shown.filter(([, inner]) => inner !== undefined));
}

function isHidden(key: string, inner: unknown): boolean {
  if (inner === null || (typeof inner !== 'string' && typeof inner !== 'object')) return false;
  return secretName.test(key) || personalName.test(key) || headersName.test(key);
}

/** Of an error only what is known to be harmless: anything else on it belongs to whoever threw it. */
function error(given: Error, copying: Copying, depth: number, above: readonly object[]): object {
  const shown: Record<string, unknown> = {};
  for (const [name, as] of [['name', 'type'], ['message', 'message'], ['code', 'code'], ['errno', 'errno'], ['syscall', 'syscall'], ['status', 'status'], ['statusCode', 'statusCode']] as const) {
    const inner = read(given, name);
    if (typeof inner === 'string' || typeof inner === 'number') shown[as] = copy(inner, copying, depth, above);
  }
  const stack = read(given, 'stack');
  if (typeof stack === 'string') shown['stack'] = cleanText(stack, copying.clean, longestStack);
  const cause = read(given, 'cause');
  if (cause !== undefined) shown['cause'] = depth < deepestCause ? copy(cause, copying, depth + 1, above) : '[deeper]';
  const errors = read(given, 'errors');
  if (Array.isArray(errors)) shown['errors'] = depth < deepestCause ? list(errors.slice(0, 5), copying, depth, above) : '[deeper]';
  return shown;
}

/** axios makes plain objects of its errors, and clients throw some: a message, and beside it what they were doing. */
function isClientError(given: object): boolean {
  return 'isAxiosError' in given || ('message' in given && Object.keys(given).some((key) => clientName.test(key)));
}

function isTemporal(given: object): given is Temporal.Instant {
  return Object.prototype.toString.call(given).startsWith('[object Temporal.');
}

function entriesOf(given: object): [string, unknown][] {
  return Object.keys(given).map((key) => [key, read(given, key)]);
}

/** A getter may throw; a log line may not. */
function read(given: object, key: string): unknown {
  try {
    return (given as Readonly<Record<string, unknown>>)[key];
  } catch {
    return '[unreadable]';
  }
}
