/**
 * After a provider (or the scheduler) failed: what is certain is recorded, what is not stays open as ambiguous,
 * and the next attempt has its time. A provider's clear "no" to new access fails the request; a "no" to taking
 * access away never ends the trying, it wakes a person.
 */
import type { HoldingGrant } from '../domain/holding/model.ts';
import { retryDelaySeconds } from '../domain/holding/timing.ts';
import { type Fault, ProviderFault } from '../ports.ts';
import { nameOf } from './container-name.ts';
import { aboutHolding, draft, type GrantCommand, type Run, save } from './ensure-run.ts';
import type { ActiveStep } from './ensure-steps.ts';
import { settleStray } from './settle-stray.ts';

export async function afterFault(
  run: Run,
  step: ActiveStep,
  fault: ProviderFault | Fault,
): Promise<void> {
  const code = fault instanceof ProviderFault ? fault.code : `${fault.service}-unavailable`;
  const retryAfter = fault instanceof ProviderFault ? fault.retryAfterSeconds : null;
  run.observation = null;
  closeOrDoubt(run, step, fault);
  if (await strangerStays(run, fault)) return;
  const refused = clearNo(run, step, fault);
  const attempts = run.holding.attempts + 1;
  const waitMs = retryDelaySeconds(attempts, retryAfter) * 1000;
  const nextAttemptAt = new Date(run.deps.clock.now().getTime() + waitMs).toISOString();
  draft(run, {
    attempts,
    nextAttemptAt: refused.length > 0 ? null : nextAttemptAt,
    lastFault: code,
  });
  const removing = run.holding.grants.filter((grant) => grant.phase === 'removing');
  await save(run, {
    commands: [
      ...refused.map((grant) => failed(grant, code)),
      ...removing.map((grant) => removalFailed(grant, code)),
    ],
  });
  const { holdingId } = run.holding;
  if (fault instanceof ProviderFault)
    run.deps.telemetry.measure('ProviderErrors', 1, run.provider.name);
  run.deps.telemetry.info('A provider call failed', {
    ...{ holdingId, step: step.do, code, attempts },
    requestIds: run.holding.grants.map(({ grantId }) => grantId),
  });
  if (removing.length > 0 && !fault.retryable)
    run.deps.telemetry.alarm('removal-failing', { holdingId, code });
}

/**
 * The provider says no to taking a stranger out (its last owner, a right that we lack): the mark is gone, a person is woken, and a
 * later look tries again. While a call of ours may still take effect it is tried like any other.
 */
async function strangerStays(run: Run, fault: ProviderFault | Fault): Promise<boolean> {
  const { stray, grants, intents, holdingId, container } = run.holding;
  if (!stray || grants.length > 0 || intents.length > 0) return false;
  if (!(fault instanceof ProviderFault) || fault.retryable || fault.applied !== 'no') return false;
  const { code } = fault;
  if (!(await settleStray(run, { result: 'kept', why: 'refused' }, code))) return true;
  run.deps.telemetry.measure('ProviderErrors', 1, run.provider.name);
  run.deps.telemetry.alarm('removal-failing', {
    holdingId,
    code,
    container: nameOf(container),
    accountId: stray.accountId,
  });
  return true;
}

/** The write's own intent: refused for certain, or ambiguous until it can no longer take effect. */
function closeOrDoubt(run: Run, step: ActiveStep, fault: ProviderFault | Fault): void {
  if (step.do !== 'add' && step.do !== 'lower') return;
  const last = run.holding.intents.findLast((intent) => intent.answer === 'open');
  if (!last) return;
  if (fault instanceof ProviderFault && fault.applied === 'no') {
    const { intentId } = last;
    const intents = run.holding.intents.filter((intent) => intent.intentId !== intentId);
    const closed = { type: 'IntentClosed' as const, intentId, result: 'refused' as const };
    draft(run, { intents }, { ...closed, ...aboutHolding(run) });
    return;
  }
  draft(run, {
    intents: run.holding.intents.map((intent) =>
      intent === last ? { ...intent, answer: 'ambiguous' } : intent,
    ),
  });
}

/** Grants that fail for good: the provider refused, and nothing of ours can still take effect. */
function clearNo(run: Run, step: ActiveStep, fault: ProviderFault | Fault): HoldingGrant[] {
  if (!(fault instanceof ProviderFault) || fault.retryable || fault.applied !== 'no') return [];
  if (step.do !== 'add' && step.do !== 'look-up-account') return [];
  if (run.holding.intents.some((intent) => intent.kind === 'add')) return [];
  return run.holding.grants.filter((grant) => grant.phase === 'activating');
}

const failed = (grant: HoldingGrant, code: string): GrantCommand => ({
  type: 'ReportActivationFailed',
  requestId: grant.grantId,
  actor: { kind: 'ensure' },
  code,
  evidence: 'not-issued',
});

const removalFailed = (grant: HoldingGrant, code: string): GrantCommand => ({
  type: 'ReportRemovalFailed',
  requestId: grant.grantId,
  actor: { kind: 'ensure' },
  code,
});
