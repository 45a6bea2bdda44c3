import { hostname } from 'node:os';
import { createApi } from '../api/api.ts';
import { listen } from '../api/listen.ts';
import { createConsole } from '../console/console.ts';
import { createCalendar } from '../runtime/calendar.ts';
import { second } from '../runtime/clock.ts';
import { freeSpace } from '../runtime/disk.ts';
import { fetchTransport } from '../runtime/http.ts';
import { repeat } from '../runtime/repeat.ts';
import { keyInUse } from '../settings/secrets.ts';
import { meetAccounts } from '../store/accounts.ts';
import { listAlerts, readSnapshot } from '../store/alerts.ts';
import { assertWritable, listBudgets } from '../store/figures.ts';
import { countStatuses } from '../store/log.ts';
import { openReader } from '../store/reader.ts';
import type { Alert } from '../syncing/alert.ts';
import { run } from '../syncing/daemon.ts';
import type { Suivi } from '../app.ts';
import { sayAlert } from '../language/alert.ts';
import { createAlerting } from './alerting.ts';
import { scheduleChores } from './chores.ts';
import { consolePorts } from './console-ports.ts';
import { assembleEngine } from './engine.ts';
import { createMetrics } from './metrics.ts';
import type { Figures } from './metrics.ts';
import { keepTrial } from './trial.ts';
import { together } from './web.ts';

/** The daemon at work. */
export interface Running {
  /** Where API and console listen. */
  readonly address: string;
  /** Something of these accounts was changed through the same connection: it is looked at now. */
  notify(accounts: readonly string[]): void;
  /** Resolves when everything has ended: after `stop`, or because the lock of the database was lost. */
  readonly ended: Promise<'stopped' | 'lock-lost'>;
}

/** Whether the daemon can do its work, and why not. */
interface Readiness {
  readonly ok: boolean;
  readonly reasons: string[];
}

/** Less than this on the database's volume: imports stop, confirmations go on. */
const leastFree = 1_000_000_000;

/** Starts the engine, the API, the console, the alerts and the chores. `asked` ends them gently, `cut` at once; so does the loss of the lock, gently. */
export async function serve(suivi: Suivi, asked: AbortSignal, cut: AbortSignal): Promise<Running> {
  const { context, clock, log, settings, secrets, scopes } = suivi;
  const { db } = context.store;
  const lost = new AbortController();
  const stop = AbortSignal.any([asked, lost.signal]);
  const served = scopes.flatMap(({ accounts }) => accounts);
  await meetAccounts(context, served.map(({ account }) => ({ id: account.id, marketplace: account.marketplace, mode: account.mode, from: account.from })), clock.now());

  let free: number | null = null;
  let readyUntil = -Infinity;
  let readiness: Promise<Readiness> = Promise.resolve({ ok: false, reasons: ['starting'] });
  const metrics = createMetrics(figures);
  const engine = assembleEngine({ context, scopes, clock, random: suivi.random, log, metrics, worker: workerName(suivi), mayImport: () => free === null || free >= leastFree });
  const post = secrets.alertUrl === null ? null : { url: secrets.alertUrl, key: keyInUse(secrets.keys.alerts), transport: fetchTransport() };
  const alerting = createAlerting(context, post, urgent, (alert) => sayAlert(alert, { diagnoses: suivi.tables.diagnoses, publicUrl: settings.publicUrl, timeZone: settings.timeZone }), clock, log);
  const api = createApi({ context, clock, log, diagnoses: suivi.tables.diagnoses, timeZone: settings.timeZone, customerUrl: suivi.links.url, notify: (accounts) => engine.notify(accounts), ready, metrics: () => metrics.text() });
  const reader = openReader(context);
  const trial = keepTrial(suivi, stop, cut);
  const shown = createConsole(consolePorts(suivi, { reader, notify: (accounts) => engine.notify(accounts), people: context.store, keys: secrets.keys.sessions, trial, stop }));
  const server = await listen(together(api, shown, trial), settings.listen.host, settings.listen.port);

  const calendar = createCalendar(stop);
  scheduleChores({ context, calendar, alerting, clock, log, timeZone: settings.timeZone, retainedFrom: suivi.retainedFrom, isMine: () => engine.isEldest() });
  const watching = Promise.all([
    repeat(clock, 10 * second, stop, (error) => log.error('the free space could not be read', { error }), async () => void (free = context.store.file === null ? null : await freeSpace(context.store.file))),
    repeat(clock, second, stop, (error) => log.error('the lock could not be looked at', { error }), async () => heedLock()),
    repeat(clock, 15 * second, stop, (error) => log.error('the alerts could not be looked at', { error }), () => alerting.round(engine.isEldest(), stop)),
    ...(context.store.kind === 'postgres' ? [repeat(clock, 10 * second, stop, (error) => log.warn('the server was not asked what time it is', { error }), () => suivi.askServer())] : []),
  ]);
  const ended = (async () => {
    try {
      await run(engine.daemon, stop, cut);
    } finally {
      await Promise.all([server.close(), calendar.stopAll(), watching]);
      await trial.end();
      await shown.idle();
      await reader.close();
    }
    return lost.signal.aborted ? 'lock-lost' : 'stopped';
  })();
  return { address: `http://${server.address.includes(':') ? `[${server.address}]` : server.address}:${server.port}`, notify: (accounts) => engine.notify(accounts), ended };

  /** Without its file another process could take the lock too, and tell the same things: nothing more is begun. */
  function heedLock(): void {
    if (lost.signal.aborted || suivi.holdsLock()) return;
    log.fatal('the file of the lock was removed or replaced: another process could work with this database, so this one ends', { lock: `${context.store.file}.lock` });
    lost.abort();
  }

  /** What must be told of even where the store cannot keep it. */
  function urgent(): readonly Alert[] {
    const alerts: Alert[] = [];
    if (free !== null && free < leastFree) alerts.push({ key: 'disk-low', kind: 'disk-low', details: { freeBytes: free, leastFree } });
    const skew = engine.guard.skew();
    if (skew !== null && !engine.guard.trusted()) alerts.push({ key: 'clock-off', kind: 'clock-off', details: { seconds: Math.round(skew / second) } });
    if (engine.storeFailing()) alerts.push({ key: 'store-failing', kind: 'store-failing', details: {} });
    return alerts;
  }

  /** The database takes writes and the engine runs; never whether a marketplace is up. Remembered for a second: whoever asks often costs no write. */
  async function ready(): Promise<Readiness> {
    if (stop.aborted || clock.monotonic() >= readyUntil) {
      readyUntil = clock.monotonic() + second;
      readiness = look();
    }
    return readiness;
  }

  async function look(): Promise<Readiness> {
    const reasons: string[] = [];
    if (stop.aborted) reasons.push('stopping');
    if (engine.storeFailing()) reasons.push('the database refused the last write');
    if (!engine.isHere()) reasons.push('this worker has no lease: it serves no account');
    try {
      await assertWritable(db);
    } catch (error) {
      reasons.push(`the database cannot be written to: ${error instanceof Error ? error.message : String(error)}`);
    }
    return { ok: reasons.length === 0, reasons };
  }

  async function figures(): Promise<Figures> {
    const snapshot = await readSnapshot(db, context.profiles.values(), clock.now());
    return {
      syncs: await countStatuses(db),
      quotas: await listBudgets(db),
      skew: engine.guard.skew(),
      alerts: (await listAlerts(db)).length + urgent().length,
      freeBytes: free,
      overdueSoon: snapshot.accounts.map(({ id, overdueSoon }) => ({ account: id, n: overdueSoon })),
    };
  }
}

/** Two machines may have one name, and two containers one number. */
function workerName({ context, random }: Suivi): string {
  const own = `${hostname()}/${process.pid}`;
  return context.store.kind === 'sqlite' ? own : `${own}/${Buffer.from(random.bytes(4)).toString('hex')}`;
}

/** Somebody else listens at the address that was asked for. */
export function isAddressTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
