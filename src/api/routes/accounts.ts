import { z } from 'zod';
import { accountViews } from '../../store/account-views.ts';
import { pauseAccount, resumeAccount } from '../../store/accounts.ts';
import { statuses } from '../../syncing/status.ts';
import { accountJson } from '../account-json.ts';
import { base } from '../base.ts';
import { moment, whole } from '../fields.ts';
import { Problem } from '../problem.ts';
import { route } from '../route.ts';
import { reasonShape } from '../shapes/filters.ts';
import { diagnosisShape } from '../shapes/syncs.ts';

const accountShape = z
  .object({
    id: z.string(),
    marketplace: z.string(),
    mode: z.enum(['live', 'observe']).meta({ description: 'observe: everything is planned and shown, nothing leaves' }),
    liveFrom: moment.meta({ description: 'What was applied before is history: shown, never sent' }),
    paused: z.boolean(),
    pausedAt: moment.exactOptional(),
    pausedBy: z.string().exactOptional(),
    observeSince: moment.exactOptional().meta({ description: 'Since when nothing leaves although the settings say live' }),
    observeWhy: z.string().exactOptional(),
    refusals: z.array(z.object({ call: z.string().meta({ description: 'An API call; *: the whole account' }), cause: z.string(), since: moment, probeAt: moment, diagnosis: diagnosisShape })),
    quotas: z.array(z.object({ call: z.string(), budget: z.string().meta({ description: 'Calls that name the same one draw on it together' }), rate: z.number().meta({ description: 'Calls per second as they are made, a margin below what was named' }), burst: z.number(), source: z.enum(['published', 'configured', 'told']).meta({ description: 'Who named the rate: the marketplace’s documentation, accounts.json, or the marketplace’s own answers' }), left: whole.meta({ description: 'Calls that may be made now' }), closedUntil: moment.exactOptional() })),
    laneLength: whole.meta({ description: 'Syncs that wait for their turn or are under way' }),
    syncs: z.partialRecord(z.enum(statuses), whole).meta({ description: 'How many there are, by status' }),
    sweptUntil: moment.exactOptional().meta({ description: 'Up to when its changed orders were read' }),
  })
  .meta({ id: 'Account' });

export const accountRoutes = [
  route({
    method: 'get',
    path: `${base}/accounts`,
    scope: 'read',
    operation: 'listAccounts',
    summary: 'The seller accounts: how each is, what waits, what may still be called',
    answer: z.object({ accounts: z.array(accountShape) }),
    async handle({ ports, language, now }) {
      const views = await accountViews(ports.context, now);
      return { accounts: views.map((view) => accountJson(view, ports.diagnoses, language)) };
    },
  }),
  switchRoute('pause', 'Let nothing of an account leave until it is resumed; everything is planned and kept'),
  switchRoute('resume', 'Serve an account again: its changed orders are read first'),
];

function switchRoute(verb: 'pause' | 'resume', summary: string) {
  return route({
    method: 'post',
    path: `${base}/accounts/:id/${verb}`,
    scope: 'write',
    operation: `${verb}Account`,
    summary,
    parts: { id: 'The account’s id' },
    body: z.strictObject({ reason: reasonShape.exactOptional() }),
    bodyOptional: true,
    answer: accountShape,
    problems: ['unknown-account'],
    async handle({ ports, part, body, author, language, now }) {
      const { context } = ports;
      const id = part('id');
      if (!context.profiles.has(id)) return new Problem('unknown-account', { values: { found: id } });
      await (verb === 'pause' ? pauseAccount : resumeAccount)(context, id, author, body.reason ?? '', now);
      ports.notify([id]);
      const view = (await accountViews(context, now)).find((one) => one.id === id);
      return view === undefined ? new Problem('unknown-account', { values: { found: id } }) : accountJson(view, ports.diagnoses, language);
    },
  });
}
