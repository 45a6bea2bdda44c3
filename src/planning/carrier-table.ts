import { normalCarrier } from './carriers.ts';
import type { CarrierEntry } from './carriers.ts';

const members = ['name', 'aliases', 'codes', 'link'];
const codeMembers = ['code', 'verified'];

/**
 * Reads config/carriers.json, and says everything that is wrong with it.
 * @param marketplaces the names of those that the software knows
 */
export function readCarriers(json: unknown, marketplaces: readonly string[]): { readonly carriers: readonly CarrierEntry[] } | { readonly faults: readonly string[] } {
  if (!Array.isArray(json)) return { faults: ['expected a list of carriers'] };
  const faults: string[] = [];
  const owners = new Map<string, string>();
  for (const [index, entry] of json.entries()) {
    const at = isRecord(entry) && typeof entry['name'] === 'string' && entry['name'].trim() !== '' ? entry['name'] : `entry ${index + 1}`;
    const of = isRecord(entry) ? entryFaults(entry, marketplaces) : ['expected { "name", "aliases", "codes", "link" }'];
    faults.push(...of.map((fault) => `${at}: ${fault}`));
    if (isRecord(entry)) faults.push(...collisions(entry, at, index, owners));
  }
  return faults.length > 0 ? { faults } : { carriers: json as readonly CarrierEntry[] };
}

function entryFaults(entry: Record<string, unknown>, marketplaces: readonly string[]): string[] {
  const faults = Object.keys(entry).filter((member) => !members.includes(member)).map((member) => `${member}: no such member; expected one of ${members.join(', ')}`);
  if (!isName(entry['name'])) faults.push('name: expected a name with a letter or a digit in it');
  const { aliases, codes, link } = entry;
  if (aliases !== undefined && !Array.isArray(aliases)) faults.push('aliases: expected a list of names');
  for (const [index, alias] of (Array.isArray(aliases) ? aliases : []).entries()) {
    if (!isName(alias)) faults.push(`aliases[${index}]: expected a name with a letter or a digit in it`);
  }
  if (!isRecord(codes)) faults.push('codes: expected an object with the code at each marketplace, {} where none is known');
  for (const [marketplace, code] of isRecord(codes) ? Object.entries(codes) : []) {
    if (!marketplaces.includes(marketplace)) faults.push(`codes.${marketplace}: no such marketplace; expected one of ${marketplaces.join(', ')}`);
    faults.push(...codeFaults(code).map((fault) => `codes.${marketplace}${fault}`));
  }
  const linkFault = link === undefined ? null : faultOfLink(link);
  if (linkFault !== null) faults.push(`link: ${linkFault}`);
  return faults;
}

function codeFaults(code: unknown): string[] {
  if (!isRecord(code)) return [': expected { "code", "verified" }'];
  const faults = Object.keys(code).filter((member) => !codeMembers.includes(member)).map((member) => `.${member}: no such member; expected one of ${codeMembers.join(', ')}`);
  if (typeof code['code'] !== 'string' || code['code'] === '' || code['code'] !== code['code'].trim()) faults.push('.code: expected the code, letter for letter, without blanks around it');
  // It tells the buyer nothing and earns no protection: only a merchant may choose it.
  else if (code['code'].toLowerCase() === 'other') faults.push('.code: "Other" is the merchant\'s choice, never a default; leave the code out');
  if (code['verified'] !== undefined && typeof code['verified'] !== 'boolean') faults.push('.verified: expected true or false');
  return faults;
}

function faultOfLink(link: unknown): string | null {
  if (typeof link !== 'string') return 'expected an address with {tracking} in it';
  if (link.split('{tracking}').length !== 2) return 'expected {tracking} in it, once';
  const address = URL.parse(link.replace('{tracking}', '0'));
  const elsewhere = URL.parse(link.replace('{tracking}', '1'));
  if (address?.protocol !== 'https:' || address.username !== '' || address.password !== '') return 'expected an address that begins with https://';
  return address.origin === elsewhere?.origin ? null : '{tracking} must not be part of the host';
}

/** Names that are the same without case, accents, spaces and punctuation: the second would silently take the first one's place. */
function collisions(entry: Record<string, unknown>, at: string, index: number, owners: Map<string, string>): string[] {
  const owner = `${at}, entry ${index + 1}`;
  const names = [entry['name'], ...(Array.isArray(entry['aliases']) ? entry['aliases'] : [])].filter(isName);
  return names.flatMap((name) => {
    const key = normalCarrier(name);
    const other = owners.get(key);
    owners.set(key, other ?? owner);
    if (other === undefined) return [];
    return [`${owner}: "${name}" is ${other === owner ? 'written twice' : `a name of ${other} too`}`];
  });
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && normalCarrier(value) !== '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
