import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { amazon } from '../../src/marketplaces/amazon/marketplace.ts';
import { ebay } from '../../src/marketplaces/ebay/marketplace.ts';
import { accountsOf, readAccounts } from '../../src/settings/accounts.ts';
import type { Account } from '../../src/settings/accounts.ts';
import type { Fault } from '../../src/settings/fault.ts';
import { folder } from './folder.ts';

const marketplaces = { amazon, ebay };

const variables = {
  AMAZON_CLIENT_ID: 'amzn1.application-oa2-client.0123456789',
  AMAZON_CLIENT_SECRET: 'amzn1.oa2-cs.v1.client-secret-value',
  AMAZON_FR_REFRESH_TOKEN: ' Atzr|refresh-token-value\n',
  EBAY_APP_ID: 'Shop-Suivi-PRD-0123',
  EBAY_CERT_ID: 'PRD-cert0123456789',
  EBAY_FR_REFRESH_TOKEN: 'v^1.1#i^1#r^refresh-of-the-seller',
  EMPTY: '  ',
  QUOTED: '"quoted-value"',
  ...parseEnv('CUT=v^1.1#i^1#r^refresh-of-the-seller\nWHOLE="v^1.1#i^1#r^refresh-of-the-seller"'),
};

const env = (name: string) => ({ env: name });

const france = {
  id: 'amazon-fr',
  marketplace: 'amazon',
  region: 'eu',
  marketplaceId: 'A13V1IB3VIYZZH',
  sellerId: 'A1EXAMPLE',
  clientId: env('AMAZON_CLIENT_ID'),
  clientSecret: env('AMAZON_CLIENT_SECRET'),
  refreshToken: env('AMAZON_FR_REFRESH_TOKEN'),
};

const ebayFrance = { id: 'ebay-fr', marketplace: 'ebay', site: 'EBAY_FR', appId: env('EBAY_APP_ID'), certId: env('EBAY_CERT_ID'), refreshToken: env('EBAY_FR_REFRESH_TOKEN') };

function faultsOf(...accounts: readonly unknown[]): readonly Fault[] {
  const read = accountsOf({ accounts }, 'accounts.json', variables, marketplaces);
  return 'faults' in read ? read.faults : [];
}

/** The faults of one account, one of its fields changed; `undefined` takes the field away. */
function faults(change: Readonly<Record<string, unknown>>): readonly Fault[] {
  return faultsOf(JSON.parse(JSON.stringify({ ...france, ...change })) as unknown);
}

function account(change: Readonly<Record<string, unknown>> = {}, more: Readonly<Record<string, string>> = {}): Account {
  const read = accountsOf({ accounts: [{ ...france, ...change }] }, 'accounts.json', { ...variables, ...more }, marketplaces);
  if ('faults' in read) throw new Error(JSON.stringify(read.faults, null, 1));
  const [first] = read.accounts;
  if (first === undefined) throw new Error('no account');
  return first;
}

describe('accounts.json', () => {
  it('of the example is read by the marketplaces’ own schemas, secrets filled in', () => {
    const file = readFileSync(new URL('../../config/accounts.example.json', import.meta.url));
    const read = readAccounts(folder({ 'accounts.json': file }), variables, marketplaces);
    expect(read).toEqual({
      accounts: [
        {
          id: 'amazon-fr', marketplace: 'amazon', mode: 'live', from: Date.UTC(2026, 10, 23), endpoint: null, limits: {}, acknowledge: false,
          patience: { timeout: 15_000, settle: 60_000, sweep: 180_000, trackingGrace: 7_200_000 },
          settings: { id: 'amazon-fr', marketplace: 'amazon', region: 'eu', marketplaceId: 'A13V1IB3VIYZZH', sellerId: 'A1EXAMPLE', clientId: variables.AMAZON_CLIENT_ID, clientSecret: variables.AMAZON_CLIENT_SECRET, refreshToken: 'Atzr|refresh-token-value' },
        },
        {
          id: 'ebay-fr', marketplace: 'ebay', mode: 'live', from: null, endpoint: null, limits: {}, acknowledge: false,
          patience: { timeout: 15_000, settle: 60_000, sweep: 180_000, trackingGrace: 7_200_000 },
          settings: { id: 'ebay-fr', marketplace: 'ebay', site: 'EBAY_FR', appId: variables.EBAY_APP_ID, certId: variables.EBAY_CERT_ID, refreshToken: variables.EBAY_FR_REFRESH_TOKEN, sandbox: false },
        },
      ],
      secrets: [variables.AMAZON_CLIENT_ID, variables.AMAZON_CLIENT_SECRET, 'Atzr|refresh-token-value', variables.EBAY_APP_ID, variables.EBAY_CERT_ID, variables.EBAY_FR_REFRESH_TOKEN],
    });
  });

  it('that is not there means no account', () => {
    expect(readAccounts(folder(), variables, marketplaces)).toEqual({ accounts: [], secrets: [] });
  });

  it('with a byte order mark is read', () => {
    const text = `\uFEFF${JSON.stringify({ $schema: 'x', accounts: [france] })}`;
    expect(readAccounts(folder({ 'accounts.json': text }), variables, marketplaces)).toMatchObject({ accounts: [{ id: 'amazon-fr' }] });
  });

  it('that is broken is told line and column', () => {
    const read = readAccounts(folder({ 'accounts.json': '{ "accounts": [\n  { "id": "amazon-fr" "mode": "live" }\n] }' }), variables, marketplaces);
    expect(read).toEqual({ faults: [expect.objectContaining({ name: expect.stringContaining('accounts.json'), found: expect.stringContaining('line 2, column 23') })] });
  });

  it.each([
    [[france], 'accounts.json', 'a list'],
    [{}, 'accounts.json: accounts', 'nothing'],
    [{ accounts: france }, 'accounts.json: accounts', 'an object'],
    [{ account: [], accounts: [] }, 'accounts.json: account', 'does not know'],
    [{ accounts: ['amazon-fr'] }, 'accounts.json: account 1', '"amazon-fr"'],
  ])('of another shape is refused: %j', (json, name, found) => {
    expect(accountsOf(json, 'accounts.json', variables, marketplaces)).toEqual({ faults: [expect.objectContaining({ name, found: expect.stringContaining(found) })] });
  });

  it('may hold no account', () => {
    expect(accountsOf({ accounts: [] }, 'x', variables, marketplaces)).toEqual({ accounts: [], secrets: [] });
  });

  it('of 5,000 accounts is read in a moment', () => {
    const accounts = Array.from({ length: 5_000 }, (_, i) => ({ ...france, id: `a-${i}`, sellerId: `A${i}` }));
    const started = performance.now();
    const read = accountsOf({ accounts }, 'accounts.json', variables, marketplaces);
    expect('accounts' in read && read.accounts).toHaveLength(5_000);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('the common fields', () => {
  it.each<[Readonly<Record<string, unknown>>, Partial<Account>]>([
    [{ mode: 'observe' }, { mode: 'observe' }],
    [{ from: '2026-11-23T01:00:00+01:00' }, { from: Date.UTC(2026, 10, 23) }],
    [{ endpoint: 'http://127.0.0.1:9101/' }, { endpoint: 'http://127.0.0.1:9101' }],
    [{ endpoint: 'http://[::1]:9101' }, { endpoint: 'http://[::1]:9101' }],
    [{ endpoint: 'http://localhost:9101' }, { endpoint: 'http://localhost:9101' }],
    [{ endpoint: 'https://proxy.example.com' }, { endpoint: 'https://proxy.example.com' }],
    [{ limits: { confirmShipment: { rate: 0.5, burst: 1 } } }, { limits: { confirmShipment: { rate: 0.5, burst: 1 } } }],
    [{ patience: { timeoutS: 1, settleS: 1.5 } }, { patience: { timeout: 1_000, settle: 1_500, sweep: 180_000, trackingGrace: 7_200_000 } }],
    [{ acknowledge: true }, { acknowledge: true }],
    [{ $comment: 'our first account' }, { mode: 'live' }],
  ])('%j', (change, expected) => {
    expect(account(change)).toMatchObject(expected);
  });

  it.each<[Readonly<Record<string, unknown>>, string]>([
    [{ id: 'amazon fr' }, 'account 1: id'],
    [{ id: '-fr' }, 'account 1: id'],
    [{ id: 'shop' }, 'account 1: id'],
    [{ id: 'Shop' }, 'account 1: id'],
    [{ id: 'x'.repeat(65) }, 'account 1: id'],
    [{ id: undefined }, 'account 1: id'],
    [{ id: 7 }, 'account 1: id'],
    [{ mode: 'test' }, 'amazon-fr: mode'],
    [{ mode: null }, 'amazon-fr: mode'],
    [{ from: '2026-11-23' }, 'amazon-fr: from'],
    [{ from: '2026-11-23T00:00:00' }, 'amazon-fr: from'],
    [{ from: '23/11/2026' }, 'amazon-fr: from'],
    [{ from: 1_763_856_000 }, 'amazon-fr: from'],
    [{ endpoint: 'http://192.168.1.5:9101' }, 'amazon-fr: endpoint'],
    [{ endpoint: 'http://127.0.0.1.example.com' }, 'amazon-fr: endpoint'],
    [{ endpoint: 'http://localhost.example.com' }, 'amazon-fr: endpoint'],
    [{ endpoint: 'http://127.0.0.1@example.com' }, 'amazon-fr: endpoint'],
    [{ endpoint: 'http://0.0.0.0:9101' }, 'amazon-fr: endpoint'],
    [{ endpoint: 'ftp://127.0.0.1' }, 'amazon-fr: endpoint'],
    [{ endpoint: 'https://proxy.example.com/amazon' }, 'amazon-fr: endpoint'],
    [{ endpoint: '127.0.0.1:9101' }, 'amazon-fr: endpoint'],
    [{ limits: { confirmShipment: { rate: 0, burst: 1 } } }, 'amazon-fr: limits.confirmShipment.rate'],
    [{ limits: { confirmShipment: { rate: 2, burst: 0.5 } } }, 'amazon-fr: limits.confirmShipment.burst'],
    [{ limits: { confirmShipment: { rate: 2 } } }, 'amazon-fr: limits.confirmShipment.burst'],
    [{ limits: { confirmShipment: 2 } }, 'amazon-fr: limits.confirmShipment'],
    [{ limits: [] }, 'amazon-fr: limits'],
    [{ patience: { timeoutS: 0 } }, 'amazon-fr: patience.timeoutS'],
    [{ patience: { timeoutS: '15' } }, 'amazon-fr: patience.timeoutS'],
    [{ patience: { sweepS: 0.5 } }, 'amazon-fr: patience.sweepS'],
    [{ patience: { trackingGraceS: -1 } }, 'amazon-fr: patience.trackingGraceS'],
    [{ patience: 15 }, 'amazon-fr: patience'],
    [{ acknowledge: 'yes' }, 'amazon-fr: acknowledge'],
    [{ marketplace: 'amzon' }, 'amazon-fr: marketplace'],
    [{ marketplace: undefined }, 'amazon-fr: marketplace'],
    [{ marketplace: 'constructor' }, 'amazon-fr: marketplace'],
  ])('%j is refused by name', (change, name) => {
    const found = faults(change);
    expect(found.map((fault) => fault.name)).toEqual([`accounts.json: ${name}`]);
    expect(found[0]?.expected).not.toBe('');
  });

  it('a wait before a check that is not longer than the call itself is refused, also where one of the two is the default', () => {
    expect(faults({ patience: { timeoutS: 60 } })).toEqual([expect.objectContaining({ name: 'accounts.json: amazon-fr: patience.settleS', expected: expect.stringContaining('more than timeoutS (60)') })]);
    expect(faults({ patience: { timeoutS: 20, settleS: 20 } })).toHaveLength(1);
    expect(faults({ patience: { timeoutS: 20, settleS: 20.5 } })).toEqual([]);
  });

  it('a number too large to be one is refused', () => {
    const json = JSON.parse(`{"accounts": [${JSON.stringify(france).replace('{', '{"limits": {"confirmShipment": {"rate": 1e999, "burst": 10}},')}]}`) as unknown;
    expect(accountsOf(json, 'accounts.json', variables, marketplaces)).toMatchObject({ faults: [{ name: 'accounts.json: amazon-fr: limits.confirmShipment.rate' }] });
  });
});

describe('a secret', () => {
  it.each(['clientSecret', 'refreshToken'])('written into the file is refused, unseen: %s', (field) => {
    const [fault, ...more] = faults({ [field]: 'hunter2-hunter2' });
    expect(more).toEqual([]);
    expect(fault).toMatchObject({ name: `accounts.json: amazon-fr: ${field}`, expected: expect.stringContaining('put the secret itself into .env') });
    expect(JSON.stringify(fault)).not.toContain('hunter2');
  });

  it.each<[string, Readonly<Record<string, unknown>>, number]>([
    ['its shape, in a field that is no secret', { clientId: 'amzn1.oa2-cs.v1.hunter2' }, 1],
    ['its shape, in a note', { $comment: 'Atzr|hunter2' }, 1],
    ['a field that nobody reads', { clientSecrt: 'hunter2' }, 1],
    ['an object below its name', { refreshToken: { value: 'hunter2' } }, 1],
    ['a list below its name', { refreshToken: ['hunter2'] }, 1],
    ['the place of a variable’s name', { refreshToken: env('hunter2-hunter2') }, 1],
    ['the place of a variable’s name, in capitals beside another field', { refreshToken: { env: 'AMAZON_FR_REFRESH_TOKEN', value: 'hunter2' } }, 1],
    ['digits', { refreshToken: 2_222_222 }, 1],
    ['a long text where none belongs', { sellerId: `hunter2${'x'.repeat(60)}` }, 1],
  ])('is recognised by %s', (_name, change, number) => {
    const found = faults(change);
    expect(found).toHaveLength(number);
    expect(JSON.stringify(found)).not.toMatch(/hunter2|2222222/);
  });

  it('below the name of a secret is told apart from a field of the wrong kind', () => {
    expect(faults({ refreshToken: { value: 'hunter2' } })).toEqual([expect.objectContaining({ name: 'accounts.json: amazon-fr: refreshToken.value', found: 'a secret written into the file (not shown)' })]);
  });

  it.each([
    ['MISSING', 'the variable MISSING, which is not set', 'MISSING=…'],
    ['EMPTY', 'the variable EMPTY, which is empty', 'EMPTY=…'],
    ['QUOTED', 'with quotation marks around its value', 'QUOTED=…'],
    ['CUT', 'the variable CUT, cut off at the #', 'CUT="v^1.1#…"'],
    ['SUIVI_SECRET', 'the variable SUIVI_SECRET', '"clientSecret": {"env": "CLIENT_SECRET"}'],
  ])('from the variable %s is refused by account, field and variable, with the line that is missing', (name, found, example) => {
    expect(faults({ clientSecret: env(name) })).toEqual([expect.objectContaining({ name: 'accounts.json: amazon-fr: clientSecret', found: expect.stringContaining(found), example })]);
  });

  it('with a # in it is whole where .env has it in quotation marks', () => {
    expect(faultsOf({ ...ebayFrance, refreshToken: env('WHOLE') })).toEqual([]);
  });

  it('that the marketplace refuses is not shown, only the name of its variable', () => {
    const read = accountsOf({ accounts: [france] }, 'accounts.json', { ...variables, AMAZON_CLIENT_SECRET: 'two hunter2s' }, marketplaces);
    const [fault] = 'faults' in read ? read.faults : [];
    expect(fault).toMatchObject({ name: 'accounts.json: amazon-fr: clientSecret', found: 'the value of AMAZON_CLIENT_SECRET (not shown)', expected: expect.stringContaining('blanks inside') });
    expect(JSON.stringify(fault)).not.toContain('hunter2');
  });

  it('may be anything in the account, however deep, and a limit’s name is none', () => {
    expect(account({ endpoint: env('ENDPOINT') }, { ENDPOINT: 'http://127.0.0.1:9' }).endpoint).toBe('http://127.0.0.1:9');
    expect(faults({ limits: { getToken: { rate: 1, burst: 1 } } })).toEqual([expect.objectContaining({ name: 'accounts.json: amazon-fr: limits.getToken', found: 'a field that Suivi does not know' })]);
  });
});

describe('a field that nobody reads', () => {
  it.each([
    [{ mod: 'observe' }, 'mod', '"mode"'],
    [{ Region: 'eu' }, 'Region', '"region"'],
    [{ patience: { timeout: 5 } }, 'patience.timeout', '"timeoutS"'],
    [{ limits: { confirmShipmnt: { rate: 1, burst: 1 } } }, 'limits.confirmShipmnt', '"confirmShipment"'],
    [{ limits: { confirmShipment: { rate: 1, burst: 1, bursts: 1 } } }, 'limits.confirmShipment.bursts', '"burst"'],
  ])('stops the start, with the nearest that is known: %j', (change, field, near) => {
    expect(faults(change)).toEqual([expect.objectContaining({ name: `accounts.json: amazon-fr: ${field}`, expected: expect.stringContaining(near) })]);
  });
});

describe('one slip', () => {
  it('in a limit for a call that the marketplace does not have is told once', () => {
    expect(faultsOf({ ...ebayFrance, limits: { confirmShipment: 2 } }, { ...france, limits: { none: { rates: 0 } } }).map(({ name, found }) => [name, found])).toEqual([
      ['accounts.json: ebay-fr: limits.confirmShipment', 'a field that Suivi does not know'],
      ['accounts.json: amazon-fr: limits.none', 'a field that Suivi does not know'],
    ]);
  });

  it('in a marketplace’s name is not taken for another marketplace', () => {
    expect(faultsOf({ ...france, marketplace: 'etsy' })[0]?.expected).not.toContain('nearest');
    expect(faultsOf({ ...france, marketplace: 'amazn' })[0]?.expected).toContain('"amazon"');
  });

  it('in the environment is answered with the line that belongs there', () => {
    expect(faultsOf({ ...france, clientId: env('MY_CLIENT') })).toEqual([expect.objectContaining({ example: 'MY_CLIENT=…' })]);
  });
});

describe('several accounts', () => {
  it('are told all their faults together', () => {
    const found = faultsOf({ ...france, region: 'europe', mode: 'x' }, { ...ebayFrance, site: undefined, certId: 'hunter2' }, 7).map((fault) => fault.name);
    expect(found).toEqual(['accounts.json: amazon-fr: mode', 'accounts.json: amazon-fr: region', 'accounts.json: ebay-fr: certId', 'accounts.json: ebay-fr: site', 'accounts.json: account 3']);
  });

  it('have ids of their own, and not by capitals alone', () => {
    expect(faultsOf(france, { ...ebayFrance, id: 'amazon-fr' })).toEqual([expect.objectContaining({ name: 'accounts.json: account 2: id' })]);
    expect(faultsOf(france, { ...ebayFrance, id: 'Amazon-FR' })).toHaveLength(1);
  });

  it('are not the same seller account twice', () => {
    expect(faultsOf(france, { ...france, id: 'amazon-2' })).toEqual([expect.objectContaining({ name: 'accounts.json: amazon-2', found: 'the same seller account as amazon-fr' })]);
    expect(faultsOf(france, { ...france, id: 'amazon-de', marketplaceId: 'A1PA6795UKMFR9' })).toEqual([]);
    expect(faultsOf(france, { ...france, id: 'amazon-test', endpoint: 'http://127.0.0.1:9' })).toEqual([]);
  });
});
