import { Client } from 'pg';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/runtime/clock.ts';
import { isHalfCopied } from '../../src/store/copy-database.ts';
import { openStore } from '../../src/store/database.ts';
import { applyStates } from '../../src/store/intake.ts';
import { verifyAudit } from '../../src/store/verify.ts';
import type { Suivi } from '../../src/app.ts';
import { ownDatabase } from '../support/databases.ts';
import { sell } from './goods.ts';
import { closeLater, install } from './installation.ts';

const orders = 600;

/** Rows of what matters, by table. */
async function counted({ context: { store } }: Suivi): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of ['orders', 'applied_state', 'parcel', 'sync', 'audit_entry', 'audit_body', 'source_answer'] as const) counts[table] = (await store.db.selectFrom(table).select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n;
  return counts;
}

test('a copy to a server that is killed in the middle is no database until it is begun again and has come to its end', { timeout: 180_000 }, async () => {
  const target = await ownDatabase();
  closeLater(() => target.drop());
  const installation = await install();
  // It has worked with the file before: the accounts are known there.
  await installation.start();
  await installation.stop();
  const wishes = sell(installation.simulator, 'amazon', orders).flat().map(({ order, tracking }) => ({ account: 'amazon-fr', order, state: 'EXPEDIEE', sourceRef: tracking, parcels: [{ carrier: 'Chronopost', trackingNumber: tracking }] }));
  const before = await installation.beside(async (suivi) => {
    await applyStates(suivi.context, wishes, { source: 'api/test', author: 'test', byHand: false }, systemClock.now());
    return counted(suivi);
  });
  expect(before['sync']).toBe(orders);

  const copying = ['db', 'copy', '--from', 'file:var/suivi.db', '--to', target.url, '--as', 'Ana'] as const;
  const watching = new Client({ connectionString: target.url });
  await watching.connect();
  closeLater(() => watching.end());
  const first = installation.command(...copying);
  while ((await watching.query('select 1 from orders limit 1')).rowCount === 0 && first.alive());
  first.kill('SIGKILL');
  expect(await first.ended).toMatchObject({ signal: 'SIGKILL' });

  const half = await openStore(target.url);
  expect(await isHalfCopied(half.db)).toBe(true);
  await half.close();
  // No daemon works with it, nor with the file as before: that one only observes.
  await expect(installation.beside(counted, target.url)).rejects.toThrow(/cop/);
  expect(await installation.run(...copying)).toMatchObject({ code: 0 });

  await installation.beside(async (suivi) => {
    expect(await counted(suivi)).toMatchObject({ orders: before['orders'], applied_state: before['applied_state'], parcel: before['parcel'], sync: before['sync'], source_answer: before['source_answer'] });
    for (const verdict of await verifyAudit(suivi.context.store.db, suivi.context.audit.keyring)) expect(verdict.faults, `chain of ${verdict.lane}`).toEqual([]);
  }, target.url);
  await installation.beside(async ({ context }) => {
    expect(await context.store.db.selectFrom('account').select('observe_why').distinct().execute()).toEqual([{ observe_why: 'moved' }]);
  });
});
