import { z } from 'zod';
import { endpoint, instant } from './values.ts';

const second = 1_000;

const id = 'letters, digits, - and _, beginning with a letter or a digit, at most 64; not "shop", which is the merchant\'s own shop';

/** Calls per second, and calls at once. */
const limit = z.object(
  {
    rate: z.number({ error: 'a number of calls per second above 0' }).positive({ error: 'a number of calls per second above 0' }),
    burst: z.int({ error: 'a whole number of calls, 1 or more' }).min(1, { error: 'a whole number of calls, 1 or more' }),
  },
  { error: 'an object {"rate": calls per second, "burst": calls at once}' },
);

/** Seconds, within sense: a call of ten minutes, a check after a day or a sweep once a month would each be a slip. */
const patience = z
  .object(
    {
      timeoutS: seconds(0.1, 120).default(15),
      settleS: seconds(0.1, 3_600).default(60),
      sweepS: seconds(1, 86_400).default(180),
      trackingGraceS: seconds(0, 14 * 86_400).default(7_200),
    },
    { error: 'an object with timeoutS, settleS, sweepS, trackingGraceS, each in seconds' },
  )
  .superRefine((given, context) => {
    if (given.settleS <= given.timeoutS) context.addIssue({ code: 'custom', path: ['settleS'], message: `more than timeoutS (${given.timeoutS}): a call that is still under way would be looked for too early`, input: given.settleS });
  })
  .transform(({ timeoutS, settleS, sweepS, trackingGraceS }) => ({ timeout: timeoutS * second, settle: settleS * second, sweep: sweepS * second, trackingGrace: trackingGraceS * second }));

/** What every account of accounts.json may say, whatever its marketplace. */
export const commonFields = z.object({
  id: z
    .string({ error: id })
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, { error: id })
    .refine((text) => text.toLowerCase() !== 'shop', { error: id }),
  mode: z.enum(['live', 'observe'], { error: '"live" (tells the marketplace) or "observe" (plans and shows, and tells nothing)' }).default('live'),
  from: instant.nullable().default(null),
  endpoint: endpoint.nullable().default(null),
  limits: z.record(z.string(), limit, { error: 'an object with one entry per API call' }).default({}),
  patience: patience.prefault({}),
  acknowledge: z.boolean({ error: 'true or false' }).default(false),
});

export type CommonFields = z.infer<typeof commonFields>;

/** Names beside which a misspelt one is recognised; `limits` is named by the marketplace's own calls. */
export const patienceNames = Object.keys(patience.in.shape);
export const limitNames = Object.keys(limit.shape);
export const commonNames = [...Object.keys(commonFields.shape), 'marketplace'];

/** How a common field is written right. */
export const commonExamples: Readonly<Record<string, string>> = {
  id: '"id": "amazon-fr"',
  marketplace: '"marketplace": "amazon"',
  mode: '"mode": "observe"',
  from: '"from": "2026-11-23T00:00:00Z"',
  endpoint: '"endpoint": "http://127.0.0.1:9101"',
  limits: '"limits": {"confirmShipment": {"rate": 2, "burst": 10}}',
  patience: '"patience": {"timeoutS": 15, "settleS": 60, "sweepS": 180}',
  acknowledge: '"acknowledge": true',
};

function seconds(least: number, most: number): z.ZodNumber {
  const error = `a number of seconds between ${least} and ${most}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
}
