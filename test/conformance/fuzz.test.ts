import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { marketplaces } from '../../src/marketplaces/registry.ts';
import type { Marketplace } from '../../src/marketplaces/marketplace.ts';
import { fetchTransport, sendTo } from '../../src/runtime/http.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../src/runtime/http.ts';
import { normalTracking } from '../../src/orders/parcel.ts';
import type { Read } from '../../src/syncing/order-reader.ts';
import { hostile } from './hostile.ts';
import { intentOf, openStand, ownOf, permits } from './stand.ts';
import type { Stand } from './stand.ts';

const all = process.env['FAULTS'] === 'all';
/** How long one property looks for a counterexample (ms), and how long one answer may take to be read. */
const bounds = { seed: 23, numRuns: all ? 5_000 : 400, interruptAfterTimeLimit: all ? 20_000 : 1_000, markInterruptAsFailure: false } as const;
const patience = 3_000;

interface Asked {
  readonly stand: Stand;
  /** The marketplace's own good answers, by what was asked for. */
  readonly real: Readonly<Record<'token' | 'tell' | 'look' | 'page' | 'examine', readonly HttpAnswer[]>>;
  readonly intent: ReturnType<typeof intentOf>;
  /** From now on calls of this kind are answered so, one after the other, and then by an error; all others as they should be. Gives what was heard so far. */
  readonly answer: (kind: 'token' | 'call', answers: readonly HttpAnswer[]) => () => readonly HttpAnswer[];
}

/** A marketplace whose answers were written down once, and are then spoilt. */
async function asked(marketplace: Marketplace): Promise<Asked> {
  const recorded: { request: HttpRequest; answer: HttpAnswer }[] = [];
  let onward: Transport | null = null;
  let spoilt: { kind: 'token' | 'call'; left: HttpAnswer[] } | null = null;
  const isToken = ({ url }: HttpRequest): boolean => url.includes('/token');
  const transport: Transport = async (request, signal) => {
    if (spoilt !== null && (spoilt.kind === 'token') === isToken(request)) return spoilt.left.shift() ?? { status: 503, headers: {}, body: new Uint8Array() };
    if (onward === null) throw new Error('it is not open yet');
    const answer = await onward(request, signal);
    recorded.push({ request, answer });
    return answer;
  };
  const stand = await openStand(marketplace, { transport });
  onward = fetchTransport(sendTo(stand.there.endpoint));
  const orders = [stand.sell(), stand.sell({ lines: [{ sku: 'MUG', quantity: 5 }, { sku: 'BOL', quantity: 1 }] })];
  const intent = intentOf(orders[0] ?? { id: '', lines: [] });
  const during = async (work: () => Promise<unknown>): Promise<readonly HttpAnswer[]> => {
    const from = recorded.length;
    await work();
    return recorded.slice(from).filter(({ request }) => !isToken(request)).map(({ answer }) => answer);
  };
  const absent = await during(() => stand.check(intent));
  const tell = await during(() => stand.send(intent));
  const present = await during(() => stand.check(intent));
  const page = await during(() => stand.connection.orders.changed(null, null, permits().signal));
  const order = await during(() => stand.connection.orders.order(stand.settings.id, intent.payload.order, permits().signal));
  const examine = await during(() => stand.connection.examine(stand.settings.id, permits().signal));
  const token = recorded.filter(({ request }) => isToken(request)).map(({ answer }) => answer);
  return {
    stand,
    intent,
    real: { token, tell, look: [...absent, ...present, ...order], page, examine },
    answer: (kind, answers) => {
      const mine = { kind, left: [...answers] };
      spoilt = mine;
      return () => answers.slice(0, answers.length - mine.left.length);
    },
  };
}

/** Whatever is read is read in time, and can be written down. */
async function inTime<T>(reading: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => void setTimeout(() => reject(new Error('it was not read in time')), patience).unref());
  const read = await Promise.race([reading, late]);
  expect(typeof JSON.stringify(read)).toBe('string');
  return read;
}

function textOf({ body }: HttpAnswer): string {
  return new TextDecoder().decode(body);
}

/** A tracking number of a parcel's in what was answered is ours. */
function shows(answers: readonly HttpAnswer[], tracking: string | null | undefined): boolean {
  const numbers = answers.flatMap((answer) => [...textOf(answer).matchAll(/"\w*trackingNumber":"([^"]*)"/gi)].map(([, number = '']) => number));
  return numbers.some((number) => normalTracking(number) === normalTracking(tracking ?? '?'));
}

function expectRead(read: Read<unknown>): void {
  if (read.ok) return;
  expect(['throttled', 'unavailable', 'unauthorized', 'role', 'rejected']).toContain(read.why);
  expect(read.retryAfter === null || read.retryAfter > 0).toBe(true);
}

describe.each(marketplaces)('whatever $name answers', (marketplace) => {
  const { isYes } = ownOf(marketplace);

  test('a telling ends in one outcome, and is accepted on the documented yes alone', async () => {
    const { stand, real, intent, answer } = await asked(marketplace);
    await fc.assert(
      fc.asyncProperty(fc.array(hostile(real.tell), { minLength: 1, maxLength: 2 }), async (answers) => {
        const heard = answer('call', answers);
        const outcome = await inTime(stand.send(intent));
        expect(outcome.kind === 'accepted' && !heard().slice(-1).some(isYes), 'accepted without a yes').toBe(false);
        expect(['present', 'absent', 'different', 'submitted']).not.toContain(outcome.kind);
        // What says that nothing was done is the marketplace's own word: no page of a gateway's, no error of its own.
        const saysNo = outcome.kind === 'rejected' || outcome.kind === 'throttled';
        expect(saysNo && !heard().some(({ status }) => status >= 400 && status < 500), `${outcome.kind} without a no`).toBe(false);
      }),
      bounds,
    );
  });

  test('a look says present or absent only where the answer shows it', async () => {
    const { stand, real, intent, answer } = await asked(marketplace);
    const tracking = intent.payload.parcel?.trackingNumber;
    await fc.assert(
      fc.asyncProperty(fc.array(hostile(real.look), { minLength: 1, maxLength: 2 }), async (answers) => {
        const heard = answer('call', answers);
        const looked = await inTime(stand.check(intent));
        expect(['accepted', 'submitted']).not.toContain(looked.kind);
        const shown = heard().slice(-1);
        const sure = looked.kind === 'present' || looked.kind === 'absent';
        expect(sure ? shown.map(({ status }) => status) : [200], 'the status of what a parcel was read from').toEqual([200]);
        // What bears another number, or none, may still be known by the id that it was accepted by.
        expect(looked.kind === 'absent' && shows(shown, tracking) ? shown.map(textOf) : [], 'absent, and there it stands').toEqual([]);
        expect(looked.kind === 'present' && !shown.some((answer) => textOf(answer).includes(tracking ?? '?')) ? shown.map(textOf) : [], 'present, and nowhere to be seen').toEqual([]);
      }),
      bounds,
    );
  });

  test('a page of orders is read or is not, and says where the next one begins', async () => {
    const { stand, real, answer } = await asked(marketplace);
    await fc.assert(
      fc.asyncProperty(hostile(real.page), fc.boolean(), async (page, first) => {
        answer('call', [page]);
        const read = await inTime(stand.connection.orders.changed(first ? null : Date.now() - 60_000, null, permits().signal));
        expectRead(read);
        if (!read.ok) return;
        expect(Number.isFinite(read.value.until)).toBe(true);
        for (const { reference, lines, placedAt } of read.value.orders) {
          expect(reference).not.toBe('');
          expect(Number.isFinite(placedAt)).toBe(true);
          for (const line of lines) expect([line.lineId !== '', line.quantity >= 0, Number.isSafeInteger(line.quantity), line.cancelled >= 0, line.shipped === null || line.shipped >= 0]).toEqual([true, true, true, true, true]);
        }
        // A mark that leads nowhere would stop all sweeps: what was written can be read.
        if (read.value.next !== null) {
          answer('call', [page]);
          expectRead(await inTime(stand.connection.orders.changed(first ? null : Date.now() - 60_000, read.value.next, permits().signal)));
        }
      }),
      bounds,
    );
  });

  test('one order is that order or none', async () => {
    const { stand, real, intent, answer } = await asked(marketplace);
    await fc.assert(
      fc.asyncProperty(fc.array(hostile(real.look), { minLength: 2, maxLength: 2 }), async (answers) => {
        answer('call', answers);
        const read = await inTime(stand.connection.orders.order(stand.settings.id, intent.payload.order, permits().signal));
        expectRead(read);
        expect(read.ok && read.value !== null ? read.value.reference : intent.payload.order).toBe(intent.payload.order);
      }),
      bounds,
    );
  });

  test('an examination finds something to say', async () => {
    const { stand, real, answer } = await asked(marketplace);
    await fc.assert(
      fc.asyncProperty(fc.array(hostile(real.examine), { minLength: 1, maxLength: 3 }), async (answers) => {
        answer('call', answers);
        const findings = await inTime(stand.connection.examine(stand.settings.id, permits().signal));
        expect(findings.length).toBeGreaterThan(0);
      }),
      bounds,
    );
  });

  test('an exchange of tokens leads to no call without one, and to no loop', async () => {
    const { stand, real, intent, answer } = await asked(marketplace);
    await fc.assert(
      fc.asyncProperty(fc.array(hostile(real.token), { minLength: 1, maxLength: 2 }), async (answers) => {
        answer('token', answers);
        const before = stand.there.brain.ledger.requests().length;
        const anew = stand.reconnect().destinations.get(stand.settings.id);
        const [outcome] = stand.note(await inTime(anew?.send([intent], permits()) ?? Promise.resolve([])));
        const calls = stand.there.brain.ledger.requests().slice(before);
        // What stands in a header may be more than a server takes: then the call itself was made, and not understood.
        const given = answers.some(({ status }) => status === 200);
        expect(given ? [] : calls, 'calls without a token').toEqual([]);
        const uncalled = ['unavailable', 'unauthorized', 'throttled', ...(given ? ['unknown'] : [])];
        expect(calls.length > 0 || uncalled.includes(outcome?.kind ?? ''), `${outcome?.kind} without a call`).toBe(true);
        expect(calls.length).toBeLessThanOrEqual(2);
      }),
      bounds,
    );
  });
});
