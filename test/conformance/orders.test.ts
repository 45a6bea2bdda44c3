import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/marketplaces/marketplace.ts';
import { marketplaces } from '../../src/marketplaces/registry.ts';
import type { Rule } from '../../src/marketplaces/simulator/faults.ts';
import { minute } from '../../src/runtime/clock.ts';
import type { Instant } from '../../src/runtime/clock.ts';
import type { ChangedPage, Read, SeenOrder } from '../../src/syncing/order-reader.ts';
import { intentOf, openStand, ownOf, permits } from './stand.ts';
import type { Stand } from './stand.ts';
import { expectWords } from './words.ts';

interface Swept {
  readonly orders: readonly SeenOrder[];
  readonly pages: number;
  readonly until: Instant;
}

/** Reads a whole sweep, page by page, handing back what the page before said. */
async function sweep(stand: Stand, since: Instant | null, between: (page: number) => Connection | void = () => undefined): Promise<Swept> {
  const orders: SeenOrder[] = [];
  let connection = stand.connection;
  let page: string | null = null;
  for (let n = 1; ; n += 1) {
    const read: Read<ChangedPage> = stand.note(await connection.orders.changed(since, page, permits().signal));
    if (!read.ok) throw new Error(`page ${n} was not read: ${read.cause}`);
    orders.push(...read.value.orders);
    page = read.value.next;
    if (page === null) return { orders, pages: n, until: read.value.until };
    connection = between(n) ?? connection;
  }
}

function references(orders: readonly SeenOrder[]): readonly string[] {
  return orders.map(({ reference }) => reference);
}

/** A marketplace's list shows a while later what has happened; both end their window some time before now. */
const shown = minute;

/** Simulated eBay does not touch an order that was shipped unless it is told to; what is tested here is the reading of changes. */
const touching = { simulator: { ebay: { touchesOrder: true } } } as const;

describe.each(marketplaces)('$name is read', (marketplace) => {
  const { pageSize } = ownOf(marketplace);

  test('page by page on the first import: each order still to ship, once', async () => {
    const stand = await openStand(marketplace);
    const sold = Array.from({ length: pageSize * 2 + 7 }, () => stand.sell());
    const shipped = stand.sell();
    stand.there.brain.world.shipByHand(shipped.id);
    const read = await sweep(stand, null);
    expect(read.pages).toBe(3);
    expect(references(read.orders).toSorted()).toEqual(sold.map(({ id }) => id).toSorted());
    expect(read.until).toBeLessThanOrEqual(stand.clock.now() + 1_000);
  });

  test('an order as it is: its account, lines, units, price, deadline and state', async () => {
    const stand = await openStand(marketplace);
    const sold = stand.sell({ lines: [{ sku: 'MUG', title: 'Mug', quantity: 2, unitPrice: '24.95' }, { sku: 'BOL', quantity: 1, unitPrice: '18.50' }] });
    const [order] = (await sweep(stand, null)).orders;
    expect(order).toMatchObject({ account: stand.settings.id, reference: sold.id, status: 'to-ship', payment: 'confirmed', fulfilment: 'merchant', cancellation: 'none' });
    expect(Math.abs((order?.placedAt ?? 0) - sold.placedAt)).toBeLessThan(1_000);
    expect(Math.abs((order?.shipBy ?? 0) - sold.shipBy)).toBeLessThan(1_000);
    expect(order?.lines).toMatchObject([
      { lineId: sold.lines[0]?.lineId, sku: 'MUG', title: 'Mug', quantity: 2, shipped: 0, cancelled: 0, unitPrice: '24.95' },
      { lineId: sold.lines[1]?.lineId, sku: 'BOL', quantity: 1, shipped: 0, cancelled: 0, unitPrice: '18.50' },
    ]);
  });

  test('a page mark survives a restart', async () => {
    const stand = await openStand(marketplace);
    const sold = Array.from({ length: pageSize + 3 }, () => stand.sell());
    const read = await sweep(stand, null, () => stand.reconnect());
    expect(references(read.orders).toSorted()).toEqual(sold.map(({ id }) => id).toSorted());
  });

  test('a later sweep shows what changed since, and goes back over the end of the one before', async () => {
    const stand = await openStand(marketplace, touching);
    const [first, second] = [stand.sell(), stand.sell()];
    stand.clock.pass(shown);
    const before = await sweep(stand, null);
    stand.there.brain.world.requestCancel(second.id);
    stand.clock.pass(shown);
    const after = await sweep(stand, before.until);
    expect(after.orders.find(({ reference }) => reference === second.id)).toMatchObject({ cancellation: 'requested' });
    expect(after.until).toBeGreaterThanOrEqual(before.until);
    const overlapping = await sweep(stand, before.until - 10 * minute);
    expect(references(overlapping.orders)).toEqual(expect.arrayContaining([first.id, second.id]));
  });

  test('what changes while pages are read is lost by neither this sweep nor the next', async () => {
    const stand = await openStand(marketplace, touching);
    const sold = Array.from({ length: pageSize * 2 + 5 }, () => stand.sell());
    stand.clock.pass(shown);
    const changed = [0, pageSize - 1, pageSize, pageSize + 1, sold.length - 1].map((place) => sold[place]?.id ?? '');
    const during = await sweep(stand, stand.clock.now() - 60 * minute, (page) => {
      if (page === 1) for (const id of changed) stand.there.brain.world.requestCancel(id);
    });
    stand.clock.pass(shown);
    const next = await sweep(stand, during.until);
    const latest = new Map([...during.orders, ...next.orders].map((order) => [order.reference, order]));
    expect([...latest.keys()].toSorted()).toEqual(sold.map(({ id }) => id).toSorted());
    for (const id of changed) expect(latest.get(id)?.cancellation, `order ${id}`).toBe('requested');
  });

  const refusals: readonly (readonly [Rule['fault'], string])[] = [
    [{ kind: '429', retryAfterS: 5 }, 'throttled'],
    [{ kind: '500' }, 'unavailable'],
    [{ kind: 'html-503' }, 'unavailable'],
    [{ kind: 'cut-before' }, 'unavailable'],
    [{ kind: 'half-body' }, 'unavailable'],
    [{ kind: 'garbage' }, 'unavailable'],
    [{ kind: 'hang' }, 'unavailable'],
    [{ kind: 'revoked' }, 'unauthorized'],
    [{ kind: 'role-missing' }, 'role'],
  ];

  test.each(refusals)('a page that meets %j is not read (%s), and is read afterwards by the same mark', async (fault, why) => {
    const stand = await openStand(marketplace, { timeout: 1_000 });
    const sold = Array.from({ length: pageSize + 1 }, () => stand.sell());
    const { faults } = stand.there.brain;
    const first = await stand.connection.orders.changed(null, null, permits().signal);
    if (!first.ok) throw new Error(first.cause);
    faults.add({ call: stand.calls.page, fault });
    const refused = stand.note(await stand.connection.orders.changed(null, first.value.next, permits().signal));
    expect(refused).toMatchObject({ ok: false, why });
    if (!refused.ok) expectWords(refused.cause);
    expect(refused.ok ? null : refused.retryAfter).toBe(fault.kind === '429' ? 5_000 : null);
    faults.repair();
    const again = stand.note(await stand.connection.orders.changed(null, first.value.next, permits().signal));
    expect(again).toMatchObject({ ok: true, value: { next: null } });
    expect(references([...first.value.orders, ...(again.ok ? again.value.orders : [])]).toSorted()).toEqual(sold.map(({ id }) => id).toSorted());
  });

  test('one order with its parcels; none where there is none; and another’s account sees nothing', async () => {
    const stand = await openStand(marketplace);
    const sold = stand.sell();
    const intent = intentOf(sold);
    await stand.send(intent);
    const { orders } = stand.connection;
    const read = stand.note(await orders.order(stand.settings.id, sold.id, permits().signal));
    expect(read).toMatchObject({ ok: true, value: { reference: sold.id, status: 'partly-shipped', parcels: [{ trackingNumber: 'XC000000001FR', lines: [{ lineId: sold.lines[0]?.lineId, quantity: 2 }] }] } });
    const unknown = sold.id.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
    expect(stand.note(await orders.order(stand.settings.id, unknown, permits().signal))).toMatchObject({ ok: true, value: null });
    for (const odd of ['', '.', '..', 'a/b', '%2e', '?x=1', '#']) {
      const made = stand.there.brain.ledger.requests().length;
      const answer = stand.note(await orders.order(stand.settings.id, odd, permits().signal));
      expect(answer.ok ? answer.value : answer.why, `order "${odd}"`).toSatisfy((found: unknown) => found === null || found === 'rejected');
      const calls = stand.there.brain.ledger.requests().slice(made).map(({ call }) => call);
      expect(calls.filter((call) => call === stand.calls.page || call === stand.calls.tell), `calls for "${odd}"`).toEqual([]);
    }
  });
});
