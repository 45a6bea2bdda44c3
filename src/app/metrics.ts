import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { OutcomeKind } from '../syncing/outcome.ts';

/** What the figures of the present are read from, when somebody asks for them. */
export interface Figures {
  readonly syncs: readonly { readonly account: string; readonly status: string; readonly n: number }[];
  readonly quotas: readonly { readonly scope: string; readonly budget: string; readonly tokens: number }[];
  /** Milliseconds by which our clock is ahead of the marketplaces'. */
  readonly skew: number | null;
  readonly alerts: number;
  readonly freeBytes: number | null;
  readonly overdueSoon: readonly { readonly account: string; readonly n: number }[];
}

export interface Metrics {
  attempted(account: string, call: string, outcome: OutcomeKind, ms: number): void;
  /** Prometheus' text format. */
  text(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Figures for Prometheus. Counters count since the start; gauges are read when they are asked for. */
export function createMetrics(figures: () => Promise<Figures>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const attempts = new Counter({ name: 'suivi_attempts_total', help: 'Attempts that ended, by account, API call and outcome', labelNames: ['account', 'call', 'outcome'], registers });
  const lengths = new Histogram({ name: 'suivi_attempt_seconds', help: 'From the claim of an attempt to its recorded outcome', labelNames: ['account', 'call'], buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20], registers });
  const syncs = new Gauge({ name: 'suivi_syncs', help: 'Syncs by account and status', labelNames: ['account', 'status'], registers });
  const overdue = new Gauge({ name: 'suivi_overdue_soon', help: 'Open syncs whose deadline is near or past, by account', labelNames: ['account'], registers });
  const tokens = new Gauge({ name: 'suivi_quota_calls', help: 'Calls left in each budget', labelNames: ['scope', 'budget'], registers });
  const skew = new Gauge({ name: 'suivi_clock_skew_seconds', help: 'How far this clock is ahead of the marketplaces', registers });
  const alerts = new Gauge({ name: 'suivi_alerts', help: 'Alerts that are not over', registers });
  const free = new Gauge({ name: 'suivi_free_bytes', help: 'Free space on the volume of the database', registers });
  return {
    attempted(account, call, outcome, ms) {
      attempts.inc({ account, call, outcome });
      lengths.observe({ account, call }, ms / 1000);
    },
    async text() {
      const now = await figures();
      for (const gauge of [syncs, overdue, tokens]) gauge.reset();
      for (const { account, status, n } of now.syncs) syncs.set({ account, status }, n);
      for (const { account, n } of now.overdueSoon) overdue.set({ account }, n);
      for (const { scope, budget, tokens: left } of now.quotas) tokens.set({ scope, budget }, left);
      skew.set((now.skew ?? 0) / 1000);
      alerts.set(now.alerts);
      if (now.freeBytes !== null) free.set(now.freeBytes);
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
