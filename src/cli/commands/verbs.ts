import { exits } from '../../app/exits.ts';
import type { Suivi } from '../../app.ts';
import { findSyncs } from '../../store/log.ts';
import type { LogRow } from '../../store/log.ts';
import { perform, rehearse } from '../../store/verbs.ts';
import type { Asked, Done } from '../../store/verbs.ts';
import { isUnscoped, mayDo } from '../../syncing/rerun.ts';
import type { LeftOut, SyncFilter, Verb } from '../../syncing/rerun.ts';
import type { Call, Command } from '../command.ts';
import { filterOf, filterOptions, hintAtCause } from '../filter.ts';
import { Refused } from '../refused.ts';
import { plain } from '../terminal.ts';
import { syncsTable } from './syncs.ts';

/** The four verbs: what a person does to syncs, with a name and a reason. */
export const verbCommands: readonly Command[] = [
  {
    name: 'rerun',
    takes: ['[sync...]'],
    options: [...filterOptions, { flags: '--reason <text>' }, { flags: '--dry-run' }, { flags: '--yes' }],
    changes: true,
    lists: true,
    examples: ['rerun 34 35 --as Marie --reason "transporteur relié"', 'rerun --cause amazon/carrier-unknown --since 2d --as Marie --reason "transporteur relié" --dry-run', 'rerun --account ebay-fr --status failed --as Marie --reason "panne eBay finie"'],
    run: rerun,
  },
  {
    name: 'resend',
    takes: ['<sync...>'],
    options: [{ flags: '--reason <text>' }, { flags: '--yes' }],
    changes: true,
    lists: true,
    examples: ['resend 34 --as Marie --reason "Amazon ne montre rien"'],
    run: (call) => verb(call, 'resend'),
  },
  {
    name: 'cancel',
    takes: ['<sync...>'],
    options: [{ flags: '--reason <text>' }],
    changes: true,
    lists: true,
    examples: ['cancel 34 --as Marie --reason "confirmée à la main"'],
    run: (call) => verb(call, 'cancel'),
  },
  {
    name: 'resolve',
    takes: ['<sync...>'],
    options: [{ flags: '--as-done' }, { flags: '--reason <text>' }],
    changes: true,
    lists: true,
    examples: ['resolve 34 --as-done --as Marie --reason "vu dans Seller Central"'],
    run(call) {
      if (!call.given.flag('as-done')) throw new Refused(exits.usage, call.say('optionNeeded', { option: '--as-done' }), call.say('asDoneMeans'));
      return verb(call, 'resolve');
    },
  },
];

async function rerun(call: Call): Promise<number> {
  const { given, say, world } = call;
  const dry = given.flag('dry-run');
  // What changes nothing stands in no journal.
  const [ids, author, reason] = [given.ids(), dry ? '' : call.authorByName, dry ? '' : reasonOf(call)];
  const suivi = await call.open();
  const { context } = suivi;
  const others = await filterOf(call, world.clock.now());
  if (ids.length > 0 && !isUnscoped(others)) throw new Refused(exits.usage, say('idsOrFilter'), say('seeHelp', { command: 'suivi rerun' }));
  const filter = ids.length > 0 ? { ids } : others;
  if (isUnscoped(filter)) throw new Refused(exits.usage, say('filterNeeded'), say('seeHelp', { command: 'suivi rerun' }));
  refusePointless(call, filter.status);
  const asked: Asked = { verb: 'rerun', filter, author, reason };
  const rehearsed = await rehearse(context, asked);
  if (rehearsed.done.length + rehearsed.leftOut.length === 0) hintAtCause(call, suivi, others.cause);
  if (dry) {
    const status = report(call, 'rerun', rehearsed, 0);
    const soonest = rehearsed.done.slice(0, mostListed);
    if (!given.flag('json') && soonest.length > 0) call.terminal.print(`\n${syncsTable(call, suivi, await inOrder(suivi, soonest))}`);
    if (!given.flag('json') && rehearsed.done.length > mostListed) call.terminal.print(say('andMore', { count: rehearsed.done.length - mostListed }));
    return status;
  }
  if (rehearsed.done.length > 1 && !(await confirmed(call, say('rerunQuestion', { count: rehearsed.done.length }), false))) return exits.someFailed;
  return done(call, asked);
}

/** So many syncs of a dry run are shown with their orders; the soonest deadlines first. */
const mostListed = 20;

async function inOrder({ context }: Suivi, ids: readonly number[]): Promise<readonly LogRow[]> {
  const rows = await findSyncs(context.store.db, ids);
  return ids.flatMap((id) => rows.get(id) ?? []);
}

/** Statuses of which a rerun could only leave all out: it would go through the whole history first. */
function refusePointless({ say, speech }: Call, statuses: SyncFilter['status']): void {
  const pointless = statuses?.find((status) => mayDo('rerun', { status, cause: 'order/cancel-requested', unsettled: false, offered: true }) !== null);
  if (pointless !== undefined) throw new Refused(exits.usage, say('rerunPointless', { status: speech.exactStatus(pointless) }));
}

async function verb(call: Call, name: Exclude<Verb, 'rerun'>): Promise<number> {
  const { given, say } = call;
  const asked: Asked = { verb: name, filter: { ids: given.ids() }, author: call.authorByName, reason: reasonOf(call) };
  const { context } = await call.open();
  if (name === 'resend') {
    const { done: wouldSend } = await rehearse(context, asked);
    if (wouldSend.length > 0 && !(await confirmed(call, say('resendQuestion', { count: wouldSend.length }), true))) return exits.someFailed;
  }
  return done(call, asked);
}

async function done(call: Call, asked: Asked): Promise<number> {
  const { terminal, say, world, stop } = call;
  const { context } = await call.open();
  const progress = terminal.progress(say('progressSyncs'));
  let all = 0;
  const result = await perform(context, asked, world.clock.now(), (looked, of) => {
    all = of;
    progress.update(looked, of);
  }, stop);
  progress.end();
  return report(call, asked.verb, result, Math.max(0, all - result.done.length - result.leftOut.length));
}

/** What came of it, and for each one left out the reason. */
function report({ given, terminal, say, speech }: Call, name: Verb, { id, done: ids, leftOut }: Done, notReached: number): number {
  const dry = given.flag('dry-run');
  if (given.flag('json')) {
    terminal.json({ ...(id === null ? {} : { id }), dryRun: dry, done: ids, leftOut: leftOut.map(({ sync, why }) => ({ sync, why, message: speech.leftOut(why) })), ...(notReached === 0 ? {} : { notReached }) });
  } else {
    terminal.print(say(dry ? 'wouldDo' : 'didDo', { verb: speech.verb(name), count: ids.length, ids: shortList(ids) }));
    for (const [why, group] of Map.groupBy(leftOut, (one): LeftOut => one.why)) terminal.print(`  ${say('leftOut', { count: group.length, why: speech.leftOut(why), ids: shortList(group.map(({ sync }) => sync)) })}`);
    if (notReached > 0) terminal.tell(say('notReached', { count: notReached }));
  }
  return (leftOut.length > 0 && !dry) || notReached > 0 ? exits.someFailed : exits.done;
}

function shortList(ids: readonly number[]): string {
  return ids.length === 0 ? '—' : `${ids.slice(0, 12).map((id) => `#${id}`).join(', ')}${ids.length > 12 ? ', …' : ''}`;
}

/** Asks where somebody can be asked. @param needed where nobody can, --yes must have been given */
async function confirmed({ given, terminal, say, stop }: Call, question: string, needed: boolean): Promise<boolean> {
  if (given.flag('yes')) return true;
  if (!terminal.canAsk && needed) throw new Refused(exits.usage, say('yesNeeded'), question);
  if (!terminal.canAsk || (await terminal.ask(question, say('yes'), say('no'), stop))) return true;
  terminal.tell(say('nothingDone'));
  return false;
}

const longestReason = 500;

function reasonOf({ given, say }: Call): string {
  const reason = given.needed('reason');
  if (reason.length > longestReason) throw new Refused(exits.usage, say('wrongOption', { option: '--reason', found: plain(reason, 40), expected: say('expectsText', { longest: longestReason }) }));
  return reason;
}
