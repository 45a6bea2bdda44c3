import { exits } from '../app/exits.ts';
import type { Suivi } from '../app.ts';
import type { Instant } from '../runtime/clock.ts';
import { nearest } from '../settings/nearest.ts';
import { shown, statuses, statusesCalled } from '../syncing/status.ts';
import type { Shown, Status } from '../syncing/status.ts';
import type { SyncFilter } from '../syncing/rerun.ts';
import type { Call, Option } from './command.ts';
import { accountNamed } from './find.ts';
import { Refused } from './refused.ts';
import { plain } from './terminal.ts';

/** The filters of the sync log, the same for looking and for rerunning. */
export const filterOptions: readonly Option[] = [{ flags: '--status <status>', many: true }, { flags: '--cause <cause>' }, { flags: '--account <id>' }, { flags: '--order <number>' }, { flags: '--since <moment>' }];

/** The filter that was given. */
export async function filterOf(call: Call, now: Instant): Promise<SyncFilter> {
  const { given } = call;
  const { settings } = await call.open();
  const status = given.texts('status').flatMap((text) => text.split(',')).flatMap((name) => statusesNamed(call, name.trim()));
  const [cause, account, order] = [given.text('cause'), given.text('account'), given.text('order')];
  const since = given.moment('since', now, settings.timeZone);
  if (account !== undefined) await accountNamed(call, account, true);
  return {
    ...(status.length === 0 ? {} : { status: [...new Set(status)] }),
    ...(cause === undefined ? {} : { cause: cause.trim() }),
    ...(account === undefined ? {} : { account }),
    ...(order === undefined ? {} : { order: order.trim() }),
    ...(since === undefined ? {} : { since }),
  };
}

/** Nothing was found under a cause that no diagnosis knows: most likely it is misspelt. */
export function hintAtCause({ say, terminal }: Call, { tables }: Suivi, cause: string | undefined): void {
  const known = Object.keys(tables.diagnoses.fr);
  if (cause === undefined || known.includes(cause)) return;
  const near = nearest(cause, known);
  terminal.tell(say('unknownCause', { found: plain(cause, 60), isNear: near === null ? 'no' : 'yes', near: near ?? '' }));
}

/** A status by its own name, or what people see: `failed`, « en échec », stands for several. */
function statusesNamed({ say, speech }: Call, name: string): readonly Status[] {
  const called = statusesCalled(name.toLowerCase());
  if (called.length > 0) return called;
  const groups = [...new Set(Object.values(shown))];
  const group = groups.find((one: Shown) => speech.shown(one).toLowerCase() === name.toLowerCase());
  if (group !== undefined) return statuses.filter((status) => shown[status] === group);
  const known = [...groups.map((one) => speech.shown(one)), ...groups, ...statuses];
  const near = nearest(name, known);
  throw new Refused(exits.usage, say('unknownStatus', { found: plain(name, 60), isNear: near === null ? 'no' : 'yes', near: near ?? '' }), say('statusesAre', { shown: groups.map((one) => speech.shown(one)).join(', '), exact: statuses.join(', ') }));
}
