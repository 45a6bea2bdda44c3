/** Codes of SQLite after which the same may well go through later: a full disk, a lock that is held too long, a volume that is gone. */
const passing = /^SQLITE_(?:FULL|BUSY|LOCKED|IOERR|READONLY|CANTOPEN)/;

/** Whether it is the storage that failed, and not what was asked of it. */
export function isStorageTrouble(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    if ('code' in one && typeof one.code === 'string' && passing.test(one.code)) return true;
  }
  return false;
}
