import { createHash, createHmac } from 'node:crypto';
import { auditKey } from '../shelf.ts';
import type { Finding, World } from '../world.ts';
import { rowsOf } from './sql.ts';

interface Entry {
  readonly lane: string;
  readonly number: number;
  readonly at: number;
  readonly kind: string;
  readonly sync_id: number | null;
  readonly attempt: number | null;
  readonly what: string | null;
  readonly cause: string | null;
  readonly key: string;
  readonly digest: string;
  readonly hash: string;
  readonly salt: string | null;
  readonly body: string | null;
}

/** The audit is whole: each attempt has its two entries, and the chain holds, as recomputed here. */
export async function checkAudit(world: World): Promise<readonly Finding[]> {
  const entries = await rowsOf<Entry>(world, 'select e.*, b.salt, b.body from audit_entry e left join audit_body b on b.lane = e.lane and b.number = e.number order by e.lane, e.number');
  const heads = await rowsOf<{ lane: string; number: number; hash: string }>(world, 'select * from audit_head');
  return [...unanswered(entries), ...(await uncounted(world)), ...broken(entries, heads)];
}

function unanswered(entries: readonly Entry[]): Finding[] {
  const found: Finding[] = [];
  for (const [attempt, all] of Map.groupBy(entries.filter((entry) => entry.attempt !== null && ['intent', 'outcome', 'late'].includes(entry.kind)), (entry) => `#${entry.sync_id ?? 0}/${entry.attempt ?? 0}`)) {
    const kinds = all.map((entry) => entry.kind);
    if (kinds.filter((kind) => kind === 'intent').length !== 1 || kinds[0] !== 'intent') found.push({ promise: 'unaudited', what: `attempt ${attempt} has the entries ${kinds.join(', ')}` });
    else if (kinds.filter((kind) => kind === 'outcome').length > 1) found.push({ promise: 'unaudited', what: `attempt ${attempt} has two outcomes` });
    else if (kinds.length < 2) found.push({ promise: 'unaudited', what: `attempt ${attempt} has no outcome` });
  }
  return found;
}

/** What reached a marketplace, counted there, is counted here. */
async function uncounted(world: World): Promise<Finding[]> {
  // With a restored backup a part of the audit is gone, and what left meanwhile cannot be counted.
  if (world.shelf.restores.length > 0) return [];
  const { departures } = world.watch;
  const counted = await rowsOf<{ what: string; reference: string; n: number }>(world, `select e.what, o.reference, count(*) as n from audit_entry e join sync s on s.id = e.sync_id join orders o on o.id = s.order_id where e.kind = 'intent' group by 1, 2`);
  const intents = new Map(counted.map((row) => [`${row.what} ${row.reference}`, row.n]));
  const told = Map.groupBy(departures.filter((one) => one.tells), (one) => `${one.call} ${one.order ?? ''}`);
  return [...told].flatMap(([key, all]) => {
    // Where a token was refused, the very call goes out again with a new one: nothing had been done.
    const repeated = all.filter((one) => one.heard !== null && (one.heard.status === 401 || one.heard.status === 403)).length;
    return all.length - repeated > (intents.get(key) ?? 0) ? [{ promise: 'unaudited', what: `${key} left ${all.length} times, and was intended ${intents.get(key) ?? 0} times` }] : [];
  });
}

/** Each entry's keyed hash is over the one before it, its own header and a salted digest of its body. */
function broken(entries: readonly Entry[], heads: readonly { readonly lane: string; readonly number: number; readonly hash: string }[]): Finding[] {
  const found: Finding[] = [];
  for (const [lane, chain] of Map.groupBy(entries, (entry) => entry.lane)) {
    let previous = '0'.repeat(64);
    for (const [index, e] of chain.entries()) {
      const header = JSON.stringify([e.lane, e.number, e.at, e.kind, e.sync_id, e.attempt, e.what, e.cause, e.key, e.digest]);
      const hash = createHmac('sha256', auditKey).update(`${previous}\n${header}`).digest('hex');
      const digest = createHash('sha256').update(`${e.salt ?? ''}\n${e.body ?? ''}`).digest('hex');
      if (e.number !== index + 1 || hash !== e.hash || digest !== e.digest) found.push({ promise: 'chain', what: `entry ${e.number} of ${lane} does not follow from the one before it` });
      previous = e.hash;
    }
    const head = heads.find((one) => one.lane === lane);
    if (head?.number !== chain.length || head.hash !== previous) found.push({ promise: 'chain', what: `the head of ${lane} is not its last entry` });
  }
  return found;
}
