import { pino } from 'pino';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { secretRemover } from './known-secrets.ts';
import { cleanFields, cleanText } from './log-fields.ts';
import type { CleanText } from './log-fields.ts';
import { redactText } from './redact.ts';

/** What belongs to a line beside its words. An `Error` may stand anywhere in it. */
export type Fields = Readonly<Record<string, unknown>>;

/** Writes what happened, one JSON object a line. It never throws. */
export interface Log {
  trace(message: string, fields?: Fields): void;
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  fatal(message: string, fields?: Fields): void;
  /** A log whose every line has these fields too. */
  child(fields: Fields): Log;
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

export type Level = (typeof levels)[number] | 'silent';

export interface LogOptions {
  readonly level: Level;
  readonly clock: Clock;
  /** Values that are taken out of every line, beside what looks like a secret: see Secrets.values of settings. */
  readonly secrets?: readonly string[];
  /** Where lines go; standard output unless a test says otherwise. */
  readonly write?: (line: string) => void;
}

/** A line may be this long (bytes of UTF-8): docker splits what is longer, and journald cuts it. */
export const longestLine = 16 * 1024;

/** Lines that could not be written yet (a full disk, a slow reader) are kept up to this many bytes; then they are dropped. */
const kept = 1024 * 1024;

/**
 * A log that gives nothing away. pino's own `redact` knows paths of a fixed depth; here every field, text and error is
 * copied first, without what its name or its shape says is secret or personal, and within bounds.
 */
export function createLog(options: LogOptions): Log {
  const { clock } = options;
  const removeKnown = secretRemover(options.secrets ?? []);
  const clean: CleanText = (text) => removeMore(redactText(removeKnown(text)));
  const logger = pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${Temporal.Instant.fromEpochMilliseconds(Math.trunc(clock.now())).toString({ smallestUnit: 'millisecond' })}"`,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: (line) => bounded(line) },
    },
    options.write === undefined ? standardOutput() : { write: options.write },
  );
  return logOf(logger, clean);
}

/** A log that writes nothing. */
export const silentLog: Log = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore, child: () => silentLog };

function ignore(): void {
  // Nothing is written.
}

function logOf(logger: Logger, clean: CleanText): Log {
  const write = (level: (typeof levels)[number]) => (message: string, fields?: Fields) => {
    if (!logger.isLevelEnabled(level)) return;
    try {
      logger[level](fields === undefined ? {} : withoutOwnNames(cleanFields(fields, clean)), '%s', cleanText(message, clean));
    } catch {
      // A line that cannot be written is no reason to stop what it tells of.
    }
  };
  return {
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
    child: (fields) => logOf(logger.child(withoutOwnNames(cleanFields(fields, clean))), clean),
  };
}

/** pino's own names would stand twice in one object. */
function withoutOwnNames(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const own = new Set(['level', 'time', 'pid', 'msg']);
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [own.has(name) ? `${name}_` : name, value]));
}

/** What redactText does not know: passwords and signatures in addresses, tokens percent-encoded, JSON web tokens. */
const moreShapes: readonly (readonly [RegExp, string])[] = [
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"']{0,100}:)[^\s/@"']+@/gi, '$1[removed]@'],
  [/([?&][\w-]{0,40}(?:token|secret|signature|credential|password|key)=)[^&\s"'#]+/gi, '$1[removed]'],
  [/\bv%5E1\.1%23[\w%.~+-]+/gi, '[removed]'],
  [/\bAtz[ar]%7C[\w%.~+-]+/gi, '[removed]'],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g, '[removed]'],
];

function removeMore(text: string): string {
  let clean = text;
  for (const [shape, instead] of moreShapes) clean = clean.replace(shape, instead);
  return clean;
}

/** The whole line, or what says most of it in few words. */
function bounded(line: string): string {
  const bytes = Buffer.byteLength(line);
  if (bytes <= longestLine) return line;
  const whole = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const short = Object.entries(whole).filter(([, value]) => typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value.length <= 200)).slice(0, 30);
  const message = typeof whole['msg'] === 'string' ? whole['msg'].slice(0, 1_000) : '';
  return `${JSON.stringify({ ...Object.fromEntries(short), cut: bytes, msg: message })}\n`;
}

/** Written at once, so that a crash loses no line. A disk that is full, or a reader that has gone, must not stop the daemon. */
function standardOutput(): ReturnType<typeof pino.destination> {
  const stream = pino.destination({ dest: 1, sync: true, maxLength: kept });
  stream.on('error', ignore);
  return stream;
}
