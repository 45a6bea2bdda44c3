import { describe, expect, it } from 'vitest';
import { dependence, follows, refusedAfter, relate } from '../../src/planning/dependence.ts';
import type { Phase, Relation } from '../../src/planning/dependence.ts';
import { operations } from '../../src/planning/operation.ts';
import type { Operation } from '../../src/planning/operation.ts';
import { earlier } from './made.ts';

const phases = ['never-left', 'unsettled', 'done', 'not-done'] as const satisfies readonly Phase[];

/**
 * By hand, from engine.md ("In the right order"). Row: the newer; column: the older of the same parcel and lines, in
 * the order acknowledge, confirm, correct, cancel, refund, pickup, invoice. Four letters each, for an older one that
 * never left, is unsettled, is done, ended without being done: `-` goes its way, `w` waits, `s` takes its place,
 * `x` is refused, `n` has nothing to do.
 */
const table: Readonly<Record<Operation, string>> = {
  //                    ack   conf  corr  canc  ref   pick  inv
  'acknowledge-order': 'sw--  ----  ----  wwx-  ----  ----  ----',
  // Same parcel: a newer one replaces what never left, and waits for what did. Cancelled lines are not confirmed.
  'confirm-shipment':  '----  sw--  ww--  swx-  ----  ----  ----',
  // A correction waits for its confirmation.
  'correct-shipment':  '----  ww-n  sw--  ----  ----  ----  ----',
  // A cancellation waits for all that is not settled, replaces confirmations that never left, and comes too late after them.
  'cancel-order':      'ww--  swx-  ww--  swx-  ww--  ww--  ww--',
  // Money is not given back while the dispatch or another refund is open; a cancelled order was refunded with it.
  'refund-order':      '----  ww--  ----  wwx-  ww--  ----  ----',
  'update-pickup':     '----  ----  ----  wwx-  ----  ww--  ----',
  // An invoice waits for the dispatch.
  'upload-invoice':    '----  ww-n  ----  wwx-  ----  ----  ww--',
};

const cells = operations.flatMap((newer) => {
  const row = table[newer].split(/\s+/);
  return operations.flatMap((older, column) => phases.map((phase, i) => ({ newer, older, phase, expected: row[column]?.[i] ?? '?' })));
});

function letter(relation: Relation): string {
  if (relation.refusedBy !== null) return 'x';
  if (relation.pointless !== null) return 'n';
  if (relation.supersedes.length > 0) return 's';
  return relation.waitsFor.length > 0 ? 'w' : '-';
}

const subject = (operation: Operation, parcel: number | null = 1, lines: readonly string[] = ['A', 'B']) => ({ operation, parcel, lines: lines.map((lineId) => ({ lineId, quantity: 1 })) });

describe('a newer sync and an older one of the same parcel and lines', () => {
  it.each(cells)('$newer after $older that is $phase: $expected', ({ newer, older, phase, expected }) => {
    const relation = relate(subject(newer), [earlier(older, phase, { parcel: 1 })]);
    expect(letter(relation)).toBe(expected);
    expect(relation.waitsFor.length + relation.supersedes.length + (relation.refusedBy === null ? 0 : 1) + (relation.pointless === null ? 0 : 1)).toBe(expected === '-' ? 0 : 1);
  });
});

describe('why it is refused', () => {
  it.each<[Operation, Operation, string]>([
    ['acknowledge-order', 'cancel-order', 'order/cancelled'],
    ['confirm-shipment', 'cancel-order', 'order/cancelled'],
    ['refund-order', 'cancel-order', 'order/cancelled'],
    ['update-pickup', 'cancel-order', 'order/cancelled'],
    ['upload-invoice', 'cancel-order', 'order/cancelled'],
    ['cancel-order', 'confirm-shipment', 'order/already-shipped'],
    ['cancel-order', 'cancel-order', 'order/already-cancelled'],
  ])('%s after a %s that was done: %s', (newer, older, cause) => {
    expect(relate(subject(newer), [earlier(older, 'done', { parcel: 1 })]).refusedBy).toBe(cause);
  });
});

describe('another parcel of the same order', () => {
  it.each([
    ['confirm-shipment', 'confirm-shipment'],
    ['confirm-shipment', 'correct-shipment'],
    ['correct-shipment', 'confirm-shipment'],
    ['correct-shipment', 'correct-shipment'],
  ] as const)('%s is not touched by the %s of another parcel', (newer, older) => {
    for (const phase of phases) expect(letter(relate(subject(newer, 1), [earlier(older, phase, { parcel: 2 })]))).toBe('-');
  });

  it.each([
    ['refund-order', 'confirm-shipment'],
    ['upload-invoice', 'confirm-shipment'],
    ['cancel-order', 'correct-shipment'],
  ] as const)('%s concerns the order, and waits for the %s of any parcel', (newer, older) => {
    expect(letter(relate(subject(newer, null), [earlier(older, 'unsettled', { parcel: 2 })]))).toBe('w');
  });
});

describe('other lines of the same order', () => {
  it.each([
    ['confirm-shipment', 'cancel-order'],
    ['cancel-order', 'confirm-shipment'],
    ['cancel-order', 'cancel-order'],
    ['refund-order', 'cancel-order'],
    ['update-pickup', 'cancel-order'],
  ] as const)('%s is not touched by the %s of lines that it has not', (newer, older) => {
    for (const phase of phases) expect(letter(relate(subject(newer, 1, ['A']), [earlier(older, phase, { parcel: 2, lines: [{ lineId: 'B', quantity: 1 }] })]))).toBe('-');
  });

  it('one line in common is enough', () => {
    expect(letter(relate(subject('cancel-order', null, ['A', 'B']), [earlier('confirm-shipment', 'done', { lines: [{ lineId: 'B', quantity: 1 }, { lineId: 'C', quantity: 1 }] })]))).toBe('x');
  });

  it('without lines it is the whole order', () => {
    expect(letter(relate(subject('cancel-order', null, []), [earlier('confirm-shipment', 'done', { lines: [{ lineId: 'B', quantity: 1 }] })]))).toBe('x');
    expect(letter(relate(subject('cancel-order', null, ['A']), [earlier('confirm-shipment', 'done', { lines: [] })]))).toBe('x');
  });

  it.each(['acknowledge-order', 'upload-invoice'] as const)('%s stands or falls with any cancelled line', (newer) => {
    expect(letter(relate(subject(newer, null, ['A']), [earlier('cancel-order', 'done', { lines: [{ lineId: 'B', quantity: 1 }] })]))).toBe('x');
  });
});

describe('one that is held because nobody offers its operation yet', () => {
  it('holds nothing else', () => {
    const dormant = earlier('acknowledge-order', 'never-left', { dormant: true });
    expect(letter(relate(subject('cancel-order', null), [dormant]))).toBe('-');
  });
  it('can still be replaced', () => {
    expect(letter(relate(subject('confirm-shipment'), [earlier('cancel-order', 'never-left', { dormant: true })]))).toBe('s');
  });
});

describe('what tells of less than the older one', () => {
  const whole = [{ lineId: 'A', quantity: 2 }, { lineId: 'B', quantity: 1 }];
  const newer = (operation: Operation, lines: typeof whole) => ({ operation, parcel: 1, lines });

  it.each([
    ['a line less', [{ lineId: 'A', quantity: 2 }]],
    ['a unit less', [{ lineId: 'A', quantity: 1 }, { lineId: 'B', quantity: 1 }]],
  ])('takes its place for no line, and waits for it: %s', (_, lines) => {
    for (const [operation, older] of [['confirm-shipment', 'cancel-order'], ['cancel-order', 'confirm-shipment'], ['cancel-order', 'cancel-order']] as const) {
      const one = earlier(older, 'never-left', { lines: whole });
      expect(relate(newer(operation, lines), [one])).toMatchObject({ supersedes: [], waitsFor: [one.id] });
    }
  });

  it('where the older one is the whole order, nothing less than the whole order covers it', () => {
    const one = earlier('cancel-order', 'never-left', { lines: [] });
    expect(relate(newer('confirm-shipment', whole), [one])).toMatchObject({ supersedes: [], waitsFor: [one.id] });
    expect(relate(newer('confirm-shipment', []), [one])).toMatchObject({ supersedes: [one.id], waitsFor: [] });
  });

  it('leaves alone what is dormant', () => {
    const one = earlier('cancel-order', 'never-left', { lines: whole, dormant: true });
    expect(letter(relate(newer('confirm-shipment', [{ lineId: 'A', quantity: 2 }]), [one]))).toBe('-');
  });

  it('units of a line may be spread over several entries', () => {
    const one = earlier('cancel-order', 'never-left', { lines: whole });
    const lines = [{ lineId: 'A', quantity: 1 }, { lineId: 'B', quantity: 1 }, { lineId: 'A', quantity: 1 }];
    expect(relate(newer('confirm-shipment', lines), [one]).supersedes).toEqual([one.id]);
  });

  it('the same parcel is the same parcel, whatever it is known to hold', () => {
    const one = earlier('confirm-shipment', 'never-left', { parcel: 1, lines: [] });
    expect(relate(newer('confirm-shipment', whole), [one]).supersedes).toEqual([one.id]);
  });
});

describe('several older ones', () => {
  const confirmed = (...found: readonly Phase[]) => found.map((phase, i) => earlier('confirm-shipment', phase, { parcel: i + 1 }));

  it('are each judged, and all that it waits for is named', () => {
    const parcels = confirmed('unsettled', 'unsettled', 'unsettled');
    expect(relate(subject('upload-invoice', null), parcels).waitsFor).toEqual(parcels.map(({ id }) => id));
  });

  it.each<[readonly Phase[], string | null]>([
    [['not-done', 'not-done'], 'planning/never-dispatched'],
    [['not-done', 'done'], null],
    [['done', 'not-done'], null],
    [['not-done', 'unsettled'], null],
    [['not-done', 'never-left'], null],
    [[], null],
  ])('an invoice after parcels that are %s: pointless for %s', (found, cause) => {
    expect(relate(subject('upload-invoice', null), confirmed(...found)).pointless).toBe(cause);
  });

  it('a correction looks at its own parcel alone', () => {
    expect(relate(subject('correct-shipment', 1), confirmed('not-done', 'done')).pointless).toBe('planning/nothing-to-correct');
    expect(relate(subject('correct-shipment', 2), confirmed('not-done', 'done')).pointless).toBeNull();
  });
});

describe('when one that it waited for has ended', () => {
  /** What a waiting one is refused for when the older was done; by hand, as above. Not done, it stands against nothing. */
  const afterDone: Readonly<Partial<Record<Operation, Partial<Record<Operation, string>>>>> = {
    'acknowledge-order': { 'cancel-order': 'order/cancelled' },
    'confirm-shipment': { 'cancel-order': 'order/cancelled' },
    'cancel-order': { 'confirm-shipment': 'order/already-shipped', 'cancel-order': 'order/already-cancelled' },
    'refund-order': { 'cancel-order': 'order/cancelled' },
    'update-pickup': { 'cancel-order': 'order/cancelled' },
    'upload-invoice': { 'cancel-order': 'order/cancelled' },
  };
  const pairs = operations.flatMap((newer) => operations.flatMap((older) => [true, false].map((wasDone) => ({ newer, older, wasDone, expected: wasDone ? (afterDone[newer]?.[older] ?? null) : null }))));

  it.each(pairs)('$newer after $older, done: $wasDone: $expected', ({ newer, older, wasDone, expected }) => {
    expect(refusedAfter(newer, older, wasDone)).toBe(expected);
  });

  it('what follows a dispatch is judged once more', () => {
    expect(operations.filter(follows)).toEqual(['correct-shipment', 'upload-invoice']);
  });
});

describe('the table', () => {
  it('never lets two of the same operation on one parcel be under way at once', () => {
    for (const operation of operations) expect(letter(relate(subject(operation), [earlier(operation, 'unsettled', { parcel: 1 })]))).toBe('w');
  });

  it('has a cause for every verdict that can turn against a sync', () => {
    for (const row of Object.values(dependence)) for (const { wait, cause } of Object.values(row)) expect(cause !== undefined).toBe(wait === 'after-done' || wait === 'unless-done');
  });
});
