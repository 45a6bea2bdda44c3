import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import { Client, DatabaseError, Pool, TypeOverrides, types } from 'pg';
import type { ClientConfig, PoolClient } from 'pg';
import type { Duration } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import { addressesOf } from '../settings/database-address.ts';

/** What a connection may take. */
export interface ConnectionLimits {
  /** Connections at once. */
  readonly connections: number;
  /** Longest a statement may run, wait for a lock, or leave a transaction idle; null: as long as it takes (migrations). */
  readonly statement: Duration | null;
}

/** Long enough for a slow network, short enough to try the next address while leases still hold. */
const connecting: Duration = 5 * second;
/** A lock is never held this long by a transaction that goes on: whoever waits tries again later. */
const lockWait: Duration = 5 * second;
/** A process that is stopped in the middle of a transaction holds its rows no longer than this. */
const idleInTransaction: Duration = 10 * second;
/** The server ends a statement at its limit; where no word of that comes, the connection is half open, and is dropped. */
const silence: Duration = 5 * second;
/** A connection that nobody uses is asked by the system whether it still stands. */
const keepAlive: Duration = 10 * second;
/** Connections that were not used for a while are given back to the server. */
const idle: Duration = 30 * second;

/** Statements that are prepared once per connection. Each costs the server memory there; later ones are parsed each time. */
const mostNamed = 400;

const parsers = new TypeOverrides();
// bigint and numeric: all our numbers are well below 2^53.
for (const type of [types.builtins.INT8, types.builtins.NUMERIC]) parsers.setTypeParser(type, Number);

/** How a client is opened: one of the addresses, the others after it fails. */
export function clientConfig(address: string, limits: ConnectionLimits): ClientConfig {
  return {
    connectionString: address,
    application_name: 'suivi',
    types: parsers,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAlive,
    connectionTimeoutMillis: connecting,
    ...(limits.statement === null ? {} : { statement_timeout: limits.statement, lock_timeout: lockWait, idle_in_transaction_session_timeout: idleInTransaction, query_timeout: limits.statement + silence }),
  };
}

/**
 * Connections to one database, through whatever address of it takes writes.
 * A connection on which something went wrong beyond a statement is not used again, nor are those that were opened before it
 * did: what silenced one has silenced them all, and each would be waited for in turn. The next one goes to the next address.
 */
export class Connections implements PostgresPool {
  readonly options: object = {};
  private readonly pool: Pool;
  private readonly wrapped = new WeakMap<PoolClient, Connection>();
  /** How often connections were found broken. */
  private breaks = 0;
  private readonly names = new Map<string, string>();
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor(url: string, limits: ConnectionLimits) {
    this.free = limits.connections;
    const addresses = addressesOf(url);
    let next = 0;
    class Elsewhere extends Client {
      constructor() {
        super({ ...clientConfig(addresses[next % addresses.length] ?? url, limits), ...pipelined });
      }
    }
    this.pool = new Pool({ Client: Elsewhere, max: limits.connections, idleTimeoutMillis: idle });
    // A connection that is ended while nobody uses it is not an error of anybody's: the next one is opened when it is needed.
    this.pool.on('error', () => undefined);
    this.turn = () => void (next += 1);
  }
  private readonly turn: () => void;

  /** The next free connection; whoever asked first gets it first, and waits for it as long as it takes. */
  async connect(): Promise<PostgresPoolClient> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      for (;;) {
        const client = await this.pool.connect();
        const known = this.wrapped.get(client);
        if (known !== undefined && known.age === this.breaks) return known;
        if (known === undefined) return await this.introduce(client);
        client.release(true);
      }
    } catch (error) {
      this.turn();
      this.given();
      throw error;
    }
  }

  private async introduce(client: PoolClient): Promise<Connection> {
    const age = this.breaks;
    await assertWrites(client);
    const made = new Connection(client, this.names, age, (isBroken) => this.given(isBroken && age === this.breaks));
    this.wrapped.set(client, made);
    return made;
  }

  end(): Promise<void> {
    return this.pool.end();
  }

  private given(isBroken = false): void {
    if (isBroken) this.breaks += 1;
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}

/** Statements follow one another without waiting for each other's answers; see {@link Connection}. */
const pipelined = { pipeline: true };

/** A server that was taken over from takes no writes any more: it is not the one that is meant. */
async function assertWrites(client: PoolClient): Promise<void> {
  try {
    const { rows } = await client.query<{ reads: boolean }>("select pg_is_in_recovery() as reads, set_config('default_transaction_isolation', 'read committed', false)");
    if (rows[0]?.reads === true) throw Object.assign(new Error('this server takes no writes: it is a copy of another one'), { code: '25006' });
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** The one sign that PostgreSQL's text cannot hold: it refuses the whole statement. */
function withoutNul(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\u{fffd}') : value;
  return Array.isArray(value) ? value.map(withoutNul) : value;
}

/**
 * After these the connection is of no use, or leads to the wrong server: it ended, was shut down, or takes no writes; or what
 * was prepared on it no longer fits, because a newer version has added columns.
 */
const fatal = /^(08|57P|25006|XX|0A000)/;

/** What was prepared gives other columns than it did. */
const outdated = '0A000';

/** One connection: each text is prepared once, and `begin` waits for no answer. */
class Connection implements PostgresPoolClient {
  private readonly client: PoolClient;
  private readonly names: Map<string, string>;
  private readonly onRelease: (isBroken: boolean) => void;
  private broken = false;
  /** A transaction is open: it can only be begun anew as a whole. */
  private isInside = false;
  /** How often connections had been found broken when it was opened. */
  readonly age: number;

  constructor(client: PoolClient, names: Map<string, string>, age: number, onRelease: (isBroken: boolean) => void) {
    this.client = client;
    this.names = names;
    this.age = age;
    this.onRelease = onRelease;
    // Whoever waits for an answer hears of it; without a listener it would end the process.
    client.on('error', () => void (this.broken = true));
  }

  /** Cursors are not used: what is long is read in parts. */
  query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(text: string | PostgresCursor<R>, parameters: readonly unknown[] = []): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof text !== 'string') throw new Error('cursors are not used');
    this.isInside = text === 'begin' || (this.isInside && text !== 'commit' && text !== 'rollback');
    if (text === 'begin') {
      // Where it fails, so does the statement behind it.
      void this.ask(text, []).catch(() => undefined);
      return Promise.resolve({ command: 'SELECT', rowCount: 0, rows: [] });
    }
    return this.ask<R>(text, parameters);
  }

  release(destroy?: boolean): void {
    this.client.release(destroy === true || this.broken);
    this.onRelease(this.broken);
  }

  private async ask<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    const name = parameters.length === 0 ? undefined : this.nameOf(text);
    try {
      const result = await this.client.query<object>({ text, values: parameters.map(withoutNul), ...(name === undefined ? {} : { name }) });
      return result as unknown as PostgresQueryResult<R>;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!(error instanceof DatabaseError) || fatal.test(code)) this.broken = true;
      if (code === outdated && name !== undefined && !this.isInside) return this.askPlainly(text, parameters);
      throw error;
    }
  }

  private async askPlainly<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    return (await this.client.query<object>({ text, values: values.map(withoutNul) })) as unknown as PostgresQueryResult<R>;
  }

  private nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.names.size >= mostNamed) return known;
    const name = `s${this.names.size}`;
    this.names.set(text, name);
    return name;
  }
}
