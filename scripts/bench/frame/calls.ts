import { within } from './wait.ts';

/** Notes the moment at which each call begins, and tells whoever waits for it. */
export interface Calls {
  /** @param at by the clock of whoever asks for it */
  begin(key: string, at: number): void;
  /** Resolves with the moment at which the call of this key began. */
  began(key: string): Promise<number>;
}

/** A call that has not begun after this long (ms) is a fault of what is measured, or of the measuring. */
const longest = 30_000;

export function noteCalls(): Calls {
  const early = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  return {
    begin(key, at) {
      const wake = waiting.get(key);
      if (wake === undefined) early.set(key, at);
      else wake(at);
      waiting.delete(key);
    },
    began: (key) => {
      const at = early.get(key);
      early.delete(key);
      if (at !== undefined) return Promise.resolve(at);
      return within(new Promise<number>((resolve) => waiting.set(key, resolve)), longest, `the call for ${key} began`);
    },
  };
}
