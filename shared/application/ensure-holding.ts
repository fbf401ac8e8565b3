/**
 * Drives one holding towards what its live grants want: the only code that touches a provider. Level-triggered:
 * every trigger (stream, schedule, sweep, person) leads here, and a lost, late, doubled or reordered trigger is
 * harmless. Each step is planned by the domain from what is stored and what was just read.
 */

import type { Holding } from '../domain/holding/model.ts';
import { plan } from '../domain/holding/plan.ts';
import { TIMING } from '../domain/holding/timing.ts';
import { Fault, ProviderFault, put, written } from '../ports.ts';
import { planFacts } from './ensure-facts.ts';
import { afterFault } from './ensure-faults.ts';
import { type EnsureDeps, LeaseLost, type Run, reload } from './ensure-run.ts';
import { carryOut } from './ensure-steps.ts';
import { readHalts } from './halts.ts';
import type { ActivePolicy } from './policies.ts';

const MAX_STEPS = 60;

/** @throws Fault when the journal or the queues cannot be reached: the message comes back. */
export async function ensureHolding(
  holdingId: string,
  deps: EnsureDeps,
  again = false,
): Promise<void> {
  const run = await takeLease(holdingId, deps);
  if (run === 'gone') return;
  if ('busyUntil' in run) return again ? undefined : comeBack(holdingId, run.busyUntil, deps);
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

async function takeLease(holdingId: string, deps: EnsureDeps): Promise<Run | Busy | 'gone'> {
  const stored = await deps.journal.read('holding', holdingId);
  if (!stored.value) return 'gone';
  const provider = deps.providers.get(stored.value.container.provider);
  if (!provider)
    throw new Error(
      `No provider "${stored.value.container.provider}" is configured. Set its base URL and credentials.`,
    );
  const now = deps.clock.now();
  const { lease } = stored.value;
  if (lease && lease.until > now.toISOString()) return { busyUntil: lease.until };
  const token = stored.value.fence + 1;
  const until = new Date(now.getTime() + TIMING.leaseSeconds * 1000).toISOString();
  // A run that dies is due again when its lease ends: the sweep alone must find whatever it left behind.
  const dueAt = earlier(stored.value.dueAt, until);
  const leased = { ...stored.value, fence: token, lease: { token, until }, dueAt };
  const result = await deps.journal.commit([put(stored, leased)], now);
  if (!result.committed) return { busyUntil: until };
  const [active, halts] = await Promise.all([
    readablePolicy(deps),
    readHalts(deps.journal, provider.name),
  ]);
  return {
    deps,
    provider,
    token,
    stored: written(stored, leased),
    holding: leased,
    events: [],
    extra: [],
    active,
    pauses: [...halts.pauses],
    stop: halts.stop,
    account: null,
    accountGone: false,
    observation: null,
  };
}

/** A stored policy that does not parse stops new access, never a removal: what was given still has to end. */
export async function readablePolicy(
  deps: Pick<EnsureDeps, 'policies' | 'telemetry'>,
): Promise<ActivePolicy | null> {
  try {
    return await deps.policies.active();
  } catch (error) {
    if (error instanceof Fault) throw error;
    const why = error instanceof Error ? error.message : String(error);
    deps.telemetry.alarm('policy-rejected', { where: 'the stored policy', why });
    return null;
  }
}

const earlier = (known: string | null, instant: string): string =>
  known !== null && known < instant ? known : instant;

type Busy = { busyUntil: string };

/**
 * Somebody else works on it, and sees at its next save whatever changed meanwhile. Should it die, this message is
 * there once more when its lease is over; after that the sweep is, so that messages never multiply.
 */
async function comeBack(holdingId: string, busyUntil: string, deps: EnsureDeps): Promise<void> {
  const leftMs = Date.parse(busyUntil) - deps.clock.now().getTime();
  const delay = Math.max(1, Math.ceil(leftMs / 1000));
  await deps.queues.send('removals', { holdingId, again: true }, delay);
}

/** Gives the lease back and arranges the next look. False when something changed meanwhile: plan again. */
async function release(run: Run, until: string | null): Promise<boolean> {
  const { deps } = run;
  const now = deps.clock.now();
  const wake = wakeNeeded(run.holding, until, now);
  // What is unfinished stays due: each sweep looks at it, so that its alarms are raised on time.
  const unfinished = run.holding.grants.some((grant) => grant.phase !== 'active');
  const dueAt = unfinished ? now.toISOString() : until;
  const wakeAt = wake ? until : run.holding.wakeAt;
  run.holding = { ...run.holding, lease: null, dueAt, wakeAt };
  const result = await deps.journal.commit(
    [...run.extra, put(run.stored, run.holding, run.events)],
    now,
  );
  if (!result.committed) {
    await reload(run);
    run.observation = null;
    return false;
  }
  if (wake && until !== null) await wakeUp(run, until, now);
  return true;
}

const WAKE_WITHIN_MS = 90_000;
const CLOSE_MS = 5_000;

/**
 * Seconds matter at the end of a grant; what lies further ahead is woken by its schedule or the sweep. One message
 * per instant: without that, every message would bring forth another. One that came a little early may.
 */
function wakeNeeded(holding: Holding, until: string | null, now: Date): boolean {
  if (until === null) return false;
  const waitMs = Date.parse(until) - now.getTime();
  return waitMs <= WAKE_WITHIN_MS && (holding.wakeAt !== until || waitMs <= CLOSE_MS);
}

async function wakeUp(run: Run, until: string, now: Date): Promise<void> {
  const { holdingId, grants } = run.holding;
  const ends = grants.some((grant) => grant.phase === 'removing' || grant.expiresAt <= until);
  const delay = Math.max(0, Math.ceil((Date.parse(until) - now.getTime()) / 1000));
  await run.deps.queues.send(ends ? 'removals' : 'grants', { holdingId }, delay);
}
