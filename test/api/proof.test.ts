import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { sayFinding } from '../../src/language/proof.ts';
import { eraseBodies, retain } from '../../src/store/retention.ts';
import type { Finding } from '../../src/syncing/proof.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';

const day = 24 * 60 * 60 * 1000;

async function withStage(options: Parameters<typeof openStage>[0] = {}): Promise<{ stage: Stage; house: House; proof: (sync: number, language?: string) => Promise<any> }> { // eslint-disable-line typescript/no-explicit-any
  const stage = await openStage(options);
  const house = await openHouse({ context: stage.shop.context, clock: stage.clock });
  const proof = async (sync: number, language = 'en') => (await house.get(`/api/v1/syncs/${sync}/proof`, { headers: { 'accept-language': language } })).json;
  return { stage, house, proof };
}

/** A parcel that was told of and accepted, with the number of its sync. */
async function told(stage: Stage, order = 'A-1'): Promise<number> {
  await stage.sell(order);
  const { syncs } = await stage.ship(order);
  await stage.start();
  await stage.pass(1_000);
  return syncs[0]?.id ?? 0;
}

function codes(findings: readonly { code: string }[]): string[] {
  return findings.map(({ code }) => code);
}

describe('what is shown of a sync that went through', () => {
  test('the deadline, what was sent and when, the answer with the marketplace’s own clock and request id', async () => {
    const { stage, proof } = await withStage();
    const sync = await told(stage);
    const json = await proof(sync);
    expect(json).toMatchObject({
      sync,
      account: 'amazon-fr',
      order: 'A-1',
      operation: 'confirm-shipment',
      status: 'accepted',
      deadline: '2026-11-25T09:00:00.000Z',
      tellings: [{ attempt: 1, call: 'confirmShipment', at: expect.stringMatching(/^2026-11-23T09:00:0\d\.\d{3}Z$/), tells: { order: 'A-1', parcel: { trackingNumber: 'T-A-1' } }, answer: { outcome: 'accepted', requestId: expect.any(String), date: expect.stringMatching(/Z$/) } }],
    });
    expect(codes(json.proves)).toEqual(['told', 'accepted', 'chained']);
    expect(codes(json.leavesOpen)).toEqual(['not-seen', 'carriage', 'own-key']);
    expect(json.proves[0].message).toContain('before the deadline');
    expect(json.proves[0].message).toContain('2026-11-23T09:00:0');
    expect(json.proves[0].message).toContain('CET');
  });

  test('the entries with their numbers and hashes, and the lane’s head as the verification takes it', async () => {
    const { stage, proof } = await withStage();
    const sync = await told(stage);
    const json = await proof(sync);
    expect(json.entries).toMatchObject([{ lane: 'amazon-fr', kind: 'intent', attempt: 1, whole: true }, { lane: 'amazon-fr', kind: 'outcome', what: 'accepted', whole: true }]);
    const head = await stage.shop.context.store.db.selectFrom('audit_head').selectAll().where('lane', '=', 'amazon-fr').executeTakeFirstOrThrow();
    expect(json.head).toEqual({ ...head, text: `amazon-fr:${head.number}:${head.hash}` });
    expect(json.entries.at(-1).hash).toBe(head.hash);
  });

  test('the read-back, once the marketplace itself has shown it', async () => {
    const { stage, proof } = await withStage();
    const sync = await told(stage);
    await stage.read('A-1');
    const json = await proof(sync);
    expect(json.status).toBe('confirmed');
    expect(json.readBacks).toMatchObject([{ outcome: 'present', by: 'sweep' }]);
    expect(codes(json.proves)).toEqual(['told', 'accepted', 'seen', 'chained']);
    expect(codes(json.leavesOpen)).toEqual(['carriage', 'own-key']);
  });

  test('of several tellings the one that was accepted counts', async () => {
    const { stage, house, proof } = await withStage();
    await stage.sell('A-1');
    stage.remote.script('confirmShipment', 'unavailable', 'ok', { rejected: 'amazon/other' });
    const { syncs } = await stage.ship('A-1');
    const sync = syncs[0]?.id ?? 0;
    const running = await stage.start();
    await stage.pass(120_000);
    await house.send('POST', `/api/v1/syncs/${sync}/resend`, { reason: 'Not there' });
    running.lane.bell.ring();
    await stage.pass(1_000);
    const json = await proof(sync);
    expect(json.tellings.map(({ answer }: { answer: { outcome: string } }) => answer.outcome)).toEqual(['unavailable', 'accepted', 'rejected']);
    expect(json.proves[0].message).toContain(json.tellings[1].at.slice(0, 19));
    expect(codes(json.proves)).toEqual(['told', 'accepted', 'chained']);
    expect(codes(json.leavesOpen)).toEqual(['refused', 'not-seen', 'carriage', 'own-key']);
  });

  test('in French, with the merchant’s time beside UTC', async () => {
    const { stage, proof } = await withStage();
    const sync = await told(stage);
    const json = await proof(sync, 'fr');
    expect(json.proves[0].message).toMatch(/consigné le 23 novembre 2026 à 10:00:0\d UTC\+1 \(2026-11-23T09:00:0\dZ\)/);
    expect(json.leavesOpen[0].message).toContain('un oui seul ne prouve pas');
  });
});

describe('what is not proven is said', () => {
  test('nothing was sent', async () => {
    const { stage, proof } = await withStage();
    await stage.sell('A-1');
    const { syncs } = await stage.ship('A-1');
    const json = await proof(syncs[0]?.id ?? 0);
    expect(json).toMatchObject({ tellings: [], readBacks: [], entries: [], proves: [] });
    expect(codes(json.leavesOpen)).toEqual(['never-told', 'carriage', 'own-key']);
  });

  test('the answer was lost, and what a check has found since', async () => {
    const { stage, proof } = await withStage();
    await stage.sell('A-1');
    stage.remote.script('confirmShipment', 'lost-after');
    const { syncs } = await stage.ship('A-1');
    await stage.start();
    await stage.pass(1_000);
    const sync = syncs[0]?.id ?? 0;
    const lost = await proof(sync);
    expect(codes(lost.leavesOpen)).toContain('no-verdict');
    expect(codes(lost.proves)).toEqual(['told', 'chained']);
    await stage.pass(180_000);
    const found = await proof(sync);
    expect(found.readBacks).toMatchObject([{ outcome: 'present', by: 'check' }]);
    expect(codes(found.proves)).toEqual(['told', 'seen', 'chained']);
    expect(codes(found.leavesOpen)).toEqual(['carriage', 'own-key']);
  });

  test('the marketplace refused', async () => {
    const { stage, proof } = await withStage();
    await stage.sell('A-1');
    stage.remote.script('confirmShipment', { rejected: 'amazon/carrier-refused' });
    const { syncs } = await stage.ship('A-1');
    await stage.start();
    await stage.pass(1_000);
    const json = await proof(syncs[0]?.id ?? 0);
    expect(codes(json.leavesOpen)).toEqual(['refused', 'carriage', 'own-key']);
    expect(json.leavesOpen[0].message).toContain('amazon/carrier-refused');
    expect(codes(json.proves)).toEqual(['told', 'chained']);
  });

  test('it was told after the deadline', async () => {
    const { stage, proof } = await withStage();
    await stage.sell('A-1', { shipBy: stage.clock.now() - 3_600_000, placedAt: stage.clock.now() - 2 * day });
    const { syncs } = await stage.ship('A-1');
    await stage.start();
    await stage.pass(1_000);
    expect((await proof(syncs[0]?.id ?? 0)).proves[0].message).toMatch(/1\shr after the deadline/);
  });

  test('the order names no deadline', async () => {
    const { stage, proof } = await withStage();
    await stage.sell('A-1', { shipBy: null });
    const { syncs } = await stage.ship('A-1');
    const json = await proof(syncs[0]?.id ?? 0);
    expect(json).toMatchObject({ deadline: '2026-11-25T09:00:00.000Z', deadlineNamed: false });
    expect(codes(json.leavesOpen)).toContain('deadline-assumed');
  });

  test('somebody closed it by hand', async () => {
    const { stage, house, proof } = await withStage();
    await stage.sell('A-1');
    const { syncs } = await stage.ship('A-1');
    const sync = syncs[0]?.id ?? 0;
    await house.send('POST', `/api/v1/syncs/${sync}/resolve`, { reason: 'Done in Seller Central' });
    expect(codes((await proof(sync)).leavesOpen)).toEqual(['never-told', 'closed-by-hand', 'not-seen', 'carriage', 'own-key']);
  });

  test('somebody else told it', async () => {
    const { stage, proof } = await withStage();
    await stage.sell('A-1');
    const { syncs } = await stage.ship('A-1');
    stage.remote.shipByHand('A-1', { trackingNumber: 'T-A-1' });
    await stage.read('A-1');
    const json = await proof(syncs[0]?.id ?? 0);
    expect(json.status).toBe('confirmed');
    expect(codes(json.proves)).toEqual(['seen', 'chained']);
    expect(codes(json.leavesOpen)).toEqual(['told-by-others', 'carriage', 'own-key']);
  });

  test('the clocks differ', async () => {
    const { stage, proof } = await withStage();
    stage.remote.skew = 90_000;
    const sync = await told(stage);
    expect(codes((await proof(sync)).leavesOpen)).not.toContain('clocks-differ');
    stage.remote.skew = 180_000;
    const other = await told(stage, 'A-2');
    expect((await proof(other)).leavesOpen.find(({ code }: { code: string }) => code === 'clocks-differ').message).toContain('3 min');
  });
});

test.each(['fr', 'en'] as const)('every sentence of a proof is said in %s', (language) => {
  const at = Date.parse('2026-11-23T09:00:00Z');
  const findings: Finding[] = [
    { code: 'told', call: 'confirmShipment', at, deadline: at + day },
    { code: 'told', call: 'confirmShipment', at, deadline: at - day },
    { code: 'accepted', at, date: at, requestId: 'r' },
    { code: 'accepted', at, date: null, requestId: null },
    { code: 'seen', at, by: 'check' },
    { code: 'seen', at, by: 'sweep' },
    { code: 'chained', entries: 1, lane: 'amazon-fr', head: 7 },
    { code: 'chained', entries: 2, lane: 'amazon-fr', head: 7 },
    { code: 'refused', at, cause: 'amazon/other' },
    { code: 'no-verdict', at },
    { code: 'clocks-differ', by: 180_000 },
    { code: 'entries-broken', entries: [1, 2] },
    ...(['deadline-assumed', 'never-told', 'closed-by-hand', 'told-by-others', 'not-seen', 'seen-differently', 'bodies-erased', 'entries-deleted', 'own-key', 'carriage'] as const).map((code) => ({ code })),
  ];
  const said = findings.map((finding) => sayFinding(language, finding, 'Europe/Paris'));
  expect(new Set(said).size).toBe(findings.length);
  expect(said.filter((sentence) => !/^\p{Lu}.*\.$/u.test(sentence) || /[{}]|undefined|null/.test(sentence))).toEqual([]);
});

describe('a proof does not hold what does not hold', () => {
  test('an entry whose body was changed in the database is found out, and proves nothing', async () => {
    const { stage, proof } = await withStage();
    const sync = await told(stage);
    const { db } = stage.shop.context.store;
    await sql.raw('drop trigger audit_body_never_changed').execute(db);
    await db.updateTable('audit_body').set((eb) => ({ body: eb.fn('replace', ['body', eb.val('T-A-1'), eb.val('T-XXX')]) })).where('lane', '=', 'amazon-fr').where('body', 'like', '%T-A-1%').execute();
    const json = await proof(sync);
    expect(json.entries.map(({ whole }: { whole: boolean }) => whole)).toContain(false);
    expect(codes(json.proves)).not.toContain('chained');
    expect(codes(json.leavesOpen)).toContain('entries-broken');
    // Put back, so that the stage finds its chain whole.
    await db.updateTable('audit_body').set((eb) => ({ body: eb.fn('replace', ['body', eb.val('T-XXX'), eb.val('T-A-1')]) })).where('lane', '=', 'amazon-fr').where('body', 'like', '%T-XXX%').execute();
  });

  test('an entry whose header was changed is found out too', async () => {
    const { stage, proof } = await withStage();
    const sync = await told(stage);
    const { db } = stage.shop.context.store;
    await sql.raw('drop trigger audit_entry_never_changed').execute(db);
    const set = (by: number) => db.updateTable('audit_entry').set((eb) => ({ at: eb('at', '+', by) })).where('lane', '=', 'amazon-fr').where('kind', '=', 'intent').execute();
    await set(-day);
    expect((await proof(sync)).entries[0].whole).toBe(false);
    await set(day);
    expect((await proof(sync)).entries[0].whole).toBe(true);
  });

  test('what the retention has erased is said, and the rest still holds', async () => {
    const { stage, proof } = await withStage();
    const sync = await told(stage);
    await stage.read('A-1');
    await eraseBodies(stage.shop.context, stage.clock.now() + 1);
    const json = await proof(sync);
    expect(json.tellings).toMatchObject([{ call: 'confirmShipment', answer: { outcome: 'accepted' } }]);
    expect('tells' in json.tellings[0]).toBe(false);
    expect(codes(json.leavesOpen)).toContain('bodies-erased');
    expect(json.entries.every(({ whole }: { whole: boolean }) => whole)).toBe(true);
  });

  test('entries that the retention has deleted are missed, not denied', async () => {
    const { stage, proof } = await withStage();
    const sync = await told(stage);
    await stage.read('A-1');
    await retain(stage.shop.context, stage.clock.now() + 1, stage.clock.now(), new AbortController().signal);
    const json = await proof(sync);
    expect(json.entries).toEqual([]);
    expect(codes(json.leavesOpen)).toEqual(['entries-deleted', 'carriage', 'own-key']);
    // The chain goes on above the anchor: an entry that follows it is whole.
    const next = await told(stage, 'A-2');
    expect((await proof(next)).entries.every(({ whole }: { whole: boolean }) => whole)).toBe(true);
    // The stage counts intents against attempts; those of the first were deleted on purpose.
    await stage.shop.context.store.db.updateTable('sync').set({ attempts: 0 }).where('id', '=', sync).execute();
  });
});
