/** What an observation proves about single grants: active, failed, or gone. No provider call is needed here. */

import { isOurs, liveGrants, mayLag, type Observed, writtenRole } from './facts.ts';
import type { GrantOutcome, Holding, HoldingGrant } from './model.ts';
import { rankOf, strongest } from './roles.ts';
import { heldRole, leftSwitch, standing } from './standing.ts';

export function grantOutcomes(holding: Holding, facts: Observed): GrantOutcome[] {
  return holding.grants.flatMap((grant) => {
    const outcome = grant.phase === 'activating' ? activation(grant, holding, facts) : null;
    return outcome ?? (grant.phase === 'removing' ? removal(grant, holding, facts) : null) ?? [];
  });
}

function activation(grant: HoldingGrant, holding: Holding, facts: Observed): GrantOutcome | null {
  const rank = rankOf(facts.roles);
  const { grantId, role } = grant;
  if (rank(heldRole(facts.roles, standing(holding, facts))) >= rank(role))
    return { grantId, result: 'failed', code: 'already-has-access', evidence: 'not-issued' };
  if (rank(heldRole(facts.roles, facts.observation.membership)) < rank(role)) return null;
  // What is seen may be left over from a removal of ours: a role that nobody wrote since is not believed yet.
  if (mayLag(holding, facts) && rank(writtenRole(holding, facts)) < rank(role)) return null;
  return { grantId, result: 'activated' };
}

function removal(grant: HoldingGrant, holding: Holding, facts: Observed): GrantOutcome | null {
  const rank = rankOf(facts.roles);
  const { grantId } = grant;
  const base = rank(standing(holding, facts)?.role ?? null);
  const wanted = rank(
    strongest(
      facts.roles,
      liveGrants(holding).map((each) => each.role),
    ),
  );
  const target = Math.max(base, wanted);
  const mayStillLand = holding.intents.some((intent) => rank(intent.role) > target);
  if (mayStillLand) return null;
  const { role } = facts.observation.membership;
  if (rank(role) > target) {
    // Not what our books say we wrote: somebody else's change, or a standing right. Reported as drift, left alone.
    return isOurs(holding, facts) ? null : { grantId, result: 'removed', outcome: 'left' };
  }
  // We wrote more than what is seen and never took it back: that it is gone is not believed yet.
  if (mayLag(holding, facts) && rank(holding.ours) > target) return null;
  if (leftSwitch(holding, facts)) return null;
  if (wanted >= rank(grant.role)) return { grantId, result: 'removed', outcome: 'covered' };
  if (!grant.issued && holding.ours === null)
    return { grantId, result: 'removed', outcome: 'never-granted' };
  // "Back" is said of what was read: a provider's own end may have taken what was there before with it.
  const isBack = base > 0 && rank(heldRole(facts.roles, facts.observation.membership)) >= base;
  return { grantId, result: 'removed', outcome: isBack ? 'restored' : 'removed' };
}
