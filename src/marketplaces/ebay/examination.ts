import { day, minute, second } from '../../runtime/clock.ts';
import type { Clock, Duration, Instant } from '../../runtime/clock.ts';
import type { Finding, InForce } from '../marketplace.ts';
import { field } from './body.ts';
import { getOrders } from './calls.ts';
import type { EbayCause, FindingKey } from './causes.ts';
import type { Client } from './client.ts';
import { rateBelow, rounded } from '../../syncing/quota.ts';
import { number } from './fields.ts';
import { limits, ofTheDay, perDay } from './limits.ts';
import { came } from './orders.ts';
import type { EbaySettings } from './settings.ts';

/** A clock further off than this sends nothing. */
const clockTolerance = 2 * minute;
/** A consent that ends this soon is worth renewing now. */
const consentWarning = 30 * day;

/** Token, role, clock and limits of one account, by two reads at most. */
export async function examine(account: EbaySettings, accounts: readonly EbaySettings[], client: Client, clock: Clock, inForce: InForce, signal: AbortSignal): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const find = (what: Finding['what'], ok: boolean, key: FindingKey | EbayCause, details: Finding['details'] = {}): void => {
    findings.push({ what, ok, key, details });
  };
  const twin = accounts.find((other) => other !== account && other.site === account.site);
  if (twin !== undefined) find('settings', false, 'ebay/site-twice', { site: account.site, other: twin.id });

  // One token serves them all, and it is made with the first one's keys.
  const [first] = accounts;
  if (first !== undefined && (first.certId !== account.certId || first.sandbox !== account.sandbox)) find('settings', false, 'ebay/credentials-differ', { used: first.id });

  const token = await client.ready(signal);
  if (token.kind === 'token') find('token', true, 'ebay/token-ok');
  else find('token', false, token.cause);

  if (token.kind === 'token') {
    const answer = came(await client.call(getOrders(1, 0), signal, async () => true), clock);
    if (answer.ok) find('role', true, 'ebay/role-ok', { orders: number(field(answer.value, 'total')) ?? 0 });
    else find(answer.why === 'unauthorized' ? 'token' : 'role', false, answer.cause as EbayCause);
  }

  const skew = client.skew();
  if (skew === null) find('clock', false, 'ebay/clock-unknown');
  else find('clock', Math.abs(skew) <= clockTolerance, Math.abs(skew) <= clockTolerance ? 'ebay/clock-ok' : 'ebay/clock-off', { seconds: Math.round((0 - skew) / second) });

  const consent = client.consentEnds();
  if (consent !== null) find('token', consent - clock.now() > consentWarning, consent - clock.now() > consentWarning ? 'ebay/consent-until' : 'ebay/consent-ends-soon', until(consent, consent - clock.now()));

  const own = Object.entries(inForce).filter(([, { source }]) => source === 'configured');
  if (own.length < Object.keys(limits).length) {
    const { rate, burst } = Object.values(inForce).find(({ source }) => source !== 'configured') ?? { ...ofTheDay, rate: rateBelow(ofTheDay.rate) };
    find('limit', true, 'ebay/limit', { calls: perDay, burst, rate: rounded(rate) });
  }
  for (const [call, { rate, burst }] of own) find('limit', true, 'ebay/limit-configured', { call, rate: rounded(rate), burst, published: rounded(ofTheDay.rate) });
  return findings;
}

function until(moment: Instant, left: Duration): Finding['details'] {
  return { until: Temporal.Instant.fromEpochMilliseconds(moment).toString(), days: Math.floor(left / day) };
}
