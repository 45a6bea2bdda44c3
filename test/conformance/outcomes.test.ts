import { describe, expect, test } from 'vitest';
import { marketplaces } from '../../src/marketplaces/registry.ts';
import type { Rule } from '../../src/marketplaces/simulator/faults.ts';
import type { Outcome, OutcomeKind } from '../../src/syncing/outcome.ts';
import { intentOf, openStand, permits } from './stand.ts';
import type { Stand } from './stand.ts';
import { expectWords } from './words.ts';

/** Every way in which a call that tells can go, how it may end, and whether the parcel is there then. */
const ways: readonly { readonly name: string; readonly fault: Rule['fault'] | null; readonly ends: readonly OutcomeKind[]; readonly there: 0 | 1 }[] = [
  { name: 'a yes', fault: null, ends: ['accepted'], there: 1 },
  { name: 'lost before it arrived', fault: { kind: 'cut-before' }, ends: ['unknown'], there: 0 },
  { name: 'lost after it was done', fault: { kind: 'cut-after' }, ends: ['unknown'], there: 1 },
  { name: 'never answered, and not done', fault: { kind: 'hang' }, ends: ['unknown'], there: 0 },
  { name: 'never answered, and done', fault: { kind: 'hang', effect: true }, ends: ['unknown'], there: 1 },
  { name: 'too many requests', fault: { kind: '429' }, ends: ['throttled'], there: 0 },
  { name: 'too many requests, with a wait', fault: { kind: '429', retryAfterS: 7 }, ends: ['throttled'], there: 0 },
  { name: 'an error of its own', fault: { kind: '500' }, ends: ['unknown'], there: 0 },
  { name: 'an error of its own, and done all the same', fault: { kind: '500', effect: true }, ends: ['unknown'], there: 1 },
  { name: "a gateway's page", fault: { kind: 'html-503' }, ends: ['unknown'], there: 0 },
  { name: "a gateway's page, and done all the same", fault: { kind: 'html-503', effect: true }, ends: ['unknown'], there: 1 },
  // Where the yes stands in the headers, a body that is broken takes nothing from it.
  { name: 'JSON that is broken off', fault: { kind: 'garbage' }, ends: ['unknown', 'accepted'], there: 1 },
  { name: 'half an answer', fault: { kind: 'half-body' }, ends: ['unknown'], there: 1 },
  { name: 'an access token that is over', fault: { kind: 'token-expired' }, ends: ['accepted'], there: 1 },
  { name: 'an authorization that is withdrawn', fault: { kind: 'revoked' }, ends: ['unauthorized'], there: 0 },
  { name: 'a role that is missing', fault: { kind: 'role-missing' }, ends: ['unauthorized'], there: 0 },
  { name: 'a yes that was none', fault: { kind: 'silent-204' }, ends: ['accepted'], there: 0 },
];

/** The cause is one that has words; what was met is there to be looked into. */
function expectTold({ calls }: Stand, outcome: Outcome, call = calls.tell): void {
  if ('cause' in outcome) expectWords(outcome.cause);
  expect(outcome.evidence?.call === call || outcome.evidence?.call.includes('token'), `the evidence of ${outcome.kind} is of a call`).toBe(true);
}

function parcels({ there }: Stand): number {
  return there.brain.ledger.packages().length;
}

describe.each(marketplaces)('$name is told of a dispatch', (marketplace) => {
  test.each(ways)('and answers by $name', async ({ fault, ends, there }) => {
    const stand = await openStand(marketplace, { timeout: 1_000 });
    const order = stand.sell();
    if (fault !== null) stand.there.brain.faults.add({ call: stand.calls.tell, fault });
    const outcome = await stand.send(intentOf(order));
    expect(ends).toContain(outcome.kind);
    expect(parcels(stand)).toBe(there);
    expectTold(stand, outcome);
    const asked = stand.there.brain.ledger.requests().filter(({ call }) => call === stand.calls.tell);
    expect(asked, 'told once, or once more with a new token').toHaveLength(fault?.kind === 'token-expired' ? 2 : 1);
  });

  test('and what it accepted it shows, under the reference that it was accepted by', async () => {
    const stand = await openStand(marketplace);
    const outcome = await stand.send(intentOf(stand.sell()));
    const [parcel] = stand.there.brain.ledger.packages();
    expect(outcome).toMatchObject({ kind: 'accepted', reference: parcel?.reference });
    expect(parcel).toMatchObject({ tracking: 'XC000000001FR', lines: [{ quantity: 2 }] });
    expect(Math.abs((outcome.evidence?.date ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(outcome.evidence?.requestId ?? '').not.toBe('');
  });

  test('a wait that it asks for is heard, to the second', async () => {
    const stand = await openStand(marketplace);
    stand.there.brain.faults.add({ call: stand.calls.tell, fault: { kind: '429', retryAfterS: 7 } });
    expect(await stand.send(intentOf(stand.sell()))).toMatchObject({ kind: 'throttled', retryAfter: 7_000 });
    stand.there.brain.faults.add({ call: 'token', times: 'always', fault: { kind: '429', retryAfterS: 9 } });
    stand.there.brain.faults.add({ call: stand.calls.tell, fault: { kind: 'token-expired' } });
    expect(await stand.send(intentOf(stand.sell()))).toMatchObject({ kind: 'throttled', retryAfter: 9_000 });
  });

  test('credentials and roles are told apart', async () => {
    const stand = await openStand(marketplace);
    const { faults } = stand.there.brain;
    faults.add({ call: stand.calls.tell, fault: { kind: 'role-missing' } });
    expect(await stand.send(intentOf(stand.sell()))).toMatchObject({ kind: 'unauthorized', what: 'role' });
    faults.add({ call: stand.calls.tell, fault: { kind: 'revoked' } });
    expect(await stand.send(intentOf(stand.sell()))).toMatchObject({ kind: 'unauthorized', what: 'credentials' });
    faults.repair();
    expect(await stand.send(intentOf(stand.sell()))).toMatchObject({ kind: 'accepted' });
  });

  test('a second call for a new token is made only where it is paid for', async () => {
    const stand = await openStand(marketplace);
    stand.there.brain.faults.add({ call: stand.calls.tell, fault: { kind: 'token-expired' } });
    const outcome = await stand.send(intentOf(stand.sell()), permits(false));
    expect(['unavailable', 'throttled']).toContain(outcome.kind);
    expect(stand.there.brain.ledger.requests().filter(({ call }) => call === stand.calls.tell)).toHaveLength(1);
  });

  test('nobody who listens: nothing can have happened', async () => {
    const stand = await openStand(marketplace, { endpoint: 'http://127.0.0.1:9' });
    expect(await stand.send(intentOf(stand.sell()))).toMatchObject({ kind: 'unavailable' });
    expect(await stand.check(intentOf(stand.sell()))).toMatchObject({ kind: 'unavailable' });
  });

  test('an order that it does not know is rejected', async () => {
    const stand = await openStand(marketplace);
    const order = stand.sell();
    const unknown = { ...order, id: order.id.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)) };
    expect(await stand.send(intentOf(unknown))).toMatchObject({ kind: 'rejected' });
    expect(await stand.check(intentOf(unknown))).toMatchObject({ kind: 'rejected' });
  });

  test('several intents have their outcomes in order, and those that nobody paid for are not sent', async () => {
    const stand = await openStand(marketplace);
    const orders = [stand.sell(), stand.sell(), stand.sell()];
    stand.there.brain.faults.add({ call: stand.calls.tell, order: orders[1]?.id ?? '', fault: { kind: '429' } });
    const outcomes = stand.note(await stand.destination.send(orders.map((order) => intentOf(order)), permits()));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'throttled', 'accepted']);
    const more = stand.note(await stand.destination.send([stand.sell(), stand.sell()].map((order) => intentOf(order)), permits(false)));
    expect(more.map(({ kind }) => kind)).toEqual(['accepted', 'throttled']);
    expect(parcels(stand)).toBe(3);
    expect(await stand.destination.send([], permits())).toEqual([]);
  });

  test('as many at once as it is wide share one exchange of tokens', async () => {
    const stand = await openStand(marketplace);
    const outcomes = await Promise.all(Array.from({ length: stand.destination.width }, () => stand.send(intentOf(stand.sell()))));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    expect(stand.there.brain.ledger.requests().filter(({ call }) => call === 'token')).toHaveLength(1);
  });
});

describe.each(marketplaces)('$name is looked at', (marketplace) => {
  test('absent before, present after, and present under the reference that it was accepted by', async () => {
    const stand = await openStand(marketplace);
    const intent = intentOf(stand.sell());
    expect(await stand.check(intent)).toMatchObject({ kind: 'absent', seen: [] });
    const told = await stand.send(intent);
    const reference = told.kind === 'accepted' ? told.reference : null;
    expect(await stand.check(intent)).toMatchObject({ kind: 'present', reference });
    expect(await stand.check({ ...intent, reference })).toMatchObject({ kind: 'present', reference });
  });

  test('a yes that was none is found out', async () => {
    const stand = await openStand(marketplace);
    const intent = intentOf(stand.sell());
    stand.there.brain.faults.add({ call: stand.calls.tell, fault: { kind: 'silent-204' } });
    expect(await stand.send(intent)).toMatchObject({ kind: 'accepted' });
    expect(await stand.check(intent)).toMatchObject({ kind: 'absent' });
  });

  test('our tracking number on another quantity is different: a person decides', async () => {
    const stand = await openStand(marketplace);
    const order = stand.sell();
    stand.there.brain.world.shipByHand(order.id, { carrier: 'Chronopost', tracking: 'XC 0000-00001FR', lines: [{ lineId: order.lines[0]?.lineId ?? '', quantity: 1 }] });
    const looked = await stand.check(intentOf(order));
    expect(looked.kind).toBe('different');
    expectTold(stand, looked, stand.calls.look);
  });

  test("another parcel of the order is not taken for ours, nor one that another sync claims", async () => {
    const stand = await openStand(marketplace);
    const order = stand.sell();
    const line = order.lines[0]?.lineId ?? '';
    stand.there.brain.world.shipByHand(order.id, { carrier: 'GLS', tracking: 'GLS1', lines: [{ lineId: line, quantity: 1 }] });
    expect(await stand.check(intentOf(order))).toMatchObject({ kind: 'absent', seen: [stand.there.brain.ledger.packages()[0]?.reference] });
    const told = await stand.send(intentOf(order));
    const reference = told.kind === 'accepted' ? (told.reference ?? '') : '';
    const second = intentOf(order);
    const parcel = second.payload.parcel === null ? null : { ...second.payload.parcel, reference: '1795424401' };
    expect((await stand.check({ ...second, payload: { ...second.payload, parcel }, claimed: [reference] })).kind).not.toBe('present');
  });

  const blind: readonly (readonly [Rule['fault'], OutcomeKind])[] = [
    [{ kind: 'cut-before' }, 'unknown'],
    [{ kind: 'hang' }, 'unknown'],
    [{ kind: '500' }, 'unknown'],
    [{ kind: 'html-503' }, 'unknown'],
    [{ kind: 'garbage' }, 'unknown'],
    [{ kind: 'half-body' }, 'unknown'],
    [{ kind: '429' }, 'throttled'],
    [{ kind: 'role-missing' }, 'unauthorized'],
    [{ kind: 'revoked' }, 'unauthorized'],
    [{ kind: 'token-expired' }, 'present'],
  ];

  test.each(blind)('a look that meets %j ends as %s, and is never taken for a word on the parcel', async (fault, kind) => {
    const stand = await openStand(marketplace, { timeout: 1_000 });
    const intent = intentOf(stand.sell());
    await stand.send(intent);
    stand.there.brain.faults.add({ call: stand.calls.look, fault });
    const looked = await stand.check(intent);
    expect(looked.kind).toBe(kind);
    expectTold(stand, looked, stand.calls.look);
  });
});

describe.each(marketplaces)('$name is called off', (marketplace) => {
  test('while it is silent: the call ends at once, and is interrupted', async () => {
    const stand = await openStand(marketplace);
    for (const step of ['send', 'check'] as const) {
      const order = stand.sell();
      stand.there.brain.faults.add({ call: step === 'send' ? stand.calls.tell : stand.calls.look, order: order.id, fault: { kind: 'hang' } });
      const cut = new AbortController();
      const going = stand[step](intentOf(order), permits(true, cut.signal));
      await arrived(stand, order.id);
      const began = performance.now();
      cut.abort();
      expect((await going).kind).toBe('interrupted');
      expect(performance.now() - began, 'milliseconds until it ended').toBeLessThan(3_000);
    }
  });

  test('by a time-out of ours: what was sent is unknown', async () => {
    const stand = await openStand(marketplace);
    const order = stand.sell();
    stand.there.brain.faults.add({ call: stand.calls.tell, fault: { kind: 'hang', effect: true } });
    const limit = new AbortController();
    const going = stand.send(intentOf(order), permits(true, limit.signal));
    await arrived(stand, order.id);
    limit.abort(new DOMException('the time-out was reached', 'TimeoutError'));
    expect((await going).kind).toBe('unknown');
    expect(parcels(stand)).toBe(1);
  });

  test('while it waits for a token: nothing of the call was made, and the exchange ends with the last who wanted it', async () => {
    const stand = await openStand(marketplace);
    stand.there.brain.faults.add({ call: 'token', times: 'always', fault: { kind: 'hang' } });
    const cut = new AbortController();
    const going = stand.send(intentOf(stand.sell()), permits(true, cut.signal));
    await arrived(stand, null);
    cut.abort();
    expect(['unavailable', 'interrupted']).toContain((await going).kind);
    expect(stand.there.brain.ledger.requests().map(({ call }) => call)).toEqual(['token']);
    stand.there.brain.faults.repair();
    expect(await stand.send(intentOf(stand.sell()))).toMatchObject({ kind: 'accepted' });
  });

  test('before it began: not a byte leaves', async () => {
    const stand = await openStand(marketplace);
    for (const step of ['send', 'check'] as const) expect(['unavailable', 'interrupted']).toContain((await stand[step](intentOf(stand.sell()), permits(true, AbortSignal.abort()))).kind);
    const page = stand.note(await stand.connection.orders.changed(null, null, AbortSignal.abort()));
    expect(page.ok).toBe(false);
    expect(stand.there.brain.ledger.requests()).toEqual([]);
  });
});

/** A request of this order is there; of none: any request. */
async function arrived({ there }: Stand, order: string | null): Promise<void> {
  while (!there.brain.ledger.requests().some((request) => order === null || request.order === order)) await new Promise((resolve) => void setTimeout(resolve, 5));
}
