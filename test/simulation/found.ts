import { hour, minute, second } from '../../src/runtime/clock.ts';
import type { Event, Plan } from './plan.ts';

/** A bug that a seed found, narrowed to what it needs. The seed alone would not last: its plan changes with the generator. */
export interface Found {
  readonly what: string;
  /** The seed, as the generator was then. */
  readonly seed: number;
  readonly plan: Plan;
}

const order = '12-00001-00001';
const amazon = '171-0000001-0000001';

function found(seed: number, what: string, calmAt: number, before: number, events: readonly Event[]): Found {
  return { seed, what, plan: { seed, patience: { timeoutS: 60, settleS: 120, sweepS: 600 }, calmAt, rest: [before, 15 * minute], events } };
}

function sold(at: number): Event {
  return { at, do: 'sell', account: 'ebay-fr', order, lines: [1], shipBy: 30 * hour, payment: 'paid' };
}

function applied(at: number, of = order): Event {
  return { at, do: 'apply', order: of, ref: 'R1', byHand: false, parcel: { carrier: 'GLS', tracking: 'FOUND1' } };
}

/** Eleven orders that are applied in one moment, after an hour in which little was told. */
function heap(soldAt: number, at: number): Event[] {
  return [165, 72, 86, 72, 191, 11, 209, 111, 219, 173, 183].flatMap((hours, i): Event[] => {
    const number = `171-00000${22 + i}-00000${22 + i}`;
    return [
      { at: soldAt + i, do: 'sell', account: 'amazon-fr', order: number, lines: [1], shipBy: hours * hour, payment: 'paid' },
      { at, do: 'apply', order: number, ref: `H${i}`, byHand: false, parcel: { carrier: 'GLS', tracking: `HEAP${i}` } },
    ];
  });
}

export const bugs: readonly Found[] = [
  found(16, 'one 429 at eBay kept what was accepted from being read back for hours, and its lane looked every second meanwhile', 45 * minute, 15 * minute, [
    sold(minute),
    { at: 20 * minute, do: 'fault', market: 'ebay', rule: { call: 'createShippingFulfillment', times: 1, fault: { kind: '429' } } },
    applied(30 * minute),
  ]),
  found(6, 'what was told between a backup and its restore, and applied again, was told to eBay twice', 50 * minute, 15 * minute, [
    sold(minute),
    { at: 25 * minute, do: 'backup' },
    applied(30 * minute),
    { at: 40 * minute, do: 'restore', resumeAfter: 5 * minute },
  ]),
  found(7, 'by a clock that was half a minute ahead every confirmation was refused for its date', 45 * minute, 15 * minute, [
    { at: minute, do: 'sell', account: 'amazon-fr', order: amazon, lines: [1], shipBy: 30 * hour, payment: 'paid' },
    { at: 5 * minute, do: 'jump', by: 30 * second },
    applied(30 * minute, amazon),
  ]),
  found(111, 'a ship date cut to the second lay before an order of that very second', 50 * minute, 15 * minute, [
    { at: minute, do: 'jump', by: -5 * minute },
    { at: 2 * minute + 102, do: 'sell', account: 'amazon-fr', order: amazon, lines: [1], shipBy: 30 * hour, payment: 'paid' },
    applied(2 * minute + 30 * second, amazon),
    { at: 40 * minute, do: 'jump', by: 5 * minute },
  ]),
  found(220, 'after a restore an undo said that nothing had left, of what had been told since the backup', 60 * minute, 15 * minute, [
    sold(minute),
    { at: 25 * minute, do: 'backup' },
    applied(30 * minute),
    { at: 40 * minute, do: 'restore', resumeAfter: 15 * minute },
    { at: 41 * minute, do: 'undo', ref: 'R1' },
  ]),
  found(1131, 'a burst that was drained before its first calls had arrived met a 429', 4_469_394, 80 * minute, [
    { at: 402_769, do: 'sell', account: 'amazon-de', order: '171-0000012-0000012', lines: [1], shipBy: 18 * hour, payment: 'paid' },
    { at: 434_846, do: 'apply', order: '171-0000012-0000012', ref: 'R12', byHand: false, parcel: { carrier: 'GLS', tracking: null } },
    ...heap(1_589_396, 3_869_394),
    { at: 2_872_457, do: 'sell', account: 'amazon-fr', order: amazon, lines: [1], shipBy: 23 * hour, payment: 'paid' },
    applied(2_892_783, amazon),
  ]),
  found(3013, 'what was told before a backup took the database’s place was sent once more under another reference, as a second parcel', 80 * minute, 15 * minute, [
    { at: minute, do: 'sell', account: 'amazon-fr', order: amazon, lines: [3], shipBy: 30 * hour, payment: 'paid' },
    { at: 25 * minute, do: 'backup' },
    { at: 30 * minute, do: 'apply', order: amazon, ref: 'R1', byHand: false, parcel: { carrier: 'GLS', tracking: 'FOUND1', units: [1] } },
    { at: 40 * minute, do: 'restore', resumeAfter: 5 * minute },
    { at: 65 * minute, do: 'say', verb: 'resend', ref: 'R1' },
  ]),
  found(40, 'what had been told before a restore by a clock that was days behind was told once more', 50 * minute, 15 * minute, [
    { at: minute, do: 'sell', account: 'ebay-fr', order, lines: [3, 1], shipBy: 30 * hour, payment: 'paid' },
    { at: 25 * minute, do: 'backup' },
    { at: 30 * minute, do: 'apply', order, ref: 'R1', byHand: false, parcel: { carrier: 'GLS', tracking: 'FOUND1', units: [0, 1] } },
    { at: 35 * minute, do: 'jump', by: -30 * hour },
    { at: 40 * minute, do: 'restore', resumeAfter: 11 * minute },
  ]),
  found(7708, 'calls stayed closed for a day after a restore, by a Retry-After that a clock which was ahead had written down', 45 * minute, 15 * minute, [
    { at: minute, do: 'sell', account: 'amazon-fr', order: amazon, lines: [1], shipBy: 30 * hour, payment: 'paid' },
    { at: 12 * minute, do: 'jump', by: 30 * hour },
    { at: 13 * minute, do: 'fault', market: 'amazon', rule: { call: 'getOrder', times: 1, fault: { kind: '429', retryAfterS: 600 } } },
    { at: 13.5 * minute, do: 'sell', account: 'amazon-fr', order: '171-0000002-0000002', lines: [1], shipBy: 30 * hour, payment: 'paid' },
    { at: 14 * minute, do: 'apply', order: '171-0000002-0000002', ref: 'R2', byHand: false, parcel: { carrier: 'GLS', tracking: 'FOUND2' } },
    { at: 16 * minute, do: 'backup' },
    { at: 18 * minute, do: 'jump', by: -30 * hour },
    { at: 20 * minute, do: 'restore', resumeAfter: 5 * minute },
    applied(30 * minute, amazon),
  ]),
  found(5526, 'what a person had closed by hand was read back for ever after a restore', 60 * minute, 45 * minute, [
    { at: minute, do: 'sell', account: 'amazon-fr', order: amazon, lines: [1], shipBy: 30 * hour, payment: 'paid' },
    { at: 20 * minute, do: 'apply', order: amazon, ref: 'R1', byHand: false, parcel: { carrier: 'GLS', tracking: null } },
    { at: 25 * minute, do: 'say', verb: 'resolve', ref: 'R1' },
    { at: 30 * minute, do: 'backup' },
    { at: 40 * minute, do: 'restore', resumeAfter: 5 * minute },
  ]),
  {
    seed: 5288,
    what: 'a grace was as much longer as the clock was put back while nobody was at work',
    plan: {
      seed: 5288,
      patience: { timeoutS: 15, settleS: 60, sweepS: 180 },
      calmAt: 2_946_435,
      rest: [80 * minute, 40 * minute],
      events: [
        { at: 1_417_069, do: 'sell', account: 'amazon-fr', order: amazon, lines: [3, 1], shipBy: 73_417_069, payment: 'paid' },
        { at: 1_503_427, do: 'apply', order: amazon, ref: 'R1', byHand: true, parcel: { carrier: 'GLS', tracking: null, units: [0, 1] } },
        { at: 1_795_769, do: 'crash', place: 0, port: 'debit', when: 'before', after: 3, back: 15 * minute },
        { at: 2_346_435, do: 'jump', by: -hour },
      ],
    },
  },
];
