import { describe, expect, it } from 'vitest';
import { silentLog } from '../../src/runtime/log.ts';
import { gentle, listenForShutdown } from '../../src/runtime/shutdown.ts';
import { createTestClock } from '../support/clock.ts';
import { start } from './children.ts';

describe('a signal', () => {
  it('stops, and the process leaves when its work is done', async () => {
    const child = start('stops.ts', ['stop-only']);
    await child.saw('READY');
    child.kill('SIGTERM');
    const { code, out } = await child.ended;
    expect(code).toBe(0);
    expect(out).toContain('STOP');
    expect(out).not.toContain('CUT');
  });

  it.each([['SIGTERM', 'SIGTERM'], ['SIGTERM', 'SIGINT'], ['SIGINT', 'SIGTERM']] as const)('stops the first time and cuts the second time: %s, %s', async (first, second) => {
    const child = start('stops.ts');
    await child.saw('READY');
    child.kill(first);
    await child.saw('"STOP"');
    child.kill(second);
    const { code, out } = await child.ended;
    expect(out).toMatch(/READY[^]*STOP[^]*CUT[^]*LEFT/);
    expect(code).toBe(0);
  });

  it('for the third time ends the process as if nobody listened', async () => {
    const child = start('stops.ts', ['stubborn']);
    await child.saw('READY');
    for (const said of ['"STOP"', '"CUT"']) {
      child.kill('SIGTERM');
      await child.saw(said);
    }
    child.kill('SIGTERM');
    expect(await child.ended).toMatchObject({ code: null, signal: 'SIGTERM' });
  });

  it('has the system’s own effect once nobody listens any more', async () => {
    const child = start('stops.ts', ['disposed']);
    await child.saw('DISPOSED');
    child.kill('SIGTERM');
    expect(await child.ended).toMatchObject({ code: null, signal: 'SIGTERM' });
  });
});

describe('code', () => {
  it('asks as a signal does, and a signal after it cuts', async () => {
    const child = start('stops.ts', ['code']);
    await child.saw('"STOP"');
    child.kill('SIGTERM');
    await child.saw('"CUT"');
    expect(await child.ended).toMatchObject({ code: 0 });
  });
});

describe('in this process, by a clock of the test', () => {
  it('one Ctrl-C that arrives twice within a moment is one; pressed again, it cuts', async () => {
    const clock = createTestClock();
    const shutdown = listenForShutdown(clock, silentLog);
    try {
      process.emit('SIGINT', 'SIGINT');
      await clock.advance(60);
      process.emit('SIGINT', 'SIGINT');
      expect([shutdown.stop.aborted, shutdown.cut.aborted]).toEqual([true, false]);
      await clock.advance(1_000);
      process.emit('SIGINT', 'SIGINT');
      expect(shutdown.cut.aborted).toBe(true);
      // The echo of the second one must not end the process before it has written down what was cut off.
      await clock.advance(60);
      process.emit('SIGINT', 'SIGINT');
    } finally {
      shutdown.dispose();
    }
  });

  it('what is under way is cut off after half a minute', async () => {
    const clock = createTestClock();
    const shutdown = listenForShutdown(clock, silentLog);
    try {
      shutdown.ask('the test');
      await clock.advance(gentle - 1);
      expect(shutdown.cut.aborted).toBe(false);
      await clock.advance(1);
      expect(shutdown.cut.aborted).toBe(true);
    } finally {
      shutdown.dispose();
    }
  });

  it('after dispose nothing listens, and nothing is cut any more', async () => {
    const before = ['SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection'].map((name) => process.listenerCount(name));
    const clock = createTestClock();
    const shutdown = listenForShutdown(clock, silentLog);
    shutdown.ask('the test');
    shutdown.dispose();
    await clock.advance(gentle);
    expect(shutdown.cut.aborted).toBe(false);
    expect(['SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection'].map((name) => process.listenerCount(name))).toEqual(before);
  });
});

describe('what nobody caught', () => {
  it.each(['exception', 'rejection'])('is logged as fatal, cuts, and ends with 70: %s', async (manner) => {
    const { code, out } = await start('stops.ts', [manner]).ended;
    expect(code).toBe(70);
    expect(out).toMatch(/"level":"fatal"[^]*STOP[^]*CUT[^]*LEFT/);
    expect(out).not.toContain('abcdefghijklmnop');
  });

  it('ends the process also where the rest of it hangs', async () => {
    const { code, out } = await start('stops.ts', ['stuck']).ended;
    expect(code).toBe(70);
    expect(out).not.toContain('LEFT');
  });

  it('twice is logged twice and ends once', async () => {
    const { code, out } = await start('stops.ts', ['twice']).ended;
    expect(code).toBe(70);
    expect(out.match(/"level":"fatal"/g)).toHaveLength(2);
    expect(out.match(/"CUT"/g)).toHaveLength(1);
  });
});
