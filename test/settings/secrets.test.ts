import { describe, expect, it } from 'vitest';
import type { Keyring as AuditKeyring } from '../../src/store/chain.ts';
import { deriveKeys, keyId, purposes } from '../../src/settings/secrets.ts';

const secret = '0f3c9a7be1d24856a0c3f7b9e2d81456';
const earlier = 'Ein-Geheimnis-mit-Umlauten-äöü-ÄÖÜ';

const hex = (key: Uint8Array | undefined) => Buffer.from(key ?? []).toString('hex');

/** Computed with Python's hmac and hashlib, after RFC 5869. */
const vectors = {
  [secret]: {
    id: '6a430896',
    audit: '93e5a1ac4651f41f13aebb8c9e6d1a16fc01b071083be5ac31fd48999a15a99e',
    links: '12a6a3617c9639df04381e106fdb99cca50b9e4edddd083b65033ddd8b21a2cc',
    sessions: '62e4a395e470a751285860190ab8eb6f5fcf80c30cfa3e44bce2ba69890a61ba',
    sealing: '59af3869b73a6a5cd395e9b0d983bf01243d1a02287b69f8c6ba9dd6e8995252',
    alerts: 'f5cc6b667d9c084f4ac8e8dd2976198f87cd1567a112c7aa89476012d5c1993a',
  },
  [earlier]: {
    id: '8c41ced7',
    audit: '0cf987bdc008845ee57a7149ea562b1ab3586e2c8c6ad5a2948824d6c0b49329',
    links: '0b488adb68c5c04be4992a67d18990a1c3bd7ec0b1fca1b32c33c4a773e33b00',
    sessions: 'a732460753f6990b0b333a19b97c214525d6c1d162d340babefa4fe96e11df20',
    sealing: '4a8fa396e41fcd5c046ea65821bf29b92f79a455601c2f66641948320705bf25',
    alerts: '4bc7f3728fd6b200379753d3f21a3bd28cfd9b95157cfdffebc5773198365f53',
  },
};

describe('the keys of a secret', () => {
  it.each(Object.entries(vectors))('are for ever the same: %s', (given, { id, ...keys }) => {
    const derived = deriveKeys(given);
    expect(keyId(given)).toBe(id);
    for (const purpose of purposes) {
      expect(derived[purpose].current).toBe(id);
      expect(hex(derived[purpose].keys.get(id))).toBe(keys[purpose]);
    }
  });

  it('are new ones after a change, and what the earlier one made still opens', () => {
    const { links } = deriveKeys(secret, [earlier]);
    expect(links.current).toBe(vectors[secret].id);
    expect([...links.keys.keys()].toSorted()).toEqual([vectors[secret].id, vectors[earlier].id]);
    expect(hex(links.keys.get(vectors[earlier].id))).toBe(vectors[earlier].links);
  });

  it('come once where the secret is named again as an earlier one', () => {
    expect(deriveKeys(secret, [secret]).audit.keys.size).toBe(1);
  });

  it('are what the audit is chained with', () => {
    const keyring: AuditKeyring = deriveKeys(secret).audit;
    expect(keyring.keys.get(keyring.current)).toHaveLength(32);
  });
});
