import { undoneJson } from '../../api/undone-json.ts';
import { exits } from '../../app/exits.ts';
import { claimantName } from '../../store/claims.ts';
import { undoApplied } from '../../store/undo.ts';
import { accountOfApplied } from '../../store/names.ts';
import type { Operation } from '../../planning/operation.ts';
import { applyFile } from '../apply-file.ts';
import { applyOptions } from '../apply-options.ts';
import { applyOrders } from '../apply-orders.ts';
import type { Command } from '../command.ts';
import { Refused } from '../refused.ts';

export const applyCommands: readonly Command[] = [
  {
    name: 'apply',
    takes: ['<state>'],
    options: applyOptions,
    changes: true,
    lists: true,
    examples: [
      'apply EXPEDIEE --order 171-0000001-0000002 --carrier Colissimo --tracking 8R12345678901',
      'apply EXPEDIEE_PART --order C-20931 --carrier GLS --tracking GLS42 --line 12345678901234=1',
      'apply LIVREE --order C-20931 --order C-20932 --no-publish',
      'apply EXPEDIEE --file export-colissimo.csv --carrier Colissimo --preview',
      'apply EXPEDIEE --file export.csv --columns "order=Réf client,tracking=N° colis"',
    ],
    run(call) {
      const { given, say } = call;
      const [orders, file] = [given.texts('order').length > 0, given.has('file')];
      if (orders === file) throw new Refused(exits.usage, say(orders ? 'orderOrFile' : 'orderOrFileNeeded'), say('seeHelp', { command: 'suivi apply' }));
      return file ? applyFile(call) : applyOrders(call);
    },
  },
  {
    name: 'undo',
    takes: ['<applied>'],
    changes: true,
    lists: true,
    examples: ['undo 12', 'undo 12 --json'],
    async run(call) {
      const { given, terminal, say, speech, world } = call;
      const id = given.id();
      const suivi = await call.open();
      if ((await accountOfApplied(suivi.context.store.db, id)) === null) throw new Refused(exits.someFailed, say('unknownApplied', { id }), say('unknownAppliedRemedy'));
      const undone = await undoApplied(suivi.context, id, call.author, world.clock.now());
      if (undone === null) throw new Refused(exits.someFailed, say('undoneBefore', { id }));
      if (given.flag('json')) {
        terminal.json(undoneJson(undone));
        return undone.whole ? exits.done : exits.someFailed;
      }
      if (undone.standsFor.length > 0) {
        terminal.print(say('undoneStands', { id, names: undone.standsFor.map(claimantName).join(', ') }));
        terminal.tell(say('undoneStandsRemedy'));
        return exits.someFailed;
      }
      terminal.print(say(undone.whole ? 'undoneWhole' : 'undonePartly', { id, cancelled: undone.cancelled.length, left: undone.left.length }));
      for (const { sync, operation, status } of undone.left) terminal.print(`  #${sync} ${say('labelled', { label: speech.operation(operation as Operation), value: speech.status(status) })}`);
      if (undone.doubtful.length > 0) terminal.print(say('undoneDoubtful'));
      return undone.whole ? exits.done : exits.someFailed;
    },
  },
];
