import { exits } from '../../app/exits.ts';
import { keyInUse } from '../../settings/secrets.ts';
import type { Call, Command } from '../command.ts';

export const alertCommands: readonly Command[] = [{ name: 'alerts key', withoutAccounts: true, examples: ['alerts key'], run: key }];

/** What proves to the address of SUIVI_ALERT_URL that a post is ours: see README, "Operating it". */
async function key(call: Call): Promise<number> {
  const { terminal, given } = call;
  const { secrets } = await call.open();
  const hex = Buffer.from(keyInUse(secrets.keys.alerts)).toString('hex');
  if (given.flag('json')) terminal.json({ key: hex });
  else terminal.print(hex);
  return exits.done;
}
