import type { Variables } from './environment.ts';

/** The environment of this process, for whoever starts something. The only other reader of it is main.ts. */
export function processVariables(): Variables {
  return process.env;
}
