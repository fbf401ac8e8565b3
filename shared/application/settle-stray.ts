/**
 * How the taking out of a stranger ended, in one transaction with the holding: on the container's chain, whose notices tell the
 * entitlement's owner and the security channel. "Removed" is said of what was read back only.
 */

import type { StrayEnd } from '../domain/holding/stray.ts';
import { withoutStray } from '../domain/holding/stray.ts';
import type { EventOf, RecordOf } from '../domain/records.ts';
import { put } from '../ports.ts';
import { nameOf } from './container-name.ts';
import { type Run, save } from './ensure-run.ts';

type Container = RecordOf<'container'>;
type StrayKept = Extract<StrayEnd, { result: 'kept' }>['why'];

/** The place alone: nothing of ours is there, so its name may pass on. */
export const unpinned = ({ provider, kind, resource }: Run['holding']['container']) => ({
  provider,
  kind,
  resource,
});

/** False when somebody was faster: plan again. `fault`: what the provider refused with. */
export async function settleStray(
  run: Run,
  end: StrayEnd,
  fault: string | null = null,
): Promise<boolean> {
  const { stray, holdingId, container: place } = run.holding;
  if (!stray) throw new Error(`${holdingId} carries no mark to settle`);
  const container = nameOf(place);
  const at = run.deps.clock.now().toISOString();
  const base = await run.deps.journal.read('container', container);
  if (!base.value) throw new Error(`${container} is gone from the store: run audit verification.`);
  const about = {
    v: 1 as const,
    at,
    actor: { kind: 'ensure' as const },
    container,
    accountId: stray.accountId,
    holdingId,
  };
  const event =
    end.result === 'removed'
      ? { type: 'StrangerRemoved' as const, ...about, role: null, readBackAt: readBackOf(run) }
      : { type: 'StrangerKept' as const, ...about, role: stray.role, why: end.why, fault };
  run.extra.push(put(base, afterwards(base.value, event), [event]));
  const left = withoutStray(run.holding);
  const idle = left.grants.length === 0 && left.ours === null && left.intents.length === 0;
  const calm = { attempts: 0, nextAttemptAt: null, lastFault: null };
  run.holding = idle ? { ...left, ...calm, container: unpinned(place) } : left;
  return save(run);
}

function readBackOf({ observation, holding }: Run): string {
  if (observation === null)
    throw new Error(`${holding.holdingId} was called removed without a read-back`);
  return observation.startedAt;
}

/** Not asked again at every look. */
const STAYS: ReadonlySet<string> = new Set(['machine', 'refused'] satisfies StrayKept[]);

/** Whoever is gone is news again when they come back; what was refused waits for its next try. */
function afterwards(
  { exclusive, ...rest }: Container,
  event: Extract<EventOf<'container'>, { type: 'StrangerRemoved' | 'StrangerKept' }>,
): Container {
  const { accountId, at } = event;
  const isRefused = event.type === 'StrangerKept' && STAYS.has(event.why);
  const isGone = event.type === 'StrangerRemoved';
  const strangers = rest.strangers.filter((each) => !isGone || each !== accountId);
  const next = { ...rest, strangers };
  if (!exclusive) return next;
  const line = exclusive.line.flatMap((each) => {
    if (each.accountId !== accountId) return each;
    return isRefused ? { ...each, refusedAt: at } : [];
  });
  return { ...next, exclusive: { ...exclusive, line } };
}
