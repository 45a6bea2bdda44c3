import { describe, expect, test } from 'vitest';
import { minute, second } from '../../src/runtime/clock.ts';
import { searchSyncs } from '../../src/store/log.ts';
import { perform, rehearse } from '../../src/store/verbs.ts';
import { verbs } from '../../src/syncing/rerun.ts';
import type { LeftOut, Verb } from '../../src/syncing/rerun.ts';
import { statuses } from '../../src/syncing/status.ts';
import type { Status } from '../../src/syncing/status.ts';
import { everyOffer } from '../support/offers.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';
import { apply, everything, ship, verb, ways, wearOut } from '../support/ways.ts';
import type { Brought } from '../support/ways.ts';

type Expected = LeftOut | Status;

/** What each verb makes of a sync in each status, or why it leaves it out. */
const table: Readonly<Record<Status, Readonly<Record<Verb, Expected>>>> = {
  ready: { rerun: 'waiting', resend: 'waiting', resolve: 'accepted', cancel: 'cancelled' },
  delayed: { rerun: 'waiting', resend: 'waiting', resolve: 'accepted', cancel: 'cancelled' },
  blocked: { rerun: 'waiting', resend: 'waiting', resolve: 'accepted', cancel: 'cancelled' },
  held: { rerun: 'waiting', resend: 'waiting', resolve: 'accepted', cancel: 'cancelled' },
  sending: { rerun: 'under-way', resend: 'under-way', resolve: 'under-way', cancel: 'under-way' },
  submitted: { rerun: 'under-way', resend: 'under-way', resolve: 'accepted', cancel: 'under-way' },
  checking: { rerun: 'under-way', resend: 'under-way', resolve: 'under-way', cancel: 'under-way' },
  accepted: { rerun: 'already-done', resend: 'ready', resolve: 'already-done', cancel: 'already-done' },
  confirmed: { rerun: 'already-done', resend: 'ready', resolve: 'already-done', cancel: 'already-done' },
  rejected: { rerun: 'ready', resend: 'not-done', resolve: 'accepted', cancel: 'cancelled' },
  exhausted: { rerun: 'ready', resend: 'not-done', resolve: 'accepted', cancel: 'cancelled' },
  'in-doubt': { rerun: 'ready', resend: 'not-done', resolve: 'accepted', cancel: 'cancelled' },
  skipped: { rerun: 'pointless', resend: 'pointless', resolve: 'pointless', cancel: 'pointless' },
  superseded: { rerun: 'pointless', resend: 'pointless', resolve: 'pointless', cancel: 'pointless' },
  cancelled: { rerun: 'ready', resend: 'not-done', resolve: 'not-done', cancel: 'given-up' },
};

const isStatus = (expected: Expected): expected is Status => (statuses as readonly string[]).includes(expected);

async function done({ stage, id }: Brought, what: Verb) {
  return perform(stage.shop.context, { verb: what, filter: { ids: [id] }, author: 'Ana', reason: 'seen in Seller Central' }, stage.clock.now());
}

describe.each(statuses)('a sync that is %s', (status) => {
  test.each(verbs)('%s', async (what) => {
    const brought = await ways[status]();
    const { stage, id } = brought;
    await stage.pass(1);
    expect(await stage.status(id)).toBe(status);
    const before = await stage.row(id);
    const story = await stage.story(id);
    const expected = table[status][what];

    const rehearsed = await rehearse(stage.shop.context, { verb: what, filter: { ids: [id] }, author: 'Ana', reason: '-' });
    expect(await stage.row(id)).toEqual(before);
    const result = await done(brought, what);
    expect({ done: result.done, leftOut: result.leftOut }).toEqual({ done: rehearsed.done, leftOut: rehearsed.leftOut });
    expect(result.leftOut).toEqual(isStatus(expected) ? [] : [{ sync: id, why: expected }]);
    const row = await stage.row(id);
    expect(row.status).toBe(isStatus(expected) ? expected : status);
    expect(isStatus(expected) || JSON.stringify(row) === JSON.stringify(before)).toBe(true);
    // The journal has it in either case, and no history is lost; the story of the sync holds what was done to it.
    const after = await stage.story(id);
    expect(after.slice(0, story.length)).toEqual(story);
    expect(after.slice(story.length)).toMatchObject(isStatus(expected) ? [{ lane: '#journal', kind: what, body: { by: 'Ana', reason: 'seen in Seller Central', syncs: [id] } }] : []);
    const last = await stage.shop.context.store.db.selectFrom('audit_entry').select(['kind', 'what', 'sync_id']).where('lane', '=', '#journal').orderBy('number', 'desc').limit(1).executeTakeFirst();
    expect(last).toEqual(isStatus(expected) ? { kind: what, what: null, sync_id: id } : { kind: `${what}-left-out`, what: `S-${id}`, sync_id: null });
  });
});

describe('a verb', () => {
  test('without a filter is refused', async () => {
    const stage = await everything();
    for (const filter of [{}, { ids: [] }, { status: [] }, { ids: [], status: [] }]) {
      await expect(perform(stage.shop.context, { verb: 'cancel', filter, author: 'Ana', reason: '-' }, stage.clock.now())).rejects.toThrow(RangeError);
      await expect(rehearse(stage.shop.context, { verb: 'cancel', filter, author: 'Ana', reason: '-' })).rejects.toThrow(RangeError);
    }
  });

  test('does not stop what was sent and whose fate is not known', async () => {
    const stage = await everything();
    stage.remote.script('confirmShipment', 'lost-before');
    const id = await ship(stage);
    await stage.start();
    expect(await done({ stage, id, running: null }, 'cancel')).toMatchObject({ done: [], leftOut: [{ why: 'fate-unknown' }] });
  });

  test('rerun of what is in doubt looks before it sends', async () => {
    const { stage, id } = await ways['in-doubt']();
    await verb(stage, 'rerun', id);
    await stage.pass(0);
    expect(await stage.status(id)).toBe('in-doubt');
    expect(stage.remote.effects).toEqual([]);
  });

  test('rerun of what was given up in the middle of a lost answer looks before it sends', async () => {
    const stage = await everything();
    stage.remote.script('confirmShipment', 'lost-after');
    const id = await ship(stage);
    await wearOut(stage, id);
    await stage.start();
    expect(await stage.row(id)).toMatchObject({ status: 'exhausted', unsettled: 1 });
    await verb(stage, 'rerun', id);
    await stage.pass(10 * minute);
    expect(await stage.status(id)).toBe('confirmed');
    expect(stage.remote.effects).toHaveLength(1);
  });

  test('rerun begins its count of failures anew, and keeps its attempts', async () => {
    const { stage, id } = await ways.exhausted();
    await verb(stage, 'rerun', id);
    expect(await stage.row(id)).toMatchObject({ failures: 0, attempts: 1 });
    await stage.pass(second);
    expect(await stage.row(id)).toMatchObject({ status: 'accepted', attempts: 2 });
  });

  test('rerun tells of the parcel as it is now', async () => {
    const { stage, id } = await ways.rejected();
    const { parcel_id } = await stage.row(id);
    await stage.shop.context.store.db.updateTable('parcel').set({ tracking_number: 'RIGHT', tracking_normal: 'RIGHT' }).where('id', '=', parcel_id).execute();
    await verb(stage, 'rerun', id);
    await stage.pass(0);
    expect(stage.remote.order('A-1').parcels.map((parcel) => parcel.trackingNumber)).toEqual(['RIGHT']);
  });

  test('resend tells once more, and says in the audit that a person asked', async () => {
    const { stage, id } = await ways.confirmed();
    await verb(stage, 'resend', id);
    await stage.pass(0);
    expect(stage.remote.effects.map((effect) => effect.edit)).toEqual([false, true]);
    expect((await stage.story(id)).map((entry) => entry.kind)).toEqual(['intent', 'outcome', 'intent', 'outcome', 'resend', 'intent', 'outcome']);
  });

  test('several of one order at once: each is judged by what the one before it made of it', async () => {
    const stage = await everything();
    const confirmation = await ship(stage);
    const invoice = (await apply(stage, 'FACTUREE')).sync;
    const refund = (await apply(stage, 'REMBOURSEE')).sync;
    const result = await perform(stage.shop.context, { verb: 'cancel', filter: { order: 'A-1' }, author: 'Ana', reason: 'wrong order' }, stage.clock.now());
    expect(result.done).toEqual([confirmation, refund]);
    expect(result.leftOut).toEqual([{ sync: invoice, why: 'pointless' }]);
  });

  test('one that is not there is told as gone, in the rehearsal too', async () => {
    const stage = await everything();
    const asked = { verb: 'rerun', filter: { ids: [404] }, author: 'Ana', reason: '-' } as const;
    expect((await rehearse(stage.shop.context, asked)).leftOut).toEqual([{ sync: 404, why: 'gone' }]);
    expect((await perform(stage.shop.context, asked, stage.clock.now())).leftOut).toEqual([{ sync: 404, why: 'gone' }]);
  });
});

describe('many at once', () => {
  async function failed(count: number): Promise<{ stage: Stage; ids: number[] }> {
    const stage = await openStage({ kind: 'ebay', offers: everyOffer('ebay') });
    stage.remote.always('createShippingFulfillment', { rejected: 'remote/no' });
    const ids = await stage.backlog('A', count);
    const running = await stage.start();
    await stage.pass(second);
    await running.stop();
    return { stage, ids };
  }

  test('500 by their cause: a frozen list, progress, and the reason of each that is left out', async () => {
    const { stage, ids } = await failed(500);
    await verb(stage, 'resolve', ...ids.slice(0, 20));
    await verb(stage, 'cancel', ...ids.slice(20, 30));
    const looked: [number, number][] = [];
    const asked = { verb: 'rerun', filter: { cause: 'remote/no' }, author: 'Ana', reason: 'mapping corrected' } as const;
    expect((await rehearse(stage.shop.context, asked)).done).toHaveLength(470);
    const result = await perform(stage.shop.context, asked, stage.clock.now(), (n, all) => void looked.push([n, all]));
    expect(result.done).toHaveLength(470);
    expect(looked.length).toBeGreaterThan(1);
    expect(looked.at(-1)).toEqual([470, 470]);
    expect(looked.map(([n]) => n)).toEqual(looked.map(([n]) => n).toSorted((a, b) => a - b));
    const { db } = stage.shop.context.store;
    const record = await db.selectFrom('rerun').selectAll().where('id', '=', result.id ?? 0).executeTakeFirstOrThrow();
    expect(record).toMatchObject({ verb: 'rerun', author: 'Ana', reason: 'mapping corrected', total: 470, ended_at: stage.clock.now() });
    const items = await db.selectFrom('rerun_item').select(['outcome', (eb) => eb.fn.countAll<number>().as('n')]).where('rerun_id', '=', record.id).groupBy('outcome').execute();
    expect(items).toEqual([{ outcome: 'done', n: 470 }]);
    expect(await db.selectFrom('sync').select('share').where('status', '=', 'ready').distinct().execute()).toEqual([{ share: 'rerun' }]);
  });

  test('by their numbers: those that cannot be are left out, each with its reason', async () => {
    const { stage, ids } = await failed(10);
    const [one = 0, two = 0, three = 0] = ids;
    await verb(stage, 'resolve', one);
    await verb(stage, 'cancel', two);
    await verb(stage, 'rerun', three);
    const result = await perform(stage.shop.context, { verb: 'rerun', filter: { ids: [...ids, ...ids, 999] }, author: 'Ana', reason: '-' }, stage.clock.now());
    expect(result.done).toHaveLength(8);
    expect(result.leftOut).toEqual([{ sync: one, why: 'already-done' }, { sync: three, why: 'waiting' }, { sync: 999, why: 'gone' }]);
  });

  test('without a status a rerun means what failed: what waits or is done is not even listed', async () => {
    const { stage, ids } = await failed(4);
    await stage.backlog('NEW', 3);
    await verb(stage, 'resolve', ids[0] ?? 0);
    const result = await perform(stage.shop.context, { verb: 'rerun', filter: { account: 'ebay-fr' }, author: 'Ana', reason: '-' }, stage.clock.now());
    expect([result.done.length, result.leftOut.length]).toEqual([3, 0]);
  });

  test('since a moment', async () => {
    const { stage } = await failed(2);
    await stage.pass(10 * minute);
    stage.remote.always('createShippingFulfillment', { rejected: 'remote/no' });
    await stage.backlog('LATER', 3);
    const running = await stage.start({ name: 'two' });
    await running.stop();
    const result = await rehearse(stage.shop.context, { verb: 'rerun', filter: { since: stage.clock.now() - minute }, author: 'Ana', reason: '-' });
    expect(result.done).toHaveLength(3);
  });

  test('soonest deadline first', async () => {
    const stage = await openStage({ kind: 'ebay' });
    stage.remote.always('createShippingFulfillment', { rejected: 'remote/no' });
    const now = stage.clock.now();
    const ids = await stage.backlog('A', 3, (n) => ({ shipBy: now + (4 - n) * 60 * minute }));
    await stage.start();
    const result = await rehearse(stage.shop.context, { verb: 'rerun', filter: { cause: 'remote/no' }, author: 'Ana', reason: '-' });
    expect(result.done).toEqual([...ids].reverse());
  });

  test('a page of the log walks on from where it stopped', async () => {
    const { stage, ids } = await failed(25);
    const { db } = stage.shop.context.store;
    const first = await searchSyncs(db, { cause: 'remote/no' }, null, 10);
    const second_ = await searchSyncs(db, { cause: 'remote/no' }, first.next, 10);
    const third = await searchSyncs(db, { cause: 'remote/no' }, second_.next, 10);
    expect([...first.rows, ...second_.rows, ...third.rows].map((row) => row.id)).toEqual([...ids].reverse());
    expect(third.next).toBeNull();
  });
});
