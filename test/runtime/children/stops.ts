import { once } from 'node:events';
import { systemClock } from '../../../src/runtime/clock.ts';
import { createLog } from '../../../src/runtime/log.ts';
import { listenForShutdown } from '../../../src/runtime/shutdown.ts';

/**
 * A process that tells how it is stopped. It goes on after the stop, and ends a moment after the cut, with what
 * its argument says: `polite` disposes, `stubborn` never does; the others make a fault of our own (`stuck`: and then hang,
 * by a clock on which a minute passes in a second).
 */
const [manner = 'polite'] = process.argv.slice(2);
const log = createLog({ level: 'info', clock: systemClock });
const clock = manner === 'stuck' ? { ...systemClock, sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 60, signal) } : systemClock;
const shutdown = listenForShutdown(clock, log);
shutdown.stop.addEventListener('abort', () => log.info('STOP'));
shutdown.cut.addEventListener('abort', () => log.info('CUT'));
const alive = setInterval(() => undefined, 1_000);
log.info('READY');

if (manner === 'code') shutdown.ask('the test');
if (manner === 'rejection') void Promise.reject(new Error('rejected with Bearer abcdefghijklmnop'));
if (manner === 'exception' || manner === 'stuck') setImmediate(() => {
  throw new Error('thrown');
});
if (manner === 'twice') for (let i = 0; i < 2; i += 1) setImmediate(() => {
  throw new Error(`thrown ${i}`);
});
if (manner === 'disposed') {
  shutdown.dispose();
  log.info('DISPOSED');
}
if (manner === 'stop-only') {
  await once(shutdown.stop, 'abort');
  clearInterval(alive);
  shutdown.dispose();
  log.info('LEFT');
} else {
  if (!shutdown.cut.aborted) await once(shutdown.cut, 'abort');
  if (manner !== 'stubborn' && manner !== 'stuck') {
    await systemClock.sleep(100);
    clearInterval(alive);
    log.info('LEFT');
    shutdown.dispose();
  }
}
