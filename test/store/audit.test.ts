import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { minute } from '../../src/runtime/clock.ts';
import { append } from '../../src/store/audit.ts';
import { genesis, hashOf } from '../../src/store/chain.ts';
import type { Db } from '../../src/store/rows.ts';
import { headText, listHeads, parseHead, verifyAudit } from '../../src/store/verify.ts';
import type { Head, VerifyFault } from '../../src/store/verify.ts';
import { isOnServer } from '../support/databases.ts';
import { takeGuardsOff } from '../support/refusing.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

let stage: Stage;
let db: Db;

/** Ten entries of a lane: five parcels told of, each with its intent and its outcome. */
beforeEach(async () => {
  stage = await openStage();
  db = stage.shop.context.store.db;
  for (const n of [1, 2, 3, 4, 5]) {
    await stage.sell(`A-${n}`);
    await stage.ship(`A-${n}`);
  }
  await stage.start();
});

/** Somebody with the database in hand: what it refuses, they first take off. */
async function tamper(statement: string): Promise<void> {
  await takeGuardsOff(db);
  await sql.raw(statement).execute(db);
}

async function faults(heads: readonly Head[] = []): Promise<readonly { readonly number: number; readonly what: VerifyFault }[]> {
  const verdicts = await verifyAudit(db, stage.shop.context.audit.keyring, heads);
  return verdicts.find((verdict) => verdict.lane === 'amazon-fr')?.faults ?? [];
}

/** The chain is broken on purpose here: what a stage expects of a whole store is not asked. */
async function undoing(look: () => Promise<void>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    db = tx;
    await look();
    throw new Error('undone');
  }).catch((error: unknown) => {
    if (!(error instanceof Error) || error.message !== 'undone') throw error;
  });
}

describe('the audit is append-only', () => {
  test.each([
    ["update audit_entry set what = 'accepted' where number = 1", 'an audit entry is never changed'],
    ["update audit_entry set at = at + 1 where lane = '#journal'", 'an audit entry is never changed'],
    ['delete from audit_entry where number = 1', 'an audit entry is deleted only below an anchor'],
    ['delete from audit_entry', 'an audit entry is deleted only below an anchor'],
    isOnServer
      ? ['truncate audit_entry', 'the audit is not emptied']
      : ["insert or replace into audit_entry select lane, number, at, kind, sync_id, attempt, 'accepted', cause, key, digest, hash from audit_entry where number = 1", 'an audit entry is never replaced'],
    ["update audit_body set body = '{}'", 'the body of an audit entry is erased or kept, never changed'],
  ])('the database refuses: %s', async (statement, word) => {
    await expect(sql.raw(statement).execute(db)).rejects.toThrow(word);
  });

  test('numbers run from 1 without a gap, lane by lane, and every chain is whole', async () => {
    const rows = await db.selectFrom('audit_entry').select(['lane', 'number']).orderBy('lane').orderBy('number').execute();
    for (const [, entries] of Map.groupBy(rows, (row) => row.lane)) expect(entries.map((entry) => entry.number)).toEqual(entries.map((_, i) => i + 1));
    const verdicts = await verifyAudit(db, stage.shop.context.audit.keyring, await listHeads(db));
    expect(verdicts.map(({ lane, entries, bodies, faults: found }) => ({ lane, entries, bodies, found }))).toContainEqual({ lane: 'amazon-fr', entries: 10, bodies: 10, found: [] });
  });

  test('a number is never taken twice: a second entry beside the first is refused', async () => {
    await expect(sql`insert into audit_entry select lane, number, at, kind, sync_id, attempt, what, cause, key, digest, hash from audit_entry where number = 1 and lane = 'amazon-fr'`.execute(db)).rejects.toThrow(/never replaced|duplicate key/);
  });

  test('no token and no address gets in, whatever a room hands over', async () => {
    await db.transaction().execute((tx) => append(tx, stage.shop.context.audit, 'amazon-fr', stage.clock.now(), [{ kind: 'seen', sync: null, attempt: null, what: null, cause: null, body: { token: 'Atza|IwEBIJmgnZb4fLJ', mail: 'camille@example.org', header: 'Bearer eyJhbGciOiJIUzI1NiJ9' } }]));
    const { body } = await db.selectFrom('audit_body').select('body').where('lane', '=', 'amazon-fr').orderBy('number', 'desc').executeTakeFirstOrThrow();
    expect(body).not.toMatch(/IwEBIJ|camille|eyJhb/);
  });

  test('an answer of megabytes is cut, and says so', async () => {
    await db.transaction().execute((tx) => append(tx, stage.shop.context.audit, 'amazon-fr', stage.clock.now(), [{ kind: 'seen', sync: null, attempt: null, what: null, cause: null, body: { text: 'x'.repeat(2_000_000) } }]));
    const { body } = await db.selectFrom('audit_body').select('body').where('lane', '=', 'amazon-fr').orderBy('number', 'desc').executeTakeFirstOrThrow();
    expect(body.length).toBeLessThan(50_000);
    expect(JSON.parse(body)).toMatchObject({ cut: expect.any(Number) as number });
  });
});

describe('tampering shows', () => {
  test.each([
    ['a changed outcome', "update audit_entry set what = 'accepted', cause = 'x/y' where number = 4 and lane = 'amazon-fr'", [4, 'hash']],
    ['a changed moment', "update audit_entry set at = at - 60000 where number = 5 and lane = 'amazon-fr'", [5, 'hash']],
    ['an entry given to another sync', "update audit_entry set sync_id = 3 where number = 1 and lane = 'amazon-fr'", [1, 'hash']],
    ['another attempt', "update audit_entry set attempt = 2 where number = 1 and lane = 'amazon-fr'", [1, 'hash']],
    ['a changed body', "update audit_body set body = replace(body, 'T-A-2', 'T-A-9') where lane = 'amazon-fr'", [2, 'body']],
    ['a body given a new digest', "update audit_entry set digest = 'aa' where number = 3 and lane = 'amazon-fr'", [3, 'hash']],
    ['a removed entry', "delete from audit_entry where number = 6 and lane = 'amazon-fr'", [7, 'gap']],
    ['the first entry removed', "delete from audit_entry where number = 1 and lane = 'amazon-fr'", [2, 'gap']],
    ['a cut tail', "delete from audit_entry where number > 8 and lane = 'amazon-fr'", [10, 'head-behind']],
    ['a removed head', "delete from audit_head where lane = 'amazon-fr'", [10, 'head-behind']],
    ['a key that was never ours', "update audit_entry set key = 'other' where number = 2 and lane = 'amazon-fr'", [2, 'key-unknown']],
  ] as const)('%s', async (_, statement, [number, what]) => {
    await undoing(async () => {
      await tamper(statement);
      expect(await faults()).toContainEqual({ number, what });
    });
  });

  test('two entries that changed places', async () => {
    await undoing(async () => {
      await tamper("update audit_entry set number = 1000 where number = 2 and lane = 'amazon-fr'");
      await sql`update audit_entry set number = 2 where number = 4 and lane = 'amazon-fr'`.execute(db);
      await sql`update audit_entry set number = 4 where number = 1000 and lane = 'amazon-fr'`.execute(db);
      expect((await faults()).length).toBeGreaterThan(0);
    });
  });

  test('a cut tail whose head was put right shows by a head that was written down elsewhere', async () => {
    const heads = await listHeads(db);
    await undoing(async () => {
      await tamper("delete from audit_entry where number > 8 and lane = 'amazon-fr'");
      await sql`update audit_head set number = 8, hash = (select hash from audit_entry where lane = 'amazon-fr' and number = 8) where lane = 'amazon-fr'`.execute(db);
      expect(await faults()).toEqual([]);
      expect(await faults(heads)).toEqual([{ number: 10, what: 'head-missing' }]);
    });
  });

  test('a lane that was removed whole shows by its head', async () => {
    const heads = await listHeads(db);
    await undoing(async () => {
      for (const table of ['audit_entry', 'audit_body', 'audit_head']) await tamper(`delete from ${table} where lane = 'amazon-fr'`);
      expect(await faults(heads)).toEqual([{ number: 10, what: 'head-missing' }]);
    });
  });

  test('a chain recomputed without the key shows', async () => {
    await undoing(async () => {
      await tamper("update audit_entry set cause = 'x/y' where number = 3 and lane = 'amazon-fr'");
      await recompute(new Uint8Array(32).fill(1));
      expect((await faults()).filter((fault) => fault.what === 'hash').map((fault) => fault.number)).toContain(3);
    });
  });

  test('a chain recomputed with the key shows by a head that was written down elsewhere', async () => {
    const heads = await listHeads(db);
    await undoing(async () => {
      await tamper("update audit_entry set cause = 'x/y' where number = 3 and lane = 'amazon-fr'");
      await recompute(new Uint8Array(32).fill(7));
      expect(await faults()).toEqual([]);
      expect(await faults(heads)).toEqual([{ number: 10, what: 'head-differs' }]);
    });
  });

  test('an anchor of somebody else, planted to delete below it, shows', async () => {
    await undoing(async () => {
      await sql`insert into audit_anchor select lane, number, hash, at, 'forged' from audit_entry where lane = 'amazon-fr' and number = 5`.execute(db);
      await sql`delete from audit_entry where lane = 'amazon-fr' and number <= 5`.execute(db);
      expect(await faults()).toContainEqual({ number: 5, what: 'anchor' });
    });
  });

  async function recompute(key: Uint8Array): Promise<void> {
    let hash = genesis;
    for (const row of await db.selectFrom('audit_entry').selectAll().where('lane', '=', 'amazon-fr').orderBy('number').execute()) {
      hash = hashOf(key, hash, row);
      await db.updateTable('audit_entry').set({ hash }).where('lane', '=', 'amazon-fr').where('number', '=', row.number).execute();
      await db.updateTable('audit_head').set({ hash }).where('lane', '=', 'amazon-fr').execute();
    }
  }
});

describe('what may be done', () => {
  test('bodies are erased without breaking the chain', async () => {
    await sql`delete from audit_body where lane = 'amazon-fr' and number <= 6`.execute(db);
    const verdicts = await verifyAudit(db, stage.shop.context.audit.keyring, await listHeads(db));
    expect(verdicts.find((verdict) => verdict.lane === 'amazon-fr')).toMatchObject({ entries: 10, bodies: 4, faults: [] });
  });

  test('a key that was replaced still verifies what it wrote', async () => {
    const { audit } = stage.shop.context;
    const keyring = { current: 'new', keys: new Map([...audit.keyring.keys, ['new', new Uint8Array(32).fill(9)] as const]) };
    await db.transaction().execute((tx) => append(tx, { ...audit, keyring }, 'amazon-fr', stage.clock.now() + minute, [{ kind: 'seen', sync: null, attempt: null, what: null, cause: null, body: null }]));
    const verdicts = await verifyAudit(db, keyring);
    expect(verdicts.find((verdict) => verdict.lane === 'amazon-fr')?.faults).toEqual([]);
    // The stage verifies every chain at its end: it must know the new key too.
    (audit.keyring.keys as Map<string, Uint8Array>).set('new', new Uint8Array(32).fill(9));
  });

  test('a head is one line, and is read back', async () => {
    for (const head of await listHeads(db)) expect(parseHead(headText(head))).toEqual(head);
    expect(parseHead('amazon-fr:10:nothex')).toBeNull();
    expect(parseHead('')).toBeNull();
  });
});
