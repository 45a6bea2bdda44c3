import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LinkedOrder } from '../orders/publication.ts';
import { keyInUse } from '../settings/secrets.ts';
import type { Keyring } from '../settings/secrets.ts';

/** The links behind which customers see their orders: they cannot be guessed, and one that was made anew leaves the one before it dead. */
export interface CustomerLinks {
  readonly url: (order: LinkedOrder) => string;
  /** Whether a signature is the one of this order's present link. One that an earlier secret made still is. */
  readonly fits: (order: LinkedOrder, signature: string) => boolean;
}

/** @param publicUrl without a slash at its end */
export function customerLinks(publicUrl: string, keyring: Keyring): CustomerLinks {
  const key = keyInUse(keyring);
  return {
    url: (order) => `${publicUrl}/c/${order.id}.${signatureOf(key, order)}`,
    fits(order, signature) {
      const given = Buffer.from(signature);
      return [...keyring.keys.values()].some((one) => {
        const wanted = Buffer.from(signatureOf(one, order));
        return given.length === wanted.length && timingSafeEqual(given, wanted);
      });
    },
  };
}

/** Long enough not to be guessed (132 bits), short enough for a mail. The first link's is for ever: it stands in mails. */
function signatureOf(key: Uint8Array, { id, link }: LinkedOrder): string {
  return createHmac('sha256', key).update(link === 0 ? `order ${id}` : `order ${id} ${link}`).digest('base64url').slice(0, 22);
}
