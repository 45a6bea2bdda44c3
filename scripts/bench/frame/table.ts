/** One table of a report. Its rows keep their figures whole, for the JSON; how many digits are shown is the column's. */
export interface Table {
  readonly name: string;
  readonly title: string;
  /** What was measured and what was not, a sentence each. */
  readonly notes: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Column {
  readonly head: string;
  /** Digits behind the point; a column of texts has none. */
  readonly digits?: number;
}

export type Cell = string | number | null;

/** What was aimed at, and whether it was reached. */
export function aim(words: string, met: boolean): string {
  return `${words}: ${met ? 'met' : 'MISSED'}`;
}

/** The table in Markdown, its columns in line: as readable in a terminal as on a page. */
export function tableText({ title, notes, columns, rows }: Table): string {
  const cells = rows.map((row) => columns.map((column, index) => cellText(row[index] ?? null, column)));
  const widths = columns.map(({ head }, index) => Math.max(head.length, 3, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (texts: readonly string[]): string => `| ${texts.map((text, index) => (isNumeric(columns[index]) ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0))).join(' | ')} |`;
  const rule = `|${columns.map((column, index) => (isNumeric(column) ? `${'-'.repeat((widths[index] ?? 0) + 1)}:` : '-'.repeat((widths[index] ?? 0) + 2))).join('|')}|`;
  return [`### ${title}`, '', line(columns.map(({ head }) => head)), rule, ...cells.map(line), ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${note}`)])].join('\n');
}

function cellText(cell: Cell, column: Column): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  return cell.toLocaleString('en-GB', { minimumFractionDigits: column.digits ?? 0, maximumFractionDigits: column.digits ?? 0 });
}

function isNumeric(column: Column | undefined): boolean {
  return column?.digits !== undefined;
}
