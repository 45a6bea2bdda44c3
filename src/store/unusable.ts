import { dirname, join } from 'node:path';

/** Why a database, a backup or a lock cannot be used as it is: a code, the file, and what the database or the system said of it. */
export interface Unusable {
  readonly code: UnusableCode;
  /** Or the address of a server, without its password. */
  readonly file: string;
  readonly what: string;
}

export type UnusableCode = 'damaged' | 'backup-damaged' | 'not-writable' | 'not-there' | 'not-opened' | 'not-durable' | 'newer' | 'older' | 'no-suivi' | 'restore-unfinished' | 'lock-damaged' | 'lock-full' | 'lock-refused' | ServerCode;

type ServerCode = 'server-old' | 'server-refuses' | 'server-no-database' | 'server-no-rights' | 'server-unusable' | 'server-half-copied';

/** Where the nightly backups of a database lie. */
export function backupsOf(file: string): string {
  return join(dirname(file), 'backups');
}

/** What is to take a database's place, until it has. */
export function restoringBeside(file: string): string {
  return `${file}.restoring`;
}

/** What is wrong and what to do, in English: for the log, and for whoever has no other words. */
function unusableWords({ code, file, what }: Unusable): string {
  switch (code) {
    case 'damaged':
      return `${file} is damaged or is no SQLite database (${what}): restore the latest backup with \`suivi restore FILE\`; backups of seven nights lie in ${backupsOf(file)}`;
    case 'backup-damaged':
      return `${file} is damaged or is no SQLite database (${what}): do not restore it, take an older backup`;
    case 'not-writable':
      return `${file} cannot be written (${what}): check that this user may write there, and that the volume is not read-only`;
    case 'not-there':
      return `${file} cannot be opened (${what}): check that it exists and that this user may write there; \`suivi migrate\` creates it`;
    case 'not-opened':
      return `${file} cannot be opened: ${what}`;
    case 'not-durable':
      return `${file}: SQLite would not write through to the disk (synchronous is not FULL)`;
    case 'newer':
      return `${file} was made by a newer version (it has ${what}): start that version, or restore a backup made by this one`;
    case 'older':
      return `${file} is older than this version (it lacks ${what}): run \`suivi migrate\`, or start the daemon`;
    case 'no-suivi':
      return `${file} holds no data of Suivi: check that it is the file you mean`;
    case 'restore-unfinished':
      return `${file}: a restore was broken off (${what} is there): run \`suivi restore FILE\` again; what was there before lies beside it, named before-restore`;
    case 'lock-damaged':
      return `${file} cannot be used as the lock of the database (${what}): it holds nothing that is needed: make sure that no Suivi runs on this database, and delete it`;
    case 'lock-full':
      return `${file} cannot be used as the lock of the database (${what}): the disk is full: make room`;
    case 'lock-refused':
      return `${file} cannot be used as the lock of the database (${what}): check that this user may write there`;
    case 'server-old':
      return `${file} is PostgreSQL ${what}: Suivi needs 14 or later`;
    case 'server-refuses':
      return `${file} refuses the user or the password of SUIVI_DATABASE_URL (${what})`;
    case 'server-no-database':
      return `${file} does not exist (${what}): create it (\`create database\`), with this user as its owner`;
    case 'server-no-rights':
      return `${file}: this user may not make tables there (${what}): make it the owner of the database`;
    case 'server-unusable':
      return `${file} cannot be used: ${what}`;
    case 'server-half-copied':
      return `${file} is a copy that was not finished: run \`suivi db copy\` again, which goes on with it`;
  }
}

/** The database cannot be used as it is. The message says what to do, in English; whoever shows it may say it in other words. */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable';
  readonly why: Unusable;
  /** It will be so at the next try as well: a person must act. A full disk, a locked file or a server that is away may pass. */
  readonly lasting: boolean;
  constructor(why: Unusable, options?: ErrorOptions & { readonly lasting?: boolean }) {
    super(unusableWords(why), options);
    this.why = why;
    this.lasting = options?.lasting ?? !mayPass(options?.cause);
  }
}

/** Codes of SQLite for a disk that is full or fails, and for a file that somebody else holds. */
function mayPass(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^(SQLITE_(FULL|IOERR|BUSY|LOCKED)|ENOSPC|EIO|EBUSY)/.test(code);
}
