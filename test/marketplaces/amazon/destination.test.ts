import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchTransport } from '../../../src/runtime/http.ts';
import { api, confirmPath, connected, grantToken, intent, permits, problem } from './setup.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe('what Amazon could only refuse is not sent', () => {
  it.each<[string, Parameters<typeof intent>[0], string]>([
    ['no parcel', { parcel: null }, 'amazon/parcel-missing'],
    ['no tracking number', { parcel: { trackingNumber: ' ' } }, 'amazon/tracking-missing'],
    ['no carrier code', { parcel: { carrierCode: null } }, 'amazon/carrier-missing'],
    ['Other without a name', { parcel: { carrierCode: 'Other' } }, 'amazon/carrier-name-missing'],
    ['a reference that is no number', { parcel: { reference: 'P-1' } }, 'amazon/reference-invalid'],
    ['reference zero', { parcel: { reference: '0' } }, 'amazon/reference-invalid'],
    ['a date that is none', { parcel: { shippedAt: '02/21/2022' } }, 'amazon/date-refused'],
    ['no lines', { payload: { lines: [] } }, 'amazon/lines-missing'],
    ['zero units', { payload: { lines: [{ lineId: '1', quantity: 0 }] } }, 'amazon/quantity-refused'],
    ['half a unit', { payload: { lines: [{ lineId: '1', quantity: 1.5 }] } }, 'amazon/quantity-refused'],
    ['a number of another shop', { payload: { order: '..' } }, 'amazon/order-number-invalid'],
    ['a number that would change the address', { payload: { order: '171-0000001-0000002/../../v0' } }, 'amazon/order-number-invalid'],
    ['an operation that is not offered', { operation: 'refund-order' }, 'amazon/not-offered'],
  ])('%s', async (_name, change, cause) => {
    // Nothing is answered here: a call would end as unavailable.
    expect(await connected().send(change)).toEqual({ kind: 'rejected', cause, evidence: null });
  });
});

describe('the destination', () => {
  it('offers confirmations one by one, and nothing else yet', () => {
    const { offers, width } = connected().destination('amazon-fr');
    expect(width).toBe(8);
    const { 'confirm-shipment': confirm, ...others } = offers;
    expect(confirm).toEqual({ send: ['confirmShipment'], check: ['getOrder'], batch: 1, again: 'edit', untracked: 'refused' });
    expect(new Set(Object.values(others))).toEqual(new Set(['not-offered']));
  });

  it('pays for each call after the first, and leaves what cannot be paid', async () => {
    grantToken();
    nock(api).post(confirmPath).reply(400, problem('carrier')).post(confirmPath).reply(204);
    const permit = permits(1);
    const outcomes = await connected().destination('amazon-fr').send([intent(), intent(), intent()], permit);
    expect(outcomes.map((o) => o.kind)).toEqual(['rejected', 'accepted', 'throttled']);
    expect(permit.asked).toEqual(['confirmShipment', 'confirmShipment']);
    expect(await connected().destination('amazon-fr').send([], permits())).toEqual([]);
  });

  it('never lets the library speak on the console, nor read credentials of its own', async () => {
    const said: unknown[] = [];
    const { log, warn, dir, error } = console;
    Object.assign(console, { log: said.push.bind(said), warn: said.push.bind(said), dir: said.push.bind(said), error: said.push.bind(said) });
    const before = { ...process.env };
    process.env['SELLING_PARTNER_APP_CLIENT_ID'] = 'of-the-environment';
    process.env['SELLING_PARTNER_APP_CLIENT_SECRET'] = 'of-the-environment';
    try {
      const exchanges: string[] = [];
      const transport = fetchTransport();
      grantToken();
      nock(api).post(confirmPath).reply(204);
      await connected({
        transport: (request, signal) => {
          if (request.url.endsWith('/token')) exchanges.push(String(request.body));
          return transport(request, signal);
        },
      }).send();
      expect(exchanges).toHaveLength(1);
      expect(exchanges[0]).toContain('amzn1.application-oa2-client.0123456789');
      expect(exchanges[0]).not.toContain('of-the-environment');
      expect(said).toEqual([]);
    } finally {
      Object.assign(console, { log, warn, dir, error });
      for (const name of ['SELLING_PARTNER_APP_CLIENT_ID', 'SELLING_PARTNER_APP_CLIENT_SECRET']) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  });
});
