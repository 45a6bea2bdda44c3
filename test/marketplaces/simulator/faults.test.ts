import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Rule } from '../../../src/marketplaces/simulator/faults.ts';
import { httpDate } from '../../../src/marketplaces/simulator/moments.ts';
import type { HttpRequest } from '../../../src/runtime/http.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { sockets } from './sockets.ts';
import type { Sockets } from './sockets.ts';
import { amazonOrder, amazonStage, ebayOrder, ebayStage, withAmazonOrder } from './stage.ts';
import type { Heard } from './stage.ts';

type Side = 'amazon' | 'ebay';

let there: Sockets;
beforeAll(async () => {
  there = await sockets({ ebay: { dailyCalls: 1_000_000 } });
});
afterAll(() => there.simulator.close());
afterEach(() => {
  there.simulator.amazon.brain.faults.repair();
  there.simulator.ebay.brain.faults.repair();
});

const writes = { amazon: 'confirmShipment', ebay: 'createShippingFulfillment' } as const;

/** Sends one shipment while `fault` strikes: what came back, and how many packages more there are now. */
async function shipment(side: Side, fault: Rule['fault'], leave?: 'leave'): Promise<{ answer: Heard | string; more: number }> {
  const { brain } = there.simulator[side];
  // A fresh order each time: nothing that another test shipped can be in the way.
  const before = brain.ledger.packages().length;
  brain.faults.add({ call: writes[side], fault });
  const answer = await there.send(request(side), leave);
  expect(brain.ledger.requests().at(-1)).toMatchObject({ call: writes[side], fault: fault.kind });
  return { answer, more: brain.ledger.packages().length - before };
}

function request(side: Side): HttpRequest {
  const { id, lines } = there.simulator[side].brain.world.add({ placedAt: systemClock.now() - 3_600_000, lines: [{ sku: 'MUG' }] });
  const asked = side === 'amazon' ? there.confirm() : there.fulfil();
  const body = String(asked.body).replace(/\d0000000000001/, lines[0]?.lineId ?? '');
  return { ...asked, url: asked.url.replace(side === 'amazon' ? amazonOrder : ebayOrder, id), body };
}

const patience = { timeout: 10_000 };
const yes = { amazon: 204, ebay: 201 } as const;

describe.each(['amazon', 'ebay'] as const)('over a socket, the simulated %s', (side) => {
  test('behaves where nothing was asked for', async () => {
    const { brain } = there.simulator[side];
    const before = brain.ledger.packages().length;
    expect(await there.send(request(side))).toMatchObject({ status: yes[side] });
    expect(brain.ledger.packages()).toHaveLength(before + 1);
    expect(brain.ledger.requests().at(-1)).toMatchObject({ status: yes[side], throttled: false, fault: null });
  });

  test('answers 429 whatever the pace, with a Retry-After on request', async () => {
    const plain = await shipment(side, { kind: '429' });
    expect(plain).toMatchObject({ answer: { status: 429, body: { errors: [expect.anything()] } }, more: 0 });
    expect((plain.answer as Heard).headers).not.toHaveProperty('retry-after');
    expect(await shipment(side, { kind: '429', retryAfterS: 7 })).toMatchObject({ answer: { status: 429, headers: { 'retry-after': '7' } } });
    expect(there.simulator[side].brain.ledger.requests().at(-1)).toMatchObject({ throttled: true });
  });

  test('fails with its own error, having done nothing, or all the same', async () => {
    const message = side === 'amazon' ? 'We encountered an internal error. Please try again.' : 'System error';
    expect(await shipment(side, { kind: '500' })).toMatchObject({ answer: { status: 500, body: { errors: [{ message }] } }, more: 0 });
    expect(await shipment(side, { kind: '500', effect: true })).toMatchObject({ answer: { status: 500 }, more: 1 });
  });

  test('hides behind a gateway’s page', async () => {
    const { answer, more } = await shipment(side, { kind: 'html-503' });
    expect(answer).toMatchObject({ status: 503, headers: { 'content-type': 'text/html' }, text: expect.stringContaining('<html>'), body: null });
    expect(more).toBe(0);
    expect((answer as Heard).headers).not.toHaveProperty('x-amzn-requestid');
    expect(await shipment(side, { kind: 'html-503', effect: true })).toMatchObject({ more: 1 });
  });

  test('cuts the line before it happens', async () => {
    expect(await shipment(side, { kind: 'cut-before' })).toEqual({ answer: 'ECONNRESET', more: 0 });
    expect(there.simulator[side].brain.ledger.requests().at(-1)).toMatchObject({ status: null });
  });

  test('cuts the line after it happened', async () => {
    expect(await shipment(side, { kind: 'cut-after' })).toEqual({ answer: 'ECONNRESET', more: 1 });
    expect(there.simulator[side].brain.ledger.requests().at(-1)).toMatchObject({ status: null });
  });

  test('cuts the line at once and lets it happen later', async () => {
    const { brain } = there.simulator[side];
    const asked = systemClock.now();
    const before = brain.ledger.packages().length;
    expect(await shipment(side, { kind: 'late-effect', ms: 1000 })).toEqual({ answer: 'ECONNRESET', more: 0 });
    await expect.poll(() => brain.ledger.packages().length, patience).toBe(before + 1);
    expect(brain.ledger.effects().at(-1)?.moment).toBeGreaterThanOrEqual(asked + 1000);
  });

  test('says yes at once and lets it happen later', async () => {
    const { brain } = there.simulator[side];
    const before = brain.ledger.packages().length;
    expect(await shipment(side, { kind: 'late-effect', ms: 1000, answered: true })).toMatchObject({ answer: { status: yes[side] }, more: 0 });
    await expect.poll(() => brain.ledger.packages().length, patience).toBe(before + 1);
  });

  test('says yes and does nothing', async () => {
    expect(await shipment(side, { kind: 'silent-204' })).toMatchObject({ answer: { status: yes[side] }, more: 0 });
  });

  test('answers slowly, and a caller who does not wait finds it done', async () => {
    const asked = performance.now();
    expect(await shipment(side, { kind: 'slow', ms: 300 })).toMatchObject({ answer: { status: yes[side] }, more: 1 });
    expect(performance.now() - asked).toBeGreaterThanOrEqual(295);
    expect(await shipment(side, { kind: 'slow', ms: 60_000 }, 'leave')).toEqual({ answer: 'ABORTED', more: 1 });
  });

  test('does it slowly, and a caller who does not wait finds it undone, until it is done', async () => {
    const { brain } = there.simulator[side];
    const before = brain.ledger.packages().length;
    expect(await shipment(side, { kind: 'slow', ms: 60_000, effectMs: 1000 }, 'leave')).toEqual({ answer: 'ABORTED', more: 0 });
    await expect.poll(() => brain.ledger.packages().length, patience).toBe(before + 1);
    const waited = await shipment(side, { kind: 'slow', ms: 200, effectMs: 200 });
    expect(waited).toMatchObject({ answer: { status: yes[side] }, more: 1 });
  });

  test('never answers, having done nothing, or all the same', async () => {
    expect(await shipment(side, { kind: 'hang' }, 'leave')).toEqual({ answer: 'ABORTED', more: 0 });
    expect(await shipment(side, { kind: 'hang', effect: true }, 'leave')).toEqual({ answer: 'ABORTED', more: 1 });
    expect(there.simulator[side].brain.ledger.requests().at(-1)).toMatchObject({ status: null });
  });

  test('breaks its JSON, having done it', async () => {
    const { answer, more } = await shipment(side, { kind: 'garbage' });
    expect(more).toBe(1);
    expect(answer).toMatchObject({ status: side === 'amazon' ? 200 : 201, headers: { 'content-type': 'application/json' }, body: null });
    expect((answer as Heard).text).toMatch(/^\{/);
  });

  test('stops in the middle of its answer, having done it', async () => {
    expect(await shipment(side, { kind: 'half-body' })).toEqual({ answer: 'UND_ERR_SOCKET', more: 1 });
    const { brain } = there.simulator[side];
    brain.faults.add({ call: side === 'amazon' ? 'getOrder' : 'getOrders', fault: { kind: 'half-body' } });
    expect(await there.send(side === 'amazon' ? there.read() : there.list())).toBe('UND_ERR_SOCKET');
    brain.faults.add({ call: side === 'amazon' ? 'getOrder' : 'getOrders', fault: { kind: 'garbage' } });
    const { status, body, text } = (await there.send(side === 'amazon' ? there.read() : there.list())) as Heard;
    expect([status, body, text.slice(0, 2)]).toEqual([200, null, '{"']);
  });

  test('misses a role for one call, and for that one only', async () => {
    const said = side === 'amazon' ? { code: 'Unauthorized', details: '' } : { errorId: 1100, domain: 'ACCESS' };
    expect(await shipment(side, { kind: 'role-missing' })).toMatchObject({ answer: { status: 403, body: { errors: [said] } }, more: 0 });
    expect(await there.send(side === 'amazon' ? there.read() : there.list())).toMatchObject({ status: 200 });
  });

  test('shows the time of a clock that goes wrong', async () => {
    const { brain } = there.simulator[side];
    brain.faults.add({ fault: { kind: 'clock-skew', ms: -600_000 } });
    const before = systemClock.now();
    const answer = (await there.send(side === 'amazon' ? there.read() : there.list())) as Heard;
    const shown = [httpDate(before - 600_000), httpDate(systemClock.now() - 600_000)];
    expect(shown).toContain(answer.headers['date']);
    brain.faults.repair();
    expect(((await there.send(side === 'amazon' ? there.read() : there.list())) as Heard).headers['date']).not.toBe(answer.headers['date']);
  });
});

describe('an access token that expires', () => {
  test('is refused from then on, until another one is fetched', async () => {
    const own = await sockets();
    try {
      const { amazon, ebay } = own.simulator;
      amazon.brain.faults.add({ call: 'getOrder', fault: { kind: 'token-expired' } });
      for (const request of [own.read(), own.confirm(), own.read()]) {
        expect(await own.send(request)).toMatchObject({ status: 403, body: { errors: [{ details: 'The access token you provided has expired.' }] } });
      }
      ebay.brain.faults.add({ call: 'getOrders', fault: { kind: 'token-expired' } });
      for (const request of [own.list(), own.fulfil()]) expect(await own.send(request)).toMatchObject({ status: 401, body: { errors: [{ errorId: 1001 }] } });
      expect([amazon.brain.ledger.effects(), ebay.brain.ledger.effects()]).toEqual([[], []]);
      expect(await own.send(own.exchange)).toMatchObject({ status: 200 });
    } finally {
      await own.simulator.close();
    }
  });

  test('the token exchange misbehaves too', async () => {
    const { faults } = there.simulator.amazon.brain;
    for (const kind of ['500', 'html-503', '429'] as const) {
      faults.add({ call: 'token', fault: { kind } });
      expect(await there.send(there.exchange)).toMatchObject({ status: Number(kind.slice(-3)) });
    }
    faults.add({ call: 'token', fault: { kind: 'cut-before' } });
    expect(await there.send(there.exchange)).toBe('ECONNRESET');
    expect(await there.send(there.exchange)).toMatchObject({ status: 200 });
  });
});

describe('a rule of misbehaviour', () => {
  const path = `/orders/2026-01-01/orders/${amazonOrder}`;
  const statuses = (stage: ReturnType<typeof amazonStage>, count: number): number[] => Array.from({ length: count }, () => stage.call('GET', path).status);

  test('strikes once, or as often as it says, or always; and is over when it is taken back', () => {
    const stage = withAmazonOrder(amazonStage());
    const { faults } = stage.brain;
    faults.add({ call: 'getOrder', fault: { kind: '500' } });
    expect(statuses(stage, 2)).toEqual([500, 200]);
    faults.add({ call: 'getOrder', times: 2, fault: { kind: '500' } });
    expect(statuses(stage, 3)).toEqual([500, 500, 200]);
    const id = faults.add({ call: 'getOrder', times: 'always', fault: { kind: '500' } });
    expect(statuses(stage, 9).every((status) => status === 500)).toBe(true);
    faults.remove(id);
    expect(statuses(stage, 1)).toEqual([200]);
    expect(faults.list()).toEqual([]);
  });

  test('strikes the calls and the order it names, and all of them for "*"', () => {
    const stage = withAmazonOrder(amazonStage());
    const { id: other } = stage.brain.world.add({ lines: [{ sku: 'MUG' }] });
    stage.brain.faults.add({ call: 'confirmShipment', times: 'always', fault: { kind: '500' } });
    stage.brain.faults.add({ order: other, times: 'always', fault: { kind: '429' } });
    expect(statuses(stage, 2)).toEqual([200, 200]);
    expect(stage.call('GET', `/orders/2026-01-01/orders/${other}`).status).toBe(429);
    expect(stage.call('GET', '/orders/2026-01-01/orders?createdAfter=2026-11-01T00:00:00Z').status).toBe(200);
    stage.brain.faults.add({ fault: { kind: '500' } });
    expect(stage.call('GET', '/sellers/v1/marketplaceParticipations').status).toBe(500);
  });

  test('strikes by chance, the same calls for the same seed', () => {
    const run = (): number[] => {
      const stage = withAmazonOrder(amazonStage());
      stage.brain.faults.add({ call: 'getOrder', probability: 0.3, fault: { kind: '500' } });
      return Array.from({ length: 400 }, () => {
        stage.clock.pass(5000);
        const reply = stage.brain.answer(stage.request('GET', path));
        return reply.ending === 'whole' ? reply.answer().status : 0;
      });
    };
    const statuses = run();
    const struck = statuses.filter((status) => status === 500).length;
    expect(struck).toBeGreaterThan(80);
    expect(struck).toBeLessThan(160);
    expect(run()).toEqual(statuses);
  });

  test('is refused where it names a call that there is not, or makes no sense', () => {
    const { faults } = amazonStage().brain;
    expect(() => faults.add({ call: 'getOrders', fault: { kind: '500' } })).toThrow(/no call "getOrders"/);
    expect(() => ebayStage().brain.faults.add({ call: 'confirmShipment', fault: { kind: '500' } })).toThrow(/no call/);
    expect(() => faults.add({ fault: { kind: 'slow', ms: 1, effectMs: 2 } })).toThrow(/effectMs/);
    expect(() => faults.add({ probability: 2, fault: { kind: '500' } })).toThrow(/probability/);
    expect(() => faults.add({ fault: { kind: 'explode' } } as never)).toThrow(/kind/);
  });

  test('does not let in what would have been turned away', () => {
    const stage = withAmazonOrder(amazonStage());
    for (const kind of ['cut-after', 'silent-204', 'half-body', 'garbage'] as const) {
      stage.brain.faults.add({ fault: { kind } });
      stage.brain.answer(stage.request('POST', `/orders/v0/orders/${amazonOrder}/shipmentConfirmation`, {}, { 'x-amz-access-token': 'none' }));
    }
    stage.brain.faults.add({ fault: { kind: 'late-effect', ms: 1 } });
    stage.brain.answer(stage.request('POST', `/orders/v0/orders/${amazonOrder}/shipmentConfirmation`, {}, { 'x-amz-access-token': 'none' }));
    stage.clock.pass(10);
    expect(stage.brain.ledger.effects()).toEqual([]);
  });
});
