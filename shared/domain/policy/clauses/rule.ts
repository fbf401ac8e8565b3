/** Which rule decides: any deny rule that concerns them, else the first rule that covers the entitlement for the requester. */
import type { Cast } from '../cast.ts';
import { effectiveRoles, type GroupMembers, type Member, membersOf, selects } from '../members.ts';
import type { Policy, Rule } from '../policy.ts';
import { rulesCovering } from '../rules-covering.ts';
import type { Ask, PolicyFacts } from '../verdict.ts';

/** Deny reaches the requester and the subject, also over a group whose members are not known. */
export function denyingRule(
  policy: Policy,
  ask: Ask,
  facts: PolicyFacts,
  doubtful: 'in' | 'not-in' = 'in',
): string | null {
  const { bySlack } = membersOf(policy);
  // Stryker disable next-line ArrayDeclaration: both are in the policy, else no rule is looked at
  const concerned = [ask.requester, ask.subject].flatMap((slack) => bySlack.get(slack) ?? []);
  const members: GroupMembers = facts.groupMembers ?? new Map();
  const isConcerned = (rule: Rule, member: Member) =>
    rule.requesters === undefined ||
    selects(rule.requesters, member, effectiveRoles(policy, member, { members, doubtful }));
  const rule = rulesCovering(policy, ask.entitlement).find(
    (each) => 'deny' in each && concerned.some((member) => isConcerned(each, member)),
  );
  return rule?.id ?? null;
}

export function matchingRule(
  policy: Policy,
  ask: Pick<Ask, 'entitlement' | 'breakGlass'>,
  requester: Cast['requester'],
) {
  for (const rule of rulesCovering(policy, ask.entitlement)) {
    // Stryker disable next-line StringLiteral: a deny rule that selects the requester has refused before
    if ('deny' in rule || 'break_glass' in rule !== ask.breakGlass) continue;
    if (selects(rule.requesters, requester.member, requester.roles)) return rule;
  }
  return null;
}
