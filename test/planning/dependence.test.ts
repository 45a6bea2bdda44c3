import { describe, expect, it } from 'vitest';
import { dependence, relate, released } from '../../src/planning/dependence.ts';
import type { Phase, Relation } from '../../src/planning/dependence.ts';
import { operations } from '../../src/planning/operation.ts';
import type { Operation } from '../../src/planning/operation.ts';
import { earlier } from './made.ts';

const phases = ['never-left', 'unsettled', 'done', 'not-done'] as const satisfies readonly Phase[];

/**
 * By hand, from engine.md ("In the right order"). Row: the newer; column: the older of the same parcel and lines, in
 * the order acknowledge, confirm, correct, cancel, refund, pickup, invoice. Four letters each, for an older one that
 * never left, is unsettled, is done, ended without being done: `-` goes its way, `w` waits, `s` takes its place,
 * `x` is refused.
 */
const table: Readonly<Record<Operation, string>> = {
  //                    ack   conf  corr  canc  ref   pick  inv
  'acknowledge-order': 'sw--  ----  ----  wwx-  ----  ----  ----',
  // Same parcel: a newer one replaces what never left, and waits for what did. Cancelled lines are not confirmed.
  'confirm-shipment':  '----  sw--  ww--  swx-  ----  ----  ----',
  // A correction waits for its confirmation.
  'correct-shipment':  '----  ww--  sw--  ----  ----  ----  ----',
  // A cancellation waits for all that is not settled, replaces confirmations that never left, and comes too late after them.
  'cancel-order':      'ww--  swx-  ww--  swx-  ww--  ww--  ww--',
  // Money is not given back while the dispatch or another refund is open; a cancelled order was refunded with it.
  'refund-order':      '----  ww--  ----  wwx-  ww--  ----  ----',
  'update-pickup':     '----  ----  ----  wwx-  ----  ww--  ----',
  // An invoice waits for the dispatch.
  'upload-invoice':    '----  ww--  ----  wwx-  ----  ----  ww--',
};

const cells = operations.flatMap((newer) => {
  const row = table[newer].split(/\s+/);
  return operations.flatMap((older, column) => phases.map((phase, i) => ({ newer, older, phase, expected: row[column]?.[i] ?? '?' })));
});

function letter(relation: Relation): string {
  if (relation.refusedBy !== null) return 'x';
  if (relation.supersedes.length > 0) return 's';
  return relation.waitsFor.length > 0 ? 'w' : '-';
}

const subject = (operation: Operation, parcel: number | null = 1, lines: readonly string[] = ['A', 'B']) => ({ operation, parcel, lines: lines.map((lineId) => ({ lineId })) });

describe('a newer sync and an older one of the same parcel and lines', () => {
  it.each(cells)('$newer after $older that is $phase: $expected', ({ newer, older, phase, expected }) => {
    const relation = relate(subject(newer), [earlier(older, phase, { parcel: 1 })]);
    expect(letter(relation)).toBe(expected);
    expect(relation.waitsFor.length + relation.supersedes.length + (relation.refusedBy === null ? 0 : 1)).toBe(expected === '-' ? 0 : 1);
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
    for (const phase of phases) expect(letter(relate(subject(newer, 1, ['A']), [earlier(older, phase, { parcel: 2, lines: [{ lineId: 'B' }] })]))).toBe('-');
  });

  it('one line in common is enough', () => {
    expect(letter(relate(subject('cancel-order', null, ['A', 'B']), [earlier('confirm-shipment', 'done', { lines: [{ lineId: 'B' }, { lineId: 'C' }] })]))).toBe('x');
  });

  it('without lines it is the whole order', () => {
    expect(letter(relate(subject('cancel-order', null, []), [earlier('confirm-shipment', 'done', { lines: [{ lineId: 'B' }] })]))).toBe('x');
    expect(letter(relate(subject('cancel-order', null, ['A']), [earlier('confirm-shipment', 'done', { lines: [] })]))).toBe('x');
  });

  it.each(['acknowledge-order', 'upload-invoice'] as const)('%s stands or falls with any cancelled line', (newer) => {
    expect(letter(relate(subject(newer, null, ['A']), [earlier('cancel-order', 'done', { lines: [{ lineId: 'B' }] })]))).toBe('x');
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

describe('several older ones', () => {
  it('are each judged, and all that it waits for is named', () => {
    const parcels = [1, 2, 3].map((parcel) => earlier('confirm-shipment', 'unsettled', { parcel }));
    expect(relate(subject('upload-invoice', null), parcels).waitsFor).toEqual(parcels.map(({ id }) => id));
  });
});

describe('when one that it waited for has ended', () => {
  /** What a waiting one becomes when the older was done, and when it ended without being done; by hand, as above. */
  const afterDone: Readonly<Partial<Record<Operation, Partial<Record<Operation, string>>>>> = {
    'acknowledge-order': { 'cancel-order': 'rejected order/cancelled' },
    'confirm-shipment': { 'cancel-order': 'rejected order/cancelled' },
    'cancel-order': { 'confirm-shipment': 'rejected order/already-shipped', 'cancel-order': 'rejected order/already-cancelled' },
    'refund-order': { 'cancel-order': 'rejected order/cancelled' },
    'update-pickup': { 'cancel-order': 'rejected order/cancelled' },
    'upload-invoice': { 'cancel-order': 'rejected order/cancelled' },
  };
  const afterNotDone: typeof afterDone = {
    'correct-shipment': { 'confirm-shipment': 'skipped planning/nothing-to-correct' },
    'upload-invoice': { 'confirm-shipment': 'skipped planning/never-dispatched' },
  };
  const pairs = operations.flatMap((newer) => operations.flatMap((older) => [true, false].map((wasDone) => ({ newer, older, wasDone, expected: (wasDone ? afterDone : afterNotDone)[newer]?.[older] ?? 'goes' }))));

  it.each(pairs)('$newer after $older, done: $wasDone: $expected', ({ newer, older, wasDone, expected }) => {
    const verdict = released(newer, older, wasDone);
    expect(verdict.go ? 'goes' : `${verdict.status} ${verdict.cause}`).toBe(expected);
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
