import { randomBytes } from 'node:crypto';

/** Where chance comes from. Handed in, so that a run can be replayed from its seed. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** `length` bytes, for salts and tokens. */
  bytes(length: number): Uint8Array;
}

export const systemRandom: Random = {
  next: () => Math.random(),
  bytes: (length) => randomBytes(length),
};
