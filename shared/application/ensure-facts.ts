/** What the domain's plan is told about a run: time, what was read, what today's policy still allows. */
import type { PlanFacts } from '../domain/holding/facts.ts';
import type { HoldingGrant } from '../domain/holding/model.ts';
import { holderOf } from '../domain/holding/stray.ts';
import { TIMING } from '../domain/holding/timing.ts';
import { standsBehind } from '../domain/policy/evaluate.ts';
import { inForce } from '../domain/policy/in-force.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { ContainerRef } from '../ports.ts';
import type { Run } from './ensure-run.ts';
import type { ActivePolicy } from './policies.ts';

/**
 * The bot owns this container, says the policy in force and the one that waits: who takes the word back because it was a slip must
 * not watch members go while it waits.
 */
export function isExclusive(active: ActivePolicy | null, container: ContainerRef): boolean {
  if (!active) return false;
  return inForce(active).every(({ entitlements }) =>
    Object.values(entitlements).some(
      ({ provider, kind, resource, exclusive }) =>
        exclusive &&
        provider === container.provider &&
        kind === container.kind &&
        resource === container.resource,
    ),
  );
}

export function planFacts(run: Run): PlanFacts {
  const { holding, provider, active } = run;
  const now = run.deps.clock.now();
  const stopped = run.stop.value?.standing !== null && run.stop.value !== null;
  const allowed = stopped ? [] : holding.grants.filter((grant) => isAllowed(run, grant, now));
  return {
    now,
    observation: run.observation,
    allowed: new Set(allowed.map((grant) => grant.grantId)),
    // Without a policy nothing new is given; what was given still ends.
    paused: stopped || active === null || run.pauses.some((pause) => pause.value?.paused),
    exclusive: isExclusive(active, holding.container),
    roles: provider.roles(holding.container.kind),
    // An intent is as old as the clock of the run that issued it says; this run's own may be ahead of that one.
    inflightSeconds: provider.inflightSeconds + TIMING.clocksApartSeconds,
    accountKnown: run.account !== null || run.accountGone,
  };
}

/**
 * Rights within the policy at the ask AND at the issue: once the policy changed, it must still stand behind the
 * grant and its approvals. Who these people are was checked at the decision; ensure asks Slack nothing.
 */
function isAllowed(run: Run, grant: HoldingGrant, now: Date): boolean {
  if (!run.active) return true;
  const { active } = run;
  const files = active.pending ? [active, active.pending] : [active];
  return files.every(
    ({ hash, policy }) => grant.policyHash === hash || stands({ run, grant, now }, policy),
  );
}

function stands(
  { run, grant, now }: { run: Run; grant: HoldingGrant; now: Date },
  policy: Policy,
): boolean {
  const verdict = standsBehind(
    policy,
    {
      requester: grant.requester,
      subject: holderOf(run.holding),
      entitlement: grant.entitlementId,
      role: grant.role,
      durationSeconds: SHORTEST_SECONDS,
      justification: { accepted: true },
      breakGlass: grant.breakGlass ?? false,
    },
    {
      now,
      teamId: run.deps.teamId,
      evidence: new Map(),
      linkedAccounts: new Map(),
      approvals: grant.approvers.map((approver) => ({ approver, at: grant.authorizedAt })),
      groupMembers: new Map(Object.entries(grant.memberships ?? {})),
    },
  );
  return verdict.permitted && verdict.approvals.satisfied;
}
/** How long it was given for was judged at the decision; a shorter limit of today does not cut it. */
const SHORTEST_SECONDS = 60;
