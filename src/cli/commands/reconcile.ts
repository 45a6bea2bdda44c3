import { iso, withValues } from '../../api/fields.ts';
import { exits } from '../../app/exits.ts';
import { accountViews } from '../../store/account-views.ts';
import { differencesOf } from '../../store/differences.ts';
import type { Difference, DifferenceKind } from '../../store/differences.ts';
import { diagnose } from '../../syncing/diagnosis.ts';
import type { Call, Command } from '../command.ts';
import { accountNamed } from '../find.ts';
import { tableText } from '../table.ts';

export const reconcileCommands: readonly Command[] = [{ name: 'reconcile', options: [{ flags: '--account <id>' }], lists: true, examples: ['reconcile', 'reconcile --account amazon-fr --json'], run: reconcile }];

/** Differences between the shop, us and the marketplaces, as they were last read. */
async function reconcile(call: Call): Promise<number> {
  const { given, terminal, say, speech, world, language } = call;
  const suivi = await call.open();
  const { context, settings, tables } = suivi;
  const only = given.text('account');
  if (only !== undefined) await accountNamed(call, only, false);
  const now = world.clock.now();
  const profiles = [...context.profiles.values()].filter(({ account }) => only === undefined || account === only);
  const differences: Difference[] = [];
  for (const profile of profiles) differences.push(...(await differencesOf(context.store.db, profile, now)));
  const views = (await accountViews(context, now)).filter(({ id }) => only === undefined || id === only);
  if (given.flag('json')) {
    terminal.json({
      readUntil: Object.fromEntries(views.map(({ id, sweptUntil }) => [id, sweptUntil === null ? null : iso(sweptUntil)])),
      differences: differences.map(({ kind, account, order, sync, cause, shipBy }) => ({ kind, account, order, ...withValues({ sync, cause }), ...(shipBy === null ? {} : { shipBy: iso(shipBy) }) })),
    });
    return differences.length > 0 ? exits.someFailed : exits.done;
  }
  for (const { id, sweptUntil } of views) terminal.tell(sweptUntil === null ? say('neverRead', { account: id }) : say('readUntil', { account: id, at: speech.formatInstant(sweptUntil, settings.timeZone) }));
  if (differences.length === 0) terminal.print(say('noDifferences'));
  for (const [kind, group] of Map.groupBy(differences, (one): DifferenceKind => one.kind)) {
    terminal.print();
    terminal.print(terminal.style('bold', `${say(`difference-${kind}`)} (${group.length})`));
    terminal.print(
      tableText(
        terminal,
        [{ head: say('headAccount') }, { head: say('headOrder') }, { head: say('headSync'), right: true }, { head: say('headShipBy'), gives: 10 }, { head: say('headWhy'), gives: 16 }],
        group.map(({ account, order, sync, cause, shipBy }) => [account, order, sync, shipBy === null ? '' : speech.deadline(shipBy, now), cause === null ? '' : diagnose(tables.diagnoses, cause as `${string}/${string}`, language).what]),
      ),
    );
    terminal.print(`→ ${say(`remedy-${kind}`)}`);
  }
  return differences.length > 0 ? exits.someFailed : exits.done;
}
