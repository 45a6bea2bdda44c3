/** Where a sync stands. Each has its word for people in {@link shown}. */
export const statuses = [
  'ready',
  'delayed',
  'blocked',
  'held',
  'sending',
  'submitted',
  'checking',
  'accepted',
  'confirmed',
  'rejected',
  'exhausted',
  'in-doubt',
  'skipped',
  'superseded',
  'cancelled',
] as const;

export type Status = (typeof statuses)[number];

/**
 * Every arrow between two statuses, with what draws it. The store draws no other; a test walks the table.
 * `person` marks what happens only on somebody's word.
 */
export const arrows: readonly { readonly from: Status; readonly to: Status; readonly when: string; readonly person?: true }[] = [
  { from: 'delayed', to: 'ready', when: 'its time has come' },
  { from: 'submitted', to: 'ready', when: 'its verdict is due' },
  { from: 'held', to: 'ready', when: 'what it waited for has come' },
  { from: 'held', to: 'delayed', when: 'what it waited for has come within its grace' },
  { from: 'held', to: 'blocked', when: 'what it waited for has come, and it depends on another' },
  { from: 'held', to: 'held', when: 'one thing has come, another is missing' },
  { from: 'held', to: 'skipped', when: 'nothing needs telling any more' },
  { from: 'held', to: 'rejected', when: 'the marketplace knows no such order, or more was told than was ordered' },
  { from: 'held', to: 'confirmed', when: 'it was seen there: somebody told it by hand' },
  { from: 'blocked', to: 'ready', when: 'what it depended on has ended' },
  { from: 'blocked', to: 'delayed', when: 'what it depended on has ended within its grace' },
  { from: 'blocked', to: 'held', when: 'what it depended on has ended, and something is missing' },
  { from: 'blocked', to: 'skipped', when: 'what it depended on was not done' },
  { from: 'blocked', to: 'rejected', when: 'what it depended on was done and stands against it' },
  { from: 'blocked', to: 'confirmed', when: 'it was seen there: somebody told it by hand' },
  { from: 'ready', to: 'sending', when: 'claimed to be told' },
  { from: 'ready', to: 'checking', when: 'claimed to be looked for' },
  { from: 'ready', to: 'held', when: 'something it needs has gone missing' },
  { from: 'delayed', to: 'held', when: 'something it needs has gone missing' },
  { from: 'ready', to: 'skipped', when: 'nothing needs telling any more' },
  { from: 'delayed', to: 'skipped', when: 'nothing needs telling any more' },
  { from: 'ready', to: 'rejected', when: 'more was told than is left, or what was done since stands against it' },
  { from: 'delayed', to: 'rejected', when: 'more was told than is left, or what was done since stands against it' },
  { from: 'ready', to: 'confirmed', when: 'it was seen there' },
  { from: 'delayed', to: 'confirmed', when: 'it was seen there' },
  { from: 'submitted', to: 'confirmed', when: 'it was seen there' },
  { from: 'sending', to: 'accepted', when: 'accepted' },
  { from: 'sending', to: 'submitted', when: 'submitted' },
  { from: 'sending', to: 'rejected', when: 'rejected' },
  { from: 'sending', to: 'ready', when: 'throttled or unauthorized: nothing was done' },
  { from: 'sending', to: 'delayed', when: 'unavailable: backoff; unknown, interrupted or lost with its worker: settling' },
  { from: 'sending', to: 'exhausted', when: 'twelve failures, and telling has become useless' },
  { from: 'checking', to: 'confirmed', when: 'present' },
  { from: 'checking', to: 'ready', when: 'absent: safe to send; or the look was throttled, unauthorized or cut off' },
  { from: 'checking', to: 'delayed', when: 'absent once: look again; or the look failed' },
  { from: 'checking', to: 'submitted', when: 'no verdict yet' },
  { from: 'checking', to: 'accepted', when: 'the verdict was yes' },
  { from: 'checking', to: 'rejected', when: 'the verdict was no' },
  { from: 'checking', to: 'in-doubt', when: 'different: a person decides' },
  { from: 'checking', to: 'exhausted', when: 'twelve failures, and telling has become useless' },
  { from: 'accepted', to: 'confirmed', when: 'it was seen there' },
  { from: 'accepted', to: 'in-doubt', when: 'a whole sweep later it is not there, or something else is' },
  { from: 'ready', to: 'superseded', when: 'a newer sync tells of the same' },
  { from: 'delayed', to: 'superseded', when: 'a newer sync tells of the same' },
  { from: 'blocked', to: 'superseded', when: 'a newer sync tells of the same' },
  { from: 'held', to: 'superseded', when: 'a newer sync tells of the same' },
  { from: 'ready', to: 'cancelled', when: 'undone, or stopped', person: true },
  { from: 'delayed', to: 'cancelled', when: 'undone, or stopped', person: true },
  { from: 'blocked', to: 'cancelled', when: 'undone, or stopped', person: true },
  { from: 'held', to: 'cancelled', when: 'undone, or stopped', person: true },
  { from: 'ready', to: 'submitted', when: "a lost worker's answer came after all" },
  { from: 'delayed', to: 'submitted', when: "a lost worker's answer came after all" },
  { from: 'submitted', to: 'accepted', when: 'closed by hand as done', person: true },
  { from: 'in-doubt', to: 'cancelled', when: 'stopped', person: true },
  { from: 'rejected', to: 'cancelled', when: 'stopped', person: true },
  { from: 'exhausted', to: 'cancelled', when: 'stopped', person: true },
  { from: 'held', to: 'accepted', when: 'closed by hand as done', person: true },
  { from: 'ready', to: 'accepted', when: "closed by hand as done; or a lost worker's answer came after all" },
  { from: 'delayed', to: 'accepted', when: "closed by hand as done; or a lost worker's answer came after all" },
  { from: 'blocked', to: 'accepted', when: 'closed by hand as done', person: true },
  { from: 'in-doubt', to: 'accepted', when: 'closed by hand as done', person: true },
  { from: 'rejected', to: 'accepted', when: 'closed by hand as done', person: true },
  { from: 'exhausted', to: 'accepted', when: 'closed by hand as done', person: true },
  { from: 'in-doubt', to: 'confirmed', when: 'it was seen there after all' },
  { from: 'rejected', to: 'confirmed', when: 'it was seen there: somebody told it by hand' },
  { from: 'exhausted', to: 'confirmed', when: 'it was seen there: somebody told it by hand' },
  { from: 'rejected', to: 'ready', when: 'rerun', person: true },
  { from: 'exhausted', to: 'ready', when: 'rerun', person: true },
  { from: 'in-doubt', to: 'ready', when: 'rerun', person: true },
  { from: 'cancelled', to: 'ready', when: 'rerun', person: true },
  { from: 'rejected', to: 'held', when: 'rerun, and something is missing', person: true },
  { from: 'exhausted', to: 'held', when: 'rerun, and something is missing', person: true },
  { from: 'cancelled', to: 'held', when: 'rerun, and something is missing', person: true },
  { from: 'rejected', to: 'blocked', when: 'rerun, and it depends on another', person: true },
  { from: 'exhausted', to: 'blocked', when: 'rerun, and it depends on another', person: true },
  { from: 'cancelled', to: 'blocked', when: 'rerun, and it depends on another', person: true },
  { from: 'rejected', to: 'skipped', when: 'rerun, and nothing needs telling any more', person: true },
  { from: 'exhausted', to: 'skipped', when: 'rerun, and nothing needs telling any more', person: true },
  { from: 'cancelled', to: 'skipped', when: 'rerun, and nothing needs telling any more', person: true },
  { from: 'exhausted', to: 'rejected', when: 'rerun, and what was done since stands against it', person: true },
  { from: 'cancelled', to: 'rejected', when: 'rerun, and what was done since stands against it', person: true },
  { from: 'superseded', to: 'ready', when: 'what superseded it was undone', person: true },
  { from: 'superseded', to: 'delayed', when: 'what superseded it was undone within its grace', person: true },
  { from: 'superseded', to: 'held', when: 'what superseded it was undone, and something is missing', person: true },
  { from: 'superseded', to: 'blocked', when: 'what superseded it was undone, and it depends on another', person: true },
  { from: 'superseded', to: 'skipped', when: 'what superseded it was undone, and nothing needs telling any more', person: true },
  { from: 'superseded', to: 'rejected', when: 'what superseded it was undone, and what was done since stands against it', person: true },
  { from: 'accepted', to: 'ready', when: 'resend', person: true },
  { from: 'confirmed', to: 'ready', when: 'resend', person: true },
];

const drawn = new Set(arrows.map(({ from, to }) => `${from}>${to}`));

/** May a sync go from one status to the other? */
export function allowed(from: Status, to: Status): boolean {
  return drawn.has(`${from}>${to}`);
}

/** What people see; the words are in the language room. */
export type Shown = 'waiting' | 'to-complete' | 'under-way' | 'accepted' | 'verified' | 'to-decide' | 'failed' | 'pointless' | 'given-up';

export const shown: Readonly<Record<Status, Shown>> = {
  ready: 'waiting',
  delayed: 'waiting',
  blocked: 'waiting',
  held: 'to-complete',
  sending: 'under-way',
  submitted: 'under-way',
  checking: 'under-way',
  accepted: 'accepted',
  confirmed: 'verified',
  rejected: 'failed',
  exhausted: 'failed',
  'in-doubt': 'to-decide',
  skipped: 'pointless',
  superseded: 'pointless',
  cancelled: 'given-up',
};

/** What a name of people's stands for: `failed` is several statuses; a status' own name is itself. Empty: it is neither. */
export function statusesCalled(name: string): readonly Status[] {
  const own = statuses.filter((status) => status === name);
  return own.length > 0 ? own : statuses.filter((status) => shown[status] === name);
}

/** Nothing more happens to it by itself, and what depended on it goes on. In doubt is no end. */
export function hasEnded(status: Status): boolean {
  switch (status) {
    case 'accepted':
    case 'confirmed':
    case 'rejected':
    case 'exhausted':
    case 'skipped':
    case 'superseded':
    case 'cancelled':
      return true;
    case 'ready':
    case 'delayed':
    case 'blocked':
    case 'held':
    case 'sending':
    case 'submitted':
    case 'checking':
    case 'in-doubt':
      return false;
  }
}

/** The marketplace has, or is held to have, what it was to be told. */
export function isDone(status: Status): boolean {
  return status === 'accepted' || status === 'confirmed';
}

/** Failures that a person should look at. */
export const failed: readonly Status[] = ['rejected', 'exhausted', 'in-doubt'];
