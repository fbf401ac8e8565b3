/**
 * Answers given a moment ago, by the bytes they answered: a byte-identical replay, also one that arrives while the first is
 * still at work, gets the same answer and runs nothing. A convenience of one warm container only: what makes a second
 * effect impossible is the interaction key in the decision's transaction.
 */
const REMEMBERED = 256;

export type RecentAnswers<Answer> = {
  once(key: string, make: () => Promise<Answer>): Promise<Answer>;
};

/** Only answers that `isFinal` are kept: a request that failed may be sent again. */
export function recentAnswers<Answer>(isFinal: (answer: Answer) => boolean): RecentAnswers<Answer> {
  const known = new Map<string, Promise<Answer>>();
  return {
    async once(key, make) {
      const before = known.get(key);
      if (before !== undefined) return before;
      const answer = make();
      known.set(key, answer);
      const oldest = known.keys().next();
      if (known.size > REMEMBERED && !oldest.done) known.delete(oldest.value);
      try {
        const made = await answer;
        if (!isFinal(made)) known.delete(key);
        return made;
      } catch (error) {
        known.delete(key);
        throw error;
      }
    },
  };
}
