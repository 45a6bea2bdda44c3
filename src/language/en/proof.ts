import type { FindingCode } from '../../syncing/proof.ts';

/** What a proof proves, and what it leaves open: one sentence or two each. */
export const proof = {
  'told': 'The call {call} was written down on {at}, just before it left: {timing, select, early {{apart} before the deadline} other {{apart} after the deadline}} ({deadline}).',
  'accepted': 'The marketplace answered yes on {at}{isDate, select, yes {, on {date} by its own clock} other {}}{isRequest, select, yes {, under its request id {requestId}} other {, without naming a request id}}.',
  'seen': 'The marketplace itself has shown it since: it was read back on {at}{by, select, sweep { in the regular read of changed orders} other {, when this sync was checked}}.',
  'chained': '{entries, plural, one {The entry that this rests on is} other {The # entries that this rests on are}} unchanged: {entries, plural, one {its hash comes} other {their hashes come}} out again in the chain “{lane}”, whose last entry is number {head}.',
  'deadline-assumed': 'The order names no deadline of its own: two days after it was placed are taken.',
  'never-told': 'Nothing was sent for this sync.',
  'closed-by-hand': 'Somebody closed this sync by hand: the journal says who and why, the marketplace does not.',
  'told-by-others': 'What the marketplace shows was told by somebody else: no call of Suivi did it.',
  'refused': 'The marketplace refused it on {at} ({cause}).',
  'no-verdict': 'No yes and no no is known for the call of {at}: it may or may not have been taken.',
  'not-seen': 'The marketplace has not shown it yet: a yes alone does not prove that it was applied.',
  'seen-differently': 'When it was last read back, the marketplace showed something else.',
  'clocks-differ': 'The clocks differ by {apart}: times by this machine’s clock are no more exact than that.',
  'bodies-erased': 'The retention has erased what was said and answered in some entries: times, kinds and hashes remain.',
  'entries-deleted': 'The retention has deleted older entries of this sync.',
  'entries-broken': 'Some entries are not what they were when they were written ({entries}): nothing that rests on them is proven.',
  'own-key': 'The chain is kept here, under a key of this installation. To convince somebody else, compare its last entry with one that was written down elsewhere earlier: in the log, in an export.',
  'carriage': 'That the parcel was handed to the carrier, and that its number is the right one, is not shown here: the carrier knows.',
} as const satisfies Record<FindingCode, string>;
