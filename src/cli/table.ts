import Table from 'cli-table3';
import type { Terminal } from './terminal.ts';
import { plain } from './terminal.ts';
import { lengthOf, paragraph, wrapped } from './wrap.ts';

export interface Column {
  readonly head: string;
  readonly right?: true;
  /** It may be made narrower, and its text wrapped, down to this many characters; others keep their width. */
  readonly gives?: number;
  /** For the last one: on a terminal its text stands under the row, over the whole width. */
  readonly below?: true;
}

type Cell = string | number | null;

const bare = { 'top': '', 'top-mid': '', 'top-left': '', 'top-right': '', 'bottom': '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', 'left': '', 'left-mid': '', 'mid': '', 'mid-mid': '', 'right': '', 'right-mid': '', 'middle': '' } as const;

/** Holds the place of a text that stands under its row: a character that nobody types. */
const place = '\ue000';

/** Between two columns. */
const gap = 2;

/**
 * Rows under headings. On a terminal it fits the width, long texts wrapped; in a pipe each row is one line, whole,
 * for `grep` and `awk`. Cells are cleaned of what could play tricks on a terminal.
 */
export function tableText(terminal: Terminal, columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => columns.map((_, index) => plain(row[index])));
  const under = terminal.outputIsTerminal && columns.at(-1)?.below === true;
  const side = under ? columns.slice(0, -1) : columns;
  const natural = side.map((column, index) => Math.max(lengthOf(column.head), ...cells.map((row) => lengthOf(row[index] ?? ''))));
  const words = side.map((column, index) => longestWord([column.head, ...cells.map((row) => row[index] ?? '')]));
  const widths = terminal.outputIsTerminal ? fitted(side, natural, words, terminal.width) : natural;
  const cellsOf = (row: readonly string[]): string[] => row.slice(0, side.length).map((cell, index) => wrapped(cell, widths[index] ?? 0));
  const table = new Table({
    chars: bare,
    head: cellsOf(columns.map(({ head }) => head)),
    colAligns: side.map(({ right }) => (right === true ? 'right' : 'left')),
    colWidths: widths.map((width) => width + gap),
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { 'head': [], 'border': [], 'padding-left': 0, 'padding-right': gap, 'compact': true },
  });
  const [first = 0] = widths;
  const notes: string[] = [];
  for (const row of cells) {
    table.push(cellsOf(row));
    const more = under ? (row.at(-1) ?? '') : '';
    if (more !== '') table.push([place, ...side.slice(1).map(() => '')]);
    if (more !== '') notes.push(paragraph(terminal, ' '.repeat(first + gap), more));
  }
  const lines = table.toString().split('\n').map((line) => (line.trim() === place ? (notes.shift() ?? '') : line.trimEnd()));
  const heads = Math.max(...side.map(({ head }, index) => wrapped(head, widths[index] ?? 0).split('\n').length));
  return [...lines.slice(0, heads).map((line) => terminal.style('bold', line)), ...lines.slice(heads)].join('\n');
}

/** Longer than this, a word is a number or a code that may be broken. */
const longWord = 18;

function longestWord(texts: readonly string[]): number {
  return Math.min(longWord, Math.max(...texts.flatMap((text) => text.split(' ').map(lengthOf))));
}

/** Takes what is too much from the widest of those that give: first as far as words stay whole, then further. */
function fitted(columns: readonly Column[], natural: readonly number[], words: readonly number[], width: number): readonly number[] {
  const widths = [...natural];
  const room = width - gap * (columns.length - 1) - 1;
  let over = widths.reduce((sum, one) => sum + one, 0) - room;
  for (const least of [columns.map(({ gives = Infinity }, index) => Math.max(gives, words[index] ?? 0)), columns.map(({ gives = Infinity }) => gives)]) {
    for (; over > 0; over -= 1) {
      const giving = widths.flatMap((one, index) => (one > (least[index] ?? Infinity) ? [index] : []));
      const widest = giving.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
      if (widest === undefined) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
    }
  }
  return widths;
}

/** Facts one under the other: a label, and what it is. */
export function factsText(terminal: Terminal, facts: readonly (readonly [string, string | number | null | undefined])[]): string {
  const shown = facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(0, ...shown.map(([label]) => lengthOf(label)));
  return shown.map(([label, value]) => `${terminal.style('dim', label.padEnd(width))}  ${plain(value)}`).join('\n');
}
