import { exits } from '../../app/exits.ts';
import { isPublished } from '../../orders/publication.ts';
import { orderHistory } from '../../store/history.ts';
import { searchSyncs } from '../../store/log.ts';
import { publishOrder } from '../../store/orders.ts';
import type { Call, Command } from '../command.ts';
import { orderNamed } from '../find.ts';
import { orderJson } from '../../api/order-json.ts';
import { importOrders } from '../order-files.ts';
import { listOrders } from '../order-list.ts';
import { Refused } from '../refused.ts';
import { printStory } from '../story.ts';
import { plain } from '../terminal.ts';

export const orderCommands: readonly Command[] = [
  {
    name: 'orders list',
    withoutAccounts: true,
    options: [{ flags: '--number <number>' }, { flags: '--state <state>', many: true }, { flags: '--account <id>' }, { flags: '--due <due>' }, { flags: '--since <moment>' }, { flags: '--limit <count>' }, { flags: '--after <place>' }],
    lists: true,
    examples: ['orders list --due open', 'orders list --due late --account amazon-fr', 'orders list --state EXPEDIEE --since 2d --json', 'orders list --number 171-0000001'],
    run: listOrders,
  },
  { name: 'orders import', takes: ['<file>'], options: [{ flags: '--dry-run' }], lists: true, examples: ['orders import commandes.jsonl', 'orders import - < commandes.jsonl', 'orders import commandes.jsonl --dry-run'], run: importOrders },
  {
    name: 'orders show',
    takes: ['<order>'],
    options: [{ flags: '--account <id>' }, { flags: '--raw' }],
    lists: true,
    examples: ['orders show 171-0000001-0000002', 'orders show C-20931 --raw', 'orders show C-20931 --json'],
    run: show,
  },
  {
    name: 'orders publish',
    takes: ['<order>'],
    options: [{ flags: '--yes' }, { flags: '--no' }, { flags: '--default' }, { flags: '--account <id>' }],
    changes: true,
    examples: ['orders publish C-20931 --yes', 'orders publish C-20931 --default'],
    async run(call) {
      const { given, terminal, say, world } = call;
      const wanted = (['yes', 'no', 'default'] as const).filter((one) => given.flag(one));
      const [publication] = wanted;
      if (publication === undefined || wanted.length > 1) throw new Refused(exits.usage, say('oneOfThree'), say('seeHelp', { command: 'suivi orders publish' }));
      const suivi = await call.open();
      const order = await orderNamed(call, given.first, given.text('account'));
      await publishOrder(suivi.context, order.id, publication, call.author, world.clock.now());
      const history = await orderHistory(suivi.context.store.db, order.id);
      terminal.print(say(history !== null && isPublished(history.order) ? 'orderPublished' : 'orderNotPublished', { order: plain(order.reference) }));
    },
  },
];

/** An order has a few syncs; the bound is for what went wrong. */
const mostSyncs = 500;

async function show(call: Call): Promise<number> {
  const { given, terminal, language } = call;
  const suivi = await call.open();
  const { db } = suivi.context.store;
  const { id, account, reference } = await orderNamed(call, given.first, given.text('account'));
  const history = await orderHistory(db, id);
  if (history === null) throw new Error(`order ${id} has gone while it was read`);
  const { rows } = await searchSyncs(db, { account, order: reference }, null, mostSyncs);
  const syncs = rows.filter((row) => row.order_id === id);
  if (given.flag('json')) terminal.json(orderJson(history, syncs, suivi.links.url(history), suivi.tables.diagnoses, language));
  else await printStory(call, suivi, history, syncs.toReversed(), given.flag('raw'));
  return exits.done;
}
