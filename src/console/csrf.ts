import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Random } from '../runtime/random.ts';
import { keyInUse } from '../settings/secrets.ts';
import type { Keyring } from '../settings/secrets.ts';

/** Ties forms to the browser they were made for. */
export interface FormSeal {
  /** A token for a form of this browser, who is signed in or not; another one each time, so that a compressed page gives none away. */
  token(browser: string): string;
  /** Whether a token was made for this browser. */
  fits(token: string, browser: string): boolean;
}

const length = 32;

/** @param keys by id; tokens of an earlier key still fit */
export function createFormSeal(keys: Keyring, random: Random): FormSeal {
  const mac = (key: Uint8Array, browser: string): Buffer => createHmac('sha256', key).update(`form ${browser}`).digest();
  const current = keyInUse(keys);
  return {
    token(browser) {
      const mask = random.bytes(length);
      return Buffer.concat([mask, masked(mac(current, browser), mask)]).toString('base64url');
    },
    fits(token, browser) {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length !== 2 * length) return false;
      const given = masked(bytes.subarray(length), bytes.subarray(0, length));
      return [...keys.keys.values()].some((key) => timingSafeEqual(given, mac(key, browser)));
    },
  };
}

function masked(bytes: Uint8Array, mask: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte, i) => byte ^ (mask[i] ?? 0)));
}

/** Whether a request that changes something was sent by a page of this console, as far as the browser says. */
export function isFromHere(header: (name: string) => string | undefined): boolean {
  const site = header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = header('origin');
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === header('host');
  } catch {
    return false;
  }
}
