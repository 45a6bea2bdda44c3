import { z } from 'zod';
import { whole } from '../fields.ts';
import { problemType } from '../problem.ts';

/** A fault of what was sent. */
const faultShape = z
  .object({
    code: z.string().meta({ description: 'Never changes, whatever the language' }),
    message: z.string().meta({ description: 'What is wrong and what to do, in French or English' }),
    field: z.string().meta({ description: 'Where, as it was written: parcels[0].lines[1].quantity' }),
  })
  .meta({ id: 'Fault', description: 'What is wrong with what was sent, and where' });

/** What stands in the place of an item that is refused. The others go through. */
export const refusedShape = z
  .object({ error: faultShape, errors: z.array(faultShape).meta({ description: 'All that is wrong with it, the first one included' }) })
  .meta({ id: 'Refused', description: 'An item that was refused; nothing of it was stored' });

/** RFC 9457. */
export const problemShape = z
  .object({
    type: z.string().meta({ description: `${problemType} and a code that never changes` }),
    title: z.string(),
    status: whole,
    detail: z.string(),
    why: z.string().exactOptional().meta({ description: 'Of left-out: why the sync stays as it is' }),
    errors: z.array(faultShape).exactOptional(),
  })
  .meta({ id: 'Problem', description: 'Why a request was not done (RFC 9457)' });
