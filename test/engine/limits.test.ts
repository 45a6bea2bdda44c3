import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { day, hour, minute, second } from '../../src/runtime/clock.ts';
import { available, calmed, freshBucket, learn, refill, take, throttled, wait } from '../../src/syncing/quota.ts';
import type { Bucket } from '../../src/syncing/quota.ts';
import { openStage } from '../support/stage.ts';
import type { Stage, StageOptions } from '../support/stage.ts';

const send = 'confirmShipment';

async function backlog(count: number, options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage(options);
  await stage.backlog('A', count);
  return stage;
}

function sends(stage: Stage): readonly number[] {
  return stage.remote.met.filter((met) => met.call === send).map((met) => met.at);
}

/** The budget as published. */
function limits(rate: number, burst: number): StageOptions {
  return { plan: { limits: { [send]: { rate, burst } } } };
}

describe('a bucket', () => {
  const full = freshBucket({ rate: 2, burst: 10 }, 0);
  const empty: Bucket = { ...full, tokens: 0 };

  test('is full at first, and never fuller than what is left of the burst once a second’s calls are kept back', () => {
    expect(available(full, 0)).toBe(8);
    expect(available(full, day)).toBe(8);
    // Written down full, before it was a rule.
    expect(available({ ...full, tokens: 10 }, 0)).toBe(8);
    expect(refill(empty, second).tokens).toBeCloseTo(1.9);
  });

  test('keeps one call back where they are slow, half of them where they are fast, and always grants one', () => {
    const whole = (rate: number, burst: number): number => available(freshBucket({ rate, burst }, 0), 0);
    expect([whole(0.0056, 20), whole(0.5, 30), whole(0.93, 20_000), whole(100, 20), whole(2, 1), whole(2, 3)]).toEqual([19, 29, 19_999, 10, 1, 2]);
  });

  test('drained in one go while a call is still on its way there asks for no more than there is', () => {
    // The marketplace’s own bucket, which hears of each call up to a second after ours has paid for it.
    for (const late of [0, 250, 700, 999]) {
      let ours = freshBucket({ rate: 2, burst: 10 }, 0);
      const arrivals: number[] = [];
      for (let now = 0; now < 30 * second; now += 10) {
        const calls = now % 7_000 === 0 ? available(ours, now) : now % 7_000 === 6_000 ? 1 : 0;
        if (calls === 0) continue;
        ours = take(ours, calls, now);
        for (let n = 0; n < calls; n += 1) arrivals.push(now + (calls === 1 ? late : 0));
      }
      let [theirs, at] = [10, 0];
      for (const moment of arrivals.toSorted((a, b) => a - b)) {
        theirs = Math.min(10, theirs + ((moment - at) / second) * 2) - 1;
        at = moment;
        expect(theirs).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test('knows how long until the next call', () => {
    const one = { ...full, tokens: 0 };
    expect(available(one, 0)).toBe(0);
    expect(available(one, wait(one, 0))).toBe(1);
    expect(available(one, wait(one, 0) - 2)).toBe(0);
  });

  test('never grows backwards, and goes on growing when the clock was put back', () => {
    const ahead: Bucket = { ...empty, refilledAt: hour };
    const back = refill(ahead, 0);
    expect(back.tokens).toBeCloseTo(0);
    expect(available(refill(back, 10 * second), 10 * second)).toBe(8);
  });

  test('stays under what the marketplace names, nearer to it after a calm hour', () => {
    expect(learn(full, 4, minute).rate).toBeCloseTo(3.8);
    expect(learn(full, 4, hour).rate).toBeCloseTo(3.92);
    for (const nonsense of [0, -1, Number.NaN, Infinity]) expect(learn(full, nonsense, 0)).toEqual(full);
  });

  test('is emptied and closed by a 429, for as long as told', () => {
    const closed = throttled(full, 90 * second, 0);
    expect([available(closed, 89 * second), available(closed, 90 * second) > 0]).toEqual([0, true]);
    expect(wait(closed, 0)).toBe(90 * second);
  });

  test('closes longer at each 429 in a row, up to an hour', () => {
    let bucket = full;
    const pauses: number[] = [];
    for (let now = 0, n = 0; n < 20; n += 1) {
      bucket = throttled(bucket, null, now);
      pauses.push(bucket.closedUntil - now);
      now = bucket.closedUntil;
    }
    expect(pauses.slice(0, 4)).toEqual([1_053, 2_106, 4_212, 8_424]);
    expect(Math.max(...pauses)).toBe(hour);
  });

  test('counts those in a row afresh once it has answered otherwise', () => {
    const twice = throttled(throttled(full, null, 0), null, minute);
    expect(twice.throttles).toBe(2);
    expect(throttled(calmed(twice), null, hour).closedUntil - hour).toBe(throttled(full, null, 0).closedUntil);
  });

  test('counts calls that were under way together as one 429', () => {
    let bucket = full;
    for (let n = 0; n < 8; n += 1) bucket = throttled(bucket, null, n);
    expect(bucket.closedUntil).toBeLessThan(2 * second);
    expect(bucket.throttles).toBe(1);
  });

  test('a shorter pause never undercuts a longer one that was told before', () => {
    const bucket = throttled(throttled(full, minute, 0), second, 1);
    expect(bucket.closedUntil).toBe(minute);
  });
});

describe('under the limits', () => {
  test('a backlog is worked off without a single 429 while the rate changes', async () => {
    const stage = await backlog(420, limits(0.5, 10));
    const pace = stage.remote.pace(send, 0.5, 10);
    stage.remote.latency = 300;
    await stage.start();
    const rates = [0.5, 0.2, 0.8, 0.1, 0.5];
    for (const rate of rates) {
      pace.rate = rate;
      await stage.pass(3 * minute);
    }
    const possible = rates.reduce((sum, rate) => sum + rate * 3 * 60, 10);
    expect(pace.throttled).toBe(0);
    expect(sends(stage).length / possible).toBeGreaterThan(0.9);
    expect(sends(stage).length).toBeLessThanOrEqual(possible);
  });

  test('a day of one call in three minutes, the slowest there is', async () => {
    const stage = await backlog(150, limits(0.0056, 20));
    const pace = stage.remote.pace(send, 0.0056, 20);
    await stage.start();
    await stage.pass(4 * hour);
    expect(pace.throttled).toBe(0);
    expect(sends(stage).length).toBeGreaterThanOrEqual(20 + Math.floor(0.95 * 0.0056 * 4 * 3600) - 1);
  });

  test('a 429 stops the call at once, for every order, as long as it says', async () => {
    const stage = await backlog(30);
    stage.remote.script(send, 'ok', { throttled: 200 * second });
    await stage.start();
    const before = sends(stage).length;
    expect(before).toBeLessThanOrEqual(16);
    await stage.pass(199 * second);
    expect(sends(stage)).toHaveLength(before);
    await stage.pass(60 * second);
    expect(sends(stage).length).toBeGreaterThan(before);
  });

  test('a longer Retry-After than an hour is kept too, and survives a restart', async () => {
    const stage = await backlog(1);
    stage.remote.script(send, { throttled: 3 * hour });
    const first = await stage.start({ name: 'one' });
    await first.stop();
    await stage.start({ name: 'two' });
    await stage.pass(3 * hour - second);
    expect(sends(stage)).toHaveLength(1);
    await stage.pass(2 * minute);
    expect(sends(stage)).toHaveLength(2);
  });

  test('what was used is remembered over a restart', async () => {
    const stage = await backlog(40, limits(0.1, 10));
    const pace = stage.remote.pace(send, 0.1, 10);
    for (const name of ['one', 'two', 'three', 'four']) {
      const running = await stage.start({ name });
      await stage.pass(5 * second);
      await running.stop();
    }
    expect(pace.throttled).toBe(0);
    expect(sends(stage).length).toBeGreaterThanOrEqual(10);
  });

  test('a limit that is edited holds from the next start on, for what is left too', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'suivi-')), 'suivi.db');
    const stage = await backlog(2, { ...limits(0.001, 40), file });
    await (await stage.start()).stop();
    await stage.close();
    const edited = await openStage({ ...limits(0.001, 4), file, clock: stage.clock, remote: stage.remote });
    await edited.backlog('B', 10);
    const running = await edited.start();
    expect(sends(edited)).toHaveLength(2 + 3);
    await running.stop();
    await edited.close();
    // eBay tells of no rate: only the settings can raise it.
    const raised = await openStage({ ...limits(1, 4), file, clock: stage.clock, remote: stage.remote });
    await raised.start({ name: 'three' });
    await raised.pass(10 * second);
    expect(sends(raised)).toHaveLength(12);
    await raised.close();
    rmSync(dirname(file), { recursive: true });
  });

  test('repeated reads inside one attempt are paid for', async () => {
    const stage = await backlog(1, limits(1, 10));
    const inner = stage.remote.destination();
    const granted: boolean[] = [];
    await stage.start({
      over: {
        destination: {
          ...inner,
          send: async (intents, permit) => {
            for (let n = 0; n < 12; n += 1) granted.push(await permit.more(send));
            return inner.send(intents, permit);
          },
        },
      },
    });
    expect(granted.filter(Boolean)).toHaveLength(8);
  });

  test('a 429 on the second call of an upload closes the second call', async () => {
    const stage = await openStage({ offers: { 'confirm-shipment': { send: ['first', 'second'], check: ['getOrder'], batch: 1, again: 'edit', untracked: 'fine' } } });
    await stage.sell('A-1');
    await stage.ship('A-1');
    const inner = stage.remote.destination();
    await stage.start({
      over: {
        destination: {
          ...inner,
          send: async (intents) => intents.map(() => ({ kind: 'throttled', retryAfter: hour, evidence: { call: 'second', request: null, answer: { status: 429, body: null }, fault: null, requestId: null, date: null, rate: null } }) as const),
        },
      },
    });
    const closed = await stage.shop.context.store.db.selectFrom('quota').select('budget').where('closed_until', '>', stage.clock.now()).execute();
    expect(closed.map((row) => row.budget)).toEqual(['second']);
  });
});

describe('several accounts', () => {
  const scope = { sweep: 'seller', quota: 'seller' };
  const both = ['amazon-fr', 'amazon-de'];

  test('two of one seller share a budget, and stay under it together', async () => {
    const french = await backlog(60, { plan: { scope, scopeAccounts: both, limits: { [send]: { rate: 0.5, burst: 5 } } }, others: [{ id: 'amazon-de', marketplace: 'amazon', scope, scopeAccounts: both, limits: { [send]: { rate: 0.5, burst: 5 } } }] });
    const german = await openStage({ beside: french, remote: french.remote, plan: { id: 'amazon-de' } });
    await german.backlog('D', 60);
    const pace = french.remote.pace(send, 0.5, 5);
    await french.start({ name: 'fr' });
    await german.start({ name: 'de' });
    await french.pass(2 * minute);
    expect(pace.throttled).toBe(0);
    const calls = sends(french).length;
    expect(calls).toBeGreaterThan(50);
    const toGermany = french.remote.effects.filter((effect) => effect.order.startsWith('D')).length;
    expect(toGermany / calls).toBeGreaterThan(0.2);
    expect(toGermany / calls).toBeLessThan(0.8);
  });

  test('a 429 of one closes the shared budget for both', async () => {
    const french = await backlog(1, { plan: { scope, scopeAccounts: both }, others: [{ id: 'amazon-de', marketplace: 'amazon', scope, scopeAccounts: both }] });
    const german = await openStage({ beside: french, remote: french.remote, plan: { id: 'amazon-de' } });
    french.remote.script(send, { throttled: 10 * minute });
    await french.start({ name: 'fr' });
    await german.sell('D-1');
    await german.ship('D-1');
    await german.start({ name: 'de' });
    await french.pass(9 * minute);
    expect(sends(french)).toHaveLength(1);
  });

  test('a throttled seller does not delay another', async () => {
    const one = await backlog(5, { others: [{ id: 'amazon-it', marketplace: 'amazon' }] });
    const other = await openStage({ beside: one, remote: one.remote, plan: { id: 'amazon-it' } });
    one.remote.script(send, { throttled: hour });
    await one.start({ name: 'fr' });
    await other.sell('I-1');
    await other.ship('I-1');
    await other.start({ name: 'it' });
    expect(one.remote.effects.filter((effect) => effect.order === 'I-1')).toHaveLength(1);
  });

  test('nor does one whose calls never answer', async () => {
    const one = await backlog(20, { others: [{ id: 'amazon-it', marketplace: 'amazon' }] });
    const other = await openStage({ beside: one, remote: one.remote, plan: { id: 'amazon-it' } });
    for (let n = 0; n < 8; n += 1) one.remote.script(send, 'never');
    await one.start({ name: 'fr' });
    await other.sell('I-1');
    await other.ship('I-1');
    await other.start({ name: 'it' });
    expect(one.remote.effects.filter((effect) => effect.order === 'I-1')).toHaveLength(1);
    await one.pass(20 * second);
  });
});
