import { z } from 'zod';
import { mayDo } from '../../syncing/rerun.ts';
import { shown, statuses, statusesCalled } from '../../syncing/status.ts';
import type { Status } from '../../syncing/status.ts';
import { issueOf, name } from '../fields.ts';

/** Parameters that may be repeated: the same as naming all their values, separated by commas. */
export const repeatable: readonly string[] = ['status'];

const members = {
  cause: name(100).exactOptional().meta({ description: 'A cause, such as amazon/carrier-unknown' }),
  account: name(100).exactOptional().meta({ description: 'A seller account’s id' }),
  order: name(100).exactOptional().meta({ description: 'The order’s number there, or the shop’s own' }),
  since: name(64).exactOptional().meta({ description: 'Created since: a moment (2026-11-23T09:00:00Z), a day in the merchant’s time zone (2026-11-23), or a time before now (2d, 12h, 30m)' }),
} as const;

/** As people see them; where one has the name of a status, it is that status alone. */
const groups = [...new Set<string>(Object.values(shown))].filter((group) => !(statuses as readonly string[]).includes(group));

/** Reads words for statuses, from a list or one text of several; of what each stands for, those among `these`. */
function statusesAmong(these: readonly Status[]) {
  const meant = (word: string): readonly Status[] => statusesCalled(word).filter((status) => these.includes(status));
  const expected = [...these, ...groups.filter((group) => meant(group).length > 0)].join(', ');
  return (given: string | readonly string[], issues: z.RefinementCtx): readonly Status[] => {
    const names = (typeof given === 'string' ? given.split(',') : given).map((one) => one.trim()).filter((one) => one !== '');
    const unknown = names.find((one) => meant(one).length === 0);
    if (unknown === undefined) return [...new Set(names.flatMap(meant))];
    issues.addIssue({ ...issueOf({ code: 'not-one-of', found: unknown, expected }) });
    return z.NEVER;
  };
}

const statusList = z
  .string()
  .transform(statusesAmong(statuses))
  .meta({ description: `One or several, separated by commas: ${statuses.join(', ')}; or as people see them, each for several: ${groups.join(', ')}` });

/** The most rows of the log in one answer. */
const longestPage = 500;

const pageLength = z
  .string()
  .transform((given, issues): number => {
    const rows = /^\d{1,9}$/.test(given) ? Number(given) : 0;
    if (rows >= 1 && rows <= longestPage) return rows;
    issues.addIssue({ ...issueOf({ code: 'out-of-range', found: given, min: 1, max: longestPage }) });
    return z.NEVER;
  })
  .meta({ type: 'integer', minimum: 1, maximum: longestPage, default: 50, description: 'Rows in one answer' });

/** What GET /syncs may be asked for. */
export const syncQueryShape = z.strictObject({ status: statusList.exactOptional(), ...members, cursor: name(200).exactOptional().meta({ description: 'The "next" of the page before' }), limit: pageLength.exactOptional() });

const idShape = z
  .number()
  .superRefine((given, issues) => {
    if (!Number.isSafeInteger(given) || given < 1) issues.addIssue({ ...issueOf({ code: 'malformed', found: String(given), expected: '4711' }) });
  })
  .meta({ type: 'integer', minimum: 1 });

/** Why somebody overrides the machine: it stands in the journal. */
export const reasonShape = name(500).meta({ description: 'Why: it stands in the journal' });

/** Where a rerun can do anything at all: a filter by other statuses would go through the whole history, and leave all of it out. */
const rerunnable = statuses.filter((status) => mayDo('rerun', { status, cause: 'order/cancel-requested', unsettled: false, offered: true }) === null);

/** The same words as the sync log takes, as far as a rerun can do anything with what they stand for. */
const rerunStatuses = z
  .union([z.array(z.string()), z.string()])
  .transform(statusesAmong(rerunnable));

/** What POST /syncs/rerun takes: identifiers or a filter, never both. */
export const rerunShape = z
  .strictObject({
    ids: z.array(idShape).max(1_000).exactOptional(),
    status: rerunStatuses.exactOptional().meta({ description: 'The words of the sync log, or one text of several, separated by commas. Left out: what failed' }),
    ...members,
    reason: reasonShape,
    dryRun: z.boolean().exactOptional().meta({ description: 'Only say what would be done' }),
  })
  .meta({ id: 'Rerun' });
