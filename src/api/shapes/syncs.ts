import { z } from 'zod';
import { statuses } from '../../syncing/status.ts';
import { moment, whole } from '../fields.ts';

export const statusShape = z.enum(statuses).meta({ id: 'Status', description: 'Where a sync stands' });

export const diagnosisShape = z.object({ what: z.string(), remedy: z.string() }).meta({ id: 'Diagnosis', description: 'What happened and what to do, in French or English' });

const syncMembers = {
  id: whole,
  account: z.string(),
  order: z.string().meta({ description: 'The order’s number at the account' }),
  operation: z.string().meta({ description: 'What the marketplace must be told: confirm-shipment, …; nothing, where it must be told nothing' }),
  status: statusShape,
  cause: z.string().exactOptional().meta({ description: 'Why it stands so: a key that never changes, such as amazon/carrier-unknown' }),
  reference: z.string().exactOptional().meta({ description: 'The marketplace’s reference of what was told' }),
  shipBy: moment.exactOptional(),
  attempts: whole,
  failures: whole,
  dueAt: moment.exactOptional(),
  createdAt: moment,
  endedAt: moment.exactOptional(),
  diagnosis: diagnosisShape.exactOptional(),
} as const;

/** A sync, as the contract names its members. */
export const syncShape = z.object(syncMembers).meta({ id: 'Sync', description: 'One thing that a marketplace must be told because a state was applied' });

const raw = z.unknown().meta({ description: 'As it stands in the audit, without tokens and personal data; left out once the retention has erased it' });

const attemptShape = z
  .object({
    attempt: whole,
    step: z.enum(['send', 'check']).meta({ description: 'send: the marketplace is told; check: it is looked at' }),
    call: z.string().meta({ description: 'The API call, by the marketplace’s own name' }),
    intent: z.object({ at: moment, entry: whole, hash: z.string(), body: raw.exactOptional() }).meta({ description: 'Written before the call' }),
    outcome: z
      .object({ at: moment, entry: whole, hash: z.string(), outcome: z.string(), cause: z.string().exactOptional(), late: z.boolean().meta({ description: 'It came after its worker had lost the lane' }), body: raw.exactOptional() })
      .exactOptional()
      .meta({ description: 'Written after the call; left out while it is under way' }),
  })
  .meta({ id: 'Attempt', description: 'One try: its intent and its outcome, two entries of the audit' });

const eventShape = z
  .object({ at: moment, lane: z.string(), entry: whole, hash: z.string(), kind: z.string(), what: z.string().exactOptional(), cause: z.string().exactOptional(), body: raw.exactOptional() })
  .meta({ id: 'Event', description: 'Another entry of the audit about this sync: seen in a sweep, rerun by somebody, …' });

/** A sync with its story. */
export const syncStoryShape = z
  .object({ ...syncMembers, attemptLog: z.array(attemptShape), events: z.array(eventShape) })
  .meta({ id: 'SyncStory', description: 'A sync with all that the audit holds of it' });

const findingShape = z.object({ code: z.string(), message: z.string() }).meta({ id: 'Finding' });

const answeredMembers = {
  at: moment.meta({ description: 'By our clock' }),
  entry: whole,
  outcome: z.string(),
  cause: z.string().exactOptional(),
  httpStatus: whole.exactOptional(),
  requestId: z.string().exactOptional().meta({ description: 'The marketplace’s own id of the request' }),
  date: moment.exactOptional().meta({ description: 'The marketplace’s own Date' }),
} as const;

/** A proof. */
export const proofShape = z
  .object({
    sync: whole,
    account: z.string(),
    order: z.string(),
    operation: z.string(),
    status: statusShape,
    cause: z.string().exactOptional(),
    reference: z.string().exactOptional(),
    deadline: moment.meta({ description: 'By when the marketplace had to hear of it' }),
    deadlineNamed: z.boolean().meta({ description: 'False where the order names none: two days after it was placed are taken' }),
    madeAt: moment,
    tellings: z.array(z.object({ attempt: whole, call: z.string(), at: moment.meta({ description: 'Written down just before the call' }), entry: whole, tells: raw.exactOptional(), answer: z.object(answeredMembers).exactOptional() })),
    readBacks: z.array(z.object({ ...answeredMembers, by: z.enum(['check', 'sweep']) })),
    entries: z.array(z.object({ lane: z.string(), number: whole, at: moment, kind: z.string(), attempt: whole.exactOptional(), what: z.string().exactOptional(), cause: z.string().exactOptional(), hash: z.string(), whole: z.boolean().meta({ description: 'Its hash comes out again' }) })),
    head: z.object({ lane: z.string(), number: whole, hash: z.string(), text: z.string().meta({ description: 'For suivi audit verify --head' }) }).exactOptional(),
    proves: z.array(findingShape),
    leavesOpen: z.array(findingShape),
  })
  .meta({ id: 'Proof', description: 'What can be shown of one sync, and what it does not show' });
