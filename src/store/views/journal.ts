import { journalLane } from '../audit.ts';
import type { ViewContext } from './view.ts';

/** Something that a person did. */
export interface JournalEntry {
  readonly number: number;
  readonly at: number;
  /** The verb: `rerun`, `state-edited`, `token-created`. */
  readonly kind: string;
  /** What it was done to: a name, an account, a state. */
  readonly what: string | null;
  readonly sync: number | null;
  /** Who and why; null where the body was erased. */
  readonly by: string | null;
  readonly reason: string | null;
}

export interface JournalPage {
  readonly entries: readonly JournalEntry[];
  /** Hand it in again for the next page; null after the last. */
  readonly next: number | null;
}

/** What people did, newest first: a page of the journal, below `before`. */
export async function journal({ store: { db } }: ViewContext, { before, limit }: { readonly before: number | null; readonly limit: number }): Promise<JournalPage> {
  const rows = await db
    .selectFrom('audit_entry')
    .leftJoin('audit_body', (join) => join.onRef('audit_body.lane', '=', 'audit_entry.lane').onRef('audit_body.number', '=', 'audit_entry.number'))
    .select(['audit_entry.number', 'at', 'kind', 'what', 'sync_id', 'body'])
    .where('audit_entry.lane', '=', journalLane)
    .$if(before !== null, (query) => query.where('audit_entry.number', '<', before))
    .orderBy('audit_entry.number', 'desc')
    .limit(limit + 1)
    .execute();
  const entries = rows.slice(0, limit).map(({ number, at, kind, what, sync_id, body }): JournalEntry => ({ number, at, kind, what, sync: sync_id, by: textIn(body, 'by'), reason: textIn(body, 'reason') }));
  return { entries, next: rows.length > limit ? (entries.at(-1)?.number ?? null) : null };
}

function textIn(body: string | null, member: string): string | null {
  if (body === null) return null;
  try {
    const read = JSON.parse(body) as Readonly<Record<string, unknown>>;
    const value = read[member];
    if (typeof value === 'string') return value;
    // A long list was cut off; who and why stand before it.
    const cut = read['text'];
    const found = typeof cut === 'string' ? new RegExp(`"${member}":("(?:[^"\\\\]|\\\\.)*")`).exec(cut)?.[1] : undefined;
    return found === undefined ? null : (JSON.parse(found) as string);
  } catch {
    return null;
  }
}
