import { iso, withValues } from '../../api/fields.ts';
import { knownCodes } from '../../app/carrier-choices.ts';
import { exits } from '../../app/exits.ts';
import type { Suivi } from '../../app.ts';
import { nearest } from '../../settings/nearest.ts';
import { listMappings, mapCarrier, unmappedCarriers } from '../../store/carriers.ts';
import type { Call, Command } from '../command.ts';
import { accountNamed } from '../find.ts';
import { Refused } from '../refused.ts';
import { tableText } from '../table.ts';
import { plain } from '../terminal.ts';

export const carrierCommands: readonly Command[] = [
  { name: 'carriers list', options: [{ flags: '--unmapped' }], lists: true, examples: ['carriers list', 'carriers list --unmapped'], run: list },
  {
    name: 'carriers map',
    takes: ['<name>'],
    options: [{ flags: '--account <id>' }, { flags: '--code <code>' }, { flags: '--other-name <text>' }],
    changes: true,
    lists: true,
    examples: ['carriers map "Ma Navette" --account amazon-fr --code Other', 'carriers map Colissimo --account amazon-fr --code "La Poste"'],
    run: map,
  },
];

async function list(call: Call): Promise<number> {
  const { given, terminal, say, speech } = call;
  const suivi = await call.open();
  const unmapped = await unmappedCarriers(suivi.context.store.db);
  if (given.flag('unmapped')) {
    if (given.flag('json')) terminal.json({ unmapped });
    else if (unmapped.length === 0) terminal.tell(say('noneUnmapped'));
    else terminal.print(tableText(terminal, [{ head: say('headCarrier'), gives: 12 }, { head: say('headAccount') }, { head: say('headOrdersHeld'), right: true }], unmapped.map(({ carrier, account, orders }) => [carrier, account, orders])));
    return exits.done;
  }
  const mapped = await listMappings(suivi.context.store.db);
  const { carriers } = suivi.tables;
  const marketplaces = [...new Set(carriers.flatMap(({ codes }) => Object.keys(codes)))].toSorted();
  if (given.flag('json')) {
    terminal.json({ carriers: carriers.map(({ name, aliases, codes }) => ({ name, aliases: aliases ?? [], codes })), mapped: mapped.map(({ account, carrier, code, otherName, author, at }) => ({ account, carrier, code, ...withValues({ otherName }), author, at: iso(at) })), unmapped });
    return exits.done;
  }
  const codeOf = (code: { readonly code: string; readonly verified?: boolean } | undefined): string => (code === undefined ? '—' : `${code.code}${code.verified === false ? ' (?)' : ''}`);
  terminal.print(tableText(terminal, [{ head: say('headCarrier') }, ...marketplaces.map((name) => ({ head: speech.channel(name) }))], carriers.map(({ name, codes }) => [name, ...marketplaces.map((marketplace) => codeOf(codes[marketplace]))])));
  terminal.print(say('unverifiedCodes'));
  if (mapped.length > 0) {
    terminal.print();
    terminal.print(tableText(terminal, [{ head: say('headMapped'), gives: 12 }, { head: say('headAccount') }, { head: say('headCode') }, { head: say('headBy'), gives: 8 }], mapped.map(({ carrier, account, code, otherName, author }) => [carrier, account, otherName === null ? code : `${code} (${otherName})`, author])));
  }
  if (unmapped.length > 0) terminal.tell(say('someUnmapped', { count: unmapped.length }));
  return exits.done;
}

async function map(call: Call): Promise<number> {
  const { given, terminal, say, world } = call;
  const carrier = given.first.trim();
  const [account, code, otherName] = [given.needed('account'), given.needed('code'), given.text('other-name')];
  if (!/[\p{L}\p{N}]/u.test(carrier) || carrier.length > 80) throw new Refused(exits.usage, say('carrierNoName', { found: plain(carrier) }));
  if (otherName !== undefined && code !== 'Other') throw new Refused(exits.usage, say('otherNameAlone'));
  const suivi = await call.open();
  await accountNamed(call, account, false);
  if (!(await isMeant(call, suivi, { carrier, account, code }))) {
    terminal.tell(say('nothingDone'));
    return exits.someFailed;
  }
  const { released, changed } = await mapCarrier(suivi.context, { carrier, account, code, otherName: otherName ?? null }, call.author, world.clock.now());
  if (given.flag('json')) terminal.json({ carrier, account, code, ...withValues({ otherName }), released, changed });
  else terminal.print(say('carrierMapped', { carrier: plain(carrier), account, code: otherName === undefined ? plain(code) : `${plain(code)} (${plain(otherName)})`, released, changed }));
  return exits.done;
}

/** A code that is on no list is told of before it releases anything; there may be others than we know. */
async function isMeant({ terminal, say, speech, stop }: Call, { context, tables }: Suivi, { carrier, account, code }: { readonly carrier: string; readonly account: string; readonly code: string }): Promise<boolean> {
  const marketplace = context.profiles.get(account)?.marketplace ?? '';
  const known = knownCodes(tables.carriers, marketplace);
  if (known.includes(code)) return true;
  const near = nearest(code, known);
  terminal.tell(say('unknownCode', { code: plain(code, 60), marketplace: speech.channel(marketplace), isNear: near === null ? 'no' : 'yes', near: near ?? '' }));
  return near === null || !terminal.canAsk || terminal.ask(say('codeQuestion', { carrier: plain(carrier), code: plain(code, 60) }), say('yes'), say('no'), stop);
}
