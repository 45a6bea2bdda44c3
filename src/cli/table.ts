import Table from 'cli-table3';
import type { Terminal } from './terminal.ts';
import { plain } from './terminal.ts';

export interface Column {
  readonly head: string;
  readonly right?: true;
  /** It may be made narrower, and its text wrapped, down to this many characters; others keep their width. */
  readonly gives?: number;
}

const bare = { 'top': '', 'top-mid': '', 'top-left': '', 'top-right': '', 'bottom': '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', 'left': '', 'left-mid': '', 'mid': '', 'mid-mid': '', 'right': '', 'right-mid': '', 'middle': '' } as const;

/** Between two columns. */
const gap = 2;

/**
 * Rows under headings. On a terminal it fits the width, long texts wrapped; in a pipe each row is one line, whole,
 * for `grep` and `awk`. Cells are cleaned of what could play tricks on a terminal.
 */
export function tableText(terminal: Terminal, columns: readonly Column[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cells = rows.map((row) => columns.map((_, index) => plain(row[index])));
  const natural = columns.map((column, index) => Math.max(lengthOf(column.head), ...cells.map((row) => lengthOf(row[index] ?? ''))));
  const widths = terminal.outputIsTerminal ? fitted(columns, natural, terminal.width) : natural;
  const table = new Table({
    chars: bare,
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ right }) => (right === true ? 'right' : 'left')),
    colWidths: widths.map((width) => width + gap),
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { 'head': [], 'border': [], 'padding-left': 0, 'padding-right': gap, 'compact': true },
  });
  table.push(...cells.map((row) => row.map((cell, index) => wrapped(cell, widths[index] ?? 0))));
  const [head = '', ...rest] = table.toString().split('\n').map((line) => line.trimEnd());
  return [terminal.style('bold', head), ...rest].join('\n');
}

/** Words stay whole where they fit; a number or a code that is longer is broken by the table. */
function wrapped(cell: string, width: number): string {
  if (lengthOf(cell) <= width) return cell;
  const lines: string[] = [];
  let line = '';
  for (const word of cell.split(' ')) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

/** Takes what is too much from the widest of those that give, a character at a time. */
function fitted(columns: readonly Column[], natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural];
  const room = width - gap * (columns.length - 1) - 1;
  let over = widths.reduce((sum, one) => sum + one, 0) - room;
  while (over > 0) {
    const giving = columns.flatMap(({ gives }, index) => (gives !== undefined && (widths[index] ?? 0) > gives ? [index] : []));
    const widest = giving.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined) return widths;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over -= 1;
  }
  return widths;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** Facts one under the other: a label, and what it is. */
export function factsText(terminal: Terminal, facts: readonly (readonly [string, string | number | null | undefined])[]): string {
  const shown = facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(0, ...shown.map(([label]) => lengthOf(label)));
  return shown.map(([label, value]) => `${terminal.style('dim', label.padEnd(width))}  ${plain(value)}`).join('\n');
}
