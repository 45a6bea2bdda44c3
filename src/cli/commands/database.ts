import { exits } from '../../app/exits.ts';
import type { Call, Command } from '../command.ts';
import { refusedBy, refusedFor } from '../open.ts';
import { Refused } from '../refused.ts';
import { plain } from '../terminal.ts';

export const databaseCommands: readonly Command[] = [
  { name: 'db copy', options: [{ flags: '--from <address>' }, { flags: '--to <address>' }], changes: true, examples: ['db copy --from file:var/suivi.db --to postgres://suivi:secret@db.example:5432/suivi'], run: copy },
];

async function copy(call: Call): Promise<number> {
  const { given, terminal, say, world, language, author, stop } = call;
  const { directory, variables, clock, random } = world;
  const known = variables['SUIVI_DATABASE_URL'] ?? '';
  const isServer = /^postgres(ql)?:/i.test(known);
  const from = given.text('from') ?? (isServer ? given.needed('from') : known === '' ? 'file:var/suivi.db' : known);
  const to = given.text('to') ?? (isServer ? known : given.needed('to'));
  const { copyToServer } = await import('../../app/database-copy.ts');
  const progress = terminal.progress(say('copyProgress'));
  const end = await copyToServer({ variables, directory, clock, random, from, to, author, onStep: (done, all) => progress.update(done, all) }, stop);
  progress.end();
  if ('faults' in end) throw await refusedFor(end.faults, say, language);
  if ('running' in end) throw refusedBy(end.running, say);
  if ('fault' in end) {
    const place = plain(end.place);
    switch (end.fault) {
      case 'stopped':
        throw new Refused(exits.someFailed, say('copyStopped'));
      case 'not-empty':
        throw new Refused(exits.usage, say('copyNotEmpty', { place }), say('copyNotEmptyRemedy'));
      case 'done-before':
        throw new Refused(exits.usage, say('copyDoneBefore', { place }));
      case 'differs':
        throw new Refused(exits.someFailed, say('copyDiffers', { table: end.table, key: plain(end.key) }), say('copyDiffersRemedy'));
      case 'chain':
        throw new Refused(exits.someFailed, say('copyChain', { lane: plain(end.lane) }));
    }
  }
  terminal.print(say('copied', { rows: end.rows, tables: end.tables, entries: end.entries, place: plain(end.place), file: plain(end.file) }));
  terminal.tell(say('copyAfter'));
  return exits.done;
}
