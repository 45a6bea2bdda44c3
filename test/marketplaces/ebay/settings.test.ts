import { describe, expect, it } from 'vitest';
import { ebay } from '../../../src/marketplaces/ebay/marketplace.ts';
import { account } from './room.ts';

/** What an account says at start, as far as its faults go. */
function faults(change: Record<string, unknown>): readonly string[] {
  const given = Object.fromEntries(Object.entries({ ...account, ...change }).filter(([, value]) => value !== undefined));
  return ebay.settings.safeParse(given).error?.issues.map(({ message }) => message) ?? [];
}

describe('an account', () => {
  it('is taken as it is written, and is no sandbox unless it says so', () => {
    const { sandbox: _, ...written } = account;
    expect(ebay.settings.parse({ ...written, mode: 'live' })).toEqual(account);
  });

  it('loses the blanks that copying leaves around a value', () => {
    expect(ebay.settings.parse({ ...account, refreshToken: `${account.refreshToken}\n` })).toEqual(account);
  });

  it.each(['id', 'site', 'appId', 'certId', 'refreshToken'])('without %s is told so by name', (field) => {
    for (const value of [undefined, '', '  ', 7]) {
      const [fault, ...more] = faults({ [field]: value });
      expect(fault).toMatch(new RegExp(`^${field}: `));
      expect(more).toEqual([]);
    }
  });

  it.each([
    [{ site: 'EBAY_FF' }, 'site: must be one of'],
    [{ marketplace: 'amazon' }, 'marketplace: must be "ebay"'],
    [{ sandbox: 'yes' }, 'sandbox: must be true or false'],
    [{ sandbox: true }, 'sandbox: the appId is one of production'],
    [{ appId: 'Shop-Suivi-SBX-1' }, 'sandbox: the appId is one of the sandbox'],
    [{ refreshToken: 'v%5E1.1%23i%5E1' }, 'refreshToken: it is still URL-encoded'],
  ])('with %j is told what to do', (change, fault) => {
    expect(faults(change)).toEqual([expect.stringContaining(fault)]);
  });

  it('has no secret in its faults', () => {
    const all = JSON.stringify([faults({ sandbox: true, site: 'x' }), faults({ refreshToken: `v%5E1.1${account.refreshToken}` })]);
    expect(all).not.toContain(account.certId);
    expect(all).not.toContain(account.refreshToken);
  });
});

describe('a scope', () => {
  it('is the application for budgets, the seller for token and sweep', () => {
    const here = ebay.scope(account);
    expect(here.quota).toMatch(/^ebay\/[0-9a-f]{8}$/);
    expect(here.sweep).toMatch(/^ebay\/[0-9a-f]{8}\/[0-9a-f]{8}$/);
    expect(ebay.scope({ ...account, id: 'ebay-de', site: 'EBAY_DE' })).toEqual(here);
    expect(ebay.scope({ ...account, refreshToken: 'another' })).toMatchObject({ quota: here.quota });
    expect(ebay.scope({ ...account, refreshToken: 'another' }).sweep).not.toBe(here.sweep);
    expect(ebay.scope({ ...account, appId: 'another' }).quota).not.toBe(here.quota);
  });

  it('says nothing of what it is made of', () => {
    expect(JSON.stringify(ebay.scope(account))).not.toContain(account.refreshToken.slice(0, 8));
  });
});
