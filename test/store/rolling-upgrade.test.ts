import { Client } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../src/runtime/clock.ts';
import { openStore } from '../../src/store/database.ts';
import { applyStates } from '../../src/store/intake.ts';
import { StoreUnusable } from '../../src/store/unusable.ts';
import { ownDatabase } from '../support/databases.ts';
import { openShop } from '../support/shop.ts';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

test('a worker of the version before goes on while the next one’s schema comes, and refuses it when it is started anew', async () => {
  const database = await ownDatabase();
  endings.push(() => database.drop());
  const shop = await openShop(systemClock, [{ id: 'amazon-fr', marketplace: 'amazon' }], { store: await openStore(database.url) });
  endings.push(() => shop.close());
  const profile = shop.profile('amazon-fr');
  let n = 0;
  const works = async (): Promise<void> => {
    n += 1;
    const order = `A-${n}`;
    const [answer] = await applyStates(shop.context, [{ account: 'amazon-fr', order, state: 'EXPEDIEE', parcels: [{ carrier: 'Colissimo', trackingNumber: `T-${n}` }] }], { source: 'test', author: 'Ana', byHand: false }, Date.now());
    expect(answer).toHaveProperty('id');
    await shop.ledger.takeOver([profile], 'ours', [], Date.now());
    await shop.ledger.swept(profile.scope.sweep, { until: Date.now(), startedAt: Date.now() });
    const tenure = await shop.ledger.take(profile, 'one', Date.now());
    if (tenure === null) throw new Error('the lane was not given');
    expect(await shop.ledger.intend(tenure, profile, { orders: 8, busy: new Set(), send: true }, Date.now())).toMatchObject({ lost: false });
    expect(await shop.ledger.unknownThere('amazon-fr', order, Date.now())).toBeUndefined();
  };
  // Often enough that every statement is prepared on every connection.
  for (let round = 0; round < 8; round += 1) await works();

  const newer = new Client({ connectionString: database.url });
  await newer.connect();
  endings.push(() => newer.end());
  // What a release may do to the schema of the one before: add.
  await newer.query('begin');
  for (const table of ['sync', 'orders', 'lane', 'parcel', 'order_line', 'quota', 'counter', 'carrier_code', 'order_state', 'breaker', 'refusal']) await newer.query(`alter table ${table} add column later bigint`);
  await newer.query(`create table later_table (id bigint primary key); create index sync_later on sync (later) where later is not null; insert into kysely_migration (name, timestamp) values ('9999-later', '2030')`);
  await newer.query('commit');

  for (let round = 0; round < 8; round += 1) await works();
  for (const access of ['use', 'upgrade', 'read'] as const) await expect(openStore(database.url, access)).rejects.toThrow(StoreUnusable);
  await expect(openStore(database.url)).rejects.toThrow('newer version');
});
