/** Codes of SQLite after which the same may well go through later: a full disk, a lock that is held too long, a volume that is gone. */
const sqlite = /^SQLITE_(?:FULL|BUSY|LOCKED|IOERR|READONLY|CANTOPEN)/;

/**
 * The same of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html): connection lost, out of disk,
 * memory or connections, cancelled or shut down, a lock not had in time, two in each other's way, a server that takes no writes.
 */
const postgres = /^(?:08|53|57|58|55P03|40001|40P01|25006|25P0[34])/;

/** The server cannot be reached. */
const network = /^(?:ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/;

/** What pg says where a connection ended beneath a statement; it has no code. */
const ended = /^(?:Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout expired|timeout exceeded)/;

/** Whether it is the storage that failed, and not what was asked of it. */
export function isStorageTrouble(error: unknown): boolean {
  return some(error, (one) => ended.test(one.message) || passes(codeOf(one)));
}

/** The connection was lost beneath a statement: whether it was carried out is not known. */
export function isUnsure(error: unknown): boolean {
  return some(error, (one) => ended.test(one.message) || network.test(codeOf(one)) || /^(?:08|57P)/.test(codeOf(one)));
}

function passes(code: string): boolean {
  return sqlite.test(code) || postgres.test(code) || network.test(code);
}

function some(error: unknown, is: (error: Error) => boolean): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (is(one)) return true;
    if (one instanceof AggregateError && one.errors.some((inner) => some(inner, is))) return true;
  }
  return false;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
