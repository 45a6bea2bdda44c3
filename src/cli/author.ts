import { exits } from '../app/exits.ts';
import { Refused } from './refused.ts';
import type { Say } from './texts.ts';
import type { World } from './world.ts';

const longest = 80;

/** The name for the journal: --as, or the system user. */
export function authorOf(as: string | undefined, { user }: World, say: Say): string {
  if (as === undefined) {
    if (user === null) throw new Refused(exits.usage, say('userUnknown'), say('asRemedy'));
    return user;
  }
  const name = as.trim();
  if (name === '' || name.length > longest || /[\p{Cc}\p{Cf}]/u.test(name)) throw new Refused(exits.usage, say('wrongOption', { option: '--as', found: name, expected: say('expectsName', { longest }) }));
  return name;
}

/** Where somebody overrides the machine, the journal must name a person, and root is none. */
export function authorByNameOf(as: string | undefined, world: World, say: Say): string {
  const author = authorOf(as, world, say);
  if (world.isRoot && (as === undefined || author === 'root')) throw new Refused(exits.usage, say('rootNeedsName'), say('asRemedy'));
  return author;
}
