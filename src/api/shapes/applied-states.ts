import { z } from 'zod';
import { moment, whole } from '../fields.ts';
import { refusedShape } from './faults.ts';
import { statusShape } from './syncs.ts';

export const warningShape = z.object({ code: z.string(), message: z.string() }).meta({ id: 'Warning', description: 'What to know now, not hours later' });

const plannedMembers = { operation: z.string(), status: statusShape, reason: z.string().exactOptional().meta({ description: 'Why it is held or nothing is sent: a key that never changes' }) } as const;

export const plannedShape = z.object({ id: whole, ...plannedMembers }).meta({ id: 'PlannedSync' });

/** What POST /applied-states answers for each item. */
export const appliedShape = z.union([z.object({ id: whole, order: z.string(), syncs: z.array(plannedShape), warnings: z.array(warningShape) }).meta({ id: 'Applied' }), refusedShape]);

/** What POST /preview answers for each item. Nothing has an identifier: nothing was stored. */
export const previewedShape = z.union([z.object({ order: z.string(), syncs: z.array(z.object(plannedMembers)), warnings: z.array(warningShape) }).meta({ id: 'Previewed' }), refusedShape]);

/** What undoing came to. */
export const undoneShape = z
  .object({
    id: whole,
    whole: z.boolean().meta({ description: 'Nothing of it had left: it is as if it had never been applied' }),
    cancelled: z.array(whole).meta({ description: 'Syncs that will never leave' }),
    left: z.array(z.object({ id: whole, operation: z.string(), status: statusShape })).meta({ description: 'What had left already, and cannot be called back' }),
    doubtful: z.array(whole).meta({ description: 'Syncs that never left, of an order of which the same may have been told before a backup was restored: look at the marketplace' }),
    standsFor: z.array(z.object({ source: z.string(), author: z.string(), at: moment })).meta({ description: 'Others who applied the same and were told that it stands: it does, and nothing was cancelled' }),
  })
  .meta({ id: 'Undone' });
