import { once } from 'node:events';
import { styleText } from 'node:util';
import { quoted } from '../language/message.ts';

type Style = Parameters<typeof styleText>[0];

/** What is printed, and where: results to standard output, everything else to standard error. */
export interface Terminal {
  /** A line of what was asked for. */
  print(line?: string): void;
  /** A line beside it: notes, warnings, errors. */
  tell(line?: string): void;
  /** The one JSON document of a command. */
  json(value: unknown): void;
  /** A piece of a long output; resolves when there is room for more. */
  write(text: string): Promise<void>;
  /** The same text in a style, where standard output is a terminal that wants colours. */
  style(style: Style, text: string): string;
  styleError(style: Style, text: string): string;
  /** Columns of standard output; 80 where it does not say. */
  readonly width: number;
  readonly outputIsTerminal: boolean;
  /** Somebody sits there who can be asked. */
  readonly canAsk: boolean;
  /** Aborts when the reader of standard output has gone (`| head`): what only prints may stop. */
  readonly closed: AbortSignal;
  /** Yes or no, no by default. Only where `canAsk`. */
  ask(question: string, yes: string, no: string, signal: AbortSignal): Promise<boolean>;
  /** Shows how far a long piece of work is, on a terminal only. */
  progress(label: string): Progress;
}

export interface Progress {
  update(done: number, all: number): void;
  end(): void;
}

const narrowest = 40;

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin } = process;
  const gone = new AbortController();
  // A reader that leaves is no fault: what changes something goes on in silence, what only prints stops.
  stdout.on('error', () => gone.abort());
  stderr.on('error', () => undefined);
  const put = (text: string): void => void (gone.signal.aborted || stdout.write(text));
  return {
    print: (line = '') => put(`${line}\n`),
    tell: (line = '') => void stderr.write(`${line}\n`),
    json: (value) => put(`${jsonText(value, 2)}\n`),
    async write(text) {
      if (gone.signal.aborted || stdout.write(text)) return;
      await once(stdout, 'drain', { signal: gone.signal }).catch(() => undefined);
    },
    style: (style, text) => styleText(style, text, { stream: stdout }),
    styleError: (style, text) => styleText(style, text, { stream: stderr }),
    width: Math.max(narrowest, stdout.isTTY ? (stdout.columns ?? 80) : 80),
    outputIsTerminal: stdout.isTTY,
    canAsk: stdin.isTTY && stderr.isTTY,
    closed: gone.signal,
    async ask(question, yes, no, signal) {
      const { confirm } = await import('@clack/prompts');
      const answer = await confirm({ message: question, active: yes, inactive: no, initialValue: false, input: stdin, output: stderr, signal });
      return answer === true;
    },
    progress: (label) => (stderr.isTTY ? progressOn(stderr, label) : { update: () => undefined, end: () => undefined }),
  };
}

/** One line that is written over; it goes when the work is done. */
function progressOn(stream: NodeJS.WriteStream, label: string): Progress {
  const clear = (): void => void stream.write('\r\u001b[K');
  return {
    update(done, all) {
      clear();
      stream.write(`${label} ${done} / ${all}`.slice(0, (stream.columns ?? 80) - 1));
    },
    end: clear,
  };
}

/** JSON that plays no tricks on a terminal: control characters that JSON allows are escaped too. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A value that came from outside, fit for one cell or line. */
export function plain(value: string | number | null | undefined, longest = 400): string {
  return value === null || value === undefined ? '' : quoted(String(value), longest);
}
