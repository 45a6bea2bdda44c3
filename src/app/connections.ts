import { marketplaces } from '../marketplaces/registry.ts';
import type { Connection, Marketplace } from '../marketplaces/marketplace.ts';
import type { Clock } from '../runtime/clock.ts';
import { minute } from '../runtime/clock.ts';
import { fetchTransport, sendTo } from '../runtime/http.ts';
import type { Transport } from '../runtime/http.ts';
import type { Account } from '../settings/accounts.ts';
import { shown } from '../settings/fault.ts';
import type { Fault } from '../settings/fault.ts';
import { nearest } from '../settings/nearest.ts';
import type { Destination } from '../syncing/destination.ts';
import type { LaneProfile } from '../syncing/ledger.ts';
import type { Limit } from '../syncing/quota.ts';

/** An account with what serves it. */
export interface Served {
  readonly account: Account;
  readonly profile: LaneProfile & { readonly acknowledge: boolean; readonly trackingGraceMs: number };
  readonly destination: Destination;
}

/** The accounts of one seller: one token, one sweep. */
export interface Scope {
  readonly name: string;
  readonly accounts: readonly [Served, ...Served[]];
  readonly connection: Connection;
}

/** How long after an acceptance it is read back: long enough for a sweep to have shown it first. */
const readBack = 5 * minute;

/**
 * Connects all accounts, gathered by scope. Makes no call.
 * @param transport how a scope's calls leave; by default Node's own fetch, to the account's `endpoint` where it has one
 */
export function connectAccounts(accounts: readonly Account[], clock: Clock, transport: (account: Account) => Transport = overHttp): readonly Scope[] {
  const gathered = new Map<string, { marketplace: Marketplace; accounts: Account[] }>();
  for (const account of accounts) {
    const marketplace = marketplaceOf(account);
    // Two endpoints are two sellers, whatever their credentials: a simulator beside the real thing.
    const name = [marketplace.scope(account.settings).sweep, ...(account.endpoint === null ? [] : [account.endpoint])].join(' ');
    const scope = gathered.get(name) ?? { marketplace, accounts: [] };
    scope.accounts.push(account);
    gathered.set(name, scope);
  }
  const sharing = new Map<string, string[]>();
  for (const account of accounts) {
    const key = sharedBy(account, marketplaceOf(account));
    const known = sharing.get(key) ?? [];
    sharing.set(key, known);
    known.push(account.id);
  }
  return [...gathered].map(([name, { marketplace, accounts: of }]) => scopeOf(name, marketplace, of, sharing, clock, transport));
}

function scopeOf(name: string, marketplace: Marketplace, of: readonly Account[], sharing: ReadonlyMap<string, readonly string[]>, clock: Clock, transport: (account: Account) => Transport): Scope {
  const [first] = of;
  if (first === undefined) throw new Error(`the scope ${name} has no account`);
  const connection = marketplace.connect(of.map((account) => account.settings), { transport: transport(first), clock, timeout: first.patience.timeout });
  const served = of.map((account): Served => {
    const destination = connection.destinations.get(account.id);
    if (destination === undefined) throw new Error(`${marketplace.name} did not connect the account ${account.id}`);
    return { account, destination, profile: profileOf(name, account, marketplace, destination.offers, sharing) };
  });
  return { name, connection, accounts: served as unknown as Scope['accounts'] };
}

function profileOf(scope: string, account: Account, marketplace: Marketplace, offers: LaneProfile['offers'], sharing: ReadonlyMap<string, readonly string[]>): Served['profile'] {
  return {
    account: account.id,
    marketplace: account.marketplace,
    mode: account.mode,
    scope: { sweep: scope, quota: quotaScope(account, marketplace) },
    // One list for all of them: thousands may share a budget.
    scopeAccounts: sharing.get(sharedBy(account, marketplace)) ?? [],
    offers,
    limits: limitsOf(marketplace, account),
    references: marketplace.references,
    patience: { timeout: account.patience.timeout, settle: account.patience.settle, sweep: account.patience.sweep, readBack },
    acknowledge: account.acknowledge,
    trackingGraceMs: account.patience.trackingGrace,
  };
}

/**
 * The published limits, with the settings' in their place. A call that is given one of its own still draws on the budget
 * that the marketplace counts all of them by (eBay: the application's day): what it may take is not there for the others.
 */
function limitsOf({ limits }: Marketplace, account: Account): LaneProfile['limits'] {
  const all = Object.entries(limits);
  return Object.fromEntries(all.map(([call, published]) => {
    const own = account.limits[call];
    if (own !== undefined) return [call, { ...own, configured: true }];
    const beside = all.filter(([, { budget }]) => published.budget !== undefined && budget === published.budget).flatMap(([other]) => account.limits[other] ?? []);
    const rate = published.rate - sumOf(beside, 'rate');
    // Whoever gives some of them more than the published whole has been granted more than is published.
    return [call, rate > 0 ? { ...published, rate, burst: Math.max(1, published.burst - sumOf(beside, 'burst')) } : published];
  }));
}

function sumOf(limits: readonly Limit[], what: keyof Limit): number {
  return limits.reduce((sum, limit) => sum + limit[what], 0);
}

function quotaScope(account: Account, marketplace: Marketplace): string {
  return [marketplace.scope(account.settings).quota, ...(account.endpoint === null ? [] : [account.endpoint])].join(' ');
}

function sharedBy(account: Account, marketplace: Marketplace): string {
  return `${marketplace.name}\n${quotaScope(account, marketplace)}`;
}

function marketplaceOf({ marketplace: name }: Account): Marketplace {
  const marketplace = marketplaces.find((one) => one.name === name);
  if (marketplace === undefined) throw new Error(`no marketplace ${name}`);
  return marketplace;
}

function overHttp(account: Account): Transport {
  return fetchTransport(account.endpoint === null ? undefined : sendTo(account.endpoint));
}

/** A site that its marketplace's list does not have, most likely a slip: nothing would be found there. It stops nothing, because there may be newer ones. */
export function unlistedSites(accounts: readonly Account[], origin: string): readonly Fault[] {
  return accounts.flatMap(({ id, marketplace: name, settings }): Fault[] => {
    const sites = marketplaces.find((one) => one.name === name)?.sites ?? [];
    const field = Object.entries(sites[0]?.fields ?? {}).find(([, value]) => value === sites[0]?.id)?.[0];
    const given = field === undefined ? undefined : Reflect.get(settings, field);
    if (field === undefined || typeof given !== 'string' || sites.some((site) => site.id === given)) return [];
    const near = sites.find((site) => site.id === nearest(given, sites.map((one) => one.id), 3));
    return [{ name: `${origin}: ${id}: ${field}`, found: `${shown(given)}, which is on no list of this marketplace's sites`, expected: near === undefined ? 'the id of one of its sites; check it' : `the id of one of its sites; the nearest known name is "${near.id}"`, example: near === undefined ? null : `"${field}": "${near.id}"` }];
  });
}

/** For the settings: what each marketplace expects of an account. */
export const marketplaceFields = Object.fromEntries(marketplaces.map((marketplace) => [marketplace.name, { settings: marketplace.settings, limits: marketplace.limits }]));

export const marketplaceNames: readonly string[] = marketplaces.map(({ name }) => name);
