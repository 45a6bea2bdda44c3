import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { apply, sell, sellOne, sides, telling } from './goods.ts';
import { openGateway, openLine, troubles } from './gateway.ts';
import type { Line, Strikes, Trouble } from './gateway.ts';
import { install } from './installation.ts';
import type { Daemon, Installation } from './installation.ts';
import { fast } from './pace.ts';
import { expectProven, outcomes, untilDone } from './proof.ts';

const names = Object.keys(troubles) as Trouble[];

/** Strikes the first telling of each order that is named, once. */
function firstTelling(planned: Map<string, Trouble>): Strikes {
  return ({ method, path }) => {
    if (method !== 'POST') return null;
    const [order, trouble] = [...planned].find(([one]) => path.includes(one)) ?? [];
    if (order === undefined || trouble === undefined) return null;
    planned.delete(order);
    return trouble;
  };
}

describe('an answer that never ends', () => {
  test.each([names.slice(0, 3), names.slice(3)])('(%s, %s, %s): the attempt ends in time, memory stays small, and each parcel is there once', async (...kinds) => {
    const planned = new Map<string, Trouble>();
    const installation = await install({
      waits: { timeoutS: 1, settleS: 1.5, sweepS: 20 },
      through: async ({ amazon, ebay }) => ({ amazon: await openGateway(amazon.endpoint, firstTelling(planned)), ebay: await openGateway(ebay.endpoint, firstTelling(planned)) }),
    });
    const dispatches = sides.flatMap((side) => sell(installation.simulator, side, 6)).flat();
    for (const side of sides) for (const [n, kind] of kinds.entries()) planned.set(dispatches.filter((one) => one.side === side)[n]?.order ?? '', kind);
    const daemon = await installation.start({ preload: 'haste.ts' });
    await apply(daemon.address, installation.token, dispatches);
    await untilDone(installation, dispatches, 60_000);
    expect(planned.size, 'troubles that met nobody').toBe(0);
    expect(highest(daemon), 'megabytes at most').toBeLessThan(350);
    await expectUnknown(installation, 2 * kinds.length, 2_500);
    await expectProven(installation, dispatches);
  });
});

/** Attempts to tell that ended without an answer: so many, none longer than `longest` (ms). */
async function expectUnknown(installation: Installation, count: number, longest: number): Promise<void> {
  const unknown = (await outcomes(installation)).filter(({ what }) => what === 'unknown');
  expect(unknown, 'attempts that ended as unknown').toHaveLength(count);
  for (const { ms, cause } of unknown) expect(ms, String(cause)).toBeLessThan(longest);
}

/** The most memory that the process ever held (megabytes). */
function highest({ pid }: Daemon): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Infinity) / 1024;
}

describe('a peer that vanishes', () => {
  test('kept connections go dead: their calls are looked for over new ones, and made again where nothing happened', async () => {
    // Kept connections are closed after 4 s without a call, by this clock too: the second parcels must follow sooner.
    const { clock, start } = fast(3);
    const lines: Line[] = [];
    const installation = await install({
      waits: { timeoutS: 2.5, settleS: 4, sweepS: 600 },
      simulator: { clock },
      through: async ({ amazon, ebay }) => {
        lines.push(await openLine(amazon.endpoint), await openLine(ebay.endpoint));
        return { amazon: lines[0]?.endpoint ?? '', ebay: lines[1]?.endpoint ?? '' };
      },
    });
    const before = sides.map((side) => sellOne(installation.simulator, side));
    const after = sides.map((side) => sellOne(installation.simulator, side));
    const daemon = await installation.start(start);
    await apply(daemon.address, installation.token, before);
    await untilDone(installation, before, 60_000);
    for (const line of lines) {
      expect(line.open(), 'connections that are kept').toBeGreaterThan(0);
      line.die();
    }
    await apply(daemon.address, installation.token, after);
    await untilDone(installation, [...before, ...after], 60_000);
    for (const side of sides) {
      const told = installation.simulator[side].brain.ledger.requests().filter(({ call }) => call === telling[side]);
      expect(told, 'calls that reached the marketplace: the first of the second parcel did not').toHaveLength(2);
    }
    await expectUnknown(installation, 2, 7_000);
    await expectProven(installation, [...before, ...after]);
  });
});
