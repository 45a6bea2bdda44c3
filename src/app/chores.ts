import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Calendar } from '../runtime/calendar.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import { day } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { backupTo } from '../store/backup.ts';
import type { Context } from '../store/context.ts';
import { doneBetween } from '../store/figures.ts';
import { countCauses, countStatuses } from '../store/log.ts';
import { retain } from '../store/retention.ts';
import { headText, listHeads } from '../store/verify.ts';
import type { Alerting } from './alerting.ts';

export interface ChoreParts {
  readonly context: Context;
  readonly calendar: Calendar;
  readonly alerting: Alerting;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeZone: string;
  /** The moment before which entries of the audit may go. */
  readonly retainedFrom: (now: Instant) => Instant;
  /** False: another worker does them. */
  readonly isMine: () => boolean;
}

/** Backups of this many days are kept beside the database. */
const backupsKept = 7;

/** What the calendar brings: heads of the audit every hour, a backup and the retention every night, a digest every morning. */
export function scheduleChores(parts: ChoreParts): void {
  const { context, calendar, clock, log, timeZone } = parts;
  const chore = (name: string, expression: string, work: (signal: AbortSignal) => Promise<void>): void =>
    calendar.schedule({ name, expression, timeZone, work: async (signal) => (parts.isMine() ? work(signal) : undefined), onError: (error) => log.error('a chore failed', { chore: name, error }), onOverlap: () => log.warn('a chore was left out: the last one still runs', { chore: name }) });

  chore('heads', '0 * * * *', async () => {
    // Written down outside the database: whoever cuts or recomputes a chain cannot reach them.
    for (const head of await listHeads(context.store.db)) log.info('head of the audit', { head: headText(head) });
  });
  // A server has backups of its own.
  const { file } = context.store;
  if (file !== null) {
    chore('backup', '15 3 * * *', async () => {
      log.info('the nightly backup was made and proved', { file: await nightlyBackup(context, file, clock.now()) });
    });
  }
  chore('retention', '45 3 * * *', async (signal) => {
    const deleted = await retain(context, parts.retainedFrom(clock.now()), clock.now(), signal);
    if (deleted > 0) log.info('entries of the audit beyond the retention were deleted', { deleted });
  });
  chore('digest', '0 8 * * *', (signal) => digest(parts, signal));
}

/** Backs up into `backups` beside the database, and leaves the latest seven. */
async function nightlyBackup(context: Context, database: string, now: Instant): Promise<string> {
  const folder = join(dirname(database), 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `suivi-${new Date(now).toISOString().slice(0, 10)}.db`);
  await backupTo(context.store, file);
  chmodSync(file, 0o600);
  const old = readdirSync(folder).filter((name) => /^suivi-\d{4}-\d{2}-\d{2}\.db$/.test(name)).toSorted().slice(0, -backupsKept);
  for (const name of old) rmSync(join(folder, name), { force: true });
  return file;
}

/** Yesterday and today in a few figures, to the log and to whoever gets the alerts. */
async function digest({ context, alerting, clock, log }: ChoreParts, signal: AbortSignal): Promise<void> {
  const { db } = context.store;
  const now = clock.now();
  const details = {
    lastDay: await doneBetween(db, now - day, now),
    standing: await countStatuses(db),
    toLookAt: (await countCauses(db)).slice(0, 20),
  };
  log.info('digest', details);
  await alerting.post('digest', details, signal);
}
