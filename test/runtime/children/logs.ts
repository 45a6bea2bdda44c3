import { systemClock } from '../../../src/runtime/clock.ts';
import { createLog } from '../../../src/runtime/log.ts';

/** Writes many lines to standard output, and says on standard error that it is still alive. */
const log = createLog({ level: 'info', clock: systemClock });
for (let i = 0; i < 2_000; i += 1) {
  log.info('a line', { i, filling: 'x'.repeat(200) });
  if (i % 100 === 0) await systemClock.sleep(1);
}
process.stderr.write('ALIVE\n');
