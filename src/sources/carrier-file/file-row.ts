/** One row, read. Of the file's other columns it holds nothing. */
export interface FileRow {
  readonly row: number;
  /** Null: to be found by the order's number. */
  readonly account: string | null;
  readonly order: string;
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
  readonly untracked: boolean;
  /** A day, or an instant in UTC. */
  readonly shippedAt: string | null;
  /** The line that the row names; null where it speaks of the whole order. */
  readonly item: RowItem | null;
}

export interface RowItem {
  readonly lineId: string | null;
  readonly sku: string | null;
  /** Null where the row does not say: all that is left of the line. */
  readonly quantity: number | null;
}
