/** Where a page of the sync log ends, for the caller to hand in again: it means nothing to them. */
export function writeCursor(id: number): string {
  return Buffer.from(`syncs:${id}`).toString('base64url');
}

/** `undefined`: it was not made here. */
export function readCursor(cursor: string): number | undefined {
  const id = /^syncs:([1-9]\d{0,14})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  return id === undefined ? undefined : Number(id);
}
