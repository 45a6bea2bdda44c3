import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Most files wait for processes, browsers or timers: a second one at a time costs little, and halves the run.
    maxWorkers: 2,
    setupFiles: ['test/setup.ts'],
  },
});
