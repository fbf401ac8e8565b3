/**
 * Waits until several parts that feed each other are all quiet: one part's work wakes another, so the hooks are asked in
 * turn until every other hook was quiet since the last one that had to wait.
 */

/**
 * Resolves once its part has nothing left to do at the present instant. It may say whether it had to wait (`true`: ask the
 * others again); one that says nothing counts as quiet when it resolves without leaving the present turn of the event loop.
 */
export type SettleHook = () => Promise<void> | Promise<boolean>;

const mostRounds = 1_000;
const mostQuietSteps = 50;

export async function settleAll(hooks: readonly SettleHook[]): Promise<void> {
  let quiet = 0;
  for (let round = 0; round < mostRounds; round++)
    for (const hook of hooks) {
      // A hook that waited is settled now; the others must be asked since.
      quiet = (await hadToWait(hook)) ? 1 : quiet + 1;
      if (quiet >= hooks.length) return;
    }
  if (hooks.length > 0)
    throw new Error(`The local parts still wake each other after ${mostRounds} rounds.`);
}

async function hadToWait(hook: SettleHook): Promise<boolean> {
  let done = false;
  const work = Promise.resolve(hook()).finally(() => {
    done = true;
  });
  for (let step = 0; step < mostQuietSteps && !done; step++) await null;
  const waited = !done;
  const said = await work;
  return typeof said === 'boolean' ? said : waited;
}
