import type { Terminal } from './terminal.ts';

/** Characters as people count them. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** Lines of at most so many characters. Words stay whole: one that is longer is a line of its own. */
export function wrapped(text: string, width: number): string {
  if (lengthOf(text) <= width) return text;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

/**
 * A sentence that fits a terminal, the first line behind `lead`, the others as far in; one line in a pipe.
 * @param width columns that may be used
 */
export function paragraph({ outputIsTerminal, width }: Pick<Terminal, 'outputIsTerminal' | 'width'>, lead: string, text: string): string {
  if (!outputIsTerminal) return `${lead}${text}`;
  const indent = lengthOf(lead);
  return `${lead}${wrapped(text, width - indent - 1).replaceAll('\n', `\n${' '.repeat(indent)}`)}`;
}
