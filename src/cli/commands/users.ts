import { iso } from '../../api/fields.ts';
import { exits } from '../../app/exits.ts';
import type { Suivi } from '../../app.ts';
import { invite, inviteAgain } from '../../store/invitations.ts';
import type { Made } from '../../store/invitations.ts';
import { changeRole, listPeople, personNamed, revokePerson, roles } from '../../store/people.ts';
import type { PeopleFault, Person, Role } from '../../store/people.ts';
import type { Call, Command } from '../command.ts';
import { Refused } from '../refused.ts';
import { tableText } from '../table.ts';
import { plain } from '../terminal.ts';

export const userCommands: readonly Command[] = [
  { name: 'users list', options: [{ flags: '--all' }], lists: true, examples: ['users list', 'users list --all'], run: list },
  { name: 'users invite', takes: ['<name>'], options: [{ flags: '--role <role>' }], changes: true, examples: ['users invite marc --role packer', 'users invite claire --role admin'], run: inviteOne },
  { name: 'users link', takes: ['<name>'], changes: true, examples: ['users link marc'], run: link },
  { name: 'users role', takes: ['<name>'], options: [{ flags: '--role <role>' }], changes: true, examples: ['users role marc --role support'], run: role },
  { name: 'users revoke', takes: ['<name>'], changes: true, examples: ['users revoke marc'], run: revoke },
];

async function list({ given, terminal, say, speech, open }: Call): Promise<number> {
  const { context, settings } = await open();
  const people = (await listPeople(context.store.db)).filter(({ revokedAt }) => revokedAt === null || given.flag('all'));
  if (given.flag('json')) {
    terminal.json({ users: people.map(({ name, role: held, secondFactor, createdAt, seenAt, revokedAt }) => ({ name, role: held, secondFactor, createdAt: iso(createdAt), ...(seenAt === null ? {} : { seenAt: iso(seenAt) }), ...(revokedAt === null ? {} : { revokedAt: iso(revokedAt) }) })) });
    return exits.done;
  }
  const at = (instant: number | null): string => (instant === null ? '' : speech.formatInstant(instant, settings.timeZone, 'short'));
  if (people.length === 0) terminal.tell(say('noUsers'));
  else terminal.print(tableText(terminal, [{ head: say('headName') }, { head: say('headRole') }, { head: say('headLastUse') }, { head: say('headRevoked') }], people.map(({ name, role: held, seenAt, revokedAt }) => [name, held, seenAt === null ? say('never') : at(seenAt), at(revokedAt)])));
  return exits.done;
}

async function inviteOne(call: Call): Promise<number> {
  const wanted = roleGiven(call);
  const suivi = await call.open();
  return shown(call, suivi, await invite(suivi.context, call.given.first.trim(), wanted, call.author, call.world.clock.now()));
}

async function link(call: Call): Promise<number> {
  const suivi = await call.open();
  const { id } = await known(call, suivi);
  return shown(call, suivi, await inviteAgain(suivi.context, id, call.author, call.world.clock.now()));
}

async function role(call: Call): Promise<number> {
  const wanted = roleGiven(call);
  const suivi = await call.open();
  const { id, name } = await known(call, suivi);
  refuse(call, await changeRole(suivi.context, id, wanted, call.author, call.world.clock.now()));
  call.terminal.print(call.say('userRole', { name, role: wanted }));
  return exits.done;
}

async function revoke(call: Call): Promise<number> {
  const suivi = await call.open();
  const { id, name } = await known(call, suivi);
  refuse(call, await revokePerson(suivi.context, id, call.author, call.world.clock.now()));
  call.terminal.print(call.say('userRevoked', { name }));
  return exits.done;
}

function roleGiven({ given, say }: Call): Role {
  given.needed('role');
  const wanted = given.oneOf('role', roles);
  if (wanted === undefined) throw new Refused(exits.usage, say('optionNeeded', { option: '--role' }));
  return wanted;
}

async function known({ given, say }: Call, { context }: Suivi): Promise<Person> {
  const person = await personNamed(context.store.db, given.first);
  if (person === null || person.revokedAt !== null) throw new Refused(exits.someFailed, say('unknownUser', { name: plain(given.first, 60) }), say('unknownUserRemedy'));
  return person;
}

/** The link alone on its line, so that a script can take it; the words go beside it. */
function shown(call: Call, { settings }: Suivi, made: Made): number {
  const { terminal, say, speech } = call;
  if ('fault' in made) return refuse(call, made.fault);
  terminal.print(`${settings.publicUrl}/join/${made.secret}`);
  terminal.tell(say('userLink', { until: speech.formatInstant(made.expiresAt, settings.timeZone) }));
  return exits.done;
}

function refuse({ say, given }: Call, fault: PeopleFault | null): number {
  const name = plain(given.first, 60);
  switch (fault) {
    case null:
      return exits.done;
    case 'name':
      throw new Refused(exits.usage, say('userName', { found: name }));
    case 'taken':
      throw new Refused(exits.someFailed, say('userTaken', { name }));
    case 'last-admin':
      throw new Refused(exits.someFailed, say('lastAdmin', { name }));
    case 'unknown':
    case 'yourself':
      throw new Refused(exits.someFailed, say('unknownUser', { name }), say('unknownUserRemedy'));
  }
}
