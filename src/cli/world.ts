import { userInfo } from 'node:os';
import { systemClock } from '../runtime/clock.ts';
import type { Clock } from '../runtime/clock.ts';
import { systemRandom } from '../runtime/random.ts';
import type { Random } from '../runtime/random.ts';
import type { Variables } from '../settings/environment.ts';
import { processVariables } from '../settings/process-variables.ts';

/** What a command is started with, and by whom. */
export interface World {
  readonly variables: Variables;
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  /** The system user; null where the system has no name for it (some containers). */
  readonly user: string | null;
  readonly isRoot: boolean;
}

export function processWorld(): World {
  return { variables: processVariables(), directory: process.cwd(), clock: systemClock, random: systemRandom, user: userName(), isRoot: process.getuid?.() === 0 };
}

function userName(): string | null {
  try {
    return userInfo().username || null;
  } catch {
    return null;
  }
}
