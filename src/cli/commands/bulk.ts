import { iso, withValues } from '../../api/fields.ts';
import { undoneJson } from '../../api/undone-json.ts';
import { sayFault } from '../../api/words.ts';
import { exits } from '../../app/exits.ts';
import type { Fault } from '../../orders/fault.ts';
import { listBulks, showBulk, undoBulk } from '../../store/bulk.ts';
import { claimantName } from '../../store/claims.ts';
import type { Call, Command } from '../command.ts';
import { Refused } from '../refused.ts';
import { factsText, tableText } from '../table.ts';

export const bulkCommands: readonly Command[] = [
  { name: 'bulk list', withoutAccounts: true, options: [{ flags: '--limit <count>' }], lists: true, examples: ['bulk list', 'bulk list --limit 5 --json'], run: list },
  { name: 'bulk show', withoutAccounts: true, takes: ['<bulk>'], options: [{ flags: '--refused' }], lists: true, examples: ['bulk show 3', 'bulk show 3 --refused'], run: show },
  { name: 'bulk undo', takes: ['<bulk>'], options: [{ flags: '--yes' }], changes: true, lists: true, examples: ['bulk undo 3', 'bulk undo 3 --yes --json'], run: undo },
];

async function list(call: Call): Promise<number> {
  const { given, terminal, say, speech } = call;
  const suivi = await call.open();
  const bulks = await listBulks(suivi.context.store.db, given.whole('limit', 1, 1_000) ?? 50);
  if (given.flag('json')) {
    terminal.json({ bulks: bulks.map((bulk) => bulkJson(bulk)) });
    return exits.done;
  }
  if (bulks.length === 0) terminal.tell(say('noBulks'));
  else {
    terminal.print(
      tableText(
        terminal,
        [{ head: 'ID', right: true }, { head: say('headState') }, { head: say('headWhen') }, { head: say('headBy'), gives: 6 }, { head: say('headSource'), gives: 10 }, { head: say('headOrders'), right: true }, { head: say('headAppliedCount'), right: true }, { head: say('headKnownCount'), right: true }, { head: say('headRefused'), right: true }, { head: say('headRemark'), gives: 8 }],
        bulks.map((bulk) => [bulk.id, bulk.state, speech.formatInstant(bulk.created_at, suivi.settings.timeZone, 'short'), bulk.author, bulk.source, bulk.total, Number(bulk.applied) - Number(bulk.known), Number(bulk.known), Number(bulk.refused), bulk.undone_at === null ? '' : say('undoneBy', { name: bulk.undone_by ?? '' })]),
      ),
    );
  }
  return exits.done;
}

async function show(call: Call): Promise<number> {
  const { given, terminal, say, speech, language } = call;
  const id = given.id();
  const suivi = await call.open();
  const bulk = await showBulk(suivi.context.store.db, id);
  if (bulk === null) throw unknown(call, id);
  const items = bulk.items.map((item) => ({ ...item, faults: item.fault === null ? [] : (JSON.parse(item.fault) as readonly Fault[]) })).filter(({ fault }) => fault !== null || !given.flag('refused'));
  if (given.flag('json')) {
    terminal.json({ ...bulkJson(bulk), items: items.map(({ account, reference, applied_state_id, undone_at: undoneAt, undone_by: undoneBy, faults }) => ({ account, order: reference, ...withValues({ appliedState: applied_state_id, undoneBy }), ...(undoneAt === null ? {} : { undoneAt: iso(undoneAt) }), ...(faults.length === 0 ? {} : { errors: faults.map((fault) => sayFault(language, fault)) }) })) });
    return exits.done;
  }
  const zone = suivi.settings.timeZone;
  terminal.print(factsText(terminal, [[say('headState'), bulk.state], [say('headWhen'), speech.formatInstant(bulk.created_at, zone)], [say('headBy'), bulk.author], [say('headSource'), bulk.source], [say('headOrders'), bulk.total], [say('headUndone'), bulk.undone_at === null ? null : `${speech.formatInstant(bulk.undone_at, zone)} (${bulk.undone_by ?? ''})`]]));
  terminal.print();
  terminal.print(
    tableText(
      terminal,
      [{ head: say('headAccount') }, { head: say('headOrder') }, { head: say('headApplied'), right: true }, { head: say('headRemark'), gives: 16 }],
      items.map(({ account, reference, applied_state_id, undone_at: undoneAt, undone_by: undoneBy, faults }) => [account, reference, applied_state_id, faults.length > 0 ? faults.map((fault) => speech.fault(fault)).join(' ') : applied_state_id === null ? say('notReachedItem') : undoneAt === null ? '' : say('undoneBy', { name: undoneBy ?? '' })]),
    ),
  );
  return exits.done;
}

async function undo(call: Call): Promise<number> {
  const { given, terminal, say, world } = call;
  const id = given.id();
  const suivi = await call.open();
  const bulk = await showBulk(suivi.context.store.db, id);
  if (bulk === null) throw unknown(call, id);
  if (!given.flag('yes') && terminal.canAsk && !(await terminal.ask(say('bulkUndoQuestion', { id, count: bulk.total }), say('yes'), say('no'), call.stop))) {
    terminal.tell(say('nothingDone'));
    return exits.someFailed;
  }
  const undone = (await undoBulk(suivi.context, id, call.author, world.clock.now())) ?? [];
  const standing = undone.filter(({ standsFor }) => standsFor.length > 0);
  const partly = undone.filter(({ whole, standsFor }) => !whole && standsFor.length === 0);
  if (given.flag('json')) {
    terminal.json({ bulk: id, undone: undone.map(undoneJson) });
    return partly.length + standing.length > 0 ? exits.someFailed : exits.done;
  }
  terminal.print(say('bulkUndone', { id, whole: undone.length - partly.length - standing.length, partly: partly.length }));
  for (const { applied, standsFor } of standing) terminal.print(`  ${say('undoneStands', { id: applied, names: standsFor.map(claimantName).join(', ') })}`);
  if (standing.length > 0) terminal.tell(say('undoneStandsRemedy'));
  for (const { applied, left } of partly) terminal.print(`  ${say('leftAlready', { id: applied, syncs: left.map(({ sync }) => `#${sync}`).join(', ') })}`);
  if (undone.some(({ doubtful }) => doubtful.length > 0)) terminal.print(say('undoneDoubtful'));
  return partly.length + standing.length > 0 ? exits.someFailed : exits.done;
}

function bulkJson(bulk: { readonly id: number; readonly state: string; readonly author: string; readonly source: string; readonly created_at: number; readonly total: number; readonly undone_at: number | null; readonly undone_by: string | null; readonly applied?: unknown; readonly known?: unknown; readonly refused?: unknown }) {
  return {
    id: bulk.id,
    state: bulk.state,
    author: bulk.author,
    source: bulk.source,
    createdAt: iso(bulk.created_at),
    orders: bulk.total,
    ...(bulk.applied === undefined ? {} : { applied: Number(bulk.applied) - Number(bulk.known ?? 0), known: Number(bulk.known ?? 0) }),
    ...(bulk.refused === undefined ? {} : { refused: Number(bulk.refused) }),
    ...(bulk.undone_at === null ? {} : { undoneAt: iso(bulk.undone_at) }),
    ...withValues({ undoneBy: bulk.undone_by }),
  };
}

function unknown({ say }: Call, id: number): Refused {
  return new Refused(exits.someFailed, say('unknownBulk', { id }), say('unknownBulkRemedy'));
}
