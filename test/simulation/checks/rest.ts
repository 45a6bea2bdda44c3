import type { Finding, World } from '../world.ts';
import { rowsOf } from './sql.ts';

interface Standing {
  readonly id: number;
  readonly status: string;
  readonly cause: string | null;
  readonly reference: string;
}

interface Entry {
  readonly sync_id: number;
  readonly kind: string;
  readonly what: string | null;
}

/** Once everything works, nothing is left under way, and nothing was given up while its fate was open. */
export async function checkRest(world: World): Promise<readonly Finding[]> {
  const syncs = await rowsOf<Standing>(world, 'select s.id, s.status, s.cause, o.reference from sync s join orders o on o.id = s.order_id order by s.id');
  const entries = Map.groupBy(await rowsOf<Entry>(world, `select sync_id, kind, what from audit_entry where sync_id is not null and kind in ('intent', 'outcome', 'late', 'seen') order by lane, number`), (entry) => entry.sync_id);
  const open = ['ready', 'delayed', 'blocked', 'sending', 'checking', 'submitted', 'accepted'];
  return syncs.flatMap((sync): Finding[] => {
    const what = `#${sync.id} of ${sync.reference} is ${sync.status}${sync.cause === null ? '' : ` (${sync.cause})`}`;
    // A person has closed it: nothing is looked for any more.
    if (sync.status === 'accepted' && sync.cause === 'person/closed-by-hand') return [];
    if (open.includes(sync.status)) return [{ promise: 'rest', what }];
    if (['superseded', 'cancelled', 'skipped'].includes(sync.status) && isOpen(entries.get(sync.id) ?? [])) return [{ promise: 'fate', what: `${what}, and nobody knows whether its last telling was done` }];
    return [];
  });
}

const telling = ['confirmShipment', 'createShippingFulfillment'];
const uncertain = ['unknown', 'interrupted'];

/** Something of it was told, no answer came, and no look has said since what became of it. */
function isOpen(entries: readonly Entry[]): boolean {
  let open = false;
  let sending = false;
  for (const { kind, what } of entries) {
    if (kind === 'intent') sending = telling.includes(what ?? '');
    else if (sending) open = uncertain.includes(what ?? '');
    else if (what !== null && !uncertain.includes(what) && !['throttled', 'unavailable', 'unauthorized'].includes(what)) open = false;
  }
  return open;
}
