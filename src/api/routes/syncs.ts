import { z } from 'zod';
import { findSync, searchSyncs, storyOf } from '../../store/log.ts';
import { proofOf } from '../../store/proof.ts';
import { base } from '../base.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { idOf } from '../fields.ts';
import { accountFault } from '../known-account.ts';
import { Problem } from '../problem.ts';
import { proofJson } from '../proof-json.ts';
import { route } from '../route.ts';
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
      const unknown = await accountFault(ports.context, filter.account);
      if (unknown !== null) return new Problem('wrong-parameters', { errors: [unknown] });
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
      return proof === null ? new Problem('unknown-sync', { values: { found: call.part('id') } }) : proofJson(proof, call.language, call.ports.timeZone, call.now);
    },
  }),
];

const usualPage = 50;
