import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { spine } from './0001-spine.ts';
import { people } from './0002-people.ts';
import { lists } from './0003-lists.ts';
import { ordersListed } from './0004-orders-listed.ts';
import { verbsOfASync } from './0006-verbs-of-a-sync.ts';
import { publishedRates } from './0007-published-rates.ts';
import { statesUsed } from './0007-states-used.ts';
import { compared } from './0008-compared.ts';
import { customerLinks } from './0009-customer-links.ts';
import { workers } from './0010-workers.ts';
import { claims } from './0011-claims.ts';
import { soonest } from './0012-soonest.ts';

/** Column types and table options in which the databases differ. */
export interface Dialect {
  readonly kind: 'sqlite' | 'postgres';
  readonly int: string;
  /** Compared byte by byte, everywhere: a server's own rules differ from place to place, and are slower. */
  readonly text: string;
  readonly real: string;
  /** Moments and truths in tables that better-auth reads and writes; everywhere else they are epoch milliseconds, and 0 or 1. */
  readonly moment: string;
  readonly truth: string;
  readonly strict: string;
  readonly withoutRowid: string;
}

export const sqlite: Dialect = { kind: 'sqlite', int: 'integer', text: 'text', real: 'real', moment: 'text', truth: 'integer', strict: 'strict', withoutRowid: 'strict, without rowid' };

export const postgres: Dialect = { kind: 'postgres', int: 'bigint', text: 'text collate "C"', real: 'double precision', moment: 'timestamptz', truth: 'boolean', strict: '', withoutRowid: '' };

export type Migrate = (db: Kysely<unknown>, dialect: Dialect) => Promise<void>;

/** In the order in which they are run. A migration that was released is never changed. */
const list: Readonly<Record<string, Migrate>> = {
  '0001-spine': spine,
  '0002-people': people,
  '0003-lists': lists,
  '0004-orders-listed': ordersListed,
  '0006-verbs-of-a-sync': verbsOfASync,
  '0007-published-rates': publishedRates,
  '0007-states-used': statesUsed,
  '0008-compared': compared,
  '0009-customer-links': customerLinks,
  '0010-workers': workers,
  '0011-claims': claims,
  '0012-soonest': soonest,
};

export const migrationNames: readonly string[] = Object.keys(list);

/** The migrations for one dialect, as Kysely's Migrator takes them. There is no way back: a backup is. */
export function migrations(dialect: Dialect): Record<string, Migration> {
  return Object.fromEntries(Object.entries(list).map(([name, migrate]) => [name, { up: (db: Kysely<unknown>) => migrate(db, dialect) }]));
}
