import { describe, expect, test } from 'vitest';
import { hour } from '../../src/runtime/clock.ts';
import { openAlertPost } from './alerts.ts';
import { apply, sell, sellOne, sides } from './goods.ts';
import { openLine } from './gateway.ts';
import type { Line } from './gateway.ts';
import { install } from './installation.ts';
import { fast } from './pace.ts';
import { untilAllDone, expectProven, outcomes, statuses } from './proof.ts';
import { pause, until } from './until.ts';

describe('credentials that are revoked while it works', () => {
  test.each(sides)('%s: the account waits, the other one goes on, one alert is sent, and repaired it goes on by itself', async (side) => {
    const { clock, start } = fast(10);
    const post = await openAlertPost();
    const installation = await install({ waits: { timeoutS: 10, settleS: 15, sweepS: 20 }, simulator: { clock }, alertUrl: post.url });
    const { simulator, token } = installation;
    const daemon = await installation.start(start);
    const before = sides.map((one) => sellOne(simulator, one));
    await apply(daemon.address, token, before);
    await untilAllDone(installation, daemon.address, before.length);

    const { faults, ledger } = simulator[side].brain;
    faults.add({ fault: { kind: 'revoked' } });
    const after = sides.flatMap((one) => sell(simulator, one, 3)).flat();
    await apply(daemon.address, token, after);
    await until('the other one is done', () => after.filter((one) => one.side !== side).every(({ tracking }) => other(side, tracking)));
    await until('the alert is out', () => post.kinds().includes('account-refused'));
    const asked = ledger.requests().length;
    await pause(1_000);
    expect(ledger.requests().length - asked, 'requests to an account that is refused, in ten of its seconds').toBeLessThan(6);
    expect(ledger.packages()).toHaveLength(1);

    faults.repair();
    await untilAllDone(installation, daemon.address, before.length + after.length);
    expect(post.kinds().filter((kind) => kind === 'account-refused')).toHaveLength(1);
    // A refusal is no failure of the parcel's: nothing is counted, and nothing was sent that could have had an effect.
    expect((await outcomes(installation)).filter(({ what }) => what !== 'accepted' && what !== 'unauthorized')).toEqual([]);
    await expectProven(installation, [...before, ...after]);

    function other(than: string, tracking: string): boolean {
      return sides.filter((one) => one !== than).some((one) => simulator[one].brain.ledger.packages().some((parcel) => parcel.tracking === tracking));
    }
  });
});

describe('marketplaces that are down', () => {
  // An hour takes nine seconds here. Six are lived through where all faults are asked for; the engine's own tests always do.
  const hours = process.env['FAULTS'] === 'all' ? 6 : 1;

  test(`for ${hours === 1 ? 'an hour' : 'six hours'}: it costs time and nothing else`, async () => {
    const pace = 400;
    const { clock, start } = fast(pace);
    const lines: Line[] = [];
    const installation = await install({
      waits: { timeoutS: 100, settleS: 200, sweepS: 600 },
      simulator: { clock },
      through: async ({ amazon, ebay }) => {
        lines.push(await openLine(amazon.endpoint), await openLine(ebay.endpoint));
        return { amazon: lines[0]?.endpoint ?? '', ebay: lines[1]?.endpoint ?? '' };
      },
    });
    const { simulator, token } = installation;
    const daemon = await installation.start(start);
    const before = sides.map((side) => sellOne(simulator, side));
    await apply(daemon.address, token, before);
    await untilAllDone(installation, daemon.address, before.length);

    for (const line of lines) await line.down();
    const during = sides.flatMap((side) => sell(simulator, side, 10)).flat();
    await apply(daemon.address, token, during);
    await pause((hours * hour) / pace);
    expect((await statuses(daemon.address, token)).filter((status) => status === 'delayed' || status === 'ready' || status === 'held'), 'syncs that wait').toHaveLength(during.length);
    const tried = (await outcomes(installation)).length - before.length;
    expect(tried, 'attempts of both, at a probe a minute').toBeLessThan(2 * (60 * hours + 20));

    for (const line of lines) await line.up();
    await untilAllDone(installation, daemon.address, before.length + during.length);
    await expectProven(installation, [...before, ...during]);
  }, 150_000);
});
