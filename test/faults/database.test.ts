import Database from 'better-sqlite3';
import { chmodSync, closeSync, copyFileSync, openSync, readFileSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/store/database.ts';
import { StoreUnusable } from '../../src/store/unusable.ts';
import { apply, sell, sides } from './goods.ts';
import { install } from './installation.ts';
import type { Installation } from './installation.ts';
import { untilAllDone, expectProven, outcomes, statuses } from './proof.ts';
import { pause, until } from './until.ts';

const database = ({ folder }: Installation): string => join(folder, 'var', 'suivi.db');

describe('a database that may not be written', () => {
  // Whoever may do everything takes another user's place.
  const ordinary = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];

  test.each([
    ['neither the folder nor a file of it', true],
    ['its file, in a folder that may be', false],
  ])('%s: the start is refused, with what to do', async (_, folderToo) => {
    const installation = await install();
    const folder = join(installation.folder, 'var');
    const secret = readFileSync(join(folder, 'secret'), 'utf8').trim();
    chmodSync(installation.folder, 0o755);
    chmodSync(folder, folderToo ? 0o555 : 0o777);
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), name.endsWith('.lock') && !folderToo ? 0o666 : 0o444);
    const ended = await installation.begin({ wrap: ordinary, env: { SUIVI_SECRET: secret } }).ended;
    chmodSync(folder, 0o755);
    expect(ended.code, ended.out).toBe(78);
    expect(ended.out).toMatch(/suivi\.db.*check that this user may write there/);
  });
});

describe('a damaged page', () => {
  test('stops the start, with what to do', async () => {
    const installation = await install();
    const file = database(installation);
    spoil(file, rootOf(file, 'sync'));
    const ended = await installation.begin().ended;
    expect(ended.code, ended.out).toBe(78);
    expect(ended.out).toContain('is damaged');
    expect(ended.out).toContain('suivi restore');
    expect(ended.out).not.toContain('    at ');
  });

  test('of whatever table or index is found', async () => {
    const installation = await install();
    const daemon = await installation.start();
    const dispatches = sides.flatMap((side) => sell(installation.simulator, side, 8)).flat();
    await apply(daemon.address, installation.token, dispatches);
    await untilAllDone(installation, daemon.address, dispatches.length);
    daemon.kill('SIGTERM');
    await daemon.ended;
    const file = database(installation);
    const copy = `${file}.copy`;
    const pages = statSync(file).size / pageSize;
    for (let page = 2; page <= pages; page += 3) {
      copyFileSync(file, copy);
      spoil(copy, page);
      const refused: unknown = await openStore(copy, 'upgrade').then(
        (store) => store.close(),
        (error: unknown) => error,
      );
      expect(refused, `page ${page} of ${pages}`).toBeInstanceOf(StoreUnusable);
      expect((refused as StoreUnusable).lasting).toBe(true);
      expect((refused as StoreUnusable).message).toContain('suivi restore');
    }
  });
});

describe('a database that another process uses', () => {
  /** Longer than a statement waits (10 s): only where all faults are asked for. */
  const lengths = process.env['FAULTS'] === 'all' ? [1_300, 12_000] : [1_300];

  test.each(lengths)('locked for %i ms, again and again: it waits, and goes on', async (length) => {
    const installation = await install({ waits: { timeoutS: 8, settleS: 10, sweepS: 2 } });
    const daemon = await installation.start();
    const dispatches = sides.flatMap((side) => sell(installation.simulator, side, 16)).flat();
    for (const side of sides) installation.simulator[side].brain.faults.add({ times: 'always', fault: { kind: 'slow', ms: 100 } });
    await apply(daemon.address, installation.token, dispatches);
    await until('some are told', async () => (await statuses(daemon.address, installation.token)).includes('accepted'));
    const other = new Database(database(installation));
    try {
      for (let n = 0; n < 3; n += 1) {
        other.exec('begin immediate');
        await pause(length);
        other.exec('commit');
        await pause(50);
      }
    } finally {
      other.close();
    }
    await untilAllDone(installation, daemon.address, dispatches.length, 80_000);
    const unheard = (await outcomes(installation)).filter(({ what, cause }) => what !== 'accepted' && cause !== 'engine/lease-short');
    expect(length > 8_000 ? [] : unheard, 'calls whose answers were taken for lost').toEqual([]);
    await expectProven(installation, dispatches);
  }, 150_000);

  test('by a daemon: a second one leaves at once with 75 and says who is there, and the first goes on', async () => {
    const installation = await install();
    const daemon = await installation.start();
    const second = await installation.begin().ended;
    expect(second.code, second.out).toBe(75);
    expect(second.out).toContain(`process ${daemon.pid}`);
    const dispatches = sides.flatMap((side) => sell(installation.simulator, side, 1)).flat();
    await apply(daemon.address, installation.token, dispatches);
    await untilAllDone(installation, daemon.address, dispatches.length);
    daemon.kill('SIGKILL');
    await daemon.ended;
    const third = await installation.start();
    third.kill('SIGTERM');
    expect((await third.ended).code).toBe(0);
    await expectProven(installation, dispatches);
  });
});

const pageSize = 4_096;

function rootOf(file: string, table: string): number {
  const raw = new Database(file, { readonly: true });
  try {
    return raw.prepare<[string], { rootpage: number }>('select rootpage from sqlite_master where name = ?').get(table)?.rootpage ?? 0;
  } finally {
    raw.close();
  }
}

/** As a disk does that loses a block. */
function spoil(file: string, page: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(pageSize, 0xa5), 0, pageSize, (page - 1) * pageSize);
  closeSync(handle);
}
