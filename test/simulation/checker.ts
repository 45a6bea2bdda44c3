import { checkAudit } from './checks/audit.ts';
import { checkEffects } from './checks/effects.ts';
import { checkLimits } from './checks/limits.ts';
import { checkPrivacy } from './checks/privacy.ts';
import { checkRefused } from './checks/refused.ts';
import { checkRest } from './checks/rest.ts';
import { checkSettled } from './checks/settled.ts';
import { checkTime } from './checks/time.ts';
import type { Finding, World } from './world.ts';

/** What is promised, as findings name it. */
export const promises = ['intent-first', 'lease', 'settling', 'twice', 'limits', 'held', 'fate', 'lost', 'wrong', 'refused', 'undone', 'late', 'order', 'unaudited', 'chain', 'privacy', 'rest', 'stop'] as const;
export type Promised = (typeof promises)[number];

/**
 * What does not hold of a run that has ended. Judged by the marketplaces' own ledgers, by the list of what was
 * acknowledged to the merchant, by what was seen to leave, and by the database in plain SQL: by nothing of the engine's.
 */
export async function check(world: World): Promise<readonly Finding[]> {
  return [...world.found, ...checkEffects(world), ...checkSettled(world), ...checkLimits(world), ...checkTime(world), ...(await checkRest(world)), ...(await checkRefused(world)), ...(await checkAudit(world)), ...(await checkPrivacy(world))];
}
