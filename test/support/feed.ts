import type { Clock } from '../../src/runtime/clock.ts';
import { minute } from '../../src/runtime/clock.ts';
import type { Destination, Intent, Offered, Permit } from '../../src/syncing/destination.ts';
import type { Cause, Outcome } from '../../src/syncing/outcome.ts';
import { createRemote } from './remote.ts';
import { refusal } from './script.ts';
import type { Remote } from './script.ts';

/** A marketplace that is told by uploads: one for many, with its verdicts minutes later. */
export interface FeedRemote extends Remote {
  /** Uploads that were taken, with their members. */
  readonly uploads: { readonly reference: string; readonly members: readonly Intent[]; readonly readyAt: number; done: boolean }[];
  /** Orders whose message will be refused, and why. */
  readonly refused: Map<string, Cause>;
}

const uploading: Offered = { send: ['createFeedDocument', 'createFeed'], check: ['getFeed'], batch: 1_000, again: 'edit', untracked: 'fine' };

const turnAround = 3 * minute;

export function createFeedRemote(clock: Clock): FeedRemote {
  const inner = createRemote(clock, 'amazon', { 'confirm-shipment': uploading });
  const uploads: FeedRemote['uploads'] = [];
  const refused = new Map<string, Cause>();
  return { ...inner, uploads, refused, destination: (width = 2_000): Destination => ({ offers: inner.offers, width, send, check }) };

  async function send(intents: readonly Intent[], permit: Permit): Promise<readonly Outcome[]> {
    const syncs = intents.map((intent) => intent.sync);
    inner.meet('createFeedDocument', '', syncs);
    const { script, evidence } = inner.meet('createFeed', '', syncs);
    const no = refusal(script, evidence);
    if (no !== null) return intents.map(() => no);
    if (script === 'never' || script === 'never-after') await new Promise<void>((resolve) => permit.signal.addEventListener('abort', () => resolve(), { once: true }));
    const taken = script !== 'lost-before' && script !== 'never';
    const reference = `FEED-${uploads.length + 1}`;
    if (taken) uploads.push({ reference, members: intents, readyAt: clock.monotonic() + turnAround, done: false });
    if (script === 'ok') return intents.map(() => ({ kind: 'submitted', reference, checkAt: clock.now() + 2 * minute, evidence }));
    return intents.map(() => ({ kind: 'unknown', cause: 'remote/no-answer', evidence: { ...evidence, answer: null } }));
  }

  async function check(intents: readonly Intent[]): Promise<readonly Outcome[]> {
    const { script, evidence } = inner.meet('getFeed', '', intents.map((intent) => intent.sync));
    const no = refusal(script, evidence);
    if (no !== null) return intents.map(() => no);
    if (script !== 'ok') return intents.map(() => ({ kind: 'unknown', cause: 'remote/no-answer', evidence: { ...evidence, answer: null } }));
    for (const upload of uploads) {
      if (upload.done || upload.readyAt > clock.monotonic()) continue;
      upload.done = true;
      for (const member of upload.members) if (!refused.has(member.payload.order)) inner.perform(member);
    }
    return intents.map((intent): Outcome => {
      // Without a reference it is found by who was in it, as by the list of the uploads since then.
      const upload = uploads.find((one) => (intent.reference === null ? one.members.some((member) => member.sync === intent.sync) : one.reference === intent.reference));
      if (upload === undefined) return { kind: 'absent', seen: [], evidence };
      if (!upload.done) return { kind: 'submitted', reference: upload.reference, checkAt: clock.now() + 2 * minute, evidence };
      const cause = refused.get(intent.payload.order);
      return cause === undefined ? { kind: 'accepted', reference: upload.reference, evidence } : { kind: 'rejected', cause, evidence };
    });
  }
}
