import { chmodSync, existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { exits } from '../../app/exits.ts';
import { lookAt } from '../../settings/database-file.ts';
import { backupTo } from '../../store/backup.ts';
import { StoreUnusable } from '../../store/unusable.ts';
import type { Call, Command } from '../command.ts';
import { refuseToReplace } from '../files.ts';
import { refusedBy, refusedFor } from '../open.ts';
import { Refused } from '../refused.ts';
import { plain } from '../terminal.ts';
import { unusableIn } from '../unusable.ts';

export const keepingCommands: readonly Command[] = [
  { name: 'backup', withoutAccounts: true, takes: ['<file>'], options: [{ flags: '--overwrite' }], examples: ['backup /mnt/sauvegardes/suivi-2026-11-23.db'], run: backup },
  { name: 'restore', takes: ['<file>'], options: [{ flags: '--yes' }], changes: true, examples: ['restore var/backups/suivi-2026-11-22.db'], run: restoreFile },
];

async function backup(call: Call): Promise<number> {
  const { given, terminal, say, world, language } = call;
  const file = resolve(world.directory, given.first);
  const there = lookAt(file);
  if (there === 'folder') throw new Refused(exits.usage, say('fileIsFolder', { file: plain(given.first) }));
  // Never a secret or a lock.
  if (there !== 'nothing' && there !== 'database') throw new Refused(exits.usage, say('fileIsNoBackup', { file: plain(given.first) }));
  refuseToReplace(call, given.first);
  if (!existsSync(dirname(file))) throw new Refused(exits.usage, say('fileUnwritable', { file: plain(given.first), why: 'ENOENT' }));
  // A backup is most wanted before an upgrade.
  const suivi = await call.open('look');
  const { store } = suivi.context;
  if (store.file === null) throw new Refused(exits.usage, say('serverBackup', { place: plain(store.place) }), say('serverBackupRemedy'));
  if (file === store.file) throw new Refused(exits.usage, say('fileIsDatabase', { file: plain(given.first) }));
  try {
    await backupTo(store, file);
  } catch (error) {
    throw new Refused(exits.unreachable, say('backupFailed', { file: plain(given.first), why: error instanceof StoreUnusable ? unusableIn(language, error) : plain(error instanceof Error ? error.message : String(error)) }));
  }
  chmodSync(file, 0o600);
  terminal.print(say('backedUp', { file, megabytes: Math.max(1, Math.round(statSync(file).size / 1_000_000)) }));
  terminal.tell(say('backupLeavesOut'));
  terminal.tell(`  · ${say('leftOutSecret', { file: join(dirname(store.file), 'secret') })}`);
  terminal.tell(`  · ${say('leftOutSettings', { folder: suivi.settings.configDir })}`);
  return exits.done;
}

async function restoreFile(call: Call): Promise<number> {
  const { given, terminal, say, world, language, author, stop } = call;
  const { directory, variables, clock, random } = world;
  const file = resolve(directory, given.first);
  if (!existsSync(file) || !statSync(file).isFile()) throw new Refused(exits.usage, say('fileUnreadable', { file: plain(given.first), why: 'ENOENT' }));
  const { restore } = await import('../../app/restore.ts');
  const restored = await restore({ variables, directory, clock, random, backup: file, author, agreed });
  if ('declined' in restored) {
    terminal.tell(say('nothingDone'));
    return exits.someFailed;
  }
  if ('faults' in restored) throw await refusedFor(restored.faults, say, language);
  if ('running' in restored) throw refusedBy(restored.running, say);
  if ('same' in restored) throw new Refused(exits.usage, say('fileIsDatabase', { file: plain(given.first) }));
  if ('otherSecret' in restored) throw new Refused(exits.settings, say('otherSecret'), say('otherSecretRemedy'));
  terminal.print(say('restored', { file: plain(given.first), database: restored.database }));
  if (restored.kept !== null) terminal.tell(say('formerKept', { file: restored.kept }));
  terminal.tell(say('afterRestore', { count: restored.openSyncs }));
  return exits.done;

  function agreed(): Promise<boolean> {
    if (given.flag('yes')) return Promise.resolve(true);
    const question = say('restoreQuestion', { file: plain(given.first) });
    if (!terminal.canAsk) throw new Refused(exits.usage, say('yesNeeded'), question);
    return terminal.ask(question, say('yes'), say('no'), stop);
  }
}
