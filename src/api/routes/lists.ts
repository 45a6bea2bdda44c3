import { z } from 'zod';
import { speak } from '../../language/speak.ts';
import { stateTypes } from '../../orders/order-state.ts';
import { listAlerts } from '../../store/alerts.ts';
import { countCauses } from '../../store/log.ts';
import { listStates } from '../../store/states.ts';
import { alertKinds } from '../../syncing/alert.ts';
import { base } from '../base.ts';
import { iso, moment, whole } from '../fields.ts';
import { route } from '../route.ts';
import { sayCause } from '../said.ts';
import { stateJson } from '../state-json.ts';
import { diagnosisShape, statusShape } from '../shapes/syncs.ts';

const stateShape = z
  .object({
    mnemonic: z.string().meta({ description: 'Its name, wherever a state is named' }),
    type: z.enum(stateTypes).meta({ description: 'What it means to a marketplace' }),
    texts: z.record(z.string(), z.object({ name: z.string(), comment: z.string(), sms: z.string() })).meta({ description: 'What the customer reads, by language' }),
    colour: z.string(),
    indicator: z.string().exactOptional(),
    actions: z.object({ publish: z.boolean(), notifyByMail: z.boolean(), notifyBySms: z.boolean(), generateInvoice: z.boolean() }),
    graceS: whole.meta({ description: 'Seconds in which an application by hand can be undone; by API there are none' }),
    archivedAt: moment.exactOptional().meta({ description: 'It can no longer be applied' }),
  })
  .meta({ id: 'State' });

const causeShape = z
  .object({ account: z.string(), status: statusShape, statusShown: z.string().meta({ description: 'The status as people see it' }), cause: z.string(), count: whole, diagnosis: diagnosisShape })
  .meta({ id: 'CauseCount' });

const alertShape = z
  .object({ key: z.string(), kind: z.enum(alertKinds), details: z.record(z.string(), z.union([z.string(), z.number()])), since: moment, count: whole, diagnosis: diagnosisShape.exactOptional() })
  .meta({ id: 'Alert' });

export const listRoutes = [
  route({
    method: 'get',
    path: `${base}/states`,
    scope: 'read',
    operation: 'listStates',
    summary: 'The order states, in the merchant’s order',
    answer: z.object({ states: z.array(stateShape) }),
    async handle({ ports }) {
      const states = await listStates(ports.context.store.db);
      return { states: states.map(stateJson) };
    },
  }),
  route({
    method: 'get',
    path: `${base}/causes`,
    scope: 'read',
    operation: 'listCauses',
    summary: 'What needs somebody, by cause, the most frequent first',
    answer: z.object({ causes: z.array(causeShape) }),
    async handle({ ports, language }) {
      const counts = await countCauses(ports.context.store.db);
      return { causes: counts.map(({ account, status, cause, n }) => ({ account, status, statusShown: speak(language).status(status), cause, count: n, diagnosis: sayCause(ports.diagnoses, cause, language) })) };
    },
  }),
  route({
    method: 'get',
    path: `${base}/alerts`,
    scope: 'read',
    operation: 'listAlerts',
    summary: 'What is the matter at present, newest first',
    answer: z.object({ alerts: z.array(alertShape) }),
    async handle({ ports, language }) {
      const alerts = await listAlerts(ports.context.store.db);
      return {
        alerts: alerts.map(({ key, kind, details, since, count }) => ({ key, kind, details: { ...details }, since: iso(since), count, ...(typeof details['cause'] === 'string' ? { diagnosis: sayCause(ports.diagnoses, details['cause'], language) } : {}) })),
      };
    },
  }),
];
