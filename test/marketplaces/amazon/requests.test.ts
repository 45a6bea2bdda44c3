import { describe, expect, it } from 'vitest';
import { confirmedCodes, isConfirmed, unconfirmedCodes } from '../../../src/marketplaces/amazon/carriers.ts';
import { readBody, scrubber } from '../../../src/marketplaces/amazon/body.ts';
import { retryAfter } from '../../../src/marketplaces/amazon/headers.ts';
import { confirmation } from '../../../src/marketplaces/amazon/requests.ts';
import { france, intent, order, start } from './setup.ts';
import type { IntentChange } from './setup.ts';

function detail(change: IntentChange, now = start) {
  const confirm = confirmation(france.marketplaceId, intent(change).payload, now);
  if (!confirm.ok) throw new Error(confirm.cause);
  return confirm.call.body?.packageDetail;
}

describe('a confirmation', () => {
  it('names the carrier besides the code Other, and only then', () => {
    expect(detail({ parcel: { carrierCode: 'Other', carrierName: ' Mondial Relay ' } })).toMatchObject({ carrierCode: 'Other', carrierName: 'Mondial Relay' });
    expect(detail({ parcel: { carrierCode: 'DPD', carrierName: 'DPD France' } })).not.toHaveProperty('carrierName');
  });

  it('sums a line that is named twice, and keeps several lines', () => {
    const lines = [
      { lineId: '1', quantity: 1 },
      { lineId: '2', quantity: 3 },
      { lineId: '1', quantity: 1 },
    ];
    expect(detail({ payload: { lines } })?.orderItems).toEqual([
      { orderItemId: '1', quantity: 2 },
      { orderItemId: '2', quantity: 3 },
    ]);
  });

  it('keeps the reference as digits in a string, however long', () => {
    expect(detail({ parcel: { reference: '12345678901234567890' } })?.packageReferenceId).toBe('12345678901234567890');
  });

  it('never left in the future of Amazon’s own clock', () => {
    const left = { parcel: { shippedAt: '2026-11-23T09:00:00Z' } };
    expect(detail(left, Date.parse('2026-11-23T08:58:30.900Z'))?.shipDate).toBe('2026-11-23T08:58:30Z');
    expect(detail(left, Date.parse('2026-11-23T09:00:01Z'))?.shipDate).toBe('2026-11-23T09:00:00Z');
  });

  it('is for the order in its path and the site of the account', () => {
    const confirm = confirmation('A1PA6795UKMFR9', intent().payload, start);
    expect(confirm.ok && confirm.call).toMatchObject({ name: 'confirmShipment', path: { orderId: order }, body: { marketplaceId: 'A1PA6795UKMFR9' } });
  });
});

describe('carrier codes', () => {
  it('are known to the letter or not at all', () => {
    expect(isConfirmed('La Poste')).toBe(true);
    expect(isConfirmed('la poste')).toBe(false);
    for (const code of unconfirmedCodes) expect(isConfirmed(code)).toBe(false);
  });

  it('are each listed once', () => {
    expect(new Set(confirmedCodes).size).toBe(confirmedCodes.length);
  });
});

describe('a body', () => {
  const read = (text: string) => readBody(Buffer.from(text), (t) => t);
  it('keeps numbers that would change', () => {
    expect(read('{"id":12345678901234567890,"price":19.90,"rate":0.5,"big":1e400,"small":2,"minus":-7}')).toEqual({
      kind: 'json',
      value: { id: '12345678901234567890', price: '19.90', rate: 0.5, big: '1e400', small: 2, minus: -7 },
    });
  });
  it('is empty when it is blank, and text when it is no JSON', () => {
    expect(read('')).toEqual({ kind: 'empty' });
    expect(read(' \n')).toEqual({ kind: 'empty' });
    expect(read('{"a":')).toEqual({ kind: 'text', text: '{"a":' });
  });
  it('is read with a byte order mark', () => {
    expect(read('\uFEFF{"a":1}')).toEqual({ kind: 'json', value: { a: 1 } });
  });
});

describe('a scrubber', () => {
  it('takes out secrets as they are, in JSON, in addresses, and tokens that it does not know', () => {
    const scrub = scrubber(['se"cret/1', 'Atza|abc']);
    const text = [`se"cret/1`, JSON.stringify('se"cret/1'), encodeURIComponent('se"cret/1'), 'Atza|abc', 'Atzr|never-seen', 'Atza%7Cnever-seen', 'Atza\\u007cnever-seen'].join(' ; ');
    const clean = scrub(text);
    expect(clean).not.toMatch(/cret|abc|never-seen/);
    expect(scrub('a plain text')).toBe('a plain text');
  });
  it('leaves a text alone where a secret is too short to be one', () => {
    expect(scrubber(['', 'abc'])('abcdef')).toBe('abcdef');
  });
});

describe('Retry-After', () => {
  it('is never undercut, whatever its size', () => {
    expect(retryAfter({ 'retry-after': '99999999999999999999' }, start)).toBe(Number.MAX_SAFE_INTEGER);
    expect(retryAfter({ 'retry-after': '0' }, start)).toBeNull();
    expect(retryAfter({}, start)).toBeNull();
  });
  it('as a date is counted by our clock where the answer has none', () => {
    expect(retryAfter({ 'retry-after': 'Mon, 23 Nov 2026 09:13:30 GMT' }, start)).toBe(90_000);
    expect(retryAfter({ 'retry-after': 'Mon, 31 Feb 2026 09:13:30 GMT' }, start)).toBeNull();
  });
});
