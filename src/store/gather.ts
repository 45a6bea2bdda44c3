import { isStorageTrouble } from './trouble.ts';

/** How what is asked in the same moment is brought together. */
export interface Gathering<Ask, Answer> {
  /** So many are done together at the most. */
  readonly most: number;
  /** So many pieces of work at once: what is asked while they are under way waits, and is gathered. */
  readonly atOnce: number;
  /** Answers of all, in their order; `null` for one that has to be done by itself. */
  readonly together: (asks: readonly Ask[]) => Promise<readonly (Answer | null)[]>;
}

/**
 * Does one by one what is asked one by one, and together what is asked meanwhile: a worker of thousands of lanes needs as many
 * statements for a hundred of them as for one. Where it fails together, each is done by itself: one that cannot be done
 * holds up no other.
 */
export function gather<Ask, Answer>({ most, atOnce, together }: Gathering<Ask, Answer>): (ask: Ask) => Promise<Answer> {
  const waiting: { readonly ask: Ask; readonly answer: PromiseWithResolvers<Answer> }[] = [];
  let underWay = 0;

  return (ask) => {
    const answer = Promise.withResolvers<Answer>();
    waiting.push({ ask, answer });
    if (underWay < atOnce) void work();
    return answer.promise;
  };

  async function work(): Promise<void> {
    underWay += 1;
    for (let batch = waiting.splice(0, most); batch.length > 0; batch = waiting.splice(0, most)) await answerAll(batch);
    underWay -= 1;
  }

  async function answerAll(batch: typeof waiting): Promise<void> {
    let answers: readonly (Answer | null)[] = [];
    try {
      answers = await together(batch.map(({ ask }) => ask));
    } catch (error) {
      // A store that is away is not asked once for each.
      if (batch.length === 1 || isStorageTrouble(error)) return batch.forEach(({ answer }) => answer.reject(error));
    }
    for (const [n, one] of batch.entries()) {
      const answer = answers[n] ?? null;
      if (answer !== null) one.answer.resolve(answer);
      else if (batch.length === 1) one.answer.reject(new Error('what was asked by itself was not answered'));
      else await answerAll([one]);
    }
  }
}
