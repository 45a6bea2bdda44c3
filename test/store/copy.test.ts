import { sql } from 'kysely';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { day, minute } from '../../src/runtime/clock.ts';
import { pauseAccount, resumeAccount } from '../../src/store/accounts.ts';
import { copyDatabase, isHalfCopied } from '../../src/store/copy-database.ts';
import type { CopyParts } from '../../src/store/copy-database.ts';
import type { Store } from '../../src/store/database.ts';
import { applyStates } from '../../src/store/intake.ts';
import { claimInvitation, invite } from '../../src/store/invitations.ts';
import { listPeople } from '../../src/store/people.ts';
import { listHeads, verifyAudit } from '../../src/store/verify.ts';
import { createTestClock } from '../support/clock.ts';
import { isOnServer, lendStore } from '../support/databases.ts';
import { seenOrder } from '../support/reader.ts';
import { createRemote } from '../support/remote.ts';
import { openShop } from '../support/shop.ts';
import type { Shop } from '../support/shop.ts';

const never = new AbortController().signal;
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

interface Move {
  readonly shop: Shop;
  readonly to: Store;
  readonly parts: CopyParts;
}

/** A merchant on a file, with more than one part of rows, and an empty database on the server. */
async function grown(orders = 40): Promise<Move> {
  const clock = createTestClock();
  const folder = mkdtempSync(join(tmpdir(), 'suivi-copy-'));
  endings.push(async () => rmSync(folder, { recursive: true, force: true }));
  const shop = await openShop(clock, undefined, { file: join(folder, 'suivi.db') });
  endings.push(() => shop.close());
  const { context, ledger } = shop;
  const now = clock.now();
  const profile = shop.profile('amazon-fr');
  const references = Array.from({ length: orders }, (_, n) => `A-${n}`);
  const remote = createRemote(clock, 'amazon');
  for (const reference of references) remote.orders.set(reference, { account: 'amazon-fr', reference, placedAt: now, updatedAt: now, shipBy: now + 2 * day, payment: 'confirmed', fulfilment: 'merchant', cancellation: 'none', lines: [{ lineId: 'L1', quantity: 2, cancelled: 0 }], parcels: [], done: [] });
  await ledger.takeOver([profile], 'ours', references.map((reference) => seenOrder(remote.order(reference), true)), now);
  await applyStates(context, references.map((order) => ({ account: 'amazon-fr', order, state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${order}`, lines: [{ lineId: 'L1', quantity: 1 }] }] })), { source: 'test', author: 'Ana', byHand: false }, now);
  await pauseAccount(context, 'ebay-fr', 'Ana', 'holidays', now);
  const made = await invite(context, 'Hélène', 'admin', 'Ana', now);
  if ('fault' in made) throw new Error(made.fault);
  await claimInvitation(context, made.secret, { name: 'Hélène', password: 'hash', id: 'person-1' }, now);
  const to = await lendStore(clock);
  endings.push(() => to.close());
  return { shop, to, parts: { from: context.store, to, audit: context.audit, author: 'Ana', clock, onStep: () => undefined } };
}

async function standing({ db }: Store): Promise<readonly (readonly [string, string | null, boolean])[]> {
  return (await db.selectFrom('account').select(['id', 'observe_why', 'paused_at']).orderBy('id').execute()).map((row) => [row.id, row.observe_why, row.paused_at !== null]);
}

describe.runIf(isOnServer)('a merchant who grew moves from a file to a server', () => {
  test('every row and every chain is there, numbers go on, and the file only observes', async () => {
    const { shop, to, parts } = await grown();
    const heads = await listHeads(shop.context.store.db);
    const copied = await copyDatabase(parts, never);
    expect(copied).toMatchObject({ tables: expect.any(Number), rows: expect.any(Number) });
    expect((copied as { rows: number }).rows).toBeGreaterThan(40 * 5);
    // What was written down of the heads before still holds: nothing was recomputed.
    for (const verdict of await verifyAudit(to.db, parts.audit.keyring, heads)) expect(verdict.faults, verdict.lane).toEqual([]);
    expect(await standing(shop.context.store)).toEqual([['amazon-fr', 'moved', false], ['ebay-fr', 'moved', true]]);
    expect(await standing(to)).toEqual([['amazon-fr', null, false], ['ebay-fr', null, true]]);
    expect(await listPeople(to.db)).toEqual(await listPeople(shop.context.store.db));
    // Before anything leaves, what was changed meanwhile is read.
    expect((await to.db.selectFrom('lane').select('sweep_after').execute()).every((lane) => lane.sweep_after !== null)).toBe(true);
    const last = (await to.db.selectFrom('sync').select((eb) => eb.fn.max('id').as('id')).executeTakeFirstOrThrow()).id;
    await resumeAccount({ ...shop.context, store: to }, 'amazon-fr', 'Ana', 'moved', parts.clock.now());
    const applied = await applyStates({ ...shop.context, store: to }, [{ account: 'amazon-fr', order: 'A-0', state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: 'T-second' }] }], { source: 'test', author: 'Ana', byHand: false }, parts.clock.now() + minute);
    const [answer] = applied;
    expect(answer !== undefined && 'syncs' in answer ? answer.syncs.map((sync) => sync.id > last) : answer).toEqual([true]);
  });

  test('what was cut off goes on, and is no database until it is done; the file observes from the first moment', async () => {
    const { shop, to, parts } = await grown();
    const cut = new AbortController();
    expect(await copyDatabase({ ...parts, onStep: (done) => void (done > 60 && cut.abort()) }, cut.signal)).toEqual({ fault: 'stopped' });
    expect(await isHalfCopied(to.db)).toBe(true);
    expect((await standing(shop.context.store)).map(([, why]) => why)).toEqual(['moved', 'moved']);
    expect(await copyDatabase(parts, never)).toMatchObject({ rows: expect.any(Number) });
    expect(await isHalfCopied(to.db)).toBe(false);
    expect((await standing(to)).map(([, why]) => why)).toEqual([null, null]);
  });

  test('a file that was written to in between is found out, row by row', async () => {
    const { shop, to, parts } = await grown();
    const cut = new AbortController();
    let steps = 0;
    const all = await new Promise<number>((resolve) => void copyDatabase({ ...parts, onStep: (_, n) => (steps += 1) > 8 && (cut.abort(), resolve(n)) }, cut.signal));
    expect(all).toBeGreaterThan(0);
    await shop.context.store.db.updateTable('orders').set({ own_reference: 'changed' }).where('reference', '=', 'A-3').execute();
    expect(await copyDatabase(parts, never)).toMatchObject({ fault: 'differs', table: 'orders' });
    expect(await isHalfCopied(to.db)).toBe(true);
  });

  test('a database that holds something, or has been at work since, is left as it is', async () => {
    const { parts, to } = await grown(2);
    await copyDatabase(parts, never);
    await to.db.updateTable('orders').set({ own_reference: 'at work' }).where('reference', '=', 'A-1').execute();
    expect(await copyDatabase(parts, never)).toEqual({ fault: 'done-before' });
    expect(await to.db.selectFrom('orders').select('own_reference').where('reference', '=', 'A-1').execute()).toEqual([{ own_reference: 'at work' }]);
    const other = await grown(1);
    expect(await copyDatabase({ ...other.parts, to }, never)).toEqual({ fault: 'not-empty' });
    expect((await standing(other.shop.context.store)).map(([, why]) => why)).toEqual([null, null]);
  });

  test('a chain that was broken in the file is not passed for whole', async () => {
    const { shop, parts } = await grown(3);
    const { db } = shop.context.store;
    await sql`drop trigger audit_body_never_changed`.execute(db);
    await db.updateTable('audit_body').set({ body: '{}' }).where('number', '=', 1).execute();
    expect(await copyDatabase(parts, never)).toMatchObject({ fault: 'chain' });
  });
});
