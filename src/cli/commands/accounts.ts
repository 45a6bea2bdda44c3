import { sayCause } from '../../api/said.ts';
import { checkAccount } from '../../app/check-accounts.ts';
import type { AccountFinding, CheckedAccount } from '../../app/check-accounts.ts';
import { exits } from '../../app/exits.ts';
import { accountViews } from '../../store/account-views.ts';
import type { AccountView } from '../../store/account-views.ts';
import { meetAccounts, pauseAccount, resumeAccount } from '../../store/accounts.ts';
import type { Call, Command } from '../command.ts';
import { accountNamed } from '../find.ts';
import { accountJson } from '../../api/account-json.ts';
import { Interrupted } from '../refused.ts';
import { tableText } from '../table.ts';
import { plain } from '../terminal.ts';
import { paragraph } from '../wrap.ts';

export const accountCommands: readonly Command[] = [
  { name: 'accounts list', lists: true, examples: ['accounts list', 'accounts list --json'], run: list },
  { name: 'accounts check', takes: ['[account...]'], lists: true, examples: ['accounts check', 'accounts check amazon-fr'], run: check },
  { name: 'accounts pause', takes: ['<account>'], options: [{ flags: '--reason <text>' }], changes: true, lists: true, examples: ['accounts pause amazon-fr --reason "inventaire"'], run: (call) => turn(call, 'pause') },
  { name: 'accounts resume', takes: ['<account>'], options: [{ flags: '--reason <text>' }], changes: true, lists: true, examples: ['accounts resume amazon-fr --reason "inventaire fini"'], run: (call) => turn(call, 'resume') },
];

async function list(call: Call): Promise<number> {
  const { given, terminal, say, speech, world, language } = call;
  const suivi = await call.open();
  const views = await accountViews(suivi.context, world.clock.now());
  if (given.flag('json')) {
    terminal.json({ accounts: views.map((view) => accountJson(view, suivi.tables.diagnoses, language)) });
    return exits.done;
  }
  if (suivi.accounts.length === 0) {
    terminal.tell(say('noAccounts'));
    return exits.done;
  }
  const zone = suivi.settings.timeZone;
  terminal.print(
    tableText(
      terminal,
      [{ head: say('headAccount') }, { head: say('headMarketplace') }, { head: say('headMode'), gives: 12 }, { head: say('headWaiting'), right: true }, { head: say('headReadUntil') }, { head: say('headRemark'), gives: 14 }],
      views.map((view) => [view.id, speech.channel(view.marketplace), modeOf(call, view), view.laneLength, view.sweptUntil === null ? say('never') : speech.formatInstant(view.sweptUntil, zone, 'short'), remarkOf(call, suivi.tables.diagnoses, view)]),
    ),
  );
  const unmet = suivi.accounts.filter(({ id }) => !views.some((view) => view.id === id)).map(({ id }) => id);
  if (unmet.length > 0) terminal.tell(say('accountsUnmet', { accounts: unmet.join(', ') }));
  return exits.done;
}

function modeOf({ say, speech }: Call, view: AccountView): string {
  if (view.pausedAt !== null) return say('pausedBy', { name: plain(view.pausedBy) });
  if (view.observeSince !== null) return say('observesSince', { why: plain(view.observeWhy) });
  return speech.mode(view.mode);
}

function remarkOf({ language }: Call, diagnoses: Parameters<typeof sayCause>[0], { refusals }: AccountView): string {
  return refusals.map(({ call, cause }) => `${call === '*' ? '' : `${call}: `}${sayCause(diagnoses, cause, language).what}`).join(' ');
}

async function check(call: Call): Promise<number> {
  const { given, terminal, say, stop } = call;
  const suivi = await call.open();
  const ids = given.words.length > 0 ? await Promise.all(given.words.map((id) => accountNamed(call, id, false))) : suivi.accounts.map(({ id }) => id);
  if (ids.length === 0) terminal.tell(say('noAccounts'));
  const checked: CheckedAccount[] = [];
  for (const id of ids) {
    const one = await checkAccount(suivi, id, stop);
    if (stop.aborted) throw new Interrupted();
    checked.push(one);
    if (!given.flag('json')) printChecked(call, suivi.tables.diagnoses, one);
  }
  if (given.flag('json')) terminal.json({ accounts: checked.map(({ account, marketplace, findings }) => ({ account, marketplace, ok: findings.every(({ ok }) => ok), findings: findings.map(({ what, ok, key, details }) => ({ what, ok, key, details, diagnosis: sayCause(suivi.tables.diagnoses, key, call.language) })) })) });
  if (checked.some(({ unreachable }) => unreachable)) return exits.unreachable;
  return checked.every(({ findings }) => findings.every(({ ok }) => ok)) ? exits.done : exits.someFailed;
}

function printChecked(call: Call, diagnoses: Parameters<typeof sayCause>[0], { account, marketplace, findings }: CheckedAccount): void {
  const { terminal, speech, language } = call;
  terminal.print(terminal.style('bold', `${account} (${speech.channel(marketplace)})`));
  for (const finding of findings) {
    const { what, remedy } = sayCause(diagnoses, finding.key, language);
    terminal.print(`  ${finding.ok ? terminal.style('green', '✓') : terminal.style('red', '✗')} ${paragraph(terminal, '    ', `${what}${detailsOf(call, finding)}`).slice(4)}`);
    if (!finding.ok) terminal.print(paragraph(terminal, '    → ', remedy));
  }
}

/** Names of figures have words; what has none, such as an id of Amazon’s, stands as it is. */
function detailsOf({ say, language }: Call, { details }: AccountFinding): string {
  const parts = Object.entries(details).map(([name, value]) => say('detail', { name, value: typeof value === 'number' ? value.toLocaleString(language === 'fr' ? 'fr-FR' : 'en-GB') : plain(value) }));
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

async function turn(call: Call, verb: 'pause' | 'resume'): Promise<number> {
  const { given, terminal, say, world, language } = call;
  const suivi = await call.open();
  const id = await accountNamed(call, given.first, false);
  const now = world.clock.now();
  // Before the daemon has met it, there would be nothing to switch.
  const settled = suivi.accounts.find((account) => account.id === id);
  if (settled !== undefined && !(await accountViews(suivi.context, now)).some((view) => view.id === id)) await meetAccounts(suivi.context, [{ id, marketplace: settled.marketplace, mode: settled.mode, from: settled.from }], now);
  await (verb === 'pause' ? pauseAccount : resumeAccount)(suivi.context, id, call.author, given.text('reason') ?? '', now);
  if (given.flag('json')) {
    const view = (await accountViews(suivi.context, now)).find((one) => one.id === id);
    // One that was taken out of accounts.json has nothing more to show.
    terminal.json(view === undefined ? { id, paused: verb === 'pause' } : accountJson(view, suivi.tables.diagnoses, language));
    return exits.done;
  }
  terminal.print(say(verb === 'pause' ? 'accountPaused' : 'accountResumed', { account: id }));
  return exits.done;
}
