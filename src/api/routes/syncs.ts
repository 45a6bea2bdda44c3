import { z } from 'zod';
import { sayFinding } from '../../language/proof.ts';
import { findSync, searchSyncs, storyOf } from '../../store/log.ts';
import { proofOf } from '../../store/proof.ts';
import { headText } from '../../store/verify.ts';
import type { Answered, Finding, Proof } from '../../syncing/proof.ts';
import { base } from '../base.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { idOf, iso, withValues } from '../fields.ts';
import { Problem } from '../problem.ts';
import { route } from '../route.ts';
import type { Call } from '../route.ts';
import { syncQueryShape } from '../shapes/filters.ts';
import { proofShape, syncShape, syncStoryShape } from '../shapes/syncs.ts';
import { filterOf } from '../since.ts';
import { attemptsOf, eventsOf } from '../story.ts';
import { syncJson } from '../sync-json.ts';

const parts = { id: 'The sync’s number' };

export const syncRoutes = [
  route({
    method: 'get',
    path: `${base}/syncs`,
    scope: 'read',
    operation: 'listSyncs',
    summary: 'The sync log, newest first',
    description: 'Hand "next" in as "cursor" for the following page, with the same filters. A parameter that is given empty counts as not given.',
    query: syncQueryShape,
    answer: z.object({ syncs: z.array(syncShape), next: z.string().nullable() }),
    async handle({ ports, query, language, now }) {
      const { cursor, limit, ...given } = query;
      const { store } = ports.context;
      const from = cursor === undefined ? null : readCursor(cursor);
      if (from === undefined) return new Problem('wrong-parameters', { errors: [{ code: 'malformed', field: 'cursor' }] });
      const filter = filterOf(given, now, ports.timeZone);
      if (filter === null) return new Problem('wrong-parameters', { errors: [{ code: 'date-malformed', field: 'since', found: given.since ?? '' }] });
      const { rows, next } = await searchSyncs(store.db, filter, from, limit ?? usualPage);
      return { syncs: rows.map((row) => syncJson(row, ports.diagnoses, language)), next: next === null ? null : writeCursor(next) };
    },
  }),
  route({
    method: 'get',
    path: `${base}/syncs/:id`,
    scope: 'read',
    operation: 'getSync',
    summary: 'One sync with its attempts',
    parts,
    answer: syncStoryShape,
    problems: ['unknown-sync'],
    async handle({ ports, language, part }) {
      const id = idOf(part('id'));
      const { db } = ports.context.store;
      const row = id === null ? null : await findSync(db, id);
      if (row === null) return new Problem('unknown-sync', { values: { found: part('id') } });
      const story = await storyOf(db, row.id);
      return { ...syncJson(row, ports.diagnoses, language), attemptLog: attemptsOf(story), events: eventsOf(story) };
    },
  }),
  route({
    method: 'get',
    path: `${base}/syncs/:id/proof`,
    scope: 'read',
    operation: 'getProof',
    summary: 'What can be shown of one sync, and what it does not show',
    parts,
    answer: proofShape,
    problems: ['unknown-sync'],
    async handle(call) {
      const id = idOf(call.part('id'));
      const proof = id === null ? null : await proofOf(call.ports.context, id);
      return proof === null ? new Problem('unknown-sync', { values: { found: call.part('id') } }) : proofJson(proof, call);
    },
  }),
];

const usualPage = 50;

function proofJson(proof: Proof, { ports, language, now }: Call<unknown, unknown, unknown>): z.output<typeof proofShape> {
  const said = (findings: readonly Finding[]) => findings.map((finding) => ({ code: finding.code, message: sayFinding(language, finding, ports.timeZone) }));
  const { sync, account, order, operation, status, cause, reference, deadline, head } = proof;
  return {
    sync,
    account,
    order,
    operation,
    status,
    ...withValues({ cause, reference }),
    deadline: iso(deadline),
    deadlineNamed: proof.deadlineNamed,
    madeAt: iso(now),
    tellings: proof.tellings.map(({ attempt, call, at, entry, tells, answer }) => ({ attempt, call, at: iso(at), entry, ...withValues({ tells }), ...(answer === null ? {} : { answer: answeredJson(answer) }) })),
    readBacks: proof.readBacks.map(({ by, ...answer }) => ({ ...answeredJson(answer), by })),
    entries: proof.entries.map(({ lane, number, at, kind, attempt, what, cause: why, hash, whole }) => ({ lane, number, at: iso(at), kind, ...withValues({ attempt, what, cause: why }), hash, whole })),
    ...(head === null ? {} : { head: { ...head, text: headText(head) } }),
    proves: said(proof.proves),
    leavesOpen: said(proof.leavesOpen),
  };
}

function answeredJson({ at, entry, outcome, cause, httpStatus, requestId, date }: Answered) {
  return { at: iso(at), entry, outcome, ...withValues({ cause, httpStatus, requestId }), ...(date === null ? {} : { date: iso(date) }) };
}
