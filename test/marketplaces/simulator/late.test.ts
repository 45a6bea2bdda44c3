import { describe, expect, test } from 'vitest';
import { withoutSockets } from '../../../src/marketplaces/simulator/transport.ts';
import { amazonOrder, amazonStage, confirmation, confirmPath, ebayOrder, ebayStage, fulfilment, fulfilPath, heard, withAmazonOrder, withEbayOrder } from './stage.ts';
import type { Stage } from './stage.ts';

const mugs = '10000000000001';

/** Tells Amazon of a parcel whose effect is put off; nobody hears the answer. */
function tellLate(stage: Stage, ms: number, change: Record<string, unknown> = {}): void {
  stage.brain.faults.add({ call: 'confirmShipment', fault: { kind: 'late-effect', ms } });
  expect(stage.brain.answer(stage.request('POST', confirmPath, confirmation(change)))).toEqual({ ending: 'cut' });
}

function shown(stage: Stage): string[] {
  const { packages } = stage.call('GET', `/orders/2026-01-01/orders/${amazonOrder}?includedData=PACKAGES`).body.order;
  return packages.map((one: { packageReferenceId: string; createdTime: string }) => `${one.packageReferenceId} ${one.createdTime}`);
}

describe('an effect that comes late', () => {
  test('takes place at its own moment, whoever looks first and whenever', () => {
    const stage = withAmazonOrder(amazonStage());
    tellLate(stage, 90_000);
    stage.clock.pass(89_999);
    expect(shown(stage)).toEqual([]);
    stage.clock.pass(1);
    expect(shown(stage)).toEqual(['1 2026-11-23T09:01:30.000Z']);

    const unseen = withAmazonOrder(amazonStage());
    tellLate(unseen, 90_000);
    unseen.clock.pass(3_000_000);
    expect(unseen.brain.ledger.effects()).toMatchObject([{ kind: 'created', moment: unseen.clock.now() - 3_000_000 + 90_000, request: 2 }]);
    expect(shown(unseen)).toEqual(['1 2026-11-23T09:01:30.000Z']);
    expect(unseen.call('GET', `/orders/2026-01-01/orders/${amazonOrder}`).body.order.lastUpdatedTime).toBe('2026-11-23T09:01:30.000Z');
  });

  test('takes place when the marketplace is told to settle', () => {
    const stage = withAmazonOrder(amazonStage());
    const order = stage.brain.world.order(amazonOrder);
    tellLate(stage, 1000);
    stage.clock.pass(1000);
    expect(order?.parcels).toEqual([]);
    stage.brain.settle();
    expect(order?.parcels).toHaveLength(1);
    stage.brain.settle();
    expect(order?.parcels).toHaveLength(1);
  });

  test('of the same reference, told again meanwhile, is an edit: Amazon makes one package of it', () => {
    const stage = withAmazonOrder(amazonStage());
    tellLate(stage, 90_000);
    stage.clock.pass(60_000);
    expect(stage.call('POST', confirmPath, confirmation()).status).toBe(204);
    stage.clock.pass(60_000);
    expect(stage.brain.ledger.effects().map(({ kind, request }) => [kind, request])).toEqual([['created', 3], ['edited', 2]]);
    expect(stage.brain.ledger.packages()).toMatchObject([{ reference: '1', edits: 1 }]);
  });

  test('told again meanwhile is a second package at eBay', () => {
    const stage = withEbayOrder(ebayStage());
    stage.brain.faults.add({ call: 'createShippingFulfillment', order: ebayOrder, fault: { kind: 'late-effect', ms: 90_000 } });
    expect(stage.brain.answer(stage.request('POST', fulfilPath, fulfilment()))).toEqual({ ending: 'cut' });
    stage.clock.pass(60_000);
    expect(stage.call('GET', fulfilPath).body.total).toBe(0);
    expect(stage.call('POST', fulfilPath, fulfilment()).status).toBe(201);
    expect(stage.brain.ledger.packages()).toHaveLength(1);
    stage.clock.pass(60_000);
    expect(stage.brain.ledger.packages()).toHaveLength(2);
  });

  test('said yes to bears the reference that was answered', () => {
    const stage = withEbayOrder(ebayStage());
    stage.brain.faults.add({ call: 'createShippingFulfillment', fault: { kind: 'late-effect', ms: 5000, answered: true } });
    const { headers } = stage.call('POST', fulfilPath, { lineItems: [{ lineItemId: '20000000000001' }] });
    expect(stage.call('GET', fulfilPath).body.total).toBe(0);
    stage.clock.pass(5000);
    expect(headers['location']).toMatch(new RegExp(`/${stage.call('GET', fulfilPath).body.fulfillments[0].fulfillmentId}$`));
  });

  test('is judged by how things stand then', () => {
    const cancelled = withAmazonOrder(amazonStage());
    tellLate(cancelled, 90_000);
    cancelled.clock.pass(60_000);
    cancelled.brain.world.cancel(amazonOrder);
    cancelled.clock.pass(60_000);
    expect(cancelled.brain.ledger.effects()).toEqual([]);

    const shipped = withAmazonOrder(amazonStage());
    tellLate(shipped, 90_000, { packageReferenceId: '77', orderItems: [{ orderItemId: mugs, quantity: 2 }] });
    shipped.brain.world.shipByHand(amazonOrder, { lines: [{ lineId: mugs, quantity: 2 }] });
    shipped.clock.pass(120_000);
    expect(shipped.brain.ledger.packages()).toMatchObject([{ by: 'hand', reference: '1' }]);
  });

  test('comes after another that was put off less, whatever the order of the requests', () => {
    const stage = withAmazonOrder(amazonStage());
    tellLate(stage, 90_000, { trackingNumber: 'LATER' });
    tellLate(stage, 30_000, { trackingNumber: 'EARLIER' });
    stage.clock.pass(200_000);
    expect(stage.brain.ledger.effects().map(({ kind, tracking }) => [kind, tracking])).toEqual([['created', 'EARLIER'], ['edited', 'LATER']]);
  });

  test('that never comes due has not happened', () => {
    const stage = withAmazonOrder(amazonStage());
    tellLate(stage, 86_400_000);
    stage.clock.pass(3_000_000);
    expect(stage.brain.ledger.packages()).toEqual([]);
  });
});

describe('the ledger', () => {
  test('counts packages, not calls, and keeps every request with what became of it', () => {
    const stage = withAmazonOrder(amazonStage());
    const { faults, ledger } = stage.brain;
    for (const kind of ['cut-before', 'cut-after', '500', 'silent-204'] as const) {
      faults.add({ call: 'confirmShipment', fault: { kind } });
      stage.brain.answer(stage.request('POST', confirmPath, confirmation()));
    }
    stage.call('POST', confirmPath, confirmation());
    stage.call('POST', confirmPath, confirmation({ shipDate: 'never' }));
    expect(ledger.packages()).toMatchObject([{ order: amazonOrder, reference: '1', edits: 1, by: 'api' }]);
    const rows = ledger.requests().map(({ number, call, order, status, fault, throttled }) => [number, call, order, status, fault, throttled]);
    expect(rows).toEqual([
      [1, 'token', null, 200, null, false],
      [2, 'confirmShipment', amazonOrder, null, 'cut-before', false],
      [3, 'confirmShipment', amazonOrder, null, 'cut-after', false],
      [4, 'confirmShipment', amazonOrder, 500, '500', false],
      [5, 'confirmShipment', amazonOrder, 204, 'silent-204', false],
      [6, 'confirmShipment', amazonOrder, 204, null, false],
      [7, 'confirmShipment', amazonOrder, 400, null, false],
    ]);
    expect(ledger.effects()).toEqual([
      { moment: stage.clock.now(), order: amazonOrder, reference: '1', kind: 'created', by: 'api', request: 3, carrier: 'Chronopost', tracking: 'XY000000001FR', lines: [{ lineId: mugs, quantity: 1 }] },
      { moment: stage.clock.now(), order: amazonOrder, reference: '1', kind: 'edited', by: 'api', request: 6, carrier: 'Chronopost', tracking: 'XY000000001FR', lines: [{ lineId: mugs, quantity: 1 }] },
    ]);
  });

  test('keeps no token and nothing of the buyer', () => {
    const stage = withEbayOrder(ebayStage());
    stage.call('POST', fulfilPath, fulfilment());
    stage.call('GET', `/sell/fulfillment/v1/order/${ebayOrder}`);
    const { ledger } = stage.brain;
    const all = JSON.stringify([ledger.effects(), ledger.packages(), ledger.requests()]);
    expect(all).not.toMatch(/simul|Bearer|v\^1/i);
  });

  test('is the same for the same seed', () => {
    const run = (): unknown => {
      const stage = withAmazonOrder(amazonStage());
      stage.brain.faults.add({ call: 'confirmShipment', probability: 0.5, fault: { kind: 'late-effect', ms: 700 } });
      for (let i = 1; i <= 8; i += 1) {
        stage.brain.answer(stage.request('POST', confirmPath, confirmation({ packageReferenceId: String(i) })));
        stage.clock.pass(1000);
      }
      return [stage.brain.ledger.requests(), stage.brain.ledger.effects(), stage.brain.world.orders()];
    };
    expect(run()).toEqual(run());
  });
});

describe('a marketplace without sockets, under a simulated clock', () => {
  const never = new AbortController().signal;

  function connected(): { stage: Stage; ask: (signal?: AbortSignal) => Promise<number | string> } {
    const stage = withAmazonOrder(amazonStage());
    const transport = withoutSockets(stage.brain, stage.clock);
    const ask = (signal = never): Promise<number | string> =>
      transport(stage.request('POST', confirmPath, confirmation()), signal).then(
        (answer) => heard(answer).status,
        (error: { name: string; code: string; sent: boolean }) => `${error.name} ${error.code} ${error.sent}`,
      );
    return { stage, ask };
  }

  test('answers, resets, breaks off and is slow as over a socket, and nothing waits for real', async () => {
    const { stage, ask } = connected();
    expect(await ask()).toBe(204);
    for (const [fault, outcome] of [
      [{ kind: 'cut-after' }, 'NoAnswer ECONNRESET true'],
      [{ kind: 'half-body' }, 'NoAnswer UND_ERR_SOCKET true'],
      [{ kind: '500' }, 500],
    ] as const) {
      stage.brain.faults.add({ fault });
      expect(await ask()).toBe(outcome);
    }
    const start = stage.clock.now();
    stage.brain.faults.add({ fault: { kind: 'slow', ms: 3_000_000, effectMs: 2_000_000 } });
    expect(await ask()).toBe(204);
    expect(stage.clock.now() - start).toBe(3_000_000);
    expect(stage.brain.ledger.effects().at(-1)).toMatchObject({ kind: 'edited', moment: start + 2_000_000 });
  });

  test('lets the caller leave: before anything, while it waits, and where nothing ever comes', async () => {
    const { stage, ask } = connected();
    expect(await ask(AbortSignal.abort())).toBe('NoAnswer ABORTED false');
    expect(stage.brain.ledger.requests()).toHaveLength(1);
    const leaving = new AbortController();
    stage.brain.faults.add({ fault: { kind: 'hang', effect: true } });
    const hanging = ask(leaving.signal);
    leaving.abort();
    expect(await hanging).toBe('NoAnswer ABORTED true');
    expect(stage.brain.ledger.packages()).toHaveLength(1);
  });
});
