import { sayCause } from '../../api/said.ts';
import { attemptsOf, eventsOf } from '../../api/story.ts';
import { syncJson } from '../../api/sync-json.ts';
import { exits } from '../../app/exits.ts';
import type { Suivi } from '../../app.ts';
import type { Operation } from '../../planning/operation.ts';
import { countCauses, searchSyncs, storyOf } from '../../store/log.ts';
import type { LogRow } from '../../store/log.ts';
import { diagnose } from '../../syncing/diagnosis.ts';
import { failed } from '../../syncing/status.ts';
import type { Call, Command } from '../command.ts';
import { syncNumbered } from '../find.ts';
import { filterOf, filterOptions } from '../filter.ts';
import { printProof } from '../proof.ts';
import { printSync } from '../story.ts';
import { tableText } from '../table.ts';
import { plain } from '../terminal.ts';
import { paragraph } from '../wrap.ts';

export const syncCommands: readonly Command[] = [
  {
    name: 'syncs',
    withoutAccounts: true,
    options: [...filterOptions, { flags: '--limit <count>' }, { flags: '--before <id>' }],
    lists: true,
    examples: ['syncs', 'syncs --status failed --since 2d', 'syncs --order 171-0000001-0000002', 'syncs --account amazon-fr --cause amazon/carrier-unknown --json'],
    run: list,
  },
  { name: 'syncs show', withoutAccounts: true, takes: ['<sync>'], options: [{ flags: '--raw' }], lists: true, examples: ['syncs show 34', 'syncs show 34 --raw'], run: show },
  { name: 'syncs causes', withoutAccounts: true, lists: true, examples: ['syncs causes'], run: causes },
  { name: 'syncs proof', withoutAccounts: true, takes: ['<sync>'], lists: true, examples: ['syncs proof 34', 'syncs proof 34 --json > preuve.json'], run: printProof },
];

const perPage = 50;
const most = 10_000;

async function list(call: Call): Promise<number> {
  const { given, terminal, say, world, language } = call;
  const suivi = await call.open();
  const filter = await filterOf(call, world.clock.now());
  const limit = given.whole('limit', 1, most) ?? perPage;
  const { rows, next } = await searchSyncs(suivi.context.store.db, filter, given.whole('before', 1, 999_999_999) ?? null, limit);
  if (given.flag('json')) {
    terminal.json({ syncs: rows.map((row) => syncJson(row, suivi.tables.diagnoses, language)), next: next === null ? null : String(next) });
    return exits.done;
  }
  if (rows.length === 0) terminal.tell(say(Object.keys(filter).length === 0 ? 'noSyncsYet' : 'noSyncsFound'));
  else terminal.print(syncsTable(call, suivi, rows));
  if (next !== null) terminal.tell(say('moreSyncs', { next }));
  return exits.done;
}

/** The sync log as a table: what, where it stands, why. */
export function syncsTable({ terminal, say, speech, language, world }: Pick<Call, 'terminal' | 'say' | 'speech' | 'language' | 'world'>, { tables, settings }: Pick<Suivi, 'tables' | 'settings'>, rows: readonly LogRow[]): string {
  const now = world.clock.now();
  return tableText(
    terminal,
    [{ head: 'ID', right: true }, { head: say('headAccount') }, { head: say('headOrder') }, { head: say('headOperation'), gives: 8 }, { head: say('headStatus'), gives: 8 }, { head: say('headAttempts'), right: true }, { head: say('headShipBy'), gives: 8 }, { head: say('headWhy'), below: true }],
    rows.map((row) => [
      row.id,
      row.account,
      row.order,
      speech.operation(row.operation as Operation),
      speech.status(row.status, row.cause),
      row.attempts,
      row.ended_at === null || failed.includes(row.status) ? speech.deadline(row.ship_by, now) : row.operation === 'nothing' ? '' : speech.formatInstant(row.ship_by, settings.timeZone, 'short'),
      row.cause === null ? '' : terminal.outputIsTerminal ? diagnose(tables.diagnoses, row.cause as `${string}/${string}`, language).what : row.cause,
    ]),
  );
}

async function show(call: Call): Promise<number> {
  const { given, terminal, say, speech, language } = call;
  const id = given.id();
  const suivi = await call.open();
  const { db } = suivi.context.store;
  const row = await syncNumbered(call, id);
  if (given.flag('json')) {
    const story = await storyOf(db, row.id);
    terminal.json({ ...syncJson(row, suivi.tables.diagnoses, language), attemptLog: attemptsOf(story), events: eventsOf(story) });
    return exits.done;
  }
  terminal.print(`${row.account} · ${row.order}${row.own_reference === null ? '' : ` (${plain(row.own_reference)})`} · ${say('createdAt', { at: speech.formatInstant(row.created_at, suivi.settings.timeZone) })}`);
  await printSync(call, suivi, row, given.flag('raw'));
  return exits.done;
}

async function causes(call: Call): Promise<number> {
  const { given, terminal, say, speech, language } = call;
  const suivi = await call.open();
  const counts = await countCauses(suivi.context.store.db);
  const { diagnoses } = suivi.tables;
  if (given.flag('json')) {
    terminal.json({ causes: counts.map(({ account, status, cause, n }) => ({ account, status, statusShown: speech.status(status), cause, count: n, diagnosis: sayCause(diagnoses, cause, language) })) });
    return exits.done;
  }
  if (counts.length === 0) {
    terminal.tell(say('noCauses'));
    return exits.done;
  }
  terminal.print(tableText(terminal, [{ head: say('headCount'), right: true }, { head: say('headAccount') }, { head: say('headStatus') }, { head: say('headCause') }, { head: say('headWhy'), below: true }], counts.map(({ account, status, cause, n }) => [n, account, speech.status(status), cause, diagnose(diagnoses, cause as `${string}/${string}`, language).what])));
  for (const cause of new Set(counts.map((one) => one.cause))) {
    terminal.print();
    terminal.print(terminal.style('bold', cause));
    terminal.print(paragraph(terminal, '→ ', diagnose(diagnoses, cause as `${string}/${string}`, language).remedy));
  }
  return exits.done;
}
