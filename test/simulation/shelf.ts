import { sql } from 'kysely';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAccounts } from '../../src/app/connections.ts';
import type { Duration } from '../../src/runtime/clock.ts';
import { meetAccounts } from '../../src/store/accounts.ts';
import { backupTo, restoreFrom } from '../../src/store/backup.ts';
import type { Context } from '../../src/store/context.ts';
import { openStore } from '../../src/store/database.ts';
import type { Store } from '../../src/store/database.ts';
import { addState } from '../../src/store/states.ts';
import { simulatedTables } from './accounts.ts';
import { accountIds } from './plan.ts';
import type { World } from './world.ts';

/** The key that every run's audit is chained with. */
export const auditKey = new Uint8Array(32).fill(7);

/** States that the merchant uses, out of the library of models. */
const states = ['EXPEDIEE', 'EXPEDIEE_PART', 'ANNULEE', 'PREPARATION', 'LIVREE'];

/** Where the database is: in memory, until a backup takes its place. */
export class Shelf {
  readonly #world: World;
  #context: Context | null = null;
  #folder: string | null = null;
  #backup: { readonly file: string; readonly at: number } | null = null;
  /** When a backup took the database's place: what was written down between the two moments is no longer there. */
  readonly restores: { readonly backupAt: number; readonly at: number }[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  get context(): Context {
    if (this.#context === null) throw new Error('the store is not open');
    return this.#context;
  }

  /** A fresh database, with the accounts met and the merchant's states added. */
  async open(): Promise<void> {
    this.#context = this.#around(await openStore(':memory:', 'upgrade'));
    await this.#meet();
    for (const model of simulatedTables().models) if (states.includes(model.mnemonic)) await addState(this.context, model, 'merchant', this.#world.ours().now());
  }

  async backup(): Promise<void> {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'suivi-simulation-'));
    const file = join(this.#folder, `backup-${this.restores.length}.db`);
    await backupTo(this.context.store, file);
    this.#backup = { file, at: this.#world.time.elapsed() };
    this.#world.tell('operator', 'makes a backup');
  }

  /**
   * The daemon is killed and the latest backup restored. The merchant repeats what was lost with the database, and gives
   * their word that the accounts may be served again.
   */
  async restore(resumeAfter: Duration): Promise<void> {
    const world = this.#world;
    if (this.#backup === null || this.#folder === null) return;
    world.workers.killAll();
    await this.context.store.close();
    const file = join(this.#folder, `restored-${this.restores.length}.db`);
    const { openSyncs } = await restoreFrom(this.#backup.file, file, this.context.audit, 'Ana', world.ours().now());
    const store = await openStore(file, 'use');
    // Nothing here loses power, and every commit would wait for the disk.
    await sql.raw('pragma synchronous = off').execute(store.db);
    this.#context = this.#around(store);
    this.restores.push({ backupAt: this.#backup.at, at: world.time.elapsed() });
    world.tell('operator', `restores the backup, in which ${openSyncs} syncs were open`);
    for (const account of accountIds) world.pauses(account, true);
    await this.#meet();
    world.workers.open();
    await world.merchant.repeatSince(this.#backup.at);
    world.time.after(resumeAfter, () => {
      for (const account of accountIds) void world.merchant.resume(account);
    });
  }

  async close(): Promise<void> {
    await this.#context?.store.close();
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
  }

  async #meet(): Promise<void> {
    await meetAccounts(this.context, this.#world.accounts.map(({ id, marketplace, mode, from }) => ({ id, marketplace, mode, from })), this.#world.ours().now());
  }

  /** What the store's own rooms need beside a database. Connecting makes no call; only the accounts' profiles are taken. */
  #around(store: Store): Context {
    const world = this.#world;
    const scopes = connectAccounts(world.accounts, world.truth, () => () => Promise.reject(new Error('nobody calls from here')));
    return {
      store,
      audit: { keyring: { current: 'simulated', keys: new Map([['simulated', auditKey]]) }, random: world.chance(`audit ${this.restores.length}`) },
      clock: world.ours(),
      tables: simulatedTables(),
      profiles: new Map(scopes.flatMap((scope) => scope.accounts.map(({ profile }) => [profile.account, profile] as const))),
      timeZone: 'Europe/Paris',
    };
  }
}
