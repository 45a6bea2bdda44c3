import type { OutcomeKind } from '../../syncing/outcome.ts';
import { shown } from '../../syncing/status.ts';
import type { Shown, Status } from '../../syncing/status.ts';
import { capital } from '../../language/speak.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import type { OpenVisit } from '../visit.ts';

/** The mark of each status, beside its word: hollow waits, solid is done, angular wants somebody. */
const marks: Readonly<Record<Shown, string>> = {
  'waiting': 'wait',
  'to-complete': 'held',
  'under-way': 'sending',
  'accepted': 'accepted',
  'verified': 'confirmed',
  'to-decide': 'doubt',
  'failed': 'failed',
  'pointless': 'moot',
  'given-up': 'given-up',
};

export function markOf(status: Status): string {
  return marks[shown[status]];
}

/** A sync's status: its mark with its word. @param cause why it stands there: what a person closed was accepted by nobody */
export function syncStatus({ speech }: OpenVisit, status: Status, cause: string | null = null): Html {
  return mark(markOf(status), capital(speech.status(status, cause)));
}

/** The mark of how an attempt ended. */
export function outcomeMark(kind: OutcomeKind): string {
  switch (kind) {
    case 'accepted':
      return 'accepted';
    case 'present':
      return 'confirmed';
    case 'rejected':
    case 'unauthorized':
      return 'failed';
    case 'unknown':
    case 'different':
      return 'doubt';
    case 'submitted':
    case 'throttled':
    case 'unavailable':
      return 'sending';
    case 'absent':
    case 'interrupted':
      return 'wait';
    default:
      // Of a later version.
      return 'wait';
  }
}

/** Any word with one of the marks. */
export function mark(kind: string, words: string | Html): Html {
  return html`<span class="sync ${kind}">${words}</span>`;
}
