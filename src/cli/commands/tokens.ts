import { iso } from '../../api/fields.ts';
import { exits } from '../../app/exits.ts';
import { createToken, listTokens, revokeToken, scopes } from '../../store/tokens.ts';
import type { Call, Command } from '../command.ts';
import { Refused } from '../refused.ts';
import { tableText } from '../table.ts';
import { plain } from '../terminal.ts';

export const tokenCommands: readonly Command[] = [
  { name: 'tokens create', takes: ['<name>'], options: [{ flags: '--scope <scope>' }], changes: true, examples: ['tokens create erp --scope write', 'tokens create tableau-de-bord --scope read'], run: create },
  { name: 'tokens list', options: [{ flags: '--all' }], lists: true, examples: ['tokens list', 'tokens list --all'], run: list },
  { name: 'tokens revoke', takes: ['<name>'], changes: true, examples: ['tokens revoke erp'], run: revoke },
];

async function create(call: Call): Promise<number> {
  const { given, terminal, say, world } = call;
  given.needed('scope');
  const scope = given.oneOf('scope', scopes);
  if (scope === undefined) throw new Refused(exits.usage, say('optionNeeded', { option: '--scope' }));
  const name = given.first.trim();
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(name)) throw new Refused(exits.usage, say('tokenName', { found: plain(name, 60) }));
  const { context } = await call.open();
  const made = await createToken(context, name, scope, call.author, world.clock.now());
  if ('taken' in made) throw new Refused(exits.someFailed, say('tokenTaken', { name }), say('tokenTakenRemedy'));
  // Alone on its line on standard output, so that a script can take it; the words go beside it.
  terminal.print(made.token);
  terminal.tell(say('tokenMade', { name, scope }));
  return exits.done;
}

async function list({ given, terminal, say, speech, open }: Call): Promise<number> {
  const { context, settings } = await open();
  const tokens = (await listTokens(context.store.db)).filter(({ revoked_at }) => revoked_at === null || given.flag('all'));
  if (given.flag('json')) {
    terminal.json({ tokens: tokens.map(({ id, name, scope, created_at, created_by, last_used_at, revoked_at }) => ({ id, name, scope, createdAt: iso(created_at), createdBy: created_by, ...(last_used_at === null ? {} : { lastUsedAt: iso(last_used_at) }), ...(revoked_at === null ? {} : { revokedAt: iso(revoked_at) }) })) });
    return exits.done;
  }
  const at = (instant: number | null): string => (instant === null ? '' : speech.formatInstant(instant, settings.timeZone, 'short'));
  if (tokens.length === 0) terminal.tell(say('noTokens'));
  else terminal.print(tableText(terminal, [{ head: say('headName') }, { head: say('headScope') }, { head: say('headMade') }, { head: say('headBy'), gives: 8 }, { head: say('headLastUse') }, { head: say('headRevoked') }], tokens.map(({ name, scope, created_at, created_by, last_used_at, revoked_at }) => [name, scope, at(created_at), created_by, last_used_at === null ? say('never') : at(last_used_at), at(revoked_at)])));
  return exits.done;
}

async function revoke({ given, terminal, say, world, open, author }: Call): Promise<number> {
  const { context } = await open();
  if (!(await revokeToken(context, given.first, author, world.clock.now()))) throw new Refused(exits.someFailed, say('unknownToken', { name: plain(given.first, 60) }), say('unknownTokenRemedy'));
  terminal.print(say('tokenRevoked', { name: given.first }));
  return exits.done;
}
