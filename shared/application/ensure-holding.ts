/**
 * Drives one holding towards what its live grants want: the only code that touches a provider. Level-triggered:
 * every trigger (stream, schedule, sweep, person) leads here, and a lost, late, doubled or reordered trigger is
 * harmless. Each step is planned by the domain from what is stored and what was just read.
 */

import { plan } from '../domain/holding/plan.ts';
import { TIMING } from '../domain/holding/timing.ts';
import { Fault, ProviderFault, put } from '../ports.ts';
import { planFacts } from './ensure-facts.ts';
import { afterFault } from './ensure-faults.ts';
import { type EnsureDeps, LeaseLost, type Run, reload } from './ensure-run.ts';
import { carryOut } from './ensure-steps.ts';

const MAX_STEPS = 60;
const BUSY_SECONDS = 5;

/** @throws Fault when the journal or the queues cannot be reached: the message comes back. */
export async function ensureHolding(holdingId: string, deps: EnsureDeps): Promise<void> {
  const run = await takeLease(holdingId, deps);
  if (!run) return;
  try {
    await drive(run);
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
  }
}

async function drive(run: Run): Promise<void> {
  const { clock } = run.deps;
  const stopAt = clock.now().getTime() + TIMING.runSeconds * 1000;
  for (let steps = 1; steps <= MAX_STEPS; steps += 1) {
    const facts = planFacts(run);
    const step = plan(run.holding, facts);
    const outOfTime = clock.now().getTime() >= stopAt;
    if (step.do === 'wait' || outOfTime) {
      const until = step.do === 'wait' ? step.until : clock.now().toISOString();
      if (await release(run, until)) return;
      continue;
    }
    try {
      await carryOut(step, run);
    } catch (error) {
      if (error instanceof ProviderFault || isSchedulerFault(error))
        await afterFault(run, step, error);
      else throw error;
    }
  }
  throw new Error(`ensure did not come to rest on ${run.holding.holdingId} in ${MAX_STEPS} steps`);
}

const isSchedulerFault = (error: unknown): error is Fault =>
  error instanceof Fault && error.service === 'scheduler';

async function takeLease(holdingId: string, deps: EnsureDeps): Promise<Run | null> {
  const stored = await deps.journal.read('holding', holdingId);
  if (!stored.value) return null;
  const provider = deps.providers.get(stored.value.container.provider);
  if (!provider)
    throw new Error(
      `No provider "${stored.value.container.provider}" is configured. Set its base URL and credentials.`,
    );
  const now = deps.clock.now();
  if (stored.value.lease && stored.value.lease.until > now.toISOString())
    return busy(holdingId, deps);
  const token = stored.value.fence + 1;
  const until = new Date(now.getTime() + TIMING.leaseSeconds * 1000).toISOString();
  const leased = { ...stored.value, fence: token, lease: { token, until } };
  const result = await deps.journal.commit([put(stored, leased)], now);
  if (!result.committed) return busy(holdingId, deps);
  const [fresh, active, all, own] = await Promise.all([
    deps.journal.read('holding', holdingId),
    deps.policies.active(),
    deps.journal.read('pause', 'all'),
    deps.journal.read('pause', provider.name),
  ]);
  if (fresh.value?.lease?.token !== token) return busy(holdingId, deps);
  return {
    deps,
    provider,
    token,
    stored: fresh,
    holding: fresh.value,
    events: [],
    extra: [],
    active,
    pauses: [all, own],
    account: null,
    accountGone: false,
    observation: null,
  };
}

/** Somebody else works on it: a fresh message replaces this one, so nothing that happened meanwhile is missed. */
async function busy(holdingId: string, deps: EnsureDeps): Promise<null> {
  await deps.queues.send('removals', { holdingId }, BUSY_SECONDS);
  return null;
}

/** Gives the lease back and arranges the next look. False when something changed meanwhile: plan again. */
async function release(run: Run, until: string | null): Promise<boolean> {
  run.holding = { ...run.holding, lease: null, dueAt: until };
  const { deps, holding, stored, events, extra } = run;
  const result = await deps.journal.commit(
    [...extra, put(stored, holding, events)],
    deps.clock.now(),
  );
  if (!result.committed) {
    await reload(run);
    run.observation = null;
    return false;
  }
  if (until !== null) await wakeSoon(run, until);
  return true;
}

/** Seconds matter at the end of a grant; what lies further ahead is woken by its schedule or the sweep. */
async function wakeSoon(run: Run, until: string): Promise<void> {
  const waitMs = Date.parse(until) - run.deps.clock.now().getTime();
  if (waitMs > WAKE_WITHIN_SECONDS * 1000) return;
  const ends = run.holding.grants.some((g) => g.phase === 'removing' || g.expiresAt <= until);
  const delay = Math.max(0, Math.ceil(waitMs / 1000));
  const message = { holdingId: run.holding.holdingId };
  await run.deps.queues.send(ends ? 'removals' : 'grants', message, delay);
}
const WAKE_WITHIN_SECONDS = 90;
