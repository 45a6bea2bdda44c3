import { exits } from '../../app/exits.ts';
import type { Operation } from '../../planning/operation.ts';
import { orderNames } from '../../store/names.ts';
import { setParcel } from '../../store/parcels.ts';
import type { Status } from '../../syncing/status.ts';
import type { Call, Command } from '../command.ts';
import { refusedByFaults } from '../refused-faults.ts';
import { Refused } from '../refused.ts';
import { plain } from '../terminal.ts';

export const parcelCommands: readonly Command[] = [
  {
    name: 'parcels set',
    takes: ['<parcel>'],
    options: [{ flags: '--carrier <name>' }, { flags: '--tracking <number>' }, { flags: '--untracked' }],
    changes: true,
    lists: true,
    examples: ['parcels set 7 --tracking 8R12345678901', 'parcels set 7 --carrier GLS --tracking GLS42'],
    run: set,
  },
];

async function set(call: Call): Promise<number> {
  const { given, terminal, say, speech, world } = call;
  const [carrier, trackingNumber] = [given.text('carrier'), given.text('tracking')];
  const untracked = given.flag('untracked');
  if (carrier === undefined && trackingNumber === undefined && !untracked) throw new Refused(exits.usage, say('nothingToChange'), say('seeHelp', { command: 'suivi parcels set' }));
  const id = given.id();
  const { context } = await call.open();
  const done = await setParcel(context, id, { ...(carrier === undefined ? {} : { carrier }), ...(trackingNumber === undefined ? {} : { trackingNumber }), ...(untracked ? { untracked } : {}) }, call.author, world.clock.now());
  if ('faults' in done) throw refusedByFaults(call, done.faults, done.faults.some(({ code }) => code === 'unknown-parcel') ? exits.someFailed : exits.usage);
  const order = (await orderNames(context.store.db, [done.order])).get(done.order)?.reference ?? '';
  if (given.flag('json')) {
    terminal.json({ id, account: done.account, order, syncs: done.syncs.map(({ cause, ...sync }) => ({ ...sync, ...(cause === null ? {} : { reason: cause }) })), warnings: done.warnings.map((warning) => ({ code: warning.code, message: speech.warning(warning) })) });
    return exits.done;
  }
  terminal.print(say('parcelSet', { id, order: plain(order), account: done.account }));
  for (const sync of done.syncs) terminal.print(`  #${sync.id} ${say('labelled', { label: speech.operation(sync.operation as Operation), value: speech.status(sync.status as Status) })}`);
  for (const warning of done.warnings) terminal.tell(`  ! ${speech.warning(warning)}`);
  if (done.syncs.length === 0) terminal.print(`  ${say('nothingToTell')}`);
  return exits.done;
}
