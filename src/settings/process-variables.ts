import type { Variables } from './environment.ts';

/** The environment of this process, for whoever starts something. */
export function processVariables(): Variables {
  return process.env;
}
