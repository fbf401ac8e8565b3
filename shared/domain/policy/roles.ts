/** Roles of one person, for what is not an approver's right: that is the evaluator's alone. */
import { effectiveRoles, type GroupMembers, membersOf } from './members.ts';
import type { Policy } from './policy.ts';

/** Everything a Slack id effectively has, included roles too; empty for who is not in the policy. */
export function rolesOf(
  policy: Policy,
  slack: string,
  groupMembers: GroupMembers = new Map(),
): ReadonlySet<string> {
  const member = membersOf(policy).bySlack.get(slack);
  if (!member) return new Set();
  // Stryker disable next-line StringLiteral: somebody doubtful is in, or is not
  return effectiveRoles(policy, member, { members: groupMembers, doubtful: 'not-in' });
}
