/** What parts the cells of a row. */
type Separator = ';' | '\t' | ',';

/** One row as text, without its line end. What is quoted reads back as it was, under every separator. */
export function writeRow(cells: readonly string[], separator: Separator): string {
  return cells.map((cell) => (/[";,\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(separator);
}

/**
 * A cell that a spreadsheet would take for a formula gets an apostrophe in front; a plain number stays as it is.
 * OWASP, "CSV Injection": `=`, `+`, `-`, `@`, tab, carriage return, line feed, and the full-width forms of the signs.
 */
export function disarm(cell: string): string {
  if (/^[+-]?\d+([.,]\d+)?$/.test(cell)) return cell;
  return /^\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(cell) ? `'${cell}` : cell;
}
