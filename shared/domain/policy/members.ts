/**
 * Who is who in a policy: people by Slack id, and the roles each one effectively has.
 * Lookups go through maps, never through property access: a typed name like `constructor` finds nothing.
 */
import { groupKey } from './group-place.ts';
import type { Entitlement, Policy, Selector } from './policy.ts';

export type Member = {
  /** The key under `people`. */
  readonly name: string;
  readonly slack: string;
  /** Provider -> login, as written. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Null where the file names none. */
  readonly email: string | null;
  /** Own roles and all that they include, transitively. */
  readonly roles: ReadonlySet<string>;
};

/** Key of a group (groups.ts) -> the Slack ids in it. A group that is missing here is unknown, not empty. */
export type GroupMembers = ReadonlyMap<string, readonly string[]>;

export type Members = {
  /** In the order of the file. A Slack id written for two people belongs to neither. */
  readonly bySlack: ReadonlyMap<string, Member>;
  readonly entitlements: ReadonlyMap<string, Entitlement>;
  /** Role -> itself and everything it includes; a circle ends where it began. */
  readonly included: ReadonlyMap<string, ReadonlySet<string>>;
};

/** A policy is never changed in place, so what was derived from one stays true as long as the object lives. */
const derived = new WeakMap<Policy, Members>();

export function membersOf(policy: Policy): Members {
  const known = derived.get(policy);
  if (known) return known;
  const included = includedRoles(policy);
  const members = {
    bySlack: peopleBySlack(policy, included),
    entitlements: new Map(Object.entries(policy.entitlements)),
    included,
  };
  derived.set(policy, members);
  return members;
}

function includedRoles(policy: Policy): ReadonlyMap<string, ReadonlySet<string>> {
  const direct = new Map(Object.entries(policy.roles).map(([name, role]) => [name, role.includes]));
  return new Map(
    [...direct.keys()].map((name) => {
      const all = new Set<string>();
      const open = [name];
      for (let role = open.pop(); role !== undefined; role = open.pop()) {
        if (all.has(role)) continue;
        all.add(role);
        open.push(...(direct.get(role) ?? []));
      }
      return [name, all];
    }),
  );
}

function peopleBySlack(policy: Policy, included: Members['included']): Map<string, Member> {
  const bySlack = new Map<string, Member>();
  const claimedTwice = new Set<string>();
  for (const [name, person] of Object.entries(policy.people)) {
    if (bySlack.has(person.slack)) claimedTwice.add(person.slack);
    bySlack.set(person.slack, {
      name,
      slack: person.slack,
      accounts: new Map(Object.entries(person.accounts)),
      email: person.email ?? null,
      roles: withIncluded(person.roles, included),
    });
  }
  for (const slack of claimedTwice) bySlack.delete(slack);
  return bySlack;
}

/** `roles`, and all that they include. */
export function withIncluded(
  roles: readonly string[],
  included: Members['included'],
): ReadonlySet<string> {
  return new Set(roles.flatMap((role) => [...(included.get(role) ?? [])]));
}

/**
 * The roles of one person now. `doubtful` says what a group counts for whose members are not known: nothing where a role
 * gives a right, membership where a role takes one away.
 */
export function effectiveRoles(
  policy: Policy,
  member: Member,
  groups: { readonly members: GroupMembers; readonly doubtful: 'not-in' | 'in' },
): ReadonlySet<string> {
  if (!policy.groups) return member.roles;
  const { included } = membersOf(policy);
  const fromGroups = Object.values(policy.groups).filter((group) => {
    const inside = groups.members.get(groupKey(group));
    return inside ? inside.includes(member.slack) : groups.doubtful === 'in';
  });
  // Stryker disable next-line ConditionalExpression: made anew they are the same
  if (fromGroups.length === 0) return member.roles;
  const extra = fromGroups.flatMap((group) => group.roles);
  return new Set([...member.roles, ...withIncluded(extra, included)]);
}

export function selects(selector: Selector, member: Member, roles: ReadonlySet<string>): boolean {
  return (
    (selector.people?.includes(member.name) ?? false) ||
    (selector.roles?.some((role) => roles.has(role)) ?? false)
  );
}
