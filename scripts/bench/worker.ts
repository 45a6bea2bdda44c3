import { assembleEngine } from '../../src/app/engine.ts';
import { createMetrics } from '../../src/app/metrics.ts';
import { run } from '../../src/syncing/daemon.ts';
import type { Variables } from '../../src/settings/environment.ts';
import { openWorker } from './server/house.ts';
import { createMarketplace } from './shop/marketplace.ts';

// One worker of several, in a process of its own: node worker.ts FOLDER WIDTH, its settings as the first message. It says that
// it is open, begins at the second message, and tells of the jobs whose work has begun. It ends with whoever started it.
const [folder = '', width = ''] = process.argv.slice(2);
const stop = new AbortController();
process.once('disconnect', () => process.exit());

let begun: number[] = [];
const marketplace = createMarketplace(({ payload }) => {
  if (begun.length === 0) setImmediate(tell);
  begun.push(Number(payload.parcel?.trackingNumber?.slice(2)));
});

function tell(): void {
  process.send?.({ jobs: begun });
  begun = [];
}

process.once('message', (variables: Variables) => {
  void (async () => {
    const suivi = await openWorker(folder, variables, marketplace, Number(width));
    const { context, scopes, clock, random, log } = suivi;
    const engine = assembleEngine({ context, scopes, clock, random, log, metrics: createMetrics(() => Promise.reject(new Error('nobody asks for figures here'))), worker: `bench/${process.pid}`, mayImport: () => true });
    process.once('message', () => {
      const ended = run(engine.daemon, stop.signal, stop.signal);
      process.once('message', () => {
        stop.abort();
        void ended.then(() => suivi.close()).then(() => process.exit());
      });
    });
    process.send?.({ ready: true });
  })();
});
