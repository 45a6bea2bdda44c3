import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a server where tests may make databases. */
    readonly server: string;
  }
}

// Whoever has no part of the runner, a child process for one, finds it there too.
process.env['TEST_SERVER'] = inject('server');
