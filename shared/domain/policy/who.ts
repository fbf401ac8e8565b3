/**
 * Who an entitlement concerns by the policy alone: who decides about it, and who may see who holds it. Never a decision, and
 * no condition of a moment (working hours) counts: what somebody may ask for tomorrow they may look at today.
 */
import { effectiveRoles, type GroupMembers, type Member, membersOf, selects } from './members.ts';
import type { Policy, Rule } from './policy.ts';
import { rulesCovering } from './rules-covering.ts';

export type Deciders = {
  readonly rule: string;
  /** How many of them it takes. */
  readonly count: number;
  /** Slack ids in the order of the file; by a group only whoever is known to be in it. */
  readonly people: readonly string[];
};

/** One entry per group of approvers of each rule that covers the entitlement, in the order of the file. */
export function decidersOf(
  policy: Policy,
  entitlement: string,
  groups: GroupMembers = NOTHING_KNOWN,
): readonly Deciders[] {
  const members = [...membersOf(policy).bySlack.values()].map(
    (member) => [member, rolesOf(policy, member, groups).sure] as const,
  );
  return rulesCovering(policy, entitlement).flatMap((rule) =>
    groupsOf(rule).map(({ from, count }) => ({
      rule: rule.id,
      count,
      people: members
        .filter(([member, roles]) => selects(from, member, roles))
        .map(([{ slack }]) => slack),
    })),
  );
}

/** The entitlements whose holders this person (Slack id) may see: what they may ask for or decide; all, for admins and auditors. */
export function visibleTo(
  policy: Policy,
  person: string,
  groups: GroupMembers = NOTHING_KNOWN,
): readonly string[] {
  const member = membersOf(policy).bySlack.get(person);
  if (!member) return [];
  const all = [...membersOf(policy).entitlements.keys()];
  const roles = rolesOf(policy, member, groups);
  if (SEE_ALL.some((role) => roles.sure.has(role))) return all;
  return all.filter((entitlement) => concerns(rulesCovering(policy, entitlement), member, roles));
}

const SEE_ALL = ['admin', 'auditor'];

const groupsOf = (rule: Rule) => ('approvals' in rule ? rule.approvals : []);

const NOTHING_KNOWN: GroupMembers = new Map();

/** `sure` gives rights; `possible` is what a rule that denies goes by: a group about which nothing is known counts there. */
type Roles = { readonly sure: ReadonlySet<string>; readonly possible: ReadonlySet<string> };
const rolesOf = (policy: Policy, member: Member, members: GroupMembers): Roles => ({
  // Stryker disable next-line StringLiteral: somebody doubtful is in, or is not
  sure: effectiveRoles(policy, member, { members, doubtful: 'not-in' }),
  possible: effectiveRoles(policy, member, { members, doubtful: 'in' }),
});

function concerns(rules: readonly Rule[], member: Member, { sure, possible }: Roles): boolean {
  const decides = rules.some((rule) =>
    groupsOf(rule).some(({ from }) => selects(from, member, sure)),
  );
  const isIn = ({ requesters }: Rule, roles: ReadonlySet<string>) =>
    !requesters || selects(requesters, member, roles);
  const denied = rules.some((rule) => 'deny' in rule && isIn(rule, possible));
  // Whoever is surely in a rule that denies is denied.
  return decides || (!denied && rules.some((rule) => isIn(rule, sure)));
}
