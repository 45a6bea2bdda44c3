import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    // For a machine that is busy with something else: nothing is measured here.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    pool: 'forks',
    // Most files wait for processes, browsers or timers: a second one at a time costs little, and halves the run.
    maxWorkers: 2,
    setupFiles: ['test/setup.ts'],
  },
});
