import { openSuivi } from '../../src/app.ts';
import { base } from '../../src/api/base.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { processVariables } from '../../src/settings/process-variables.ts';
import { applyStates } from '../../src/store/intake.ts';
import { sharedNow } from './frame/wait.ts';
import { account } from './shop/shop.ts';
import { wishOf } from './shop/made-up.ts';

// Somebody beside the daemon, in a process of their own: node caller.ts http ADDRESS TOKEN, or node caller.ts database FOLDER.
// Each number that comes is an order to be shipped; what goes back is the moment just before that was asked for.
const [way, where = '', token = ''] = process.argv.slice(2);
const ship = way === 'http' ? overHttp() : await overDatabase();

process.on('message', (n: number) => {
  void (async () => {
    const before = sharedNow();
    await ship(n);
    process.send?.({ n, before });
  })();
});
process.once('disconnect', () => process.exit());
process.send?.({ n: -1, before: 0 });

function overHttp(): (n: number) => Promise<void> {
  return async (n) => {
    const answer = await fetch(`${where}${base}/applied-states`, { method: 'POST', headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify([wishOf(n, account)]) });
    const text = await answer.text();
    if (answer.status !== 200 || text.includes('"error"')) throw new Error(`${answer.status} ${text}`);
  };
}

/** As the command line applies a state: a connection of its own, and nobody to ring a bell. */
async function overDatabase(): Promise<(n: number) => Promise<void>> {
  const suivi = await openSuivi({ variables: processVariables(), directory: where, clock: systemClock, random: systemRandom, as: 'beside', write: () => undefined });
  if (!('context' in suivi)) throw new Error('the database cannot be opened');
  return async (n) => {
    const [answer] = await applyStates(suivi.context, [wishOf(n, account)], { source: 'cli', author: 'bench', byHand: false }, Date.now());
    if (answer === undefined || 'faults' in answer) throw new Error(JSON.stringify(answer));
  };
}
