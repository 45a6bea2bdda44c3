import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Suivi } from '../app.ts';
import { day, hour, minute, second } from '../runtime/clock.ts';
import type { Duration, Instant } from '../runtime/clock.ts';
import { freeSpace } from '../runtime/disk.ts';
import { fetchTransport } from '../runtime/http.ts';
import { timeout } from '../runtime/timeout.ts';
import { accountViews } from '../store/account-views.ts';
import { listAlerts } from '../store/alerts.ts';
import { latestEntry } from '../store/figures.ts';
import { lastHolder } from '../store/lock.ts';
import type { AlertKind } from '../syncing/alert.ts';
import { asleep } from './account-modes.ts';
import type { Asleep } from './account-modes.ts';

/** One thing that was looked at. Its words are the command line's. */
export type Check = { readonly ok: boolean } & (
  | { readonly what: 'disk'; readonly freeBytes: number | null }
  | { readonly what: 'clock'; readonly now: Instant; readonly lastEntry: Instant | null; readonly aheadS: number | null }
  | { readonly what: 'time-zone'; readonly merchant: string; readonly machine: string }
  | { readonly what: 'daemon'; readonly address: string; readonly state: 'ready' | 'unready' | 'silent' | 'elsewhere' | 'absent'; readonly reasons: readonly string[]; readonly pid: number | null }
  | { readonly what: 'backup'; readonly folder: string; readonly at: string | null }
  | { readonly what: 'accounts'; readonly count: number }
  | { readonly what: 'orders-read'; readonly account: string; readonly until: Instant | null; readonly asleep: boolean }
  | { readonly what: 'asleep'; readonly account: string; readonly why: Asleep }
  | { readonly what: 'refusal'; readonly account: string; readonly call: string; readonly cause: string }
  | { readonly what: 'alert'; readonly kind: AlertKind; readonly details: Readonly<Record<string, string | number>>; readonly since: Instant }
);

/** Less than this and imports stop (see serve.ts). */
const leastFree = 1_000_000_000;
const unread: Duration = 30 * minute;
const staleBackup: Duration = 2 * day;

/** Looks at everything that a running installation rests on. Changes nothing; the only call goes to our own daemon. */
export async function examine(suivi: Suivi, stop: AbortSignal): Promise<readonly Check[]> {
  const { context, clock, settings } = suivi;
  const { db, file } = context.store;
  const now = clock.now();
  const free = file === null ? null : await freeSpace(file);
  const daemon = await askDaemon(suivi, stop);
  const lastEntry = await latestEntry(db);
  const views = await accountViews(context, now);
  const machine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const alive = daemon.state === 'ready' || daemon.state === 'unready';
  return [
    // A server's disk and its backups are looked after where it is.
    ...(file === null ? [] : [{ what: 'disk', ok: free === null || free >= leastFree, freeBytes: free } as const]),
    // What was written lies in the future: this clock was put back, or was ahead then.
    { what: 'clock', ok: (lastEntry === null || lastEntry <= now + 2 * minute) && Math.abs(daemon.aheadS ?? 0) <= 120, now, lastEntry, aheadS: daemon.aheadS },
    { what: 'time-zone', ok: true, merchant: settings.timeZone, machine },
    { what: 'daemon', ok: daemon.state === 'ready', address: daemon.address, state: daemon.state, reasons: daemon.reasons, pid: daemon.pid },
    ...(file === null ? [] : [backupCheck(file, lastEntry, now)]),
    { what: 'accounts', ok: true, count: suivi.accounts.length },
    ...views.map((view): Check => {
      return { what: 'orders-read', ok: !alive || (view.sweptUntil !== null && now - view.sweptUntil <= unread), account: view.id, until: view.sweptUntil, asleep: asleep(view) !== null };
    }),
    ...views.flatMap((view): Check[] => {
      const why = asleep(view);
      return why === null ? [] : [{ what: 'asleep', ok: why === 'settings', account: view.id, why }];
    }),
    ...views.flatMap(({ id, refusals }) => refusals.map(({ call, cause }): Check => ({ what: 'refusal', ok: false, account: id, call, cause }))),
    ...(await listAlerts(db)).map(({ kind, details, since }): Check => ({ what: 'alert', ok: false, kind, details, since })),
  ];
}

/** The latest of the nightly backups; one is missed only where there was something to back up two days ago. */
function backupCheck(file: string, lastEntry: Instant | null, now: Instant): Check {
  const folder = join(dirname(file), 'backups');
  const days = filesOf(folder).flatMap((name) => /^suivi-(\d{4}-\d{2}-\d{2})\.db$/.exec(name)?.[1] ?? []).toSorted();
  const at = days.at(-1) ?? null;
  const fresh = at !== null && now - Date.parse(`${at}T00:00:00Z`) <= staleBackup + 3 * hour;
  return { what: 'backup', ok: fresh || lastEntry === null || (at === null && !isOld(file, now)), folder, at };
}

/** By the secret beside it, which is made once; with SUIVI_SECRET set, an installation is never taken for an old one. */
function isOld(file: string, now: Instant): boolean {
  const made = statSync(join(dirname(file), 'secret'), { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && now - made > staleBackup;
}

interface Asked {
  readonly address: string;
  readonly state: 'ready' | 'unready' | 'silent' | 'elsewhere' | 'absent';
  readonly reasons: readonly string[];
  readonly pid: number | null;
  /** Seconds by which the daemon's clock is ahead of the marketplaces'. */
  readonly aheadS: number | null;
}

/**
 * Asks the daemon on this machine how it is. `silent`: a process holds the database and does not answer; `elsewhere`:
 * something answers, and nobody holds this database.
 */
async function askDaemon({ settings, context, clock }: Suivi, stop: AbortSignal): Promise<Asked> {
  const { host, port } = settings.listen;
  const here = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  const address = `http://${here}:${port}`;
  const pid = context.store.file === null ? null : livingHolder(context.store.file);
  const ready = await get(`${address}/readyz`);
  if (ready === null) return { address, state: pid === null ? 'absent' : 'silent', reasons: [], pid, aheadS: null };
  if (pid === null) return { address, state: 'elsewhere', reasons: [], pid, aheadS: null };
  const metrics = await get(`${address}/metrics`);
  const ahead = /^suivi_clock_skew_seconds (-?[\d.e+-]+)$/m.exec(metrics?.text ?? '')?.[1];
  return { address, state: ready.status === 200 ? 'ready' : 'unready', reasons: ready.status === 200 ? [] : [ready.text.slice(0, 300)], pid, aheadS: ahead === undefined ? null : Math.round(Number(ahead)) };

  async function get(url: string): Promise<{ readonly status: number; readonly text: string } | null> {
    const limit = timeout(clock, 3 * second, stop);
    try {
      const answer = await fetchTransport()({ method: 'GET', url, headers: {}, body: null }, limit.signal);
      return { status: answer.status, text: new TextDecoder().decode(answer.body) };
    } catch {
      return null;
    } finally {
      limit.done();
    }
  }
}

/** The process that last took the database's lock, if one of its number lives. */
function livingHolder(file: string): number | null {
  const holder = lastHolder(file);
  if (holder === null) return null;
  try {
    process.kill(holder.pid, 0);
    return holder.pid;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? holder.pid : null;
  }
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
