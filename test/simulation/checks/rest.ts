import type { Finding, World } from '../world.ts';
import { rowsOf } from './sql.ts';

interface Standing {
  readonly id: number;
  readonly status: string;
  readonly cause: string | null;
  readonly reference: string;
  readonly unsettled: number;
}

/** Once everything works, nothing is left under way, and nothing was given up while its fate was open. */
export async function checkRest(world: World): Promise<readonly Finding[]> {
  const syncs = await rowsOf<Standing>(world, 'select s.id, s.status, s.cause, s.unsettled, o.reference from sync s join orders o on o.id = s.order_id order by s.id');
  const open = ['ready', 'delayed', 'blocked', 'sending', 'checking', 'submitted', 'accepted'];
  return syncs.flatMap((sync): Finding[] => {
    const what = `#${sync.id} of ${sync.reference} is ${sync.status}${sync.cause === null ? '' : ` (${sync.cause})`}`;
    if (open.includes(sync.status)) return [{ promise: 'rest', what }];
    if (['superseded', 'cancelled', 'skipped'].includes(sync.status) && sync.unsettled === 1) return [{ promise: 'fate', what: `${what} although its fate was open` }];
    return [];
  });
}
