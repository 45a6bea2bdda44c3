import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAlertPost } from './alerts.ts';
import { apply, sell, sides, telling } from './goods.ts';
import { install } from './installation.ts';
import type { Daemon, Installation } from './installation.ts';
import { fast } from './pace.ts';
import { untilAllDone, expectProven } from './proof.ts';
import { pause, until } from './until.ts';
import { mayMount, openVolume } from './volume.ts';

const cannot = mayMount();

describe.skipIf(cannot !== null)(`a disk that fills up${cannot === null ? '' : ` (${cannot})`}`, () => {
  test('an alert goes out without it, imports stop, confirmations go on; full, nothing is told; and it recovers by itself', async () => {
    const { clock, start } = fast(10);
    const post = await openAlertPost();
    const installation = await install({ waits: { timeoutS: 10, settleS: 15, sweepS: 5 }, simulator: { clock }, alertUrl: post.url });
    const { simulator, token } = installation;
    const volume = await openVolume(installation.folder);
    const daemon = await installation.start({ ...start, wrap: volume.wrap });
    const [first, second, third, fourth] = Array.from({ length: 4 }, () => sides.flatMap((side) => sell(simulator, side, 2)).flat());
    if (first === undefined || second === undefined || third === undefined || fourth === undefined) return;
    await apply(daemon.address, token, first);
    await untilAllDone(installation, daemon.address, first.length);

    // Nearly full.
    volume.fill(60 * 1024 * 1024);
    await until('the alert is out', () => post.kinds().includes('disk-low'));
    await apply(daemon.address, token, second);
    await untilAllDone(installation, daemon.address, first.length + second.length);
    const read = pages(installation);
    await pause(1_500);
    expect(pages(installation), 'sweeps while the disk is nearly full').toBe(read);
    expect((await fetch(`${daemon.address}/readyz`)).status).toBe(200);

    // Full, with calls under way.
    for (const side of sides) simulator[side].brain.faults.add({ call: telling[side], times: 2, fault: { kind: 'slow', ms: 3_000 } });
    await apply(daemon.address, token, third);
    await until('the third are on their way', () => tellings(installation) === first.length + second.length + third.length);
    volume.fill(0);
    await expect(apply(daemon.address, token, fourth)).rejects.toThrow('503');
    await until('the daemon says that the database takes nothing', async () => (await fetch(`${daemon.address}/readyz`)).status === 503);
    await until('the alert of that is out', () => post.kinds().includes('store-failing'));
    await pause(500);
    expect(tellings(installation), 'nothing is told that cannot be written down').toBe(first.length + second.length + third.length);

    // Room again.
    volume.clear();
    await until('it is ready', async () => (await fetch(`${daemon.address}/readyz`)).status === 200);
    await apply(daemon.address, token, fourth);
    const all = [...first, ...second, ...third, ...fourth];
    await untilAllDone(installation, daemon.address, all.length);
    await until('orders are read again', () => pages(installation) > read);
    expect(post.kinds().toSorted(), 'each told of once').toEqual(['disk-low', 'store-failing']);
    daemon.kill('SIGTERM');
    expect((await daemon.ended).code).toBe(0);
    volume.bringBack();
    await expectProven(installation, all);
  });
});

describe.skipIf(!mayLimit())(`a disk that refuses${mayLimit() ? '' : ' (there is no prlimit here)'}`, () => {
  test('what is under way is written down once it can be, nothing is told meanwhile, and nothing is acknowledged', async () => {
    const installation = await install({ waits: { timeoutS: 2, settleS: 3, sweepS: 60 } });
    const { simulator, token, folder } = installation;
    const daemon = await installation.start({ preload: 'haste.ts' });
    const [first, second] = [1, 2].map(() => sides.flatMap((side) => sell(simulator, side, 2)).flat());
    if (first === undefined || second === undefined) return;
    for (const side of sides) simulator[side].brain.faults.add({ call: telling[side], times: 2, fault: { kind: 'slow', ms: 800 } });
    await apply(daemon.address, token, first);
    await until('the first are on their way', () => tellings(installation) === first.length);
    limitFiles(daemon, statSync(join(folder, 'var', 'suivi.db-wal')).size);
    await daemon.saw('record failed');
    await expect(apply(daemon.address, token, second)).rejects.toThrow('503');
    expect((await fetch(`${daemon.address}/readyz`)).status).toBe(503);
    expect(tellings(installation)).toBe(first.length);
    limitFiles(daemon, 'unlimited');
    await until('it is ready', async () => (await fetch(`${daemon.address}/readyz`)).status === 200);
    await apply(daemon.address, token, second);
    await untilAllDone(installation, daemon.address, first.length + second.length);
    await expectProven(installation, [...first, ...second]);
  });
});

/** Pages of orders that the marketplaces were asked for. */
function pages({ simulator }: Installation): number {
  return simulator.amazon.brain.ledger.requests().filter(({ call }) => call === 'searchOrders').length + simulator.ebay.brain.ledger.requests().filter(({ call }) => call === 'getOrders').length;
}

function tellings({ simulator }: Installation): number {
  return sides.reduce((sum, side) => sum + simulator[side].brain.ledger.requests().filter(({ call }) => call === telling[side]).length, 0);
}

function mayLimit(): boolean {
  try {
    execFileSync('prlimit', ['--fsize'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Files of the process grow no more beyond so many bytes: writing fails as it does on a disk with a fault. */
function limitFiles({ pid }: Daemon, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
}
