import { z } from 'zod';
import { minute, second } from '../../runtime/clock.ts';
import type { Finding, InForce, PublishedLimit } from '../marketplace.ts';
import { judge } from './answers.ts';
import type { AmazonCause, AmazonFinding } from './causes.ts';
import type { Client } from './client.ts';
import { answerDate, isoSeconds } from './headers.ts';
import type { Answered, Reply } from './reply.ts';
import { pageRead, participationsRead } from './requests.ts';
import { rateBelow, rounded } from '../../syncing/quota.ts';
import type { AmazonSettings } from './settings.ts';

type Limits = Readonly<Record<string, PublishedLimit>>;

/**
 * What `accounts check` tells of one account: settings, token, account, role, clock and limits. Two reads at most:
 * the seller's sites, and one order of the last hour, which alone shows that orders may be read. That takes another
 * role than the list of sites does, so that either may be granted without the other.
 */
export async function examine(client: Client, accounts: readonly AmazonSettings[], account: AmazonSettings, limits: Limits, inForce: InForce, signal: AbortSignal): Promise<readonly Finding[]> {
  const settings = settingsFindings(accounts, account);
  const token = await client.token(signal);
  if (token.kind === 'none') return [...settings, finding('token', false, refusalOf(token.reply, client) ?? 'amazon/token-unavailable')];
  const began = client.now();
  const participations = await client.call(participationsRead, signal, once);
  const answered = client.now();
  // A token that Amazon itself refuses is told once, not at each read.
  if (refusalOf(participations, client) === 'amazon/token-refused') return [...settings, finding('token', false, 'amazon/token-refused')];
  const orders = await client.call(pageRead({ marketplaceIds: [account.marketplaceId], lastUpdatedAfter: isoSeconds(client.now() - 60 * minute), maxResultsPerPage: 1 }, null), signal, once);
  return [
    ...settings,
    finding('token', true, 'amazon/token-ok'),
    ...accountFindings(participations, account, accounts, client),
    roleFinding(orders, client),
    clockFinding(participations, (began + answered) / 2),
    ...limitFindings(client, limits, inForce),
  ];
}

/** After a renewed token the read may be made once more; there is no permit to ask. */
const once = (): Promise<boolean> => Promise.resolve(true);

function settingsFindings(accounts: readonly AmazonSettings[], account: AmazonSettings): readonly Finding[] {
  const found: Finding[] = [];
  const [first] = accounts;
  // One token serves them all, and it is made from the first one's.
  if (first !== undefined && (first.clientSecret !== account.clientSecret || first.refreshToken !== account.refreshToken)) {
    found.push(finding('settings', false, 'amazon/credentials-differ', { used: first.id }));
  }
  const twin = accounts.find((other) => other.id !== account.id && other.marketplaceId === account.marketplaceId);
  if (twin !== undefined) found.push(finding('settings', false, 'amazon/marketplace-twice', { other: twin.id, marketplaceId: account.marketplaceId }));
  return found;
}

/** The parts of sellers.json that we use. The store's name is the merchant's and stays there. */
const participationsSchema = z.object({
  payload: z.array(
    z.object({
      marketplace: z.object({ id: z.string(), countryCode: z.string().catch(''), domainName: z.string().catch('') }),
      participation: z.object({ isParticipating: z.boolean(), hasSuspendedListings: z.boolean().catch(false) }),
    }),
  ),
});

type Participation = z.infer<typeof participationsSchema>['payload'][number];

function accountFindings(reply: Reply, account: AmazonSettings, accounts: readonly AmazonSettings[], client: Client): readonly Finding[] {
  const list = participationsOf(reply);
  if (list === null) {
    const cause = refusalOf(reply, client);
    if (cause === 'amazon/access-denied') return [finding('account', false, 'amazon/participations-refused', { call: 'getMarketplaceParticipations' })];
    return [finding('account', false, 'amazon/account-unread', { call: 'getMarketplaceParticipations', cause: cause ?? 'amazon/unexpected-answer' })];
  }
  const ours = list.find(({ marketplace }) => marketplace.id === account.marketplaceId);
  const taken = new Set(accounts.map(({ marketplaceId }) => marketplaceId));
  const others = list.filter(({ marketplace, participation }) => participation.isParticipating && !taken.has(marketplace.id));
  const more = others.length === 0 ? [] : [finding('account', true, 'amazon/other-marketplaces', { marketplaces: others.map(named).join(', ') })];
  if (ours === undefined) return [finding('account', false, 'amazon/account-not-found', { marketplaceId: account.marketplaceId }), ...more];
  const details = { marketplaceId: account.marketplaceId, country: ours.marketplace.countryCode, site: ours.marketplace.domainName };
  if (!ours.participation.isParticipating) return [finding('account', false, 'amazon/account-not-participating', details), ...more];
  const paused = ours.participation.hasSuspendedListings ? [finding('account', true, 'amazon/listings-suspended', details)] : [];
  return [finding('account', true, 'amazon/account-ok', details), ...paused, ...more];
}

function participationsOf(reply: Reply): readonly Participation[] | null {
  if (reply.kind === 'unanswered' || reply.status !== 200 || reply.body.kind !== 'json') return null;
  return participationsSchema.safeParse(reply.body.value).data?.payload ?? null;
}

function named({ marketplace }: Participation): string {
  return `${marketplace.domainName || marketplace.countryCode} (${marketplace.id})`;
}

function roleFinding(reply: Reply, client: Client): Finding {
  const details = { call: 'searchOrders' };
  const cause = refusalOf(reply, client);
  if (cause === null) return finding('role', true, 'amazon/role-ok', details);
  return cause === 'amazon/access-denied' ? finding('role', false, cause, details) : finding('role', false, 'amazon/role-unread', { ...details, cause });
}

/** Beyond two minutes nothing is sent: our ship dates would lie in Amazon's future or past. */
const tolerated = 2 * minute;

function clockFinding(reply: Reply, asked: number): Finding {
  const theirs = reply.kind === 'answered' ? answerDate(reply.headers) : null;
  if (theirs === null) return finding('clock', false, 'amazon/clock-unread');
  const ahead = asked - theirs;
  return finding('clock', Math.abs(ahead) <= tolerated, Math.abs(ahead) <= tolerated ? 'amazon/clock-ok' : 'amazon/clock-off', { secondsAhead: Math.round(ahead / second) });
}

const limitKeys = { published: 'amazon/limit-published', configured: 'amazon/limit-configured', told: 'amazon/limit-told' } as const;

/** What Amazon told during these very reads is newer than what applies so far. */
function limitFindings(client: Client, limits: Limits, inForce: InForce): readonly Finding[] {
  return Object.entries(limits).map(([call, published]) => {
    const { rate, burst, source } = inForce[call] ?? { ...published, rate: rateBelow(published.rate), source: 'published' };
    const told = [...client.rates].find(([name]) => name === call)?.[1];
    const details = { call, rate: rounded(told === undefined || source === 'told' ? rate : rateBelow(told)), burst, published: published.rate };
    return finding('limit', true, limitKeys[told === undefined ? source : 'told'], details);
  });
}

/** Why a reply is not the 200 that was hoped for; null where it is. */
function refusalOf(reply: Reply, client: Client): AmazonCause | null {
  const verdict = judge(reply, client.now());
  if (verdict.kind === 'throttled') return 'amazon/throttled';
  if (verdict.kind === 'interrupted') return 'amazon/interrupted';
  if (verdict.kind !== 'answer') return verdict.cause;
  return readRefusal(verdict.answer);
}

function readRefusal({ status, body }: Answered): AmazonCause | null {
  if (status === 200) return body.kind === 'json' ? null : 'amazon/unreadable-answer';
  return 'amazon/read-refused';
}

function finding(what: Finding['what'], ok: boolean, key: AmazonFinding | AmazonCause, details: Finding['details'] = {}): Finding {
  return { what, ok, key, details };
}
