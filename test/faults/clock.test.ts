import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hour } from '../../src/runtime/clock.ts';
import { openAlertPost } from './alerts.ts';
import { apply, sell, sellOne, sides, telling } from './goods.ts';
import type { Dispatch } from './goods.ts';
import { install } from './installation.ts';
import type { Installation } from './installation.ts';
import { fast } from './pace.ts';
import { untilAllDone, expectProven, outcomes, statuses, untilDone } from './proof.ts';
import { pause, until } from './until.ts';

describe('a daemon that is suspended for longer than its lease', () => {
  test('hears what was answered meanwhile, holds its lane again before it sends, and does nothing twice', async () => {
    const installation = await install({ waits: { timeoutS: 2.5, settleS: 4, sweepS: 60 } });
    const { simulator, token } = installation;
    const daemon = await installation.start({ preload: 'haste.ts' });
    // As many as are under way at once.
    const before = sides.flatMap((side) => sell(simulator, side, 8)).flat();
    for (const side of sides) simulator[side].brain.faults.add({ call: telling[side], times: 8, fault: { kind: 'slow', ms: 1_600, effectMs: 800 } });
    await apply(daemon.address, token, before);
    await until('all calls are on their way', () => tellings(installation) === before.length);
    daemon.kill('SIGSTOP');
    await pause(5_500);
    const after = sides.flatMap((side) => sell(simulator, side, 2)).flat();
    const applied = apply(daemon.address, token, after);
    daemon.kill('SIGCONT');
    await applied;
    await untilAllDone(installation, daemon.address, before.length + after.length);
    expect((await outcomes(installation)).filter(({ what, cause }) => what !== 'accepted' && cause !== 'engine/lease-short'), 'answers that were there and not heard').toEqual([]);
    await expectProven(installation, [...before, ...after]);
  });
});

describe('a clock that is set back an hour', () => {
  test('while the daemon works: nothing is sent, an alert goes out, and it goes on by itself once the clock is right', async () => {
    const { clock, start } = fast(10);
    const post = await openAlertPost();
    const installation = await install({ waits: { timeoutS: 10, settleS: 15, sweepS: 20 }, simulator: { clock }, alertUrl: post.url });
    const { simulator, token } = installation;
    const daemon = await installation.start({ ...start, env: { ...start.env, FAULTS_SHIFT: String(-hour) } });
    const lost = sides.map((side) => sellOne(simulator, side));
    for (const { side, order } of lost) simulator[side].brain.faults.add({ call: telling[side], order, fault: { kind: 'late-effect', ms: 10_000 } });
    await apply(daemon.address, token, lost);
    await until('their answers are lost', async () => tellings(installation) === 2 && (await statuses(daemon.address, token)).every((status) => status === 'delayed'));

    daemon.kill('SIGUSR2');
    const later = sides.map((side) => sellOne(simulator, side));
    await apply(daemon.address, token, later);
    await until('the alert is out', () => post.kinds().includes('clock-off'));
    const { out: key } = await installation.run('alerts', 'key');
    for (const { body, signature } of post.posts()) expect(signature).toBe(`sha256=${createHmac('sha256', Buffer.from(key.trim(), 'hex')).update(body).digest('hex')}`);
    await pause(2_500);
    expect(tellings(installation), 'calls by a clock that is off').toBe(2);
    expect(daemon.out()).toContain('the wall clock was put forward or back');

    daemon.kill('SIGUSR2');
    await untilAllDone(installation, daemon.address, 4);
    expect(tellings(installation)).toBe(4);
    await expectProven(installation, [...lost, ...later]);
  });

  test('while the daemon is away: what was to be looked for is looked for after a settling time, not an hour later', async () => {
    const { clock, start } = fast(10);
    const installation = await install({ waits: { timeoutS: 10, settleS: 15, sweepS: 600 }, simulator: { clock } });
    const { simulator, token } = installation;
    const first = await installation.start(start);
    const lost = sides.map((side) => sellOne(simulator, side));
    for (const { side, order } of lost) simulator[side].brain.faults.add({ call: telling[side], order, fault: { kind: 'late-effect', ms: 10_000 } });
    await apply(first.address, token, lost);
    await until('their answers are lost', async () => tellings(installation) === 2 && (await statuses(first.address, token)).every((status) => status === 'delayed'));
    first.kill('SIGKILL');
    await first.ended;

    // The marketplaces have been where our clock is now all along: it was ours that was ahead.
    for (const side of sides) simulator[side].brain.faults.add({ fault: { kind: 'clock-skew', ms: -hour } });
    const second = await installation.start({ ...start, env: { ...start.env, FAULTS_SHIFT: String(-hour), FAULTS_SHIFTED: '1' } });
    await untilAllDone(installation, second.address, 2);
    expect(tellings(installation), 'calls that tell').toBe(2);
    await expectDone(installation, lost);
  });
});

/** As expectProven, where the audit's own times went back. */
async function expectDone(installation: Installation, dispatches: readonly Dispatch[]): Promise<void> {
  await untilDone(installation, dispatches, 1_000);
  for (const { side, order, tracking } of dispatches) {
    expect(installation.simulator[side].brain.ledger.packages().filter((one) => one.order === order).map((one) => one.tracking)).toEqual([tracking]);
  }
  const verified = await installation.run('audit', 'verify');
  expect(verified.code, verified.out).toBe(0);
}

function tellings({ simulator }: Installation): number {
  return sides.reduce((sum, side) => sum + simulator[side].brain.ledger.requests().filter(({ call }) => call === telling[side]).length, 0);
}
