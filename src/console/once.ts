import type { Answer } from './answer.ts';

/** Does what one form asks for once: sent again as it was (a double click, a page loaded anew), it gets the first answer. */
export interface Once {
  /** @param key of the form as it was shown and filled in */
  do(key: string, act: () => Promise<Answer>): Promise<Answer>;
}

/** The oldest are forgotten first. */
const mostRemembered = 2_000;

/** For one process: it remembers what was done, not what was only shown again. */
export function createOnce(): Once {
  const done = new Map<string, Promise<Answer>>();
  return {
    do(key, act) {
      const before = done.get(key);
      if (before !== undefined) return before;
      const answer = act();
      done.set(key, answer);
      for (const one of done.keys()) {
        if (done.size <= mostRemembered) break;
        done.delete(one);
      }
      const forget = (): void => void done.delete(key);
      answer.then(({ kind }) => (kind === 'go' ? undefined : forget()), forget);
      return answer;
    },
  };
}
