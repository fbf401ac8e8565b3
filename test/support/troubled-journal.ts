/** A journal with switches: somebody is faster, an answer is lost after the commit landed, the store is away. */
import { Fault, type Journal, type Write } from '../../shared/ports.ts';

export type Switches = {
  /** Runs before the next commits, one each. */
  readonly before: ((writes: readonly Write[]) => Promise<void>)[];
  /** So many of the next commits land and are not answered. */
  losesAnswers: number;
  /** So many of the next commits do not land and fail. */
  failsCommits: number;
  /** Which reads fail. */
  failsReads: (kind: string, id: string) => boolean;
  commits: number;
};

const away = (retryable = true) =>
  new Fault('The journal did not answer.', { service: 'journal', retryable });

export function troubled(journal: Journal): { journal: Journal; switches: Switches } {
  const switches: Switches = {
    before: [],
    losesAnswers: 0,
    failsCommits: 0,
    failsReads: () => false,
    commits: 0,
  };
  return {
    switches,
    journal: {
      ...journal,
      read: async (kind, id) => {
        if (switches.failsReads(kind, id)) throw away();
        return journal.read(kind, id);
      },
      commit: async (writes, at) => {
        switches.commits += 1;
        await switches.before.shift()?.(writes);
        if (switches.failsCommits > 0) {
          switches.failsCommits -= 1;
          throw away();
        }
        const result = await journal.commit(writes, at);
        if (switches.losesAnswers > 0) {
          switches.losesAnswers -= 1;
          throw away();
        }
        return result;
      },
    },
  };
}
