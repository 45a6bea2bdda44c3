import { systemClock } from '../../../src/runtime/clock.ts';
import { takeLock } from '../../../src/store/lock.ts';

/** Takes the lock of the database that its argument names, says so, and keeps it until it is killed. */
const [file = '', manner = 'once'] = process.argv.slice(2);
const taken = takeLock(file, process.pid, systemClock.now());
if ('lock' in taken) {
  // Without a reference to the lock: it is to last as long as the process all the same.
  process.stdout.write('HELD\n');
  setInterval(() => (globalThis as { gc?: () => void }).gc?.(), 10);
} else {
  process.stdout.write(`REFUSED ${JSON.stringify(taken.holder)}\n`);
  if (manner === 'once') process.exit(75);
}
