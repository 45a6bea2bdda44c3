import { defineConfig } from 'vitest/config';

/**
 * What is proved on PostgreSQL as on SQLite, in every run: what depends on locks, transactions and leases. More of the engine,
 * which depends on the same statements, with FAULTS=all, which takes minutes; and so is what real processes do when they are
 * killed, paused and cut off. Left out: files whose hours of simulated time cost minutes there.
 */
const all = process.env['FAULTS'] === 'all';
const store = 'test/store/{copy,connections,plans-at-volume,rolling-upgrade,audit,intake,take-over,alerts,open-orders,log,many-lanes}.test.ts';
const engine = 'test/engine/{workers,lease,crash,audit-first,order,resend,stop,after-dispatch}.test.ts';
// Signing in, and what pages read: better-auth and the views speak to another database there.
const pages = 'test/console/{order,orders}.test.ts';
const onServer = all ? [store, pages, 'test/console/{sign-in,syncs,apply}.test.ts', 'test/store/{verbs,retelling,retention}.test.ts', 'test/engine/{workers,lease,crash,audit-first,order,resend,stop,after-dispatch,arrows,busy,deadline,facts,feed,grace,never-twice,released,retry,waiting}.test.ts', 'test/faults/{workers,copy}.test.ts'] : [store, engine, pages];

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    // For a machine that is busy with something else: nothing is measured here.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // What is looked for again and again comes about sooner or later; a busy machine takes its time.
    expect: { poll: { timeout: 60_000 } },
    // For those who take changes in: what comes about at the second try is told of by name beside the totals, and is looked into.
    retry: process.env['CI'] === undefined ? 0 : 1,
    reporters: ['default', './test/support/second-tries.ts'],
    pool: 'forks',
    // Most files wait for processes, browsers or timers: a second one at a time costs little, and halves the run.
    maxWorkers: 2,
    setupFiles: ['test/setup.ts'],
    projects: [
      { extends: true, test: { name: 'sqlite', include: ['test/**/*.test.ts'], exclude: ['test/faults/{workers,copy}.test.ts', 'test/store/{copy,connections,plans-at-volume,rolling-upgrade}.test.ts'] } },
      { extends: true, test: { name: 'postgres', include: onServer, globalSetup: ['test/support/on-server.ts'], setupFiles: ['test/setup.ts', 'test/support/use-server.ts'] } },
    ],
  },
});
