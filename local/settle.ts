/**
 * Waits until several parts that feed each other are all quiet: one part's work wakes another, so the hooks are asked in
 * rounds until a whole round had nothing to wait for.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Resolves once its part has nothing left to do at the present instant. It may say whether it had to wait (`true`: ask the
 * others again); a hook that says nothing counts as quiet when it resolves within one turn of the event loop.
 */
export type SettleHook = () => Promise<void> | Promise<boolean>;

const mostRounds = 10_000;

export async function settleAll(hooks: readonly SettleHook[]): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    let quiet = true;
    for (const hook of hooks) if (await hadToWait(hook)) quiet = false;
    if (quiet) return;
  }
  throw new Error(
    `The local parts still wake each other after ${mostRounds} rounds; they never settle.`,
  );
}

async function hadToWait(hook: SettleHook): Promise<boolean> {
  const work = hook();
  const turn = nextTurn('late' as const);
  const first = await Promise.race([work, turn]);
  if (first !== 'late') return first === true;
  const said = await work;
  return said !== false;
}
