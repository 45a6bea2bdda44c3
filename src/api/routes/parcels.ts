import { z } from 'zod';
import { orderNames } from '../../store/names.ts';
import { setParcel } from '../../store/parcels.ts';
import type { Status } from '../../syncing/status.ts';
import { base } from '../base.ts';
import { idOf, name, whole } from '../fields.ts';
import { Problem } from '../problem.ts';
import { route } from '../route.ts';
import { sayWarnings } from '../said.ts';
import { plannedShape, warningShape } from '../shapes/applied-states.ts';

const changeShape = z
  .strictObject({
    carrier: name(200).exactOptional(),
    trackingNumber: name(200).exactOptional(),
    untracked: z.boolean().exactOptional().meta({ description: 'There will be no tracking number' }),
  })
  .meta({ id: 'ParcelToSet', description: 'What is left out stays as it is' });

export const parcelRoutes = [
  route({
    method: 'patch',
    path: `${base}/parcels/:id`,
    scope: 'write',
    operation: 'setParcel',
    summary: 'Complete or correct a parcel',
    description: 'What has not left takes the change along; what has left is followed by a correction.',
    parts: { id: 'The parcel’s number' },
    body: changeShape,
    answer: z
      .object({ id: whole, account: z.string(), order: z.string(), syncs: z.array(plannedShape).meta({ description: 'What will tell of it, if anything must' }), warnings: warningShape.array() })
      .meta({ id: 'ParcelSet' }),
    problems: ['unknown-parcel', 'refused'],
    async handle({ ports, part, body, author, language, now }) {
      const { context } = ports;
      const id = idOf(part('id'));
      const set = id === null ? null : await setParcel(context, id, body, author, now);
      if (set === null || ('faults' in set && set.faults.some(({ code }) => code === 'unknown-parcel'))) return new Problem('unknown-parcel', { values: { found: part('id') } });
      if ('faults' in set) return new Problem('refused', { errors: set.faults });
      if (context.profiles.has(set.account)) ports.notify([set.account]);
      const names = await orderNames(context.store.db, [set.order]);
      return { id: set.parcel, account: set.account, order: names.get(set.order)?.reference ?? '', syncs: set.syncs.map(({ cause, status, ...sync }) => ({ ...sync, status: status as Status, ...(cause === null ? {} : { reason: cause }) })), warnings: sayWarnings(language, set.warnings) };
    },
  }),
];
