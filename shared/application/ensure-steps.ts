/**
 * Carries out one planned step. Fact first, effect second, read-back third: an intent is durable before the
 * provider is called, and an outcome is recorded only from what was read afterwards. The numbers in comments are
 * the crash points that tests and the simulation stop at.
 */
import type { GrantOutcome, HoldingEvent, Membership } from '../domain/holding/model.ts';
import type { Step } from '../domain/holding/plan.ts';
import { accountDriven, holderOf } from '../domain/holding/stray.ts';
import { unreachable } from '../domain/result.ts';
import { absent, check, ProviderFault, put } from '../ports.ts';
import { answered, openIntent, tooLate } from './ensure-intents.ts';
import { aboutHolding, draft, type GrantCommand, type Run, save } from './ensure-run.ts';
import { linkId } from './facts-for.ts';
import { readHalts } from './halts.ts';
import { settleStray, unpinned } from './settle-stray.ts';

export type ActiveStep = Exclude<Step, { do: 'wait' }>;
type StepOf<D extends Step['do']> = Extract<Step, { do: D }>;

export async function carryOut(step: ActiveStep, run: Run): Promise<void> {
  switch (step.do) {
    case 'end':
      await save(run, { commands: step.grants.map((grant) => endCommand(grant, run)) });
      return;
    case 'schedule':
      return schedule(step, run);
    case 'look-up-account':
      return lookUpAccount(run);
    case 'read':
      return observe(run);
    case 'capture-baseline':
      draft(run, { baseline: step.membership }, baselineEvent(step, run));
      await save(run); // crash point G4: baseline is durable, nothing issued
      return;
    case 'record':
      return record(step, run);
    case 'add':
      return add(step, run);
    case 'lower':
      return lower(step, run);
    case 'report-drift':
      return reportDrift(step, run);
    case 'delete-schedules':
      for (const grantId of step.grantIds) await run.deps.ends.cancel(grantId); // R10
      draft(run, { staleSchedules: [] });
      return;
    case 'clear':
      draft(
        run,
        { ...CLEARED, container: unpinned(run.holding.container) },
        { type: 'HoldingCleared', ...aboutHolding(run), observedAt: step.observedAt },
      );
      return;
    case 'settle-stray':
      await settleStray(run, step.end);
      return;
    default:
      return unreachable(step);
  }
}

const CLEARED = { baseline: null, ours: null, settleUntil: null, drift: null, attempts: 0 };

function endCommand(
  { grantId: requestId, why }: StepOf<'end'>['grants'][number],
  { stop }: Run,
): GrantCommand {
  if (why === 'expired') return { type: 'ExpireGrant', requestId, actor: { kind: 'ensure' } };
  const stoppedBy = stop.value?.standing?.confirmedBy;
  return stoppedBy === undefined
    ? { type: 'EndGrant', requestId, actor: { kind: 'policy' }, reason: null }
    : { type: 'ObeyStop', requestId, actor: { kind: 'person', id: stoppedBy } };
}

async function schedule(step: StepOf<'schedule'>, run: Run): Promise<void> {
  const { grantId, expiresAt } = step.grant;
  const { holdingId } = run.holding;
  await run.deps.ends.schedule({ grantId, holdingId, expiresAt }, run.deps.clock.now()); // G5
  draft(run, {
    grants: run.holding.grants.map((grant) =>
      grant.grantId === grantId ? { ...grant, scheduledFor: expiresAt } : grant,
    ),
  });
}

/** Pins the login to the provider's immutable id on first use; a mismatch later fails the activation. */
async function lookUpAccount(run: Run): Promise<void> {
  const { holding, provider } = run;
  const activating = holding.grants.some((grant) => grant.phase === 'activating');
  const driven = accountDriven(holding);
  const account = driven
    ? await provider.currentAccount(driven) // G2
    : await provider.resolveAccount(holding.login); // G2
  if (!account) {
    run.accountGone = true;
    if (activating) throw gone(holding.login);
    return;
  }
  const isStray = holding.stray !== undefined && holding.grants.length === 0;
  if (isStray && (await provider.isMachine?.(account))) {
    await settleStray(run, { result: 'kept', why: 'machine' });
    return;
  }
  // Whom the name is pinned to matters before access is given; taking it away goes by the account's id.
  if (driven && !activating) {
    run.account = account;
    return;
  }
  const id = linkId(provider.name, holding.login);
  const link = await run.deps.journal.read('link', id);
  const moved = account.login.toLowerCase() !== holding.login.toLowerCase();
  const pinnedElsewhere = link.value !== null && link.value.accountId !== account.accountId;
  if (activating && (moved || pinnedElsewhere)) throw accountChanged(holding.login);
  if (activating) await provider.checkEligible(holding.container, account); // G2b
  if (activating) await pinContainer(run);
  run.account = account;
  if (holding.accountId) return;
  const { accountId } = account;
  draft(run, { accountId }, { type: 'AccountPinned', ...aboutHolding(run), accountId });
  const pinnedAt = run.deps.clock.now().toISOString();
  const pin = { accountId, slackUserId: holderOf(holding), pinnedAt };
  if (!link.value) run.extra.push(put(absent('link', id), pin));
}

/** From the first write to the last removal the container is known by its id: its name may pass to another one meanwhile. */
async function pinContainer(run: Run): Promise<void> {
  const { container } = run.holding;
  if (container.id !== undefined || !run.provider.containerId) return;
  const id = await run.provider.containerId(container); // G2c
  draft(
    run,
    { container: { ...container, id } },
    { type: 'ContainerPinned', ...aboutHolding(run), containerId: id },
  );
}

const gone = (login: string) =>
  new ProviderFault(`The account ${login} no longer exists at the provider.`, {
    code: 'account-not-found',
    retryable: false,
    applied: 'no',
  });
const accountChanged = (login: string) =>
  new ProviderFault(
    `The login ${login} now belongs to another account than the one it was pinned to. An admin must check it.`,
    { code: 'account-changed', retryable: false, applied: 'no' },
  );

async function observe(run: Run): Promise<void> {
  const startedAt = run.deps.clock.now().toISOString();
  const absentMembership: Membership = { role: null, direct: false, until: null };
  const membership = run.account
    ? await run.provider.read(run.holding.container, run.account) // G3, R4, and every read-back
    : absentMembership;
  run.observation = { membership, startedAt };
}

const baselineEvent = (step: StepOf<'capture-baseline'>, run: Run): HoldingEvent => ({
  type: 'BaselineCaptured',
  ...aboutHolding(run),
  membership: step.membership,
  observedAt: step.observedAt,
});

async function record(step: StepOf<'record'>, run: Run): Promise<void> {
  const progress =
    step.outcomes.length > 0 || step.closing.closed.some(({ result }) => result === 'confirmed');
  // An intent that only grew too old is no progress: the next attempt keeps its distance.
  const calm = progress ? { attempts: 0, nextAttemptAt: null, lastFault: null } : {};
  draft(run, { ...step.closing.holding, ...calm });
  for (const { intentId, result } of step.closing.closed)
    run.events.push({ type: 'IntentClosed', ...aboutHolding(run), intentId, result });
  await save(run, { commands: step.outcomes.map((outcome) => report(outcome, run)) }); // G9, R8
}

function report(outcome: GrantOutcome, run: Run): GrantCommand {
  const about = { requestId: outcome.grantId, actor: { kind: 'ensure' as const } };
  const readBackAt = run.observation?.startedAt ?? null;
  switch (outcome.result) {
    case 'activated': {
      const { accountId } = run.holding;
      // "Active" is said of what was read, about an account that is known; nothing stands in for either.
      if (readBackAt === null || accountId === null)
        throw new Error(`${outcome.grantId} was called active without a read-back`);
      return { type: 'ConfirmActivated', ...about, accountId, readBackAt };
    }
    case 'failed':
      return {
        type: 'ReportActivationFailed',
        ...about,
        code: outcome.code,
        evidence: outcome.evidence,
      };
    case 'removed':
      return { type: 'ConfirmRemoved', ...about, outcome: outcome.outcome, readBackAt };
    default:
      return unreachable(outcome);
  }
}

/** The intent is conditioned on the lease and grant list (the holding's rev), the pause switches and the policy. */
async function add(step: StepOf<'add'>, run: Run): Promise<void> {
  const wanted = new Set(step.grantIds);
  const grants = run.holding.grants.map((grant) =>
    wanted.has(grant.grantId) ? { ...grant, issued: true } : grant,
  );
  draft(run, { grants });
  const checks = [run.stop, ...run.pauses, ...(run.active ? [run.active.pointer] : [])].map(check);
  const intentId = openIntent(run, { kind: 'add', role: step.role, grantIds: step.grantIds });
  if (!(await save(run, { checks }))) return refreshFacts(run); // G6: intent durable, nothing issued
  const { container } = run.holding;
  if (!run.account) throw new Error('An add was planned before the account was known');
  run.observation = null;
  if (tooLate(run, intentId)) return;
  await run.provider.setRole(container, run.account, step.role, step.until); // G7
  answered(run, intentId); // G8: a read-back follows
}

async function lower(step: StepOf<'lower'>, run: Run): Promise<void> {
  const { role, until, variant } = step.to;
  const { stray } = run.holding;
  if (stray) draft(run, { stray: { ...stray, issued: true } });
  const intentId = openIntent(run, { kind: 'remove', role, grantIds: step.grantIds });
  if (!(await save(run))) return; // R5: intent durable, nothing issued
  const { container } = run.holding;
  if (!run.account) throw new Error('A removal was planned before the account was known');
  run.observation = null;
  if (tooLate(run, intentId)) return;
  if (role === null)
    await run.provider.remove(container, run.account); // R6
  else await run.provider.setRole(container, run.account, role, until, variant); // R6
  answered(run, intentId); // R7: a read-back follows
}

/** A stop, a pause or a policy that changed under an add: the run goes on with today's. */
async function refreshFacts(run: Run): Promise<void> {
  run.active = await run.deps.policies.active();
  const { stop, pauses } = await readHalts(run.deps.journal, run.provider.name);
  run.stop = stop;
  run.pauses = [...pauses];
}

async function reportDrift(step: StepOf<'report-drift'>, run: Run): Promise<void> {
  const { actual, expected } = step;
  draft(
    run,
    { drift: `${actual}/${expected}` },
    { type: 'DriftFound', ...aboutHolding(run), actual, expected },
  );
  if (!(await save(run))) return;
  const { holdingId } = run.holding;
  run.deps.telemetry.alarm('drift-found', { holdingId, actual, expected });
}
