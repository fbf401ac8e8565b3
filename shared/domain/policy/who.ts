/**
 * Who an entitlement concerns by the policy alone: who decides about it, and who may see who holds it. Never a decision, and
 * no condition of a moment (working hours) counts: what somebody may ask for tomorrow they may look at today.
 */
import { type Member, membersOf, selects } from './members.ts';
import type { Policy, Rule } from './policy.ts';
import { rulesCovering } from './rules-covering.ts';

export type Deciders = {
  readonly rule: string;
  /** How many of them it takes. */
  readonly count: number;
  /** Slack ids in the order of the file, without their groups in Slack. */
  readonly people: readonly string[];
};

/** One entry per group of approvers of each rule that covers the entitlement, in the order of the file. */
export function decidersOf(policy: Policy, entitlement: string): readonly Deciders[] {
  const members = [...membersOf(policy).bySlack.values()];
  return rulesCovering(policy, entitlement).flatMap((rule) =>
    groupsOf(rule).map(({ from, count }) => ({
      rule: rule.id,
      count,
      people: members.filter((each) => selects(from, each, each.roles)).map(({ slack }) => slack),
    })),
  );
}

/** The entitlements whose holders this person (Slack id) may see: what they may ask for or decide; all, for admins and auditors. */
export function visibleTo(policy: Policy, person: string): readonly string[] {
  const member = membersOf(policy).bySlack.get(person);
  if (!member) return [];
  const all = [...membersOf(policy).entitlements.keys()];
  if (SEE_ALL.some((role) => member.roles.has(role))) return all;
  return all.filter((entitlement) => concerns(rulesCovering(policy, entitlement), member));
}

const SEE_ALL = ['admin', 'auditor'];

const groupsOf = (rule: Rule) => ('approvals' in rule ? rule.approvals : []);

function concerns(rules: readonly Rule[], member: Member): boolean {
  const decides = rules.some((rule) =>
    groupsOf(rule).some(({ from }) => selects(from, member, member.roles)),
  );
  const isIn = ({ requesters }: Rule) => !requesters || selects(requesters, member, member.roles);
  const denied = rules.some((rule) => 'deny' in rule && isIn(rule));
  return decides || (!denied && rules.some((rule) => !('deny' in rule) && isIn(rule)));
}
