import { z } from 'zod';
import { speak } from '../../language/speak.ts';
import { findSync } from '../../store/log.ts';
import { accountsOf } from '../../store/names.ts';
import { perform, rehearse } from '../../store/verbs.ts';
import { isUnscoped } from '../../syncing/rerun.ts';
import type { Verb } from '../../syncing/rerun.ts';
import { base } from '../base.ts';
import { idOf, whole } from '../fields.ts';
import { accountFault } from '../known-account.ts';
import { Problem } from '../problem.ts';
import { route } from '../route.ts';
import { reasonShape, rerunShape } from '../shapes/filters.ts';
import { syncShape } from '../shapes/syncs.ts';
import { filterOf } from '../since.ts';
import { syncJson } from '../sync-json.ts';

const rerunAnswer = z
  .object({
    id: whole.exactOptional().meta({ description: 'The record of it; none for a dry run' }),
    dryRun: z.boolean(),
    done: z.array(whole).meta({ description: 'Syncs that are back to work, or would be' }),
    leftOut: z.array(z.object({ sync: whole, why: z.string(), message: z.string() })).meta({ description: 'Those that stay as they are, each with the reason' }),
  })
  .meta({ id: 'RerunDone' });

export const verbRoutes = [
  route({
    method: 'post',
    path: `${base}/syncs/rerun`,
    scope: 'write',
    operation: 'rerunSyncs',
    summary: 'Put failed syncs back to work',
    description: 'By ids, or by the filters of the sync log; without either it is refused. With a filter that names no status, what failed is meant.',
    body: rerunShape,
    answer: rerunAnswer,
    problems: ['filter-missing'],
    async handle({ ports, body, author, language, now }) {
      const { reason, dryRun = false, ...given } = body;
      const { context } = ports;
      const filter = filterOf(given, now, ports.timeZone);
      if (filter === null) return new Problem('malformed', { errors: [{ code: 'date-malformed', field: 'since', found: given.since ?? '' }] });
      if (isUnscoped(filter)) return new Problem('filter-missing');
      const { ids, ...others } = filter;
      // Both together could mean either; what is put back to work may be sent.
      if (ids !== undefined && !isUnscoped(others)) return new Problem('malformed', { errors: [{ code: 'not-alone', field: 'ids' }] });
      const unknown = await accountFault(context, filter.account);
      if (unknown !== null) return new Problem('malformed', { errors: [unknown] });
      const asked = { verb: 'rerun', filter, author, reason } as const;
      const { id, done, leftOut } = dryRun ? await rehearse(context, asked) : await perform(context, asked, now);
      if (!dryRun) ports.notify(await accountsOf(context.store.db, done));
      return { ...(id === null ? {} : { id }), dryRun, done: [...done], leftOut: leftOut.map(({ sync, why }) => ({ sync, why, message: speak(language).leftOut(why) })) };
    },
  }),
  verbRoute('resend', 'Send again what went through: whatever it did may be done a second time'),
  verbRoute('cancel', 'Stop a sync: it never leaves'),
  verbRoute('resolve', 'Close a sync by hand, as done'),
];

/** One of the verbs that are done to a single sync. */
function verbRoute(verb: Exclude<Verb, 'rerun'>, summary: string) {
  return route({
    method: 'post',
    path: `${base}/syncs/:id/${verb}`,
    scope: 'write',
    operation: `${verb}Sync`,
    summary,
    parts: { id: 'The sync’s number' },
    body: z.strictObject({ reason: reasonShape }),
    answer: syncShape,
    problems: ['unknown-sync', 'left-out'],
    async handle({ ports, part, body, author, language, now }) {
      const { context } = ports;
      const id = idOf(part('id'));
      const before = id === null ? null : await findSync(context.store.db, id);
      if (before === null) return new Problem('unknown-sync', { values: { found: part('id') } });
      const { leftOut } = await perform(context, { verb, filter: { ids: [before.id] }, author, reason: body.reason }, now);
      const [left] = leftOut;
      if (left !== undefined) return new Problem('left-out', { values: { why: speak(language).leftOut(left.why) }, why: left.why });
      ports.notify([before.account]);
      return syncJson((await findSync(context.store.db, before.id)) ?? before, ports.diagnoses, language);
    },
  });
}
