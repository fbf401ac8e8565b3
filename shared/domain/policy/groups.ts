/**
 * Groups of a policy: under which key their members arrive as facts, and which of them an entitlement's rules can be about at
 * all, so that nobody outside is asked about a group that makes no difference.
 */
import { groupKey } from './group-place.ts';
import { type GroupMembers, membersOf, withIncluded } from './members.ts';
import type { Policy } from './policy.ts';
import { rulesCovering } from './rules-covering.ts';

const concerned = new WeakMap<Policy, Map<string, readonly string[]>>();

/** Names of the groups on which an ask for this entitlement may depend: by a role that its rules name, or as a condition. */
export function groupsConcerned(policy: Policy, entitlement: string): readonly string[] {
  if (!policy.groups) return [];
  const ofPolicy = concerned.get(policy) ?? new Map<string, readonly string[]>();
  concerned.set(policy, ofPolicy);
  const known = ofPolicy.get(entitlement);
  // Stryker disable next-line ConditionalExpression: worked out again it is the same
  if (known) return known;
  const { included, entitlements } = membersOf(policy);
  const mentioned = mentionedBy([rulesCovering(policy, entitlement), policy.freeze]);
  const names = Object.entries(policy.groups).flatMap(([name, { roles }]) => {
    const gives = [...withIncluded(roles, included)];
    return mentioned.groups.has(name) || gives.some((role) => mentioned.roles.has(role))
      ? [name]
      : [];
  });
  // Names that people type must not fill the memory.
  // Stryker disable next-line ConditionalExpression: what is kept is no other answer
  if (entitlements.has(entitlement)) ofPolicy.set(entitlement, names);
  return names;
}

/** Those of them about which nothing is known. */
export const unknownGroups = (
  policy: Policy,
  entitlement: string,
  members: GroupMembers | undefined,
): readonly string[] => {
  const concerned = new Set(groupsConcerned(policy, entitlement));
  return Object.entries(policy.groups ?? {})
    .filter(([name, group]) => concerned.has(name) && !members?.has(groupKey(group)))
    .map(([name]) => name);
};

type Mentioned = { readonly roles: Set<string>; readonly groups: Set<string> };

/** Every `roles` and `on_call` inside, wherever a rule may write them: a clause that is new needs no line here. */
function mentionedBy(written: unknown): Mentioned {
  const found: Mentioned = { roles: new Set(), groups: new Set() };
  collect(written, found);
  return found;
}

function collect(written: unknown, found: Mentioned): void {
  if (typeof written !== 'object' || !written) return;
  for (const [key, value] of Object.entries(written)) {
    if (key === 'roles' && Array.isArray(value)) for (const role of value) found.roles.add(role);
    // Stryker disable next-line ConditionalExpression: of an `on_call` in a rule nothing else is ever written
    else if (key === 'on_call' && typeof value === 'string') found.groups.add(value);
    else collect(value, found);
  }
}
