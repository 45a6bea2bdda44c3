import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { sampleOrders } from '../../../src/marketplaces/simulator/samples.ts';
import { startSimulator } from '../../../src/marketplaces/simulator/simulator.ts';
import type { Simulator } from '../../../src/marketplaces/simulator/simulator.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { sockets } from './sockets.ts';
import { amazonOrder, HandClock, seeded } from './stage.ts';

const started: Simulator[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((simulator) => simulator.close()));
});

async function start(options: Partial<Parameters<typeof startSimulator>[0]> = {}): Promise<Simulator> {
  const simulator = await startSimulator({ clock: systemClock, random: seeded(1), pace: 100, ...options });
  started.push(simulator);
  return simulator;
}

/** Whether anybody listens there. */
function reachable(endpoint: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(endpoint).port), '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

describe('the simulator', () => {
  test('listens on loopback, on the ports it is given or on free ones, and says which are taken', async () => {
    const first = await start();
    expect(first.amazon.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(first.ebay.endpoint).not.toBe(first.amazon.endpoint);
    const port = Number(new URL(first.ebay.endpoint).port);
    const free = await start();
    const amazonPort = Number(new URL(free.amazon.endpoint).port);
    await free.close();
    await expect(startSimulator({ clock: systemClock, random: seeded(1), pace: 1, amazonPort, ebayPort: port })).rejects.toThrow(`EADDRINUSE: address already in use 127.0.0.1:${port}`);
    // What had begun to listen does so no more.
    expect(await reachable(free.amazon.endpoint)).toBe(false);
    const again = await start({ amazonPort });
    expect(again.amazon.endpoint).toBe(free.amazon.endpoint);
  });

  test('refuses a pace that makes no sense', async () => {
    for (const pace of [0, -1, Number.NaN, Infinity]) await expect(start({ pace })).rejects.toThrow(/pace/);
  });

  test('closes at once, twice if need be, with callers that hang, wait and idle', async () => {
    const there = await sockets();
    started.push(there.simulator);
    const { faults, ledger } = there.simulator.amazon.brain;
    faults.add({ call: 'confirmShipment', fault: { kind: 'hang' } });
    faults.add({ call: 'confirmShipment', fault: { kind: 'slow', ms: 3_600_000 } });
    const open = [there.send(there.confirm()), there.send(there.confirm())];
    await expect.poll(() => ledger.requests().filter((entry) => entry.call === 'confirmShipment').length).toBe(2);
    const asked = performance.now();
    await there.simulator.close();
    await there.simulator.close();
    expect(performance.now() - asked).toBeLessThan(10_000);
    for (const outcome of await Promise.all(open)) expect(outcome).toMatch(/^(ECONNRESET|UND_ERR_SOCKET)$/);
    expect(await reachable(there.simulator.amazon.endpoint)).toBe(false);
    expect(await reachable(there.simulator.ebay.endpoint)).toBe(false);
  });

  test('lives on after callers that are rude', async () => {
    const there = await sockets();
    started.push(there.simulator);
    const port = Number(new URL(there.simulator.amazon.endpoint).port);
    const before = there.simulator.amazon.brain.ledger.requests().length;
    for (const rudeness of ['GARBAGE\r\n\r\n', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf', 'GET // HTTP/1.1\r\nHost: [\r\n\r\n', 'GET /simulator/ HTTP/1.1\r\nHost: a:99999\r\n\r\n', 'OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n']) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(rudeness));
        socket.on('error', () => undefined);
        socket.on('data', () => undefined);
        socket.on('close', () => resolve());
      });
    }
    expect(await there.send(there.read())).toMatchObject({ status: 200 });
    // Half a request is none: nobody may take it for one.
    expect(there.simulator.amazon.brain.ledger.requests().slice(before).filter((entry) => entry.call !== 'unknown')).toHaveLength(1);
    const huge = { ...there.confirm(), body: 'x'.repeat(5 * 1024 * 1024) };
    expect(await there.send(huge)).toMatchObject({ status: 413 });
  });

  test('serves many at once over kept connections', async () => {
    const there = await sockets({ pace: 1_000_000 });
    started.push(there.simulator);
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => there.send(there.list())));
      expect(answers.every((answer) => typeof answer === 'object' && answer.status === 200)).toBe(true);
    }
  });
});

describe('control over HTTP', () => {
  async function asked(endpoint: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<{ status: number; body: any }> { // oxlint-disable-line typescript/no-explicit-any -- tests look into bodies freely
    const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
    const response = await fetch(endpoint + path, { method, ...init });
    return { status: response.status, body: await response.json() };
  }

  test('describes itself, and what is wrong with it for the moment', async () => {
    const { amazon, ebay } = await start({ orders: sampleOrders(systemClock.now(), seeded(1)) });
    const { status, body } = await asked(amazon.endpoint, 'GET', '/simulator/');
    expect(status).toBe(200);
    expect(body).toMatchObject({ what: expect.stringContaining('Amazon'), faults: [], revoked: false, clockAheadMs: 0 });
    expect(body.orders).toHaveLength(12);
    ebay.brain.faults.add({ call: 'getOrders', times: 'always', fault: { kind: '500' } });
    ebay.brain.faults.add({ fault: { kind: 'clock-skew', ms: 5 } });
    expect((await asked(ebay.endpoint, 'GET', '/simulator/')).body).toMatchObject({ faults: [{ call: 'getOrders', left: 'always', fault: { kind: '500' } }], clockAheadMs: 5 });
  });

  test('makes it misbehave, and behave again', async () => {
    const there = await sockets();
    started.push(there.simulator);
    const { endpoint } = there.simulator.amazon;
    expect(await asked(endpoint, 'POST', '/simulator/faults', { call: 'getOrder', times: 'always', fault: { kind: 'html-503' } })).toEqual({ status: 201, body: { rule: 1 } });
    expect(await asked(endpoint, 'POST', '/simulator/faults', { fault: { kind: 'clock-skew', ms: 300_000 } })).toMatchObject({ status: 201 });
    expect(await there.send(there.read())).toMatchObject({ status: 503 });
    expect(await asked(endpoint, 'DELETE', '/simulator/faults')).toMatchObject({ status: 200 });
    expect(await there.send(there.read())).toMatchObject({ status: 200 });
    expect(there.simulator.amazon.brain.world.skew).toBe(0);
  });

  test('lets orders arrive, be paid, be cancelled and be shipped by hand, and shows what happened', async () => {
    const { amazon } = await start();
    const happen = (event: object): Promise<{ status: number; body: { order: string } }> => asked(amazon.endpoint, 'POST', '/simulator/orders', event);
    const { body } = await happen({ do: 'add', order: { payment: 'pending', lines: [{ sku: 'MUG', quantity: 2 }] } });
    const { order } = body;
    expect(order).toMatch(/^\d{3}-\d{7}-\d{7}$/);
    expect(await happen({ do: 'pay', order })).toEqual({ status: 200, body: { order } });
    expect(await happen({ do: 'request-cancel', order })).toMatchObject({ status: 200 });
    expect(amazon.brain.world.order(order)).toMatchObject({ payment: 'paid', cancellation: 'requested' });
    expect(await happen({ do: 'ship-by-hand', order, carrier: 'GLS', tracking: 'GLS1' })).toMatchObject({ status: 200 });
    expect(await happen({ do: 'cancel', order })).toMatchObject({ status: 200 });
    expect(amazon.brain.world.order(order)).toMatchObject({ cancellation: 'cancelled' });
    const ledger = (await asked(amazon.endpoint, 'GET', '/simulator/ledger')).body;
    expect(ledger).toEqual(JSON.parse(JSON.stringify({ packages: amazon.brain.ledger.packages(), effects: amazon.brain.ledger.effects(), requests: [] })));
    expect(ledger.packages).toMatchObject([{ order, by: 'hand', tracking: 'GLS1', lines: [{ quantity: 2 }] }]);
  });

  test.each([
    ['an unknown misbehaviour', 'POST', '/simulator/faults', { fault: { kind: 'explode' } }, 400],
    ['a call of the other marketplace', 'POST', '/simulator/faults', { call: 'getOrders', fault: { kind: '500' } }, 400],
    ['broken JSON', 'POST', '/simulator/faults', '{', 400],
    ['an unknown event', 'POST', '/simulator/orders', { do: 'burn', order: '1' }, 400],
    ['an order that there is not', 'POST', '/simulator/orders', { do: 'cancel', order: '1' }, 400],
    ['an order twice', 'POST', '/simulator/orders', { do: 'add', order: { id: amazonOrder, lines: [{ sku: 'MUG' }] } }, 400],
    ['more than is left', 'POST', '/simulator/orders', { do: 'ship-by-hand', order: amazonOrder, lines: [{ lineId: '10000000000001', quantity: 4 }] }, 400],
    ['an unknown address', 'GET', '/simulator/nothing', undefined, 404],
  ])('refuses %s with a clear word', async (_, method, path, body, status) => {
    const there = await sockets();
    started.push(there.simulator);
    const answer = await asked(there.simulator.amazon.endpoint, method, path, body);
    expect(answer).toEqual({ status, body: { status, detail: expect.stringMatching(/\w{4}/) } });
  });

  test('is not for pages in a browser: neither for another name of this machine, nor for what a form can send', async () => {
    const { amazon } = await start();
    expect(await asked(amazon.endpoint, 'POST', '/simulator/faults', { fault: { kind: '500' } }, { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    const port = Number(new URL(amazon.endpoint).port);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET /simulator/ledger HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'));
      let text = '';
      socket.on('data', (data) => (text += data.toString()));
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(amazon.brain.faults.list()).toEqual([]);
  });
});

describe('the sample orders', () => {
  const now = new HandClock().now();

  test('are the same for the same chance, and others for another', () => {
    expect(sampleOrders(now, seeded(1))).toEqual(sampleOrders(now, seeded(1)));
    expect(sampleOrders(now, seeded(1))).not.toEqual(sampleOrders(now, seeded(2)));
  });

  test('are a shop’s day: late ones, urgent ones, two lines, several units, and what must not be shipped', async () => {
    const { amazon, ebay } = await start({ clock: new HandClock(), orders: sampleOrders(now, seeded(1)) });
    const orders = { amazon: amazon.brain.world.orders(), ebay: ebay.brain.world.orders() };
    expect([orders.amazon.length, orders.ebay.length]).toEqual([12, 8]);
    for (const order of orders.amazon) expect(order.id).toMatch(/^(171|40[2-8])-\d{7}-\d{7}$/);
    for (const order of orders.ebay) expect(order.id).toMatch(/^\d{2}-\d{5}-\d{5}$/);
    for (const side of [orders.amazon, orders.ebay]) {
      expect(side.every((order) => order.placedAt < now)).toBe(true);
      expect(side.some((order) => order.shipBy < now)).toBe(true);
      expect(side.some((order) => order.shipBy > now && order.shipBy < now + 2 * 3_600_000)).toBe(true);
      expect(side.some((order) => order.shipBy > now + 24 * 3_600_000)).toBe(true);
      expect(side.some((order) => order.lines.length === 2)).toBe(true);
      expect(side.some((order) => order.lines.some((line) => line.quantity > 1))).toBe(true);
      expect(side.some((order) => order.cancellation === 'requested')).toBe(true);
      expect(side.some((order) => order.cancellation === 'cancelled')).toBe(true);
      expect(side.some((order) => order.fulfilment === 'label')).toBe(true);
      const plain = side.filter((order) => order.cancellation === 'none' && order.fulfilment === 'merchant' && order.payment === 'paid');
      expect(plain.length).toBeGreaterThanOrEqual(5);
    }
    expect(orders.amazon.some((order) => order.payment === 'pending')).toBe(true);
    expect(orders.amazon.some((order) => order.site === 'A1PA6795UKMFR9')).toBe(true);
  });

  test('can be many, or none', () => {
    expect(sampleOrders(now, seeded(1), { amazon: 1000, ebay: 0 }).amazon).toHaveLength(1000);
    expect(sampleOrders(now, seeded(1), { amazon: 1000, ebay: 0 }).ebay).toEqual([]);
  });
});
