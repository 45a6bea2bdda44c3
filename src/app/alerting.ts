import { createHmac } from 'node:crypto';
import type { AlertSaid } from '../language/alert.ts';
import type { Clock } from '../runtime/clock.ts';
import { second } from '../runtime/clock.ts';
import type { Transport } from '../runtime/http.ts';
import type { Log } from '../runtime/log.ts';
import { timeout } from '../runtime/timeout.ts';
import { alertsPosted, keepAlerts, readSnapshot } from '../store/alerts.ts';
import type { Context } from '../store/context.ts';
import { alertsOf } from '../syncing/alert.ts';
import type { Alert } from '../syncing/alert.ts';

/** Where alerts go, and with which key they are signed. */
export interface AlertPost {
  readonly url: string;
  readonly key: Uint8Array;
  readonly transport: Transport;
}

export interface Alerting {
  /**
   * Looks at the present, keeps its alerts, and posts what nobody has been told of. Needs no disk to tell of a full one.
   * @param ofAll false: only what this worker alone can tell of; the rest is another's
   */
  round(ofAll: boolean, stop: AbortSignal): Promise<void>;
  /** Posts something that is no alert: the daily digest. */
  post(kind: string, details: Readonly<Record<string, unknown>>, stop: AbortSignal): Promise<boolean>;
}

const patience = 10 * second;

/**
 * @param urgent alerts that the store must not be needed for: a full disk, a clock that is off, a store that refuses
 */
export function createAlerting(context: Context, post: AlertPost | null, urgent: () => readonly Alert[], say: (alert: Alert) => AlertSaid, clock: Clock, log: Log): Alerting {
  /** Urgent alerts that were told of and are not over: kept in memory, since the disk may be the trouble. */
  const told = new Set<string>();

  async function send(body: Readonly<Record<string, unknown>>, stop: AbortSignal): Promise<boolean> {
    if (post === null) return true;
    const text = JSON.stringify({ source: 'suivi', at: new Date(clock.now()).toISOString(), ...body });
    const signature = createHmac('sha256', post.key).update(text).digest('hex');
    const limit = timeout(clock, patience, stop);
    try {
      const answer = await post.transport({ method: 'POST', url: post.url, headers: { 'content-type': 'application/json', 'suivi-signature': `sha256=${signature}` }, body: text }, limit.signal);
      if (answer.status < 300) return true;
      log.warn('the alert address did not take the alerts', { httpStatus: answer.status });
    } catch (error) {
      log.warn('the alert address cannot be reached', { error });
    } finally {
      limit.done();
    }
    return false;
  }

  function said(alert: Alert): object {
    const { link, ...words } = say(alert);
    return link === null ? words : { ...words, link };
  }

  /** Written to the log once, however often the address must be tried. */
  const logged = new Set<string>();

  async function tell(alerts: readonly Alert[], stop: AbortSignal): Promise<boolean> {
    for (const alert of alerts) {
      if (!logged.has(alert.key)) log.warn('alert', { kind: alert.kind, about: alert.key, details: alert.details });
      logged.add(alert.key);
    }
    const posted = alerts.length === 0 || (await send({ alerts: alerts.map((alert) => ({ ...alert, ...said(alert) })) }, stop));
    if (posted) for (const alert of alerts) logged.delete(alert.key);
    return posted;
  }

  return {
    post: (kind, details, stop) => send({ kind, details }, stop),
    async round(ofAll, stop) {
      const now = urgent();
      for (const key of told) if (!now.some((alert) => alert.key === key)) told.delete(key);
      const fresh = now.filter((alert) => !told.has(alert.key));
      if (await tell(fresh, stop)) for (const alert of fresh) told.add(alert.key);

      if (!ofAll) return;
      const snapshot = await readSnapshot(context.store.db, context.profiles.values(), clock.now());
      const unposted = await keepAlerts(context.store.db, alertsOf(snapshot), clock.now());
      if (await tell(unposted, stop)) await alertsPosted(context.store.db, unposted.map((alert) => alert.key), clock.now());
    },
  };
}
