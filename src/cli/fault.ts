import { exits } from '../app/exits.ts';
import { redactText } from '../runtime/redact.ts';
import { StoreUnusable } from '../store/unusable.ts';
import { isStorageTrouble } from '../store/trouble.ts';
import type { Language } from '../syncing/diagnosis.ts';
import type { Say } from './texts.ts';
import { plain } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { unusableIn } from './unusable.ts';

/** Tells of what a command did not expect, and gives the exit status: the database, the disk, or a fault of our own. */
export function tellFault(error: unknown, terminal: Terminal, say: Say, language: Language): number {
  const headline = (text: string): void => terminal.tell(`${terminal.styleError('red', say('error'))} ${text}`);
  if (error instanceof StoreUnusable) {
    headline(unusableIn(language, error));
    return error.lasting ? exits.settings : exits.unreachable;
  }
  const why = redactText(error instanceof Error ? error.message : String(error));
  if (isStorageTrouble(error)) {
    headline(say('storageTrouble', { why: plain(why) }));
    terminal.tell(`  ${say('storageRemedy')}`);
    return exits.unreachable;
  }
  headline(say('ownFault', { why: plain(why) }));
  terminal.tell(`  ${say('ownFaultRemedy')}`);
  if (error instanceof Error && error.stack !== undefined) terminal.tell(terminal.styleError('dim', redactText(error.stack)));
  return exits.fault;
}
