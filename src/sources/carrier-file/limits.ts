/** How much of a file is read. What is beyond is refused with a word, never cut off. */
export const limits = {
  bytes: 20 * 1024 * 1024,
  /** Rows that hold anything, without the header. */
  rows: 100_000,
  /** Characters of one row, or of one line of JSON. */
  rowLength: 64 * 1024,
  columns: 200,
  /** Cells of the whole file: what bounds the memory that it takes. */
  cells: 4_000_000,
} as const;
