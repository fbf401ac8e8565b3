/** What the domain's plan is told about a run: time, what was read, what today's policy still allows. */
import type { PlanFacts } from '../domain/holding/facts.ts';
import type { Holding, HoldingGrant } from '../domain/holding/model.ts';
import { evaluate } from '../domain/policy/evaluate.ts';
import type { Run } from './ensure-run.ts';

export function planFacts(run: Run): PlanFacts {
  const { holding, provider, active } = run;
  const now = run.deps.clock.now();
  const entitlement = Object.values(active?.policy.entitlements ?? {}).find(
    (each) => each.provider === provider.name && each.resource === holding.container.resource,
  );
  const allowed = holding.grants.filter((grant) => isAllowed(run, grant, now));
  return {
    now,
    observation: run.observation,
    allowed: new Set(allowed.map((grant) => grant.grantId)),
    // Without a policy nothing new is given; what was given still ends.
    paused: active === null || run.pauses.some((pause) => pause.value?.paused),
    exclusive: entitlement?.exclusive ?? false,
    roles: provider.roles(holding.container.kind),
    inflightSeconds: provider.inflightSeconds,
    accountKnown: run.account !== null || run.accountGone,
  };
}

/** Rights within the policy at the ask AND at the issue. Who they are was checked at the decision. */
function isAllowed(run: Run, grant: HoldingGrant, now: Date): boolean {
  if (!run.active || grant.policyHash === run.active.hash) return true;
  const subject = run.holding.subject;
  const people = [...new Set([grant.requester, subject])];
  const evidence = new Map(people.map((id) => [id, asDecided(run, id, now)]));
  const verdict = evaluate(
    run.active.policy,
    {
      requester: grant.requester,
      subject,
      entitlement: grant.entitlementId,
      role: grant.role,
      durationSeconds: 60,
      justification: { accepted: true },
      breakGlass: false,
    },
    {
      now,
      teamId: run.deps.teamId,
      evidence,
      linkedAccounts: new Map(),
      approvals: [],
    },
  );
  return verdict.permitted;
}

const asDecided = (run: Run, slackUserId: string, now: Date) => ({
  slackUserId,
  teamId: run.deps.teamId,
  enterpriseUserId: null,
  email: null,
  deleted: false,
  isBot: false,
  isRestricted: false,
  isUltraRestricted: false,
  isStranger: false,
  observedAt: now.toISOString(),
});

/** Grants that may hold or get access now. */
export const notRemoving = (holding: Holding): HoldingGrant[] =>
  holding.grants.filter((grant) => grant.phase !== 'removing');
