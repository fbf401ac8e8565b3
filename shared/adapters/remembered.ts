/** Answers of the outside world, kept for less than the minute that a decision may rely on them. Faults are not kept; the oldest goes first. */

/** Shorter than the minute, so that an answer is still fresh when the decision is made. */
const REMEMBERED_MS = 45_000;
const MOST_REMEMBERED = 1000;

/** One question at a time per key: whoever asks meanwhile gets the same answer. */
export function remembered<T>(ask: (key: string, now: Date) => Promise<T>) {
  const known = new Map<string, { readonly answer: T; readonly atMs: number }>();
  const asked = new Map<string, Promise<T>>();
  const fresh = async (key: string, now: Date): Promise<T> => {
    try {
      const answer = await ask(key, now);
      known.delete(key);
      known.set(key, { answer, atMs: now.getTime() });
      const oldest = known.keys().next();
      if (known.size > MOST_REMEMBERED && !oldest.done) known.delete(oldest.value);
      return answer;
    } finally {
      asked.delete(key);
    }
  };
  return (key: string, now: Date): Promise<T> => {
    const before = known.get(key);
    if (before && Math.abs(now.getTime() - before.atMs) < REMEMBERED_MS)
      return Promise.resolve(before.answer);
    const running = asked.get(key) ?? fresh(key, now);
    asked.set(key, running);
    return running;
  };
}
