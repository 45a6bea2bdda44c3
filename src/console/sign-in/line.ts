/** A few at once; those that come next wait in turn, and who would wait too long is turned away. */
export interface Line {
  /** Null: turned away, and nothing was done. */
  take<T>(act: () => Promise<T>): Promise<T | null>;
}

export function createLine(atOnce: number, waitingAtMost: number): Line {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return {
    async take(act) {
      if (busy < atOnce) busy += 1;
      else if (waiting.length >= waitingAtMost) return null;
      else await new Promise<void>((resolve) => void waiting.push(resolve));
      try {
        return await act();
      } finally {
        const next = waiting.shift();
        // Whoever is next has the place: it is never free in between.
        if (next === undefined) busy -= 1;
        else next();
      }
    },
  };
}
