import type { ConsolePorts } from '../console/ports.ts';
import { processVariables } from '../settings/process-variables.ts';
import type { Reader } from '../store/reader.ts';
import type { Suivi } from '../app.ts';
import { carrierChoices } from './carrier-choices.ts';
import { checkAccount } from './check-accounts.ts';
import { connectingTo } from './connect-account.ts';
import { carrierFilesFor } from './console-files.ts';
import { foresee } from './foresee.ts';

/** What differs between the console of the daemon and that of a trial. */
type Own = Pick<ConsolePorts, 'notify' | 'people' | 'keys' | 'trial' | 'stop'> & { readonly reader: Reader };

/** The console's ports to the rest of the house. */
export function consolePorts(suivi: Suivi, own: Own): ConsolePorts {
  const { context, clock, log, settings, tables } = suivi;
  return {
    context,
    clock,
    log,
    diagnoses: tables.diagnoses,
    models: tables.models,
    timeZone: settings.timeZone,
    publicUrl: settings.publicUrl,
    links: suivi.links,
    carrierFile: carrierFilesFor(context),
    carriers: carrierChoices(tables.carriers),
    connecting: connectingTo(settings.configDir, processVariables()),
    checkAccount: async (id) => (await checkAccount(suivi, id, own.stop)).findings,
    foresee: (wishes, answers, now) => foresee(context, wishes, answers, now),
    ...own,
  };
}
