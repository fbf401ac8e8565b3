/**
 * Invocations of the functions, kept apart as Lambda keeps them apart: here they share one process, and without this their
 * reads would share calls that no two invocations share in the deployment. Also tells which function makes a call.
 * For whoever counts calls.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { FunctionName } from '../shared/config/env.ts';
import type { Journal } from '../shared/ports.ts';

type Invocation = { readonly by: FunctionName; readonly read: Journal['read'] };

export type Invocations = {
  /** The journal that everybody is given: every invocation reads through one of its own. */
  readonly journal: Journal;
  /** The function that is running, null outside all of them (people's phones, the page). */
  running(): FunctionName | null;
  of<Args extends unknown[], Answer>(
    by: FunctionName,
    run: (...args: Args) => Promise<Answer>,
  ): (...args: Args) => Promise<Answer>;
};

export function openInvocations(
  makeJournal: () => Journal,
  onInvoke: (by: FunctionName) => void,
): Invocations {
  const current = new AsyncLocalStorage<Invocation>();
  const outside = makeJournal();
  return {
    journal: {
      ...outside,
      read: (kind, id) => (current.getStore() ?? outside).read(kind, id),
    },
    running: () => current.getStore()?.by ?? null,
    of:
      (by, run) =>
      (...args) => {
        onInvoke(by);
        return current.run({ by, read: makeJournal().read }, () => run(...args));
      },
  };
}

/** Nobody counts: what it takes to tell invocations apart, which every promise pays for, is saved. */
export const uncounted = (makeJournal: () => Journal): Invocations => ({
  journal: makeJournal(),
  running: () => null,
  of: (_, run) => run,
});
