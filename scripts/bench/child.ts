import { rmSync } from 'node:fs';
import type { Came } from './frame/child.ts';
import { NotHere } from './frame/measurement.ts';
import type { Measurement, Size } from './frame/measurement.ts';

// Measures one case: node child.ts ours|peers whole|quick MEASUREMENT INDEX FOLDER. Started by bench.ts; by hand it prints what it finds.
const [list, size, name, index, folder = ''] = process.argv.slice(2);

if (process.send !== undefined) {
  // Whoever started it is gone: nothing stays behind.
  process.once('disconnect', () => {
    rmSync(folder, { recursive: true, force: true });
    process.kill(-process.pid, 'SIGKILL');
  });
}

const came = await measure();
if (process.send === undefined) process.stdout.write(`${JSON.stringify(came, null, 2)}\n`);
else await new Promise((resolve) => process.send?.(came, resolve));
// A client library that keeps a connection open does not keep us.
process.removeAllListeners('disconnect');
process.exit('fault' in came ? 1 : 0);

async function measure(): Promise<Came> {
  try {
    const measurement = (await measurements(size === 'quick' ? 'quick' : 'whole')).find((one) => one.name === name);
    if (measurement === undefined) throw new Error(`no measurement is called ${name ?? ''}`);
    const one = measurement.cases[Number(index)];
    return { found: await measurement.measure(one, { folder, say: (line) => void process.stderr.write(`  ${line}\n`) }) };
  } catch (error) {
    if (error instanceof NotHere) return { absent: error.message };
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** Only what is wanted is loaded: what a peer holds in memory is its own. */
async function measurements(size: Size): Promise<readonly Measurement[]> {
  return list === 'peers' ? (await import('./peers/peers.ts')).peers(size) : (await import('./catalogue.ts')).ours(size);
}
